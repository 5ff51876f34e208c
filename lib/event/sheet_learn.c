/* SPDX-License-Identifier: Apache-2.0
 *
 * sheet_learn.c - whether the beginning of a source is a table of series, and of which form. */
#include <math.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/names.h"
#include "event/sheet.h"
#include "event/sheet_words.h"

#define LINES_MAX 128
#define ODD_ONES_SHARE 10   /* Percent of a column's cells that may be of another kind.  */
#define ODD_LINES_SHARE 5   /* Percent of the lines that may have more or fewer cells.   */
#define ODD_ONE_AMONG 3     /* Of so many, one may be another in any case.               */
#define DIFFERENT_SHARE 75  /* Percent of the rows that may have labels of their own.    */
#define LABEL_BYTES_MAX 200 /* Of a cell: what is longer is prose.                       */
#define LABEL_BLANKS_MAX 3
#define PLACE_BYTES 24      /* "column 65536", " (65536)" */

typedef struct {        /* What a column shows in the sample. */
    uint32_t filled;    /* Cells that are not empty.          */
    uint32_t numbers;
    uint32_t texts;     /* Neither number nor missing.        */
    uint32_t long_texts;
    bool     rises, rises_by_one; /* Its numbers, from row to row. */
    double   last;
} Sight;

typedef struct {
    Str      lines[LINES_MAX];
    uint32_t count;
    uint32_t skipped; /* Lines before the first one: empty ones, and comments. */
    char     separator;
    bool     has_decimal_comma, has_head;
    uint32_t columns;
} Sample;

/* -- lines and their cells ------------------------------------------------------------------- */

static Str without_end(Str line)
{
    while (line.size > 0 && line.text[line.size - 1] == '\r')
        line.size--;
    return line;
}

/* A last line without its end may be torn: it counts only if there is hardly another. */
static void split(Str text, Sample *ret)
{
    size_t at = 0;
    while (at < text.size && ret->count < LINES_MAX) {
        const char *end = memchr(text.text + at, '\n', text.size - at);
        size_t to = end != NULL ? (size_t)(end - text.text) : text.size;
        Str line = without_end(str_part(text, at, to));
        at = to + 1;
        bool is_before = ret->count == 0 && (line.size == 0 || line.text[0] == '#');
        ret->skipped += is_before;
        if (!is_before && (end != NULL || ret->count < 3))
            ret->lines[ret->count++] = line;
    }
}

static TimeFormat time_guess(Str text, const TimeFrame *frame)
{
    odd_time time;
    if (!timestamp_may_start(text, 0))
        return TIME_FORMAT_NONE;
    for (TimeFormat format = 1; format <= timestamp_cell_format_count(); format++)
        if (timestamp_has_date(format) &&
            timestamp_read(format, frame, text, 0, &time) == text.size && time != ODD_TIME_NONE)
            return format;
    return TIME_FORMAT_NONE;
}

/* -- the separator --------------------------------------------------------------------------- */

/* A few of another kind are faults, not the rule. */
static bool are_few(uint32_t odd_ones, uint32_t count, uint32_t percent)
{
    return odd_ones * 100 <= count * percent || (odd_ones == 1 && count >= ODD_ONE_AMONG);
}

static bool has_as_many(const Sample *sample, char separator, uint32_t columns)
{
    uint32_t same = 0;
    for (uint32_t i = 0; i < sample->count; i++)
        same += cell_count(sample->lines[i], separator, SHEET_COLUMNS_MAX) == columns;
    return are_few(sample->count - same, sample->count, ODD_LINES_SHARE);
}

