/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/frame.h"

#include <math.h>

#include "event/cells.h"
#include "event/sheet.h"
#include "event/timestamp.h"

#define TEXT_SEED 0x6672616d65 /* "frame" */
#define EXACT_MAX 9007199254740992.0 /* 2^53 */
#define NAME_SIZE 32

typedef struct {
    bool       may_be_number, may_be_time, any;
    TimeFormat format;
} Guess;

void frame_open(Frame *frame, Mem *mem)
{
    *frame = (Frame){.mem = mem, .bytes = {.mem = mem}};
}

void frame_close(Frame *frame)
{
    for (size_t c = 0; c < frame->column_count; c++) {
        FrameColumn *column = &frame->columns[c];
        mem_free(frame->mem, column->numbers, column->capacity * sizeof *column->numbers);
        mem_free(frame->mem, column->codes, column->capacity * sizeof *column->codes);
        mem_free(frame->mem, column->times, column->capacity * sizeof *column->times);
        names_close(&column->texts);
    }
    mem_free(frame->mem, frame->columns, frame->columns_capacity * sizeof *frame->columns);
    image_close(&frame->bytes);
    *frame = (Frame){.mem = frame->mem, .bytes = {.mem = frame->mem}};
}

odd_rc frame_put(Frame *frame, Str bytes)
{
    image_put(&frame->bytes, bytes.text, bytes.size);
    return frame->bytes.failed ? ODD_NOMEM : ODD_OK;
}

static bool line_next(Str text, size_t *at, Str *ret)
{
    while (*at < text.size) {
        const char *end = memchr(text.text + *at, '\n', text.size - *at);
        size_t to = end != NULL ? (size_t)(end - text.text) : text.size;
        Str line = str_part(text, *at, to);
        *at = to + 1;
        if (line.size > 0 && line.text[line.size - 1] == '\r')
            line.size--;
        if (line.size == 0)
            continue;
        *ret = line;
        return true;
    }
    return false;
}

static char separator_of(Str line)
{
    static const char separators[] = {',', ';', '\t'};
    char best = ',';
    uint32_t most = 0;
    for (size_t i = 0; i < sizeof separators; i++) {
        uint32_t count = cell_count(line, separators[i], FRAME_COLUMNS_MAX);
        if (count > most)
            best = separators[i];
        most = count > most ? count : most;
    }
    return best;
}

/* -- the first look --------------------------------------------------------------------------- */

/* A whole number that would lose digits as a double: an id. */
static bool is_exact(Str text, double number)
{
    return fabs(number) < EXACT_MAX || memchr(text.text, '.', text.size) != NULL ||
           memchr(text.text, 'e', text.size) != NULL || memchr(text.text, 'E', text.size) != NULL;
}

static void guess_time(Guess *guess, const TimeFrame *frame, Str text)
{
    odd_time time;
    if (guess->format == TIME_FORMAT_NONE)
        guess->format = timestamp_guess(frame, text, 0);
    if (guess->format != TIME_FORMAT_NONE &&
        timestamp_read(guess->format, frame, text, 0, &time) == text.size && time != ODD_TIME_NONE)
        return;
    guess->may_be_time = timestamp_whole(frame, text, &time) && time != ODD_TIME_NONE;
}

static void guess_cell(Guess *guess, const TimeFrame *frame, SheetCell cell)
{
    double number;
    NumberKind kind = sheet_number(cell.text, false, &number);
    if (cell.text.size == 0 || kind == NUMBER_MISSING)
        return;
    guess->any = true;
    if (kind == NUMBER_BAD || (kind == NUMBER_FINITE && !is_exact(cell.text, number)))
        guess->may_be_number = false;
    if (guess->may_be_time && !guess->may_be_number)
        guess_time(guess, frame, cell.text);
}

/* Cells that are numbers so far are looked at as times only when another one is none: a column of
 * both is text.  False: a cell goes on behind the end of the line. */
