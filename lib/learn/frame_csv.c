/* SPDX-License-Identifier: Apache-2.0
 *
 * frame_csv.c - the canonical text of a table, by which a dataset is known. */
#include <string.h>

#include "base/time.h"
#include "event/json_text.h"
#include "learn/frame.h"

static void put_str(ImageOut *out, Str text)
{
    image_put(out, text.text, text.size);
}

/* Quoted where it would be read as something else. */
static void put_text(ImageOut *out, Str text)
{
    bool quoted = text.size > 0 && (text.text[0] == ' ' || text.text[text.size - 1] == ' ');
    for (size_t i = 0; i < text.size; i++)
        quoted |= strchr(",;\"\t", text.text[i]) != NULL;
    if (!quoted) {
        put_str(out, text);
        return;
    }
    put_str(out, STR("\""));
    for (size_t i = 0; i < text.size; i++) {
        if (text.text[i] == '"')
            put_str(out, STR("\""));
        image_put(out, text.text + i, 1);
    }
    put_str(out, STR("\""));
}

static void put_cell(const FrameColumn *column, size_t row, ImageOut *out)
{
    char room[REAL_TEXT_SIZE > TIME_TEXT_SIZE ? REAL_TEXT_SIZE : TIME_TEXT_SIZE];
    if (frame_missing(column, row))
        return;
    if (column->kind == FRAME_NUMBER)
        put_str(out, real_text(column->numbers[row], room));
    else if (column->kind == FRAME_TIME)
        put_str(out, str_of(time_text(column->times[row], 9, room)));
    else
        put_text(out, names_text(&column->texts, column->codes[row]));
}

void frame_csv_names(const Frame *frame, ImageOut *out)
{
    for (size_t c = 0; c < frame->column_count; c++) {
        if (c > 0)
            put_str(out, STR(","));
        put_text(out, frame->columns[c].name);
    }
    put_str(out, STR("\n"));
}

/* A line that would be empty is an empty text, since empty lines are no rows. */
void frame_csv_row(const Frame *frame, size_t row, ImageOut *out)
{
    if (frame->column_count == 1 && frame_missing(&frame->columns[0], row))
        put_str(out, STR("\"\""));
    for (size_t c = 0; c < frame->column_count; c++) {
        if (c > 0)
            put_str(out, STR(","));
        put_cell(&frame->columns[c], row, out);
    }
    put_str(out, STR("\n"));
}
