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

static void big_shift(Big *big, int limbs)
{
    memmove(big->limbs + limbs, big->limbs, (size_t)big->count * sizeof *big->limbs);
    memset(big->limbs, 0, (size_t)limbs * sizeof *big->limbs);
    big->count += limbs;
}

/* a -= digit * b * 2^(32 * place).  True: a was too small, and is what it is modulo its limbs. */
static bool big_minus(Big *a, const Big *b, int place, uint64_t digit)
{
    uint64_t product = 0;
    int64_t  borrow = 0;
    for (int i = 0; i <= b->count; i++) {
        product += i < b->count ? digit * b->limbs[i] : 0;
        borrow += (int64_t)a->limbs[place + i] - (int64_t)(product & UINT32_MAX);
        a->limbs[place + i] = (uint32_t)borrow;
        product >>= 32;
        borrow >>= 32;
    }
    return borrow < 0;
}

/* a += b * 2^(32 * place).  True: it went beyond its limbs. */
static bool big_plus(Big *a, const Big *b, int place)
{
    uint64_t carry = 0;
    for (int i = 0; i <= b->count; i++) {
        carry += (uint64_t)a->limbs[place + i] + (i < b->count ? b->limbs[i] : 0);
        a->limbs[place + i] = (uint32_t)carry;
        carry >>= 32;
    }
    return carry > 0;
}

/* The digit of a / b at a place, guessed from the highest limbs (the highest bit of b is set), so
 * at most two too large; a becomes what is left. */
static uint64_t big_digit(Big *a, const Big *b, int place)
{
    int      top = b->count + place;
    uint64_t high = (uint64_t)a->limbs[top] << 32 | a->limbs[top - 1];
    uint64_t digit = high / b->limbs[b->count - 1];
    if (digit > UINT32_MAX)
        digit = UINT32_MAX;
    bool less_than_nothing = big_minus(a, b, place, digit);
    for (; less_than_nothing; digit--)
        less_than_nothing = !big_plus(a, b, place);
    return digit;
}

/* With three limbs more than b, a gives a quotient of 65 to 97 bits. */
static double divide(Big *a, Big *b)
{
    int bits = __builtin_clz(b->limbs[b->count - 1]);
    big_times(a, UINT32_C(1) << bits, 0);
    big_times(b, UINT32_C(1) << bits, 0);
    int shift = b->count + 3 - a->count;
    big_shift(shift > 0 ? a : b, shift > 0 ? shift : -shift);
    a->limbs[a->count] = 0;
    Wide quotient = 0;
    for (int place = 3; place >= 0; place--)
        quotient = quotient << 32 | big_digit(a, b, place);
    bool more = false;
    for (int i = 0; i < b->count; i++)
        more |= a->limbs[i] != 0;
    return compose_wide(quotient, -32 * (int64_t)shift, more);
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
