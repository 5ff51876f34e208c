/* SPDX-License-Identifier: Apache-2.0 */
#include "base/decimal.h"

#include <stdint.h>

#define DIGITS_FAST_MAX 19     /* They fit into 64 bits.                                         */
#define POWER_FAST_MAX 27      /* 5^27 fits into 63 bits.                                        */
#define DIGITS_COUNTED_MAX 800 /* No double, nor the middle between two, has more than 767.     */
#define EXPONENT_MAX 100000    /* Beyond it nothing changes but the risk of an overflow.         */
#define MAGNITUDE_MAX 310      /* Of the first digit: above it infinite,                         */
#define MAGNITUDE_MIN (-330)   /* below it zero.                                                 */
#define LIMBS_MAX 128          /* 4096 bits: 10^(800 + 330), and 64 bits more.                   */

__extension__ typedef unsigned __int128 Wide;

typedef struct {
    bool negative;
    Str digits;         /* From the first one that is not 0, perhaps with a point among them.  */
    size_t digit_count; /* Without the point.                                                  */
    uint64_t head;      /* The first DIGITS_FAST_MAX of them.                                  */
    bool has_tail;      /* Something else than 0 behind those.                                 */
    int64_t exponent;   /* Of ten, for all digits as a whole number.                           */
} Decimal;

static bool is_digit(Str text, size_t at)
{
    return at < text.size && text.text[at] >= '0' && text.text[at] <= '9';
}

static void add_digit(Decimal *number, Str text, size_t at)
{
    int digit = text.text[at] - '0';
    if (number->digit_count == 0) {
        if (digit == 0)
            return;
        number->digits.text = text.text + at;
    }
    number->digit_count++;
    number->digits.size = (size_t)(text.text + at + 1 - number->digits.text);
    if (number->digit_count <= DIGITS_FAST_MAX)
        number->head = number->head * 10 + (uint64_t)digit;
    else
        number->has_tail |= digit != 0;
}

static bool read_exponent(Str text, size_t *at, int64_t *exponent)
{
    if (*at == text.size)
        return true;
    if (text.text[*at] != 'e' && text.text[*at] != 'E')
        return false;
    ++*at;
    bool negative = *at < text.size && text.text[*at] == '-';
    *at += *at < text.size && (negative || text.text[*at] == '+');
    if (!is_digit(text, *at))
        return false;
    int64_t value = 0;
    for (; is_digit(text, *at); ++*at)
        if (value < EXPONENT_MAX)
            value = value * 10 + (text.text[*at] - '0');
    *exponent += negative ? -value : value;
    return *at == text.size;
}

static bool parse(Str text, Decimal *number)
{
    size_t at = 0;
    number->negative = text.size > 0 && text.text[0] == '-';
    at += text.size > 0 && (text.text[0] == '-' || text.text[0] == '+');
    bool any = is_digit(text, at);
    for (; is_digit(text, at); at++)
        add_digit(number, text, at);
    if (at < text.size && text.text[at] == '.') {
        any |= is_digit(text, ++at);
        for (; is_digit(text, at); at++) {
            add_digit(number, text, at);
            number->exponent--;
        }
    }
    return any && read_exponent(text, &at, &number->exponent);
}

/* mantissa * 2^exponent and, with `more`, a little more; the mantissa's highest bit is set. */
static double compose(uint64_t mantissa, int64_t exponent, bool more)
{
    int64_t high = exponent + 63;
    uint64_t bits;
    if (high > 1023) {
        bits = UINT64_C(2047) << 52;
    } else {
        int64_t drop = high < -1022 ? 11 + (-1022 - high) : 11;
        uint64_t kept = drop < 64 ? mantissa >> drop : 0;
        uint64_t rest = drop < 64 ? mantissa << (64 - drop) : mantissa;
        uint64_t half = UINT64_C(1) << 63;
        if (drop <= 64)
            kept += rest > half || (rest == half && (more || (kept & 1) == 1));
        bits = kept + (high < -1022 ? 0 : (uint64_t)(high + 1022) << 52);
    }
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double compose_wide(Wide number, int64_t exponent, bool more)
{
    uint64_t high = (uint64_t)(number >> 64);
    int shift = high != 0 ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)number);
    number <<= shift;
    return compose((uint64_t)(number >> 64), exponent + 64 - shift, more || (uint64_t)number != 0);
}

