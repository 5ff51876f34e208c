/* SPDX-License-Identifier: Apache-2.0
 *
 * mask_place.h - the line that a place of a text lies in, and whether it lies in a string of JSON.
 *
 * SHAPE      Goes forward only, so that all its moves together cost one walk over the text.
 */
#ifndef EVENT_MASK_PLACE_H
#define EVENT_MASK_PLACE_H
#include "base/str.h"

typedef struct {
    Str    text;
    size_t line_from, line_to; /* text[line_from, line_to), without its line end. */
    bool   is_json;            /* The line begins as an object, array or field of JSON does. */
    size_t quoted_at;          /* Quotes are counted up to here. */
    bool   in_string;
} MaskPlace;

MaskPlace mask_place(Str text);

/* To the line of text[at], which is not before an earlier one. */
void mask_place_move(MaskPlace *place, size_t at);

/* Moves, and tells whether text[at] is inside a string of a line of JSON. */
bool mask_place_in_string(MaskPlace *place, size_t at);

/* What stands at text[at] of a line of JSON may follow a number. */
bool mask_place_ends_number(const MaskPlace *place, size_t at);

/* Moves, and tells whether text[from, to) is a value of JSON outside of any string: a number. */
bool mask_place_is_number(MaskPlace *place, size_t from, size_t to);

#endif
