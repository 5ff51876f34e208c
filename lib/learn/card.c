/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/card.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "event/json_text.h"

static void put_quoted(ImageOut *card, Str text)
{
    image_put(card, "\"", 1);
    for (size_t i = 0; i < text.size; i++) {
        char c = text.text[i];
        if (c == '"')
            image_put(card, "\"", 1);
        image_put(card, c == '\n' || c == '\r' ? " " : &text.text[i], 1);
    }
    image_put(card, "\"", 1);
}

static void put_number(ImageOut *card, double value)
{
    char room[REAL_TEXT_SIZE];
    image_put(card, ",", 1);
    if (!isfinite(value))
        return;
    Str text = real_text(value, room);
    image_put(card, text.text, text.size);
}

void card_row(ImageOut *card, const char *part, Str name, Measure measure, Str text)
{
    image_put(card, part, strlen(part));
    image_put(card, ",", 1);
    put_quoted(card, name);
    put_number(card, measure.value);
    put_number(card, measure.lower);
    put_number(card, measure.upper);
    image_put(card, ",", 1);
    put_quoted(card, text);
    image_put(card, "\n", 1);
}

void card_value(ImageOut *card, const char *part, const char *name, double value)
{
    card_row(card, part, str_of(name), (Measure){value, NAN, NAN}, STR(""));
}

void card_text(ImageOut *card, const char *part, const char *name, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    card_row(card, part, str_of(name), (Measure){NAN, NAN, NAN}, str_of(text));
}
