/* SPDX-License-Identifier: Apache-2.0 */
#include "event/mask_card.h"

#define STRIDE 6
#define DIGITS_MIN 13
#define DIGITS_MAX 19
#define GROUPS_MAX 5

typedef struct {
    uint32_t first, last; /* Of the leading digits. */
    uint8_t  digits;      /* How many those are. */
    uint8_t  size_min, size_max;
} Issuer;

static const Issuer issuers[] = {
    {4, 4, 1, 13, 13},       {4, 4, 1, 16, 16},       {4, 4, 1, 19, 19}, /* Visa */
    {51, 55, 2, 16, 16},     {2221, 2720, 4, 16, 16},                    /* Mastercard */
    {34, 34, 2, 15, 15},     {37, 37, 2, 15, 15},                        /* American Express */
    {6011, 6011, 4, 16, 19}, {644, 649, 3, 16, 19},   {65, 65, 2, 16, 19}, /* Discover */
    {300, 305, 3, 14, 14},   {36, 36, 2, 14, 14},     {38, 39, 2, 14, 14}, /* Diners Club */
    {3528, 3589, 4, 16, 19},                                             /* JCB */
    {62, 62, 2, 16, 19},                                                 /* UnionPay */
    {5018, 5018, 4, 13, 19}, {5020, 5020, 4, 13, 19}, {5038, 5038, 4, 13, 19}, /* Maestro */
    {6304, 6304, 4, 13, 19}, {6759, 6759, 4, 13, 19}, {6761, 6763, 4, 13, 19},
};

typedef struct {
    char   digits[DIGITS_MAX];
    size_t count;
} Number;

static bool has_issuer(const Number *number)
{
    uint32_t lead[5] = {0};
    for (size_t i = 0; i < 4; i++)
        lead[i + 1] = lead[i] * 10 + (uint32_t)(number->digits[i] - '0');
    for (size_t i = 0; i < sizeof issuers / sizeof issuers[0]; i++) {
        const Issuer *issuer = &issuers[i];
        uint32_t value = lead[issuer->digits];
        if (value >= issuer->first && value <= issuer->last && number->count >= issuer->size_min &&
            number->count <= issuer->size_max)
            return true;
    }
    return false;
}

static bool has_check_digit(const Number *number)
{
    int sum = 0;
    for (size_t i = 0; i < number->count; i++) {
        int digit = number->digits[number->count - 1 - i] - '0';
        int doubled = i % 2 == 1 ? 2 * digit : digit;
        sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
}

static size_t digit_run(Str text, size_t at, size_t to)
{
    size_t from = at;
    while (at < to && mask_is(text.text[at], MASK_DIGIT))
        at++;
    return at - from;
}

/* 4-4-4-4, with up to three digits more, 4-6-5 and 4-6-4. */
static bool is_grouping(const size_t *sizes, size_t count)
{
    if (count == 1)
        return sizes[0] >= DIGITS_MIN && sizes[0] <= DIGITS_MAX;
    if (count == 3)
        return sizes[0] == 4 && sizes[1] == 6 && (sizes[2] == 5 || sizes[2] == 4);
    bool fours = count >= 4 && sizes[0] == 4 && sizes[1] == 4 && sizes[2] == 4 && sizes[3] == 4;
    return fours && (count == 4 || (count == 5 && sizes[4] <= 3));
}

static bool ends_well(Str text, size_t at)
{
    if (at >= text.size)
        return true;
    char c = text.text[at];
    if (mask_is(c, MASK_WORD))
        return false;
    return (c != '.' && c != '-') || at + 1 >= text.size || !mask_is(text.text[at + 1], MASK_WORD);
}

static bool is_card(Str text, size_t from, size_t to)
{
    Number number = {.count = 0};
    for (size_t i = from; i < to; i++)
        if (mask_is(text.text[i], MASK_DIGIT))
            number.digits[number.count++] = text.text[i];
    return ends_well(text, to) && has_issuer(&number) && has_check_digit(&number);
}

/* The bytes of the card that begins with the digit at text[at]; 0: none.  The longest grouping
 * counts. */
static size_t card_size(Str text, size_t at, size_t to)
{
    size_t sizes[GROUPS_MAX], size = 0, end = at;
    for (size_t count = 0; count < GROUPS_MAX; count++) {
        if (count > 0 && (end >= to || text.text[end] != text.text[at + sizes[0]]))
            break;
        size_t begin = count > 0 ? end + 1 : end;
        sizes[count] = digit_run(text, begin, to);
        if (sizes[count] == 0)
            break;
        end = begin + sizes[count];
        if (is_grouping(sizes, count + 1) && is_card(text, at, end))
            size = end - at;
    }
    return size;
}

static bool begins_well(Str text, size_t at)
{
    return mask_word_starts(text, at) &&
           (at == 0 || strchr(".-+", text.text[at - 1]) == NULL || text.text[at - 1] == '\0');
}

/* In text[at, to), a run of digits and what groups them. */
static bool card_in_run(Str text, size_t at, size_t to, MaskSpan *ret_span)
{
    while (to - at >= DIGITS_MIN) {
        size_t digits = digit_run(text, at, to);
        if (digits == 0) {
            at++;
            continue;
        }
        size_t size = begins_well(text, at) ? card_size(text, at, to) : 0;
        if (size > 0) {
            *ret_span = (MaskSpan){.from = at, .to = at + size, .kind = ODD_MASK_CARD};
            return true;
        }
        at += digits;
    }
    return false;
}

bool mask_card_next(Str text, size_t from, MaskSpan *ret_span)
{
    size_t at = from;
    while (at + STRIDE < text.size) {
        if (!mask_is(text.text[at], MASK_GROUPED) ||
            !mask_is(text.text[at + STRIDE], MASK_GROUPED)) {
            at += STRIDE;
            continue;
        }
        size_t begin = at, end = at;
        while (begin > from && mask_is(text.text[begin - 1], MASK_GROUPED))
            begin--;
        while (end < text.size && mask_is(text.text[end], MASK_GROUPED))
            end++;
        if (card_in_run(text, begin, end, ret_span))
            return true;
        from = end;
        at = end > at + STRIDE ? end : at + STRIDE;
    }
    return false;
}
