/* SPDX-License-Identifier: Apache-2.0
 *
 * one_hot.c - 1 where a value is the named one, else 0; of a text, `one_hot` of the definition says
 * the same of facts (definition.h). */
#include "feature/transform.h"

static double apply(double value, const double *arguments, size_t count)
{
    (void)count; /* One. */
    return !(value < arguments[0]) && !(value > arguments[0]) ? 1 : 0;
}

const Transform transform_one_hot = {
    .name = "one_hot", .usage = "one_hot NUMBER", .count_min = 1, .count_max = 1, .apply = apply};
