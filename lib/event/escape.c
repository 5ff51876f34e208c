/* SPDX-License-Identifier: Apache-2.0 */
#include "event/escape.h"

#include <stdint.h>

#define REPLACEMENT 0xFFFDu

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \uXXXX whose backslash is text[at]; -1 if there are none. */
static int32_t code_unit(Str text, size_t at)
{
    if (text.size < at + 6 || text.text[at] != '\\' || text.text[at + 1] != 'u')
        return -1;
    int32_t unit = 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        int digit = hex_digit(text.text[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static size_t put_utf8(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 63));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 63));
        out[2] = (char)(0x80 | (code & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 63));
    out[2] = (char)(0x80 | (code >> 6 & 63));
    out[3] = (char)(0x80 | (code & 63));
    return 4;
}

/* Reads \uXXXX or a pair of them at text[at]; gives the bytes read, 0 if there is none. */
static size_t take_unicode(Str text, size_t at, uint32_t *ret_code)
{
    int32_t unit = code_unit(text, at);
    if (unit < 0)
        return 0;
    *ret_code = (uint32_t)unit;
    if (unit < 0xD800 || unit > 0xDFFF)
        return 6;
    int32_t low = unit < 0xDC00 ? code_unit(text, at + 6) : -1;
    if (low < 0xDC00 || low > 0xDFFF) {
        *ret_code = REPLACEMENT;
        return 6;
    }
    *ret_code = 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
    return 12;
}

static char simple_escape(char c)
{
    switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case 'b': return '\b';
    case 'f': return '\f';
    case '"':
    case '\\':
    case '/': return c;
    default: return '\0';
    }
}

size_t escape_undo(Str text, char *buffer)
{
    size_t out = 0;
    for (size_t at = 0; at < text.size;) {
        char c = text.text[at];
        if (c != '\\' || at + 1 == text.size) {
            buffer[out++] = c;
            at++;
            continue;
        }
        char plain = simple_escape(text.text[at + 1]);
        uint32_t code;
        size_t size = plain == '\0' ? take_unicode(text, at, &code) : 0;
        if (plain != '\0') {
            buffer[out++] = plain;
            at += 2;
        } else if (size > 0) {
            out += put_utf8(code, buffer + out);
            at += size;
        } else {
            buffer[out++] = c;
            at++;
        }
    }
    return out;
}
