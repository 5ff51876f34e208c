/* SPDX-License-Identifier: Apache-2.0
 *
 * json_lines.h - one JSON object on a line, as a list of fields.
 *
 * ALGORITHM  RFC 8259, in one pass with a stack of bits instead of recursion.  Fields of nested
 *            objects are listed with their groups; an array is one value, its text as it stands.
 * SHAPE      Numbers keep their digits, names that come twice are both listed.
 * ERRORS     False if the line is no object, is nested deeper than JSON_DEPTH_MAX or has more
 *            fields than a FieldList: the line is plain text then.
 */
#ifndef EVENT_JSON_LINES_H
#define EVENT_JSON_LINES_H
#include "event/fields.h"

#define JSON_DEPTH_MAX 512

bool json_line_read(Str line, FieldList *ret_list);

#endif
