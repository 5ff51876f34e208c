/* SPDX-License-Identifier: Apache-2.0
 *
 * transform.h - a number made of a feature's value when it is read: one file, one transform.
 *
 * SHAPE      A pure function of the value and of the definition's arguments.
 * ERRORS     NaN where it is not defined: the value is missing then.  good: NULL, or what is wrong
 *            with the arguments.
 */
#ifndef FEATURE_TRANSFORM_H
#define FEATURE_TRANSFORM_H
#include <stddef.h>

#define TRANSFORM_ARGUMENTS_MAX 16

typedef struct {
    const char *name;
    const char *usage; /* "standardise MEAN DEVIATION" */
    size_t      count_min, count_max; /* Of arguments. */
    const char *(*good)(const double *arguments, size_t count);
    double (*apply)(double value, const double *arguments, size_t count);
} Transform;

extern const Transform *const transforms[]; /* Written by the build; NULL at the end. */

#endif
