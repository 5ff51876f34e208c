/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/csv.h"

#include <string.h>

#include "cli/visible.h"
#include "cli/words.h"

static void csv_begin(Csv *csv)
{
    if (csv->started)
        buffer_puts(csv->out, ",");
    csv->started = true;
}

/* Nothing to hide, nothing to double: goes out as it is. */
static bool csv_is_simple(const char *bytes, size_t size)
{
    bool simple = true;
    for (size_t i = 0; i < size; i++)
        simple &= bytes[i] >= ' ' && bytes[i] <= '~' && bytes[i] != '"';
    return simple;
}

static bool csv_needs_quotes(const char *bytes, size_t size)
{
    if (size == 0)
        return false;
    if (bytes[0] == ' ' || bytes[0] == '#' || bytes[size - 1] == ' ')
        return true;
    return memchr(bytes, ',', size) != NULL || memchr(bytes, '"', size) != NULL;
}

void csv_text(Csv *csv, const char *bytes, size_t size)
{
    csv_begin(csv);
    bool quoted = csv_needs_quotes(bytes, size);
    if (quoted)
        buffer_puts(csv->out, "\"");
    bool simple = csv_is_simple(bytes, size);
    if (simple)
        buffer_add(csv->out, bytes, size);
    for (size_t i = 0; i < size && !simple;) {
        Glyph glyph = visible_next(bytes + i, size - i);
        if (glyph.text[0] == '"')
            buffer_puts(csv->out, "\"");
        buffer_add(csv->out, glyph.text, glyph.size);
        i += glyph.consumed;
    }
    if (quoted)
        buffer_puts(csv->out, "\"");
}

void csv_piece(Csv *csv, Piece piece)
{
    csv_text(csv, piece.text, piece.size);
}

void csv_integer(Csv *csv, int64_t value)
{
    csv_begin(csv);
    if (value < 0)
        buffer_puts(csv->out, "-");
    buffer_number(csv->out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 1);
}

void csv_real(Csv *csv, double value)
{
    csv_begin(csv);
    if (value - value != 0)
        return;
    /* Thousandths may be counted where it is clear which way to round; printf is the judge of the
     * rest.  The product is off by less than 1e-7. */
    double scaled = value * 1000 + 0.5;
    uint64_t thousandths = scaled > 0 && scaled < 1e9 ? (uint64_t)scaled : 0;
    double rest = scaled - (double)thousandths;
    if (value < 0 || rest < 1e-6 || rest > 1 - 1e-6) {
        buffer_format(csv->out, "%.3f", value == 0 ? 0.0 : value);
        return;
    }
    buffer_number(csv->out, thousandths / 1000, 1);
    buffer_puts(csv->out, ".");
    buffer_number(csv->out, thousandths % 1000, 3);
}

#define EXACT_MAX 9007199254740992.0 /* 2^53: whole numbers up to it are exact. */
#define DECIMALS_MAX 15

static const double powers[DECIMALS_MAX + 1] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

static void decimal_add(Buffer *out, bool negative, uint64_t whole, int decimals)
{
    uint64_t unit = (uint64_t)powers[decimals];
    if (negative)
        buffer_puts(out, "-");
    buffer_number(out, whole / unit, 1);
    if (decimals == 0)
        return;
    buffer_puts(out, ".");
    buffer_number(out, whole % unit, decimals);
}

/* The fewest decimals that give the number again: a whole number divided by a power of ten is
 * rounded once, as reading it is. */
void csv_number(Csv *csv, double value)
{
    csv_begin(csv);
    if (value - value != 0)
        return;
    double size = value < 0 ? -value : value;
    for (int decimals = 0; decimals <= DECIMALS_MAX; decimals++) {
        double scaled = size * powers[decimals];
        if (scaled >= EXACT_MAX)
            break;
        uint64_t whole = (uint64_t)(scaled + 0.5);
        if ((double)whole / powers[decimals] == size) {
            decimal_add(csv->out, value < 0, whole, decimals);
            return;
        }
    }
    buffer_format(csv->out, "%.17g", value);
}

void csv_about(Csv *csv, double value)
{
    csv_begin(csv);
    if (value - value != 0)
        return;
    double size = value < 0 ? -value : value;
    int decimals = 6;
    while (decimals > 0 && size >= powers[7 - decimals])
        decimals--;
    if (size != 0 && (size < 1e-1 || size >= 1e7)) {
        buffer_format(csv->out, "%.7g", value);
        return;
    }
    uint64_t whole = (uint64_t)(size * powers[decimals] + 0.5);
    for (; decimals > 0 && whole % 10 == 0; decimals--)
        whole /= 10;
    decimal_add(csv->out, value < 0, whole, decimals);
}

void csv_time(Csv *csv, odd_time time)
{
    csv_begin(csv);
    words_time_iso(csv->out, time);
}

void csv_end(Csv *csv)
{
    buffer_puts(csv->out, "\n");
    csv->started = false;
}
