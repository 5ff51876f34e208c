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
 * OWNERSHIP  Borrows the line; line_trees_free frees what was read of it.
 * ERRORS     A field that is not there.
 */
#ifndef ENGINE_LINE_FIELD_H
#define ENGINE_LINE_FIELD_H
#include "engine/judge.h"
#include "event/json.h"
#include "feature/condition.h"

typedef struct { /* Read when it is first asked for.  All zero is nothing. */
    JsonNode *of_text, *of_attributes;
    bool      is_read;
} LineTrees;

typedef struct {
    const Line *line;
    Str         source, text, attributes;
    LineTrees  *trees; /* The caller's. */
} LineFields;

void line_trees_free(LineTrees *trees);

/* context: a LineFields. */
FieldValue line_field(const void *context, Str name);

/* A scalar; anything else is not there. */
FieldValue json_field(const JsonNode *node);
FieldValue text_field(Str text);
/* The member, or where a name with dots leads to; NULL: there is none. */
const JsonNode *json_field_node(const JsonNode *object, Str name);

#endif
