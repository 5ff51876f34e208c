/* SPDX-License-Identifier: Apache-2.0 */
#include "event/json_text.h"

#include <math.h>
#include <stdio.h>

#include "base/decimal.h"
#include "event/base64.h"
#include "event/json_plain.h"
#include "event/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Room for `more` bytes behind the text, or NULL. */
static char *room(JsonText *text, size_t more)
{
    if (text->failed)
        return NULL;
    if (text->capacity - text->size < more) {
        char *grown = text->mem == NULL
                          ? NULL
                          : mem_grow(text->mem, text->text, &text->capacity, text->size + more, 1);
        if (grown == NULL) {
            text->failed = true;
            return NULL;
        }
        text->text = grown;
    }
    return text->text + text->size;
}

static void put(JsonText *text, Str bytes)
{
    char *to = room(text, bytes.size);
    if (to == NULL || bytes.size == 0)
        return;
    memcpy(to, bytes.text, bytes.size);
    text->size += bytes.size;
}

/* What was written last says whether a value or a name needs a comma before it. */
static void put_comma(JsonText *text)
{
    if (text->size == 0)
        return;
    char last = text->text[text->size - 1];
    if (last != '{' && last != '[' && last != ':')
        put(text, STR(","));
}

static void put_escape(JsonText *text, unsigned char c)
{
    static const char shorts[] = "btn fr"; /* Of 8 to 13. */
    char escape[7];
    if (c == '"' || c == '\\')
        snprintf(escape, sizeof escape, "\\%c", c);
    else if (c >= 8 && c <= 13 && c != 11)
        snprintf(escape, sizeof escape, "\\%c", shorts[c - 8]);
    else
        snprintf(escape, sizeof escape, "\\u%04x", c);
    put(text, str_of(escape));
}

/* What is between the quotes. */
static void put_escaped(JsonText *text, Str value)
{
    for (size_t at = 0; at < value.size;) {
        size_t end = json_plain_end(value.text, at, value.size);
        put(text, str_part(value, at, end));
        if (end == value.size)
            return;
        unsigned char c = (unsigned char)value.text[end];
        at = end + 1;
        if (c < 0x80) {
            put_escape(text, c);
            continue;
        }
        size_t size = utf8_size(str_part(value, end, value.size));
        put(text, size > 0 ? str_part(value, end, end + size) : STR(REPLACEMENT));
        at = size > 0 ? end + size : at;
    }
}

void json_put_open(JsonText *text, char bracket)
{
    put_comma(text);
    put(text, (Str){.text = &bracket, .size = 1});
}

void json_put_close(JsonText *text, char bracket)
{
    put(text, (Str){.text = &bracket, .size = 1});
}

void json_put_name(JsonText *text, Str first, Str rest)
{
    put_comma(text);
    put(text, STR("\""));
    put_escaped(text, first);
    put_escaped(text, rest);
    put(text, STR("\":"));
}

void json_put_string(JsonText *text, Str value)
{
    put_comma(text);
    put(text, STR("\""));
    put_escaped(text, value);
    put(text, STR("\""));
}

void json_put_int(JsonText *text, int64_t value)
{
    char     digits[24];
    size_t   at = sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        digits[--at] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (value < 0)
        digits[--at] = '-';
    json_put_word(text, (Str){.text = digits + at, .size = sizeof digits - at});
}

void json_put_real(JsonText *text, double value)
{
    char buffer[REAL_TEXT_SIZE];
    Str number = real_text(value, buffer);
    if (isfinite(value))
        json_put_word(text, number);
    else
        json_put_string(text, number);
}

/* A string of `size` bytes that need no escape; NULL: no room. */
static char *put_plain(JsonText *text, size_t size)
{
    put_comma(text);
    char *to = room(text, size + 2);
    if (to == NULL)
        return NULL;
    to[0] = '"';
    to[size + 1] = '"';
    text->size += size + 2;
    return to + 1;
}

void json_put_base64(JsonText *text, Str bytes)
{
    char *to = put_plain(text, base64_size(bytes.size));
    if (to != NULL)
        base64_write(bytes, to);
}

void json_put_hex(JsonText *text, Str bytes)
{
    char *to = put_plain(text, 2 * bytes.size);
    if (to != NULL)
        hex_write(bytes, to);
}

void json_put_word(JsonText *text, Str word)
{
    put_comma(text);
    put(text, word);
}

void json_put_named(JsonText *text, const char *name, const char *value)
{
    json_put_name(text, str_of(name), STR(""));
    json_put_string(text, str_of(value));
}

void json_put_time(JsonText *text, const char *name, odd_time time)
{
    if (time == ODD_TIME_NONE)
        return;
    json_put_name(text, str_of(name), STR(""));
    json_put_int(text, time);
}

void json_text_clear(JsonText *text)
{
    text->size = 0;
    text->failed = false;
}

void json_text_free(JsonText *text)
{
    mem_free(text->mem, text->text, text->capacity);
    *text = (JsonText){.mem = text->mem};
}

Str real_text(double value, char *buffer)
{
    if (isnan(value))
        return STR("NaN");
    if (isinf(value))
        return value > 0 ? STR("Infinity") : STR("-Infinity");
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, REAL_TEXT_SIZE, "%.*g", digits, value);
        /* A program that embeds us may have set a locale with another sign than the point. */
        size_t whole = strspn(buffer, "-0123456789");
        if (buffer[whole] != '\0' && buffer[whole] != 'e')
            buffer[whole] = '.';
        double again;
        if (decimal_read(str_of(buffer), &again) && again == value)
            break;
    }
    return str_of(buffer);
}