static bool guess_row(Frame *frame, const TimeFrame *times, Guess *guesses, Str line)
{
    SheetCell cell;
    size_t c = 0;
    bool is_torn = false;
    for (size_t at = 0; cell_next(line, &at, frame->separator, &cell); c++) {
        is_torn |= cell.is_torn;
        if (c < frame->column_count) {
            bool was_number = guesses[c].may_be_number && guesses[c].any;
            guess_cell(&guesses[c], times, cell);
            if (was_number && !guesses[c].may_be_number)
                guesses[c].may_be_time = false;
        }
    }
    frame->short_rows += c < frame->column_count;
    frame->long_rows += c > frame->column_count;
    return !is_torn;
}

/* -- names ------------------------------------------------------------------------------------ */

static odd_rc take_names(Frame *frame, Str line, Problem *problem)
{
    frame->separator = separator_of(line);
    uint32_t count = cell_count(line, frame->separator, FRAME_COLUMNS_MAX);
    if (count > FRAME_COLUMNS_MAX)
        return problem_say(problem, ODD_FULL, "the table has more than %d columns",
                           FRAME_COLUMNS_MAX);
    frame->columns =
        mem_grow(frame->mem, NULL, &frame->columns_capacity, count, sizeof *frame->columns);
    if (frame->columns == NULL)
        return ODD_NOMEM;
    SheetCell cell;
    for (size_t at = 0; cell_next(line, &at, frame->separator, &cell);) {
        FrameColumn *column = &frame->columns[frame->column_count];
        column->name = cell.text.size > 0 ? cell.text : STR("unnamed");
        if (frame_find(frame, column->name) != FRAME_NONE)
            return problem_say(problem, ODD_SYNTAX, "the column %.*s comes twice",
                               (int)column->name.size, column->name.text);
        column->texts = (Names){.mem = frame->mem, .seed = TEXT_SEED};
        frame->column_count++;
    }
    return ODD_OK;
}

uint32_t frame_find(const Frame *frame, Str name)
{
    for (size_t c = 0; c < frame->column_count; c++)
        if (str_equal(frame->columns[c].name, name))
            return (uint32_t)c;
    return FRAME_NONE;
}

/* -- the second look -------------------------------------------------------------------------- */

static bool column_make(Frame *frame, FrameColumn *column, const Guess *guess)
{
    column->kind = !guess->any || guess->may_be_number ? FRAME_NUMBER
                   : guess->may_be_time                ? FRAME_TIME
                                                       : FRAME_TEXT;
    size_t n = column->capacity = frame->row_count;
    if (column->kind == FRAME_NUMBER)
        column->numbers = mem_take(frame->mem, n * sizeof *column->numbers);
    else if (column->kind == FRAME_TIME)
        column->times = mem_take(frame->mem, n * sizeof *column->times);
    else
        column->codes = mem_take(frame->mem, n * sizeof *column->codes);
    return n == 0 || column->numbers != NULL || column->times != NULL || column->codes != NULL;
}

static double number_of(Frame *frame, Str text)
{
    double number;
    NumberKind kind = sheet_number(text, false, &number);
    frame->infinite_cells += kind == NUMBER_INFINITE;
    if (kind != NUMBER_FINITE)
        return NAN;
    return number == 0 ? 0.0 : number; /* There is one zero. */
}

static odd_time time_of(const TimeFrame *times, TimeFormat format, Str text)
{
    odd_time time;
    if (timestamp_read(format, times, text, 0, &time) == text.size ||
        timestamp_whole(times, text, &time))
        return time;
    return ODD_TIME_NONE;
}

/* room: of the line's size, for a text with quotes in it. */
static bool fill_text(FrameColumn *column, size_t row, SheetCell cell, char *room)
{
    Str text = cell.text;
    if (cell.is_quoted && memchr(text.text, '"', text.size) != NULL)
        text = (Str){.text = room, .size = cell_unquote(cell, room)};
    column->codes[row] = NAME_NONE;
    if (text.size == 0)
        return true;
    bool is_new;
    column->codes[row] = names_add(&column->texts, text, &is_new);
    return column->codes[row] != NAME_NONE;
}

