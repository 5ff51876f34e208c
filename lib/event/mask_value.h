/* SPDX-License-Identifier: Apache-2.0
 *
 * mask_value.h - the value that stands behind a name: name=value, name: "a value", "name": 12,
 * 'name' => 'value', <name>value</name>, --name value; in plain text, and in JSON inside JSON.
 *
 * ALGORITHM  A string that was escaped n times has 2^n - 1 backslashes before its quotes, so a
 *            quote ends it where the backslashes before it are so many, modulo 2^(n+1).
 * SHAPE      A value never crosses a line end.  What a scan costs, the value has in bytes.
 */
#ifndef EVENT_MASK_VALUE_H
#define EVENT_MASK_VALUE_H
#include "event/mask_place.h"
#include "event/mask_span.h"

typedef struct {
    size_t from, to; /* Without its quotes; not empty. */
    bool   quoted;
    bool   loose;    /* Without quotes, behind a blank: perhaps only a word of a sentence. */
} MaskValue;

/* name_to: where the name ends.  is_option: a blank is enough between name and value. */
bool mask_value_behind(MaskPlace *place, size_t name_to, bool is_option, MaskValue *ret_value);

/* Goes behind the name's quotes, its separator, blanks and the opening quote. */
typedef struct {
    size_t at;
    char   separator;   /* '=' ':' '>' or, of options, ' ' */
    char   quote;       /* '\0': none */
    size_t backslashes; /* Before the opening quote. */
    bool   name_quoted, blanks;
} MaskOpening;
bool mask_value_open(const MaskPlace *place, size_t name_to, bool is_option,
                     MaskOpening *ret_opening);

#endif
