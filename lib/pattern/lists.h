/* SPDX-License-Identifier: Apache-2.0
 *
 * lists.h - patterns that differ only in how many variables a list has are one pattern.
 *
 * A list is a run of variables parted by commas, or of three and more parted by spaces.  As long as
 * all lists of a pattern are equally long nothing happens; the second length makes it one place.
 */
#ifndef PATTERN_LISTS_H
#define PATTERN_LISTS_H
#include "pattern/shape.h"

/* The same for shapes that differ only in the lengths of their lists. */
uint64_t list_signature(const PatternTable *table, const Shape *shape);

/* Merges all roots of equal signature.  Signatures of merged ones are remembered as keys. */
void lists_merge(PatternTable *table);

#endif
