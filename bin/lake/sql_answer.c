/* SPDX-License-Identifier: Apache-2.0 */
#include "lake/sql_answer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lake/answer_build.h"

struct SqlAnswer {
    FrameBuffer frames; /* All texts point into it. */
    char      **columns;
    size_t      column_count, cell_count;
    SqlCell    *cells;
    char       *note;
    bool        cut;
};

static bool is_cell(FrameKind kind)
{
    return kind >= FRAME_MISSING && kind <= FRAME_TEXT;
}

/* Every text gets the NUL behind it that the head of the next frame is in the way of: the byte is
 * its kind, which has been read by then. */
static char *terminated(SqlAnswer *answer, Frame frame)
{
    char *text = answer->frames.bytes + (frame.bytes - answer->frames.bytes);
    text[frame.size] = '\0';
    return text;
}

static SqlCell cell_of(SqlAnswer *answer, Frame frame)
{
    uint64_t bits = frame_u64(frame);
    SqlCell cell = {.kind = SQL_MISSING};
    switch (frame.kind) {
    case FRAME_BOOL:
        return (SqlCell){.kind = SQL_BOOL, .integer = bits != 0};
    case FRAME_INT:
        return (SqlCell){.kind = SQL_INT, .integer = (int64_t)bits};
    case FRAME_REAL:
        cell.kind = SQL_REAL;
        memcpy(&cell.real, &bits, sizeof cell.real);
        return cell;
    case FRAME_TEXT:
        return (SqlCell){.kind = SQL_TEXT, .text = terminated(answer, frame), .size = frame.size};
    default:
        return cell;
    }
}

/* How many columns and cells there are; each frame is read before the NUL of the one before it is
 * written. */
static bool answer_fill(SqlAnswer *answer)
{
    size_t at = 0, columns = 0, cells = 0;
    Frame frame, next;
    bool more = frame_next(&answer->frames, &at, &frame);
    while (more) {
        more = frame_next(&answer->frames, &at, &next);
        if (frame.kind == FRAME_COLUMN)
            answer->columns[columns++] = terminated(answer, frame);
        else if (is_cell(frame.kind))
            answer->cells[cells++] = cell_of(answer, frame);
        else if (frame.kind == FRAME_NOTE)
            answer->note = terminated(answer, frame);
        else if (frame.kind == FRAME_CUT)
            answer->cut = true;
        frame = next;
    }
    return columns == 0 ? cells == 0 : cells % columns == 0;
}

SqlAnswer *answer_build(FrameBuffer *frames)
{
    SqlAnswer *answer = calloc(1, sizeof *answer);
    frame_put(frames, "", 1); /* For the NUL of the last text. */
    if (answer == NULL || frames->failed) {
        free(answer);
        return NULL;
    }
    answer->frames = *frames;
    *frames = (FrameBuffer){0};
    size_t at = 0;
    Frame frame;
    while (frame_next(&answer->frames, &at, &frame)) {
        answer->column_count += frame.kind == FRAME_COLUMN;
        answer->cell_count += is_cell(frame.kind);
    }
    answer->columns = calloc(answer->column_count + 1, sizeof *answer->columns);
    answer->cells = calloc(answer->cell_count + 1, sizeof *answer->cells);
    if (answer->columns == NULL || answer->cells == NULL || !answer_fill(answer)) {
        sql_answer_free(answer);
        return NULL;
    }
    return answer;
}

void sql_answer_free(SqlAnswer *answer)
{
    if (answer == NULL)
        return;
    frames_free(&answer->frames);
    free(answer->columns);
    free(answer->cells);
    free(answer);
}

size_t sql_answer_columns(const SqlAnswer *answer)
{
    return answer->column_count;
}

const char *sql_answer_column(const SqlAnswer *answer, size_t column)
{
    assert(column < answer->column_count);
    return answer->columns[column];
}

size_t sql_answer_rows(const SqlAnswer *answer)
{
    return answer->column_count > 0 ? answer->cell_count / answer->column_count : 0;
}

SqlCell sql_answer_cell(const SqlAnswer *answer, size_t row, size_t column)
{
    assert(row < sql_answer_rows(answer) && column < answer->column_count);
    return answer->cells[row * answer->column_count + column];
}

bool sql_answer_cut(const SqlAnswer *answer)
{
    return answer->cut;
}

const char *sql_answer_note(const SqlAnswer *answer)
{
    return answer->note != NULL ? answer->note : "";
}
