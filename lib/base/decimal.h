/* SPDX-License-Identifier: Apache-2.0
 *
 * decimal.h - a decimal number becomes the double that is nearest to it.
 *
 * strtod obeys the locale of the program that embeds us; this does not.
 *
 * ALGORITHM  Up to 19 digits and powers of ten up to 27: whole numbers of 128 bits, rounded once.
 *            Everything else: D. E. Knuth's division of big whole numbers (The Art of Computer
 *            Programming 4.3.1, algorithm D), rounded once.
 * SHAPE      Pure.  Time grows with the square of the digits, of which 800 count.
 * ERRORS     False: the text, as a whole, is no "[+-]12.5e[+-]3".  Too large a number is infinite,
 *            too small a one is 0.
 * EXACTNESS  Nearest, ties to even: as IEEE 754 wants it.
 */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H
#include "base/str.h"

bool decimal_read(Str text, double *ret);

#endif