/* Percent of the cells behind the first line that are numbers, times or nothing. */
static uint32_t typed_share(const Sample *sample, char separator, bool has_decimal_comma,
                            const TimeFrame *frame)
{
    uint64_t cells = 0, typed = 0;
    for (uint32_t i = sample->count > 1 ? 1 : 0; i < sample->count; i++) {
        SheetCell cell;
        double number;
        for (size_t at = 0; cell_next(sample->lines[i], &at, separator, &cell);) {
            cells++;
            typed += sheet_number(cell.text, has_decimal_comma, &number) != NUMBER_BAD ||
                     time_guess(cell.text, frame) != TIME_FORMAT_NONE;
        }
    }
    return cells > 0 ? (uint32_t)(typed * 100 / cells) : 0;
}

static bool find_separator(Sample *sample, const TimeFrame *frame, bool forced)
{
    static const char separators[] = {',', ';', '\t'};
    uint32_t best = 0;
    sample->columns = 1;
    for (size_t i = 0; i < sizeof separators; i++) {
        char separator = separators[i];
        uint32_t columns = cell_count(sample->lines[0], separator, SHEET_COLUMNS_MAX);
        if (columns < 2 || columns > SHEET_COLUMNS_MAX ||
            (!forced && !has_as_many(sample, separator, columns)))
            continue;
        int commas = separator != ',' ? 1 : 0;
        for (int comma = 0; comma <= commas; comma++) {
            uint32_t share = typed_share(sample, separator, comma == 1, frame) + 1;
            if (share > best) {
                best = share;
                sample->separator = separator;
                sample->has_decimal_comma = comma == 1;
                sample->columns = columns;
            }
        }
    }
    return sample->columns > 1 || typed_share(sample, '\0', false, frame) >= 100 - ODD_ONES_SHARE;
}

/* -- what the columns show ------------------------------------------------------------------- */

static uint32_t blanks_in(Str text)
{
    uint32_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += text.text[i] == ' ';
    return count;
}

static void look_at(Sight *sight, SheetCell cell, bool has_decimal_comma)
{
    double number;
    NumberKind kind = sheet_number(cell.text, has_decimal_comma, &number);
    sight->filled += kind != NUMBER_MISSING;
    if (kind == NUMBER_BAD) {
        sight->texts++;
        sight->long_texts +=
            cell.text.size > LABEL_BYTES_MAX || blanks_in(cell.text) > LABEL_BLANKS_MAX;
    } else if (kind != NUMBER_MISSING) {
        if (sight->numbers++ == 0)
            sight->rises = sight->rises_by_one = true;
        else {
            sight->rises &= number > sight->last;
            sight->rises_by_one &= number == sight->last + 1;
        }
        sight->last = number;
    }
}

static void look(const Sample *sample, uint32_t first_line, Sight *sights)
{
    memset(sights, 0, sample->columns * sizeof *sights);
    for (uint32_t i = first_line; i < sample->count; i++) {
        SheetCell cell;
        size_t at = 0;
        for (uint32_t c = 0;
             c < sample->columns && cell_next(sample->lines[i], &at, sample->separator, &cell); c++)
            look_at(&sights[c], cell, sample->has_decimal_comma);
    }
}

static bool is_numeric(const Sight *sight)
{
    return are_few(sight->texts, sight->filled, ODD_ONES_SHARE);
}

/* Text above numbers, or above times. */
static bool has_head(const Sample *sample, const Sight *sights, const TimeFrame *frame)
{
    if (sample->count < 2)
        return false;
    SheetCell head;
    size_t at = 0;
    for (uint32_t c = 0;
         c < sample->columns && cell_next(sample->lines[0], &at, sample->separator, &head); c++) {
        double number;
        if (sheet_number(head.text, sample->has_decimal_comma, &number) != NUMBER_BAD ||
            sights[c].filled == 0)
            continue;
        if (is_numeric(&sights[c]))
            return true;
        Str below = cell_at(sample->lines[1], sample->separator, c);
        if (time_guess(head.text, frame) == TIME_FORMAT_NONE &&
            time_guess(below, frame) != TIME_FORMAT_NONE)
            return true;
    }
    return false;
}

/* -- the time -------------------------------------------------------------------------------- */

