/* SPDX-License-Identifier: Apache-2.0
 *
 * logfmt.h - a line of name=value, name="a value" and bare names, as a list of fields.
 *
 * ERRORS     False if the line has anything else or too many fields: it is plain text then.
 */
#ifndef EVENT_LOGFMT_H
#define EVENT_LOGFMT_H
#include "event/fields.h"

bool logfmt_read(Str line, FieldList *ret_list);

#endif
