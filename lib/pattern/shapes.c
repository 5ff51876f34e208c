/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/shapes.h"

#define HEX_BYTES_MIN 6 /* "aeac5f" is no name with a number, though only one digit is in it. */

size_t digits_of(Str s, size_t at)
{
    size_t from = at;
    while (at < s.size && is_digit(s.text[at]))
        at++;
    return at - from;
}

bool all_hex(Str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (!is_hex(s.text[i]))
            return false;
    return s.size > 0;
}

bool has_digit(Str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (is_digit(s.text[i]))
            return true;
    return false;
}

size_t count_of(Str s, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < s.size; i++)
        count += s.text[i] == c;
    return count;
}

bool is_number(Str s)
{
    size_t at = s.text[0] == '-' || s.text[0] == '+';
    size_t n = digits_of(s, at);
    if (n == 0)
        return false;
    at += n;
    if (at < s.size && s.text[at] == '.') {
        n = digits_of(s, at + 1);
        at += 1 + n;
        if (n == 0)
            return false;
    }
    if (at + 1 < s.size && (s.text[at] | 32) == 'e') {
        size_t sign = s.text[at + 1] == '-' || s.text[at + 1] == '+';
        n = digits_of(s, at + 1 + sign);
        if (n > 0)
            at += 1 + sign + n;
    }
    return at == s.size;
}

bool is_ip(Str s)
{
    size_t at = 0;
    for (int group = 0; group < 4; group++) {
        size_t n = digits_of(s, at);
        if (n == 0 || n > 3)
            return false;
        at += n;
        if (group < 3 && (at >= s.size || s.text[at++] != '.'))
            return false;
    }
    return at == s.size;
}

bool is_uuid(Str s)
{
    if (s.size != UUID_SIZE)
        return false;
    for (size_t i = 0; i < UUID_SIZE; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s.text[i] != '-' : !is_hex(s.text[i]))
            return false;
    }
    return true;
}

bool is_one_of(Str s, const ShortWord *words)
{
    if (s.size == 0 || s.size >= sizeof *words)
        return false;
    ShortWord lower = {0};
    for (size_t i = 0; i < s.size; i++)
        lower[i] = (char)(s.text[i] >= 'A' && s.text[i] <= 'Z' ? s.text[i] | 32 : s.text[i]);
    for (; (*words)[0] != 0; words++)
        if (memcmp(*words, lower, sizeof lower) == 0)
            return true;
    return false;
}

bool is_known_value(Str s)
{
    static const ShortWord words[] = {"true", "false", "null", ""};
    if (s.size != 4 && s.size != 5)
        return false;
    switch (((unsigned char)s.text[0] | 32) << 8 |
            ((unsigned char)s.text[1] | 32)) { /* Most words are sent home here. */
    case 't' << 8 | 'r':
    case 'f' << 8 | 'a':
    case 'n' << 8 | 'u':
        return is_one_of(s, words);
    default:
        return false;
    }
}

bool is_account(Str s)
{
    return (s.size == 4 && memcmp(s.text, "root", 4) == 0) ||
           (s.size == 5 && memcmp(s.text, "admin", 5) == 0);
}

bool is_host(Str s, size_t dots)
{
    static const ShortWord domains[] = {"com", "net", "org", "edu", "gov", "mil", "arpa", "local",
                                          "localdomain", "internal", "lan", "cn", "de", "uk", "jp",
                                          "hk", "tw", "kr", "fr", "ru", "br", "au", "ca", "eu",
                                          "nl", "pl", "se", "es", ""};
    size_t dot = s.size;
    while (dot > 0 && s.text[dot - 1] != '.')
        dot--;
    return dot > 0 && s.size - dot >= 2 && count_of(s, '.') >= dots &&
           is_one_of(str_part(s, dot, s.size), domains);
}

bool is_email(Str s)
{
    const char *at = memchr(s.text, '@', s.size);
    if (at == NULL || at == s.text)
        return false;
    Str right = str_part(s, (size_t)(at - s.text) + 1, s.size);
    return right.size > 2 && memchr(right.text, '.', right.size) != NULL &&
           memchr(right.text, '@', right.size) == NULL && !has_digit(right);
}

bool is_path(Str s, bool letters)
{
    if (s.text[0] == '/' || s.text[0] == '\\')
        return s.size > 1;
    if (s.text[0] == '.' || s.text[0] == '~')
        return count_of(s, '/') > 0;
    return letters && (count_of(s, '/') >= 2 || count_of(s, '\\') >= 1);
}

bool is_name_and_ip(Str s)
{
    const char *slash = memchr(s.text, '/', s.size);
    if (slash == NULL || slash == s.text)
        return false;
    return is_ip(str_part(s, (size_t)(slash - s.text) + 1, s.size));
}

bool is_id(Str s)
{
    if (s.size > 0 && is_digit(s.text[0]))
        return true;
    size_t runs = 0;
    for (size_t i = 1; i < s.size; i++) {
        if (!is_digit(s.text[i]))
            continue;
        size_t n = digits_of(s, i);
        bool left = s.text[i - 1] == '_' || s.text[i - 1] == '-';
        bool right = i + n == s.size || s.text[i + n] == '_';
        if (n >= 3 || (left && right) || ++runs == 2) /* Many, or alone between underscores. */
            return true;
        i += n;
    }
    return runs > 0 && s.size >= HEX_BYTES_MIN && all_hex(s);
}

bool is_timestamp(Str s)
{
    return s.size >= 13 && s.text[4] == '-' && s.text[7] == '-' && s.text[10] == 'T' &&
           digits_of(s, 0) == 4 && digits_of(s, 5) == 2 && digits_of(s, 8) == 2 &&
           is_digit(s.text[11]);
}