/* Where stamps are: in one column, or in two. */
typedef struct {
    uint32_t column;
    bool     with_next;
} StampPlace;

static Str stamp_of(const Sample *sample, uint32_t line, StampPlace place,
                    char stamp[SHEET_STAMP_BYTES])
{
    Str text = cell_at(sample->lines[line], sample->separator, place.column);
    if (!place.with_next || text.size == 0)
        return text;
    Str clock = cell_at(sample->lines[line], sample->separator, place.column + 1);
    return (Str){.text = stamp, .size = sheet_stamp(text, clock, stamp)};
}

/* False: not all cells have this spelling.  A clock that goes back costs as much as a long span. */
static bool span_of(const Sample *sample, StampPlace place, TimeFormat format,
                    const TimeFrame *frame, double *ret_span)
{
    char stamp[SHEET_STAMP_BYTES];
    odd_time time, first = ODD_TIME_NONE, last = ODD_TIME_NONE;
    double back = 0;
    uint32_t read = 0, cells = 0;
    for (uint32_t i = sample->has_head; i < sample->count; i++) {
        Str text = stamp_of(sample, i, place, stamp);
        if (text.size == 0)
            continue;
        cells++;
        if (timestamp_read(format, frame, text, 0, &time) != text.size || time == ODD_TIME_NONE)
            continue;
        read++;
        if (last != ODD_TIME_NONE && time < last)
            back += (double)last - (double)time;
        first = first == ODD_TIME_NONE ? time : first;
        last = time;
    }
    if (cells == 0 || !are_few(cells - read, cells, ODD_ONES_SHARE))
        return false;
    *ret_span = fabs((double)last - (double)first) + 2 * back;
    return true;
}

static TimeFormat stamp_format(const Sample *sample, StampPlace place, const TimeFrame *frame)
{
    TimeFormat best = TIME_FORMAT_NONE;
    double best_span = 0, span;
    for (TimeFormat format = 1; format <= timestamp_cell_format_count(); format++)
        if (timestamp_has_date(format) && span_of(sample, place, format, frame, &span) &&
            (best == TIME_FORMAT_NONE || span < best_span)) {
            best = format;
            best_span = span;
        }
    return best;
}

/* Seconds since 1970 look like any other number: a name, or the first place, must speak for it. */
static bool may_be_time(const Sample *sample, const Sight *sights, uint32_t column)
{
    const Sight *sight = &sights[column];
    if (sight->filled == 0)
        return false;
    if (!is_numeric(sight))
        return true;
    Str head = cell_at(sample->lines[0], sample->separator, column);
    if (sample->has_head)
        return is_name_of_time(head) || (column == 0 && head.size == 0);
    return column == 0 && sample->columns > 1;
}

/* The column behind a date may be its time of day. */
static void find_clock(const Sample *sample, uint32_t date, Sheet *sheet)
{
    TimeFormat format =
        stamp_format(sample, (StampPlace){.column = date, .with_next = true}, &sheet->frame);
    if (format == TIME_FORMAT_NONE)
        return;
    sheet->time_format = format;
    sheet->columns[date + 1].role = SHEET_CLOCK;
}

static void find_time(const Sample *sample, const Sight *sights, Sheet *sheet)
{
    for (int numeric = 0; numeric < 2; numeric++)
        for (uint32_t c = 0; c < sample->columns; c++) {
            if (is_numeric(&sights[c]) != (numeric == 1) || !may_be_time(sample, sights, c))
                continue;
            TimeFormat format = stamp_format(sample, (StampPlace){.column = c}, &sheet->frame);
            if (format == TIME_FORMAT_NONE)
                continue;
            sheet->time_format = format;
            sheet->columns[c].role = SHEET_TIME;
            if (c + 1 < sample->columns && !is_numeric(&sights[c + 1]))
                find_clock(sample, c, sheet);
            return;
        }
}

