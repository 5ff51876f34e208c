/* SPDX-License-Identifier: Apache-2.0
 *
 * lines.h - for tests of layouts: learn from a text, parse its lines, compare what came out.
 */
#ifndef TESTS_LINES_H
#define TESTS_LINES_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "event/layout.h"

#define LINES_NOW (1795464942 * NS_PER_S) /* 2026-11-23T20:15:42Z */
#define LINES_BUFFER_BYTES 4096

/* The text again and again, as long as a sample is: what is learnt from many such lines. */
static inline Layout layout_of(const char *text)
{
    static char sample[LAYOUT_SAMPLE_BYTES_MAX];
    size_t size = strlen(text), count = sizeof sample / size;
    for (size_t i = 0; i < count && i < 10; i++)
        memcpy(sample + i * size, text, size);
    return layout_learn((Str){sample, size * (count < 10 ? count : 10)}, LINES_NOW, 0);
}

static inline Record record_of(const Layout *layout, const char *line)
{
    static char buffer[LINES_BUFFER_BYTES];
    assert_true(layout_buffer_bytes(strlen(line)) <= sizeof buffer);
    return layout_parse(layout, str_of(line), buffer);
}

static inline void assert_str(Str text, const char *expected)
{
    char copy[LINES_BUFFER_BYTES] = "";
    assert_true(text.size < sizeof copy);
    if (text.size > 0)
        memcpy(copy, text.text, text.size);
    assert_string_equal(copy, expected);
}

static inline void assert_time(odd_time time, const char *expected)
{
    char buffer[TIME_TEXT_SIZE];
    assert_string_equal(time_text(time, 3, buffer), expected);
}

#endif
