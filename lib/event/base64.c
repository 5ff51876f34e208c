/* SPDX-License-Identifier: Apache-2.0 */
#include "event/base64.h"

#include <stdint.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char digits[] = "0123456789abcdef";

void base64_write(Str bytes, char *to)
{
    const unsigned char *from = (const unsigned char *)bytes.text;
    for (size_t at = 0; at < bytes.size; at += 3, to += 4) {
        size_t   left = bytes.size - at;
        uint32_t three = (uint32_t)from[at] << 16;
        three |= left > 1 ? (uint32_t)from[at + 1] << 8 : 0;
        three |= left > 2 ? (uint32_t)from[at + 2] : 0;
        to[0] = letters[three >> 18];
        to[1] = letters[three >> 12 & 63];
        to[2] = '=';
        to[3] = '=';
        if (left > 1)
            to[2] = letters[three >> 6 & 63];
        if (left > 2)
            to[3] = letters[three & 63];
    }
}

static int letter_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

bool base64_read(Str text, char *to, size_t *ret_size)
{
    size_t size = text.size;
    for (int i = 0; i < 2 && text.size % 4 == 0 && size > 0 && text.text[size - 1] == '='; i++)
        size--;
    if (size % 4 == 1)
        return false;
    uint32_t bits = 0;
    size_t   out = 0;
    for (size_t at = 0; at < size; at++) {
        int value = letter_value(text.text[at]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        if (at % 4 > 0) /* Of the first letter no byte is whole. */
            to[out++] = (char)(bits >> (6 - 2 * (at % 4)) & 255);
    }
    *ret_size = out;
    return true;
}

void hex_write(Str bytes, char *to)
{
    for (size_t i = 0; i < bytes.size; i++) {
        unsigned char byte = (unsigned char)bytes.text[i];
        *to++ = digits[byte >> 4];
        *to++ = digits[byte & 15];
    }
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_read(Str text, char *to, size_t *ret_size)
{
    if (text.size % 2 != 0)
        return false;
    for (size_t i = 0; i < text.size / 2; i++) {
        int high = digit_value(text.text[2 * i]), low = digit_value(text.text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        to[i] = (char)(high << 4 | low);
    }
    *ret_size = text.size / 2;
    return true;
}
