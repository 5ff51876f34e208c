/* SPDX-License-Identifier: Apache-2.0
 *
 * fixed.h - sums of real numbers that do not depend on the order of the terms.
 *
 * ALGORITHM  Each term is rounded once, to a multiple of 2^-FIXED_BITS, and added as a whole number
 *            of 128 bits; so partial sums may be made anywhere and put together in any order.
 * SHAPE      16 bytes; all zero is the empty sum.
 * ERRORS     A term beyond FIXED_MAX in size is taken as FIXED_MAX, with its sign.
 * EXACTNESS  2^18 of the largest terms fit.  The rounding of a term is at most 2^-57.
 */
#ifndef FEATURE_FIXED_H
#define FEATURE_FIXED_H
#include <math.h>
#include <stdint.h>

#define FIXED_BITS 56
#define FIXED_MAX 0x1p53

__extension__ typedef __int128 FixedWide;
__extension__ typedef unsigned __int128 FixedBits;

typedef struct {
    uint64_t low, high; /* Two's complement of 128 bits. */
} Fixed;

static inline FixedWide fixed_wide(Fixed f)
{
    return (FixedWide)((FixedBits)f.high << 64 | f.low);
}

static inline Fixed fixed_of_wide(FixedWide wide)
{
    return (Fixed){.low = (uint64_t)(FixedBits)wide, .high = (uint64_t)((FixedBits)wide >> 64)};
}

static inline double fixed_clip(double x, double most)
{
    return x > most ? most : x < -most ? -most : x;
}

/* The nearest whole number to x times 2^bits; |x| times 2^bits is below 2^126. */
static inline FixedWide fixed_round(double x, int bits)
{
    double scaled = x * ldexp(1, bits);
    double whole = fabs(scaled) < 0x1p52 ? floor(scaled + 0.5) : scaled;
    return (FixedWide)whole;
}

static inline void fixed_add(Fixed *sum, double x)
{
    *sum = fixed_of_wide(fixed_wide(*sum) + fixed_round(fixed_clip(x, FIXED_MAX), FIXED_BITS));
}

static inline void fixed_merge(Fixed *sum, Fixed other)
{
    *sum = fixed_of_wide(fixed_wide(*sum) + fixed_wide(other));
}

static inline double fixed_value(Fixed sum)
{
    return ldexp((double)fixed_wide(sum), -FIXED_BITS);
}

#endif