/* A clock without a date comes again each day: it is an order, and no time. */
static bool is_clock_alone(const Sample *sample, uint32_t column, const TimeFrame *frame)
{
    double span;
    for (TimeFormat format = 1; format <= timestamp_cell_format_count(); format++)
        if (!timestamp_has_date(format) &&
            span_of(sample, (StampPlace){.column = column}, format, frame, &span))
            return true;
    return false;
}

/* -- index, labels, values ------------------------------------------------------------------- */

static bool is_index(const Sample *sample, const Sight *sights, uint32_t column)
{
    const Sight *sight = &sights[column];
    if (sight->numbers < 2 || sight->texts > 0)
        return false;
    if (!sample->has_head || !sight->rises)
        return !sample->has_head && column == 0 && sight->rises_by_one;
    Str head = cell_at(sample->lines[0], sample->separator, column);
    return is_name_of_index(head) || is_name_of_time(head) || (column == 0 && head.size == 0);
}

static void find_roles(const Sample *sample, const Sight *sights, Sheet *sheet)
{
    uint32_t index = UINT32_MAX;
    for (uint32_t c = 0; c < sample->columns; c++) {
        if (sheet->columns[c].role == SHEET_TIME || sheet->columns[c].role == SHEET_CLOCK)
            continue;
        if (!is_numeric(&sights[c])) {
            bool is_order =
                sheet->time_format == TIME_FORMAT_NONE && is_clock_alone(sample, c, &sheet->frame);
            sheet->columns[c].role = is_order ? SHEET_INDEX : SHEET_LABEL;
            sheet->label_count += !is_order;
            continue;
        }
        if (index == UINT32_MAX && is_index(sample, sights, c))
            index = c;
        sheet->value_count++;
    }
    if (index != UINT32_MAX && sheet->value_count > 1) {
        sheet->columns[index].role = SHEET_INDEX;
        sheet->value_count--;
    }
}

/* Of the labels of all rows, or of their times: how many are different.  (Of few rows.) */
static uint32_t count_different(const Sample *sample, const Sheet *sheet, SheetRole role)
{
    uint64_t seen[LINES_MAX];
    uint32_t count = 0;
    for (uint32_t i = sample->has_head; i < sample->count; i++) {
        uint64_t hash = 0;
        SheetCell cell;
        size_t at = 0;
        for (uint32_t c = 0;
             c < sample->columns && cell_next(sample->lines[i], &at, sample->separator, &cell); c++)
            if (sheet->columns[c].role == role)
                hash = hash_bytes(cell.text.text, cell.text.size, hash);
        uint32_t k = 0;
        while (k < count && seen[k] != hash)
            k++;
        if (k == count)
            seen[count++] = hash;
    }
    return count;
}

/* Text in it tells series apart, and is no message: it comes again and again, or with each time. */
static bool labels_are_labels(const Sample *sample, const Sight *sights, const Sheet *sheet)
{
    uint32_t rows = sample->count - sample->has_head;
    if (!sample->has_head || sheet->label_count > SHEET_LABELS_MAX || rows < 2)
        return false;
    for (uint32_t c = 0; c < sample->columns; c++) {
        Str head = cell_at(sample->lines[0], sample->separator, c);
        if (sights[c].long_texts > 0 || head.size > LABEL_BYTES_MAX)
            return false;
        if (sheet->columns[c].role == SHEET_LABEL && is_name_of_log(head))
            return false;
    }
    uint32_t most = rows * DIFFERENT_SHARE / 100;
    return count_different(sample, sheet, SHEET_LABEL) <= most ||
           (sheet->time_format != TIME_FORMAT_NONE &&
            count_different(sample, sheet, SHEET_TIME) <= most);
}

