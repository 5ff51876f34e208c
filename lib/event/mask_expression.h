/* SPDX-License-Identifier: Apache-2.0
 *
 * mask_expression.h - what a regular expression of a user would cost, before it is compiled, and
 * what every text that fits must hold.
 *
 * ALGORITHM  One walk over the expression.  The cost is the number of characters and sets once all
 *            counted repetitions are written out; compiling and matching cost no more than its
 *            square and itself for each byte.
 * SHAPE      Pure; O(size), groups at most MASK_EXPRESSION_DEPTH_MAX deep.
 */
#ifndef EVENT_MASK_EXPRESSION_H
#define EVENT_MASK_EXPRESSION_H
#include "base/str.h"

#define MASK_EXPRESSION_BYTES_MAX 1024
#define MASK_EXPRESSION_COST_MAX 500
#define MASK_EXPRESSION_DEPTH_MAX 32

/* Why it cannot be used, half a sentence; NULL: it can, as far as is seen without compiling. */
const char *mask_expression_problem(Str expression);

/* The longest run of plain characters that every fitting text has; buffer holds
 * MASK_EXPRESSION_BYTES_MAX.  Gives its bytes, 0 if there is none to be sure of. */
size_t mask_expression_literal(Str expression, char *buffer);

#endif
