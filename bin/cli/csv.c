/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/csv.h"

#include <inttypes.h>
#include <string.h>

#include "cli/visible.h"
#include "cli/words.h"

static void csv_begin(Csv *csv)
{
    if (csv->started)
        buffer_puts(csv->out, ",");
    csv->started = true;
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
    for (size_t i = 0; i < size;) {
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
    buffer_format(csv->out, "%" PRId64, value);
}

void csv_real(Csv *csv, double value)
{
    csv_begin(csv);
    if (value - value == 0)
        buffer_format(csv->out, "%.3f", value == 0 ? 0.0 : value);
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
