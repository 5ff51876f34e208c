/* SPDX-License-Identifier: Apache-2.0
 *
 * line_field.h - what a line says of a named field: `status=500`, {"status":500}, an attribute of a
 * record, or what is known of the line itself.
 *
 *     level source message        of the line itself; message is the line as it came
 *     variable.1 variable.2 ...   what its pattern calls <num>, <ip> ..., in their order
 *     else                        a member of its attributes, a member of the line if it is a JSON
 *                                 object, or what stands behind `name=` in it
 *
 * OWNERSHIP  Borrows the line; line_fields_free frees what was read of it.
 * ERRORS     A field that is not there.
 */
#ifndef ENGINE_LINE_FIELD_H
#define ENGINE_LINE_FIELD_H
#include "engine/judge.h"
#include "event/json.h"
#include "feature/condition.h"

typedef struct {
    const Line *line;
    Str         source, text, attributes;
    JsonNode   *of_text, *of_attributes; /* Read when they are first asked for. */
    bool        text_is_read, attributes_are_read;
} LineFields;

LineFields line_fields(const Line *line, Str source, Str text, Str attributes);
void       line_fields_free(LineFields *fields);

/* context: a LineFields, which only remembers what it has read. */
FieldValue line_field(const void *context, Str name);

/* A scalar; anything else is not there. */
FieldValue json_field(const JsonNode *node);
FieldValue text_field(Str text);
/* The member, or where a name with dots leads to; NULL: there is none. */
const JsonNode *json_field_node(const JsonNode *object, Str name);

#endif
