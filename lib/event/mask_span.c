/* SPDX-License-Identifier: Apache-2.0 */
#include "event/mask_span.h"

#define ALNUM (MASK_WORD | MASK_LOCAL | MASK_DOMAIN | MASK_BASE64 | MASK_URL)
#define DIGIT_ (ALNUM | MASK_DIGIT | MASK_GROUPED)
#define LETTER_ (ALNUM | MASK_LETTER)

#define TWO(c, v) [c] = (v), [(c) + 1] = (v)
#define TEN(c, v) TWO(c, v), TWO((c) + 2, v), TWO((c) + 4, v), TWO((c) + 6, v), TWO((c) + 8, v)
#define ALL_LETTERS(a, v)                                                                         \
    TEN(a, v), TEN((a) + 10, v), TWO((a) + 20, v), TWO((a) + 22, v), TWO((a) + 24, v)

const uint16_t mask_classes[256] = {
    TEN('0', DIGIT_),
    ALL_LETTERS('a', LETTER_),
    ALL_LETTERS('A', LETTER_),
    ['_'] = MASK_WORD | MASK_LOCAL | MASK_BASE64 | MASK_URL,
    [' '] = MASK_GROUPED,
    ['-'] = MASK_GROUPED | MASK_LOCAL | MASK_DOMAIN | MASK_BASE64 | MASK_URL,
    ['.'] = MASK_LOCAL | MASK_DOMAIN | MASK_BASE64 | MASK_URL,
    ['+'] = MASK_LOCAL | MASK_BASE64 | MASK_URL,
    ['%'] = MASK_LOCAL | MASK_URL,
    ['/'] = MASK_BASE64,
    ['='] = MASK_BASE64 | MASK_URL,
    ['!'] = MASK_URL,
    ['$'] = MASK_URL,
    ['&'] = MASK_URL,
    ['*'] = MASK_URL,
    [':'] = MASK_URL,
    ['@'] = MASK_URL,
    ['~'] = MASK_BASE64 | MASK_URL,
    [','] = MASK_SOFT,
    [';'] = MASK_SOFT,
    [')'] = MASK_SOFT,
    ['['] = MASK_URL,
    [']'] = MASK_SOFT | MASK_URL,
    ['}'] = MASK_SOFT,
    ['>'] = MASK_SOFT,
    ['|'] = MASK_SOFT,
    ['"'] = MASK_SOFT,
    ['\''] = MASK_SOFT,
    ['`'] = MASK_SOFT,
};

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

size_t mask_token_at(Str text, size_t at)
{
    if (at >= text.size || text.text[at] != '<')
        return 0;
    size_t to = at + 1;
    while (to < text.size && to - at <= MASK_NAME_BYTES_MAX && is_name(text.text[to]))
        to++;
    if (to == at + 1 || text.size - to < MASK_TOKEN_HEX + 2 || text.text[to] != ':')
        return 0;
    for (size_t i = 1; i <= MASK_TOKEN_HEX; i++)
        if (!is_hex(text.text[to + i]))
            return 0;
    return text.text[to + MASK_TOKEN_HEX + 1] == '>' ? to + MASK_TOKEN_HEX + 2 - at : 0;
}

bool mask_token_before(Str text, size_t at)
{
    if (at < MASK_TOKEN_HEX + 4 || text.text[at - 1] != '>')
        return false;
    size_t from = at - MASK_TOKEN_HEX - 2; /* The colon. */
    for (size_t i = 0; i <= MASK_NAME_BYTES_MAX && from > 0; i++)
        if (text.text[--from] == '<')
            return mask_token_at(text, from) == at - from;
    return false;
}

/* The letter at text[at] follows an odd number of backslashes. */
static bool is_escape_letter(Str text, size_t at)
{
    if (at == 0 || text.text[at - 1] != '\\' || strchr("nrtbf", text.text[at]) == NULL)
        return false;
    size_t from = at;
    while (from > 0 && text.text[from - 1] == '\\')
        from--;
    return (at - from) % 2 == 1;
}

bool mask_word_starts(Str text, size_t at)
{
    return at == 0 || !mask_is(text.text[at - 1], MASK_WORD) || is_escape_letter(text, at - 1);
}

bool mask_word_at(Str text, size_t at, Str word)
{
    if (at > text.size || text.size - at < word.size)
        return false;
    for (size_t i = 0; i < word.size; i++) {
        char c = text.text[at + i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 'a' - 'A');
        if (c != word.text[i])
            return false;
    }
    return true;
}