static bool is_sheet(const Sample *sample, const Sight *sights, const Sheet *sheet, bool forced)
{
    if (sheet->value_count == 0 || sheet->label_count > SHEET_LABELS_MAX)
        return false;
    if (forced)
        return true;
    if (sheet->label_count > 0)
        return labels_are_labels(sample, sights, sheet);
    uint32_t rows = sample->count - sample->has_head;
    return rows >= 2 || (sample->columns > 1 && rows > 0 && sample->has_head);
}

/* -- names ----------------------------------------------------------------------------------- */

static bool take_columns(const Sample *sample, Mem *mem, Sheet *sheet)
{
    sheet->column_count = sample->columns;
    sheet->columns_bytes = sample->columns * sizeof *sheet->columns;
    sheet->names_bytes = sample->lines[0].size + (size_t)sample->columns * PLACE_BYTES;
    sheet->columns = mem_take(mem, sheet->columns_bytes);
    sheet->names = mem_take(mem, sheet->names_bytes);
    return sheet->columns != NULL && sheet->names != NULL;
}

/* A name that came before gets its place behind it; what has none is called by its place. */
static bool write_names(const Sample *sample, Mem *mem, Sheet *sheet)
{
    Names names = {.mem = mem};
    SheetCell cell = {.text = {.text = ""}};
    size_t at = 0, used = 0;
    bool is_new = true;
    for (uint32_t c = 0; c < sample->columns; c++) {
        char *name = sheet->names + used;
        bool is_named =
            sample->has_head && cell_next(sample->lines[0], &at, sample->separator, &cell);
        size_t size = is_named ? cell_unquote(cell, name) : 0;
        if (size == 0)
            size = (size_t)snprintf(name, PLACE_BYTES, "column %u", c + 1);
        if (names_add(&names, (Str){.text = name, .size = size}, &is_new) == NAME_NONE) {
            names_close(&names);
            return false;
        }
        if (!is_new)
            size += (size_t)snprintf(name + size, PLACE_BYTES, " (%u)", c + 1);
        sheet->columns[c].name_from = (uint32_t)used;
        sheet->columns[c].name_size = (uint32_t)size;
        used += size;
    }
    names_close(&names);
    return true;
}

size_t sheet_sample_wanted(Str beginning)
{
    size_t lines = 0;
    size_t size = beginning.size < SHEET_SAMPLE_BYTES ? beginning.size : SHEET_SAMPLE_BYTES;
    for (size_t at = 0; at < size && lines < SHEET_SAMPLE_LINES; lines++) {
        const char *end = memchr(beginning.text + at, '\n', size - at);
        if (end == NULL)
            break;
        at = (size_t)(end - beginning.text) + 1;
    }
    return lines < SHEET_SAMPLE_LINES ? SHEET_SAMPLE_BYTES_MAX : SHEET_SAMPLE_BYTES;
}

bool sheet_learn(Str text, TimeFrame frame, bool forced, Mem *mem, Sheet *ret)
{
    Sample sample = {.columns = 0};
    split(text, &sample);
    if (sample.count == 0 || !(find_separator(&sample, &frame, forced) || forced))
        return false;
    Sheet sheet = {.frame = frame};
    Sight *sights = mem_take(mem, sample.columns * sizeof *sights);
    bool is_one = sights != NULL && take_columns(&sample, mem, &sheet);
    if (is_one) {
        look(&sample, 1, sights);
        sample.has_head = has_head(&sample, sights, &frame);
        look(&sample, sample.has_head, sights);
        sheet.separator = sample.separator;
        sheet.has_decimal_comma = sample.has_decimal_comma;
        sheet.head_lines = sample.skipped + sample.has_head;
        find_time(&sample, sights, &sheet);
        find_roles(&sample, sights, &sheet);
        is_one = is_sheet(&sample, sights, &sheet, forced);
    }
    is_one = is_one && write_names(&sample, mem, &sheet);
    if (!is_one)
        sheet_close(&sheet, mem);
    mem_free(mem, sights, sample.columns * sizeof *sights);
    if (is_one)
        *ret = sheet;
    return is_one;
}
