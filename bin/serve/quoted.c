/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/quoted.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LINE_MOST 72
#define WORD_MOST 60 /* Between "=?UTF-8?Q?" and "?=", and with "Subject: " on the first line. */

static size_t add_byte(unsigned char byte, bool is_plain, HttpResponse *to)
{
    char text[4];
    int size = snprintf(text, sizeof text, is_plain ? "%c" : "=%02X", byte);
    response_add(to, text, (size_t)size);
    return (size_t)size;
}

/* A blank before the end of a line would be lost. */
static bool is_plain_in_text(const char *at)
{
    unsigned char byte = (unsigned char)*at;
    if (byte == ' ')
        return at[1] != '\n' && at[1] != '\0';
    return byte > ' ' && byte < 0x7f && byte != '=';
}

void quoted_text(const char *text, HttpResponse *to)
{
    size_t filled = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\n') {
            response_add(to, "\r\n", 2);
            filled = 0;
            continue;
        }
        if (filled >= LINE_MOST) {
            response_add(to, "=\r\n", 3);
            filled = 0;
        }
        filled += add_byte((unsigned char)*at, is_plain_in_text(at), to);
    }
}

static bool is_plain_in_word(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '.' || byte == '/';
}

static bool begins_character(unsigned char byte)
{
    return (byte & 0xc0) != 0x80;
}

void quoted_header(const char *text, HttpResponse *to)
{
    size_t filled = 0;
    response_print(to, "=?UTF-8?Q?");
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (filled >= WORD_MOST - 12 && begins_character(*at)) { /* One takes up to 12. */
            response_print(to, "?=\r\n =?UTF-8?Q?");
            filled = 0;
        }
        if (*at == ' ') {
            response_add(to, "_", 1);
            filled++;
        } else {
            filled += add_byte(*at, is_plain_in_word(*at), to);
        }
    }
    response_print(to, "?=");
}