static bool fill_row(Frame *frame, const TimeFrame *times, const Guess *guesses, size_t row,
                     Str line, char *room)
{
    size_t at = 0;
    bool good = true;
    for (size_t c = 0; c < frame->column_count; c++) {
        FrameColumn *column = &frame->columns[c];
        SheetCell cell = {.text = STR("")};
        if (!cell_next(line, &at, frame->separator, &cell))
            cell = (SheetCell){.text = STR("")};
        if (column->kind == FRAME_NUMBER)
            column->numbers[row] = number_of(frame, cell.text);
        else if (column->kind == FRAME_TIME)
            column->times[row] = time_of(times, guesses[c].format, cell.text);
        else
            good &= fill_text(column, row, cell, room);
    }
    return good;
}

static odd_rc read_rows(Frame *frame, size_t at, Guess *guesses, Problem *problem)
{
    TimeFrame times = time_frame(0, 0);
    Str text = {.text = frame->bytes.bytes, .size = frame->bytes.size}, line;
    size_t line_bytes_max = 1;
    for (size_t c = 0; c < frame->column_count; c++)
        guesses[c] = (Guess){.may_be_number = true, .may_be_time = true};
    for (size_t from = at; line_next(text, &from, &line); frame->row_count++) {
        if (!guess_row(frame, &times, guesses, line))
            return problem_say(problem, ODD_SYNTAX,
                               "row %zu has a quote that is not closed; no cell may hold a line "
                               "end, which would make two rows of it",
                               frame->row_count + 1);
        line_bytes_max = line.size > line_bytes_max ? line.size : line_bytes_max;
    }
    if (frame->row_count > FRAME_ROWS_MAX)
        return problem_say(problem, ODD_FULL, "the table has more than %u rows", FRAME_ROWS_MAX);
    char *room = mem_take(frame->mem, line_bytes_max);
    bool good = room != NULL;
    for (size_t c = 0; good && c < frame->column_count; c++)
        good = column_make(frame, &frame->columns[c], &guesses[c]);
    for (size_t row = 0, from = at; good && line_next(text, &from, &line); row++)
        good = fill_row(frame, &times, guesses, row, line, room);
    mem_free(frame->mem, room, line_bytes_max);
    return good ? ODD_OK : ODD_NOMEM;
}

odd_rc frame_end(Frame *frame, Problem *problem)
{
    Str text = {.text = frame->bytes.bytes, .size = frame->bytes.size}, line;
    size_t at = 0;
    if (text.size >= 3 && memcmp(text.text, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    if (!line_next(text, &at, &line))
        return problem_say(problem, ODD_SYNTAX, "the table is empty: a line of names comes first");
    odd_rc rc = take_names(frame, line, problem);
    if (rc != ODD_OK)
        return rc;
    size_t bytes = frame->column_count * sizeof(Guess);
    Guess *guesses = mem_take(frame->mem, bytes);
    if (guesses == NULL)
        return ODD_NOMEM;
    rc = read_rows(frame, at, guesses, problem);
    mem_free(frame->mem, guesses, bytes);
    return rc;
}

/* -- small things ----------------------------------------------------------------------------- */

bool frame_missing(const FrameColumn *column, size_t row)
{
    if (column->kind == FRAME_NUMBER)
        return isnan(column->numbers[row]);
    return column->kind == FRAME_TIME ? column->times[row] == ODD_TIME_NONE
                                      : column->codes[row] == NAME_NONE;
}

const char *frame_kind_name(FrameKind kind)
{
    static const char *const names[] = {"number", "text", "time"};
    return names[kind];
}

/* Levenshtein's distance, of names cut to NAME_SIZE bytes. */
static size_t distance(Str a, Str b)
{
    size_t row[NAME_SIZE + 1];
    size_t n = a.size < NAME_SIZE ? a.size : NAME_SIZE, m = b.size < NAME_SIZE ? b.size : NAME_SIZE;
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t above = row[j], cost = diagonal + (a.text[i - 1] != b.text[j - 1]);
            cost = above + 1 < cost ? above + 1 : cost;
            row[j] = row[j - 1] + 1 < cost ? row[j - 1] + 1 : cost;
            diagonal = above;
        }
    }
    return row[m];
}

Str frame_nearest(const Frame *frame, Str typed)
{
    Str best = STR("");
    size_t least = SIZE_MAX;
    for (size_t c = 0; c < frame->column_count; c++) {
        size_t far = distance(typed, frame->columns[c].name);
        if (far < least)
            best = frame->columns[c].name;
        least = far < least ? far : least;
    }
    return best;
}
