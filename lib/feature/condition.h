/* SPDX-License-Identifier: Apache-2.0
 *
 * condition.h - what a definition wants of a field: `>= 500`, `!= GET`, `web-*`.
 *
 * SHAPE      Flat.  Behind <, <=, >, >= stands a number; behind = and !=, or nothing, a text with
 *            stars (base/glob.h), or a number.
 * ERRORS     A field that is not there, or is no number where one is compared, does not hold; but
 *            != does.
 */
#ifndef FEATURE_CONDITION_H
#define FEATURE_CONDITION_H
#include <stdbool.h>

#include "base/str.h"

#define FIELD_NAME_SIZE 96
#define CONDITION_TEXT_SIZE 128

typedef enum {
    CONDITION_IS = 0,
    CONDITION_IS_NOT,
    CONDITION_BELOW,
    CONDITION_AT_MOST,
    CONDITION_ABOVE,
    CONDITION_AT_LEAST
} ConditionKind;

typedef struct { /* Of a field: what it says, and its number, NaN if it is none. */
    bool   is_there;
    Str    text;
    double number;
} FieldValue;

typedef struct {
    ConditionKind kind;
    bool          has_number; /* What it is compared with is one. */
    double        number;
    char          field[FIELD_NAME_SIZE];
    char          text[CONDITION_TEXT_SIZE];
} Condition;

/* NULL: it is good; else what is wrong with it. */
const char *condition_read(Str field, Str text, Condition *ret);
bool condition_holds(const Condition *condition, FieldValue value);

#endif