static double from_small(uint64_t head, int power)
{
    uint64_t five = 1;
    for (int i = power < 0 ? -power : power; i > 0; i--)
        five *= 5;
    if (power >= 0)
        return compose_wide((Wide)head * five, power, false);
    int shift = __builtin_clzll(head);
    Wide numerator = (Wide)(head << shift) << 64;
    Wide quotient = numerator / five;
    return compose_wide(quotient, (int64_t)power - 64 - shift, quotient * five != numerator);
}

typedef struct {
    uint32_t limbs[LIMBS_MAX]; /* The lowest first; the highest is not 0. */
    int count;
} Big;

static void big_times(Big *big, uint32_t factor, uint32_t more)
{
    uint64_t carry = more;
    for (int i = 0; i < big->count; i++) {
        carry += (uint64_t)big->limbs[i] * factor;
        big->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0)
        big->limbs[big->count++] = (uint32_t)carry;
}

static void big_times_ten_to(Big *big, int64_t power)
{
    for (; power >= 9; power -= 9)
        big_times(big, 1000000000, 0);
    for (; power > 0; power--)
        big_times(big, 10, 0);
}

static int big_bits(const Big *big)
{
    return 32 * big->count - __builtin_clz(big->limbs[big->count - 1]);
}

static void big_shift(Big *big, int bits)
{
    int limbs = bits / 32;
    memmove(big->limbs + limbs, big->limbs, (size_t)big->count * sizeof *big->limbs);
    memset(big->limbs, 0, (size_t)limbs * sizeof *big->limbs);
    big->count += limbs;
    big_times(big, UINT32_C(1) << bits % 32, 0);
}

static int big_compare(const Big *a, const Big *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (int i = a->count - 1; i >= 0; i--)
        if (a->limbs[i] != b->limbs[i])
            return a->limbs[i] < b->limbs[i] ? -1 : 1;
    return 0;
}

/* b is not greater than a. */
static void big_minus(Big *a, const Big *b)
{
    int64_t borrow = 0;
    for (int i = 0; i < a->count; i++) {
        borrow += (int64_t)a->limbs[i] - (i < b->count ? b->limbs[i] : 0);
        a->limbs[i] = (uint32_t)borrow;
        borrow >>= 32;
    }
    while (a->count > 0 && a->limbs[a->count - 1] == 0)
        a->count--;
}

static double divide(Big *a, Big *b)
{
    int shift = big_bits(b) - big_bits(a);
    big_shift(shift > 0 ? a : b, shift > 0 ? shift : -shift);
    if (big_compare(a, b) < 0) {
        big_shift(a, 1);
        shift++;
    }
    uint64_t mantissa = 0;
    for (int i = 0; i < 64; i++) {
        bool fits = big_compare(a, b) >= 0;
        if (fits)
            big_minus(a, b);
        mantissa = mantissa << 1 | fits;
        big_shift(a, 1);
    }
    return compose(mantissa, -63 - (int64_t)shift, a->count > 0);
}

static double from_large(const Decimal *number)
{
    Big a = {.limbs = {0}, .count = 0}, b = {.limbs = {1}, .count = 1};
    int64_t exponent = number->exponent;
    size_t counted = 0, at = 0;
    for (; at < number->digits.size && counted < DIGITS_COUNTED_MAX; at++) {
        if (number->digits.text[at] == '.')
            continue;
        big_times(&a, 10, (uint32_t)(number->digits.text[at] - '0'));
        counted++;
    }
    if (counted < number->digit_count) { /* More of them only tell that it is a little more. */
        big_times(&a, 10, 1);
        exponent += (int64_t)(number->digit_count - counted) - 1;
    }
    big_times_ten_to(exponent > 0 ? &a : &b, exponent > 0 ? exponent : -exponent);
    return divide(&a, &b);
}

static double nearest(const Decimal *number)
{
    if (number->digit_count == 0)
        return 0.0;
    int64_t magnitude = (int64_t)number->digit_count + number->exponent;
    if (magnitude > MAGNITUDE_MAX || magnitude < MAGNITUDE_MIN)
        return magnitude > 0 ? __builtin_inf() : 0.0;
    int64_t dropped =
        number->digit_count > DIGITS_FAST_MAX ? (int64_t)number->digit_count - DIGITS_FAST_MAX : 0;
    int64_t power = number->exponent + dropped;
    if (!number->has_tail && power >= -POWER_FAST_MAX && power <= POWER_FAST_MAX)
        return from_small(number->head, (int)power);
    return from_large(number);
}

bool decimal_read(Str text, double *ret)
{
    Decimal number = {0};
    if (!parse(text, &number))
        return false;
    double value = nearest(&number);
    *ret = number.negative ? -value : value;
    return true;
}
