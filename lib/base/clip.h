/* SPDX-License-Identifier: Apache-2.0
 *
 * clip.h - what is too far off counts as just so far: one odd value teaches little.
 *
 * ALGORITHM  P. Huber, Annals of Mathematical Statistics 35, 1964.
 * UNITS      x and most have the same.
 * EXACTNESS  Within [-most, most]; x itself where it is.  NaN stays.
 */
#ifndef BASE_CLIP_H
#define BASE_CLIP_H

static inline double clipped(double x, double most)
{
    return x > most ? most : x < -most ? -most : x;
}

#endif
