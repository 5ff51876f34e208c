/* SPDX-License-Identifier: Apache-2.0 */
#include "event/sheet.h"

#include <math.h>

#include "base/decimal.h"
#include "event/series.h"
#include "event/sheet_words.h"

#define LABEL_END '\x1f'
#define DECIMAL_BYTES_MAX 64

/* -- one cell -------------------------------------------------------------------------------- */

static NumberKind word_number(Str text, double *ret)
{
    static const char *const nothing[] = {"nan", "na",  "n/a", "null", "none", "-",
                                          "\\n", "#n/a", "nil", "?",    "--"};
    static const char *const endless[] = {"inf", "+inf", "infinity", "+infinity"};
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++)
        if (word_is(text, nothing[i]))
            return NUMBER_MISSING;
    bool negative = text.text[0] == '-';
    Str magnitude = negative ? str_part(text, 1, text.size) : text;
    for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++)
        if (word_is(magnitude, endless[i])) {
            *ret = negative ? -INFINITY : INFINITY;
            return NUMBER_INFINITE;
        }
    bool is_true = word_is(text, "true");
    if (!is_true && !word_is(text, "false"))
        return NUMBER_BAD;
    *ret = is_true ? 1 : 0;
    return NUMBER_FINITE;
}

static bool read_decimal(Str text, bool has_decimal_comma, double *ret)
{
    char point[DECIMAL_BYTES_MAX];
    const char *comma =
        has_decimal_comma && text.size <= sizeof point ? memchr(text.text, ',', text.size) : NULL;
    if (comma == NULL)
        return decimal_read(text, ret);
    memcpy(point, text.text, text.size);
    point[comma - text.text] = '.';
    return decimal_read((Str){.text = point, .size = text.size}, ret);
}

NumberKind sheet_number(Str text, bool has_decimal_comma, double *ret)
{
    *ret = NAN;
    if (text.size == 0)
        return NUMBER_MISSING;
    double value;
    if (!read_decimal(text, has_decimal_comma, &value))
        return word_number(text, ret);
    *ret = value;
    return isfinite(value) ? NUMBER_FINITE : NUMBER_INFINITE;
}

/* -- one line -------------------------------------------------------------------------------- */

size_t sheet_stamp(Str date, Str clock, char text[SHEET_STAMP_BYTES])
{
    if (date.size > TIMESTAMP_BYTES_MAX || clock.size > TIMESTAMP_BYTES_MAX)
        return 0;
    if (date.size > 0)
        memcpy(text, date.text, date.size);
    text[date.size] = ' ';
    if (clock.size > 0)
        memcpy(text + date.size + 1, clock.text, clock.size);
    return date.size + 1 + clock.size;
}

static void read_time(const Sheet *sheet, Str text, SheetRow *row)
{
    size_t size = timestamp_read(sheet->time_format, &sheet->frame, text, 0, &row->time);
    if (size == text.size && size > 0 && row->time != ODD_TIME_NONE)
        return;
    row->time = ODD_TIME_NONE;
    if (row->fault == ROW_FINE)
        row->fault = ROW_TIME;
}

static void read_label(SheetCell cell, char *labels, SheetRow *row)
{
    if (row->label_size + cell.text.size + 1 > SHEET_LABEL_BYTES_MAX) {
        row->fault = ROW_LABELS;
        cell.text.size = 0;
    }
    if (row->label_size < SHEET_LABEL_BYTES_MAX) {
        row->label_size += cell_unquote(cell, labels + row->label_size);
        labels[row->label_size++] = LABEL_END;
    }
}

static bool is_clock(const Sheet *sheet, uint32_t column)
{
    return column < sheet->column_count && sheet->columns[column].role == SHEET_CLOCK;
}

void sheet_read(const Sheet *sheet, Str line, double *values, uint8_t *kinds, char *labels,
                SheetRow *ret)
{
    SheetRow row = {.time = ODD_TIME_NONE};
    uint32_t column = 0, value = 0;
    SheetCell cell;
    Str date = {.text = ""};
    char stamp[SHEET_STAMP_BYTES];
    size_t at = 0;
    for (; column < sheet->column_count && cell_next(line, &at, sheet->separator, &cell);
         column++) {
        if (cell.is_torn)
            row.fault = ROW_TORN;
        switch ((SheetRole)sheet->columns[column].role) {
        case SHEET_VALUE:
            kinds[value] =
                (uint8_t)sheet_number(cell.text, sheet->has_decimal_comma, &values[value]);
            row.bad_count += kinds[value] == NUMBER_BAD;
            value++;
            break;
        case SHEET_TIME:
            if (is_clock(sheet, column + 1))
                date = cell.text;
            else
                read_time(sheet, cell.text, &row);
            break;
        case SHEET_CLOCK:
            read_time(sheet, (Str){.text = stamp, .size = sheet_stamp(date, cell.text, stamp)},
                      &row);
            break;
        case SHEET_LABEL:
            read_label(cell, labels, &row);
            break;
        case SHEET_INDEX:
            break;
        }
    }
    if (column < sheet->column_count && sheet->column_count > 1 && row.fault == ROW_FINE)
        row.fault = ROW_SHORT;
    if (at <= line.size && row.fault == ROW_FINE)
        row.fault = ROW_LONG;
    for (; value < sheet->value_count; value++) {
        values[value] = NAN;
        kinds[value] = NUMBER_MISSING;
    }
    *ret = row;
}

/* -- names ----------------------------------------------------------------------------------- */

Str sheet_column_name(const Sheet *sheet, uint32_t column)
{
    const SheetColumn *c = &sheet->columns[column];
    return (Str){.text = sheet->names + c->name_from, .size = c->name_size};
}

static Str column_of_values(const Sheet *sheet, uint32_t value_column)
{
    uint32_t value = 0;
    for (uint32_t i = 0; i < sheet->column_count; i++)
        if (sheet->columns[i].role == SHEET_VALUE && value++ == value_column)
            return sheet_column_name(sheet, i);
    return (Str){.text = ""};
}

/* Splits the labels of a row; the one that names the series itself goes to *ret_name. */
static size_t split_labels(const Sheet *sheet, Str text, Label *labels, Str *ret_name)
{
    size_t count = 0, at = 0;
    for (uint32_t i = 0; i < sheet->column_count && at < text.size; i++) {
        if (sheet->columns[i].role != SHEET_LABEL)
            continue;
        const char *end = memchr(text.text + at, LABEL_END, text.size - at);
        size_t to = end != NULL ? (size_t)(end - text.text) : text.size;
        Label label = {.name = sheet_column_name(sheet, i), .value = str_part(text, at, to)};
        at = to + 1;
        if (ret_name->size == 0 && is_name_of_series(label.name))
            *ret_name = label.value;
        else
            labels[count++] = label;
    }
    return count;
}

static size_t cut(Str text, char *name)
{
    size_t size = text.size < SHEET_SERIES_BYTES_MAX ? text.size : SHEET_SERIES_BYTES_MAX;
    if (size > 0)
        memcpy(name, text.text, size);
    return size;
}

/* The only column of values is called by what it measures, or by the label that says so. */
size_t sheet_series(const Sheet *sheet, Str labels_text, uint32_t value_column, char *name)
{
    Str column = column_of_values(sheet, value_column), series = {.text = ""};
    if (sheet->label_count == 0)
        return cut(column, name);
    Label labels[SHEET_LABELS_MAX + 1];
    size_t count = split_labels(sheet, labels_text, labels, &series);
    if (series.size > 0 && !(sheet->value_count == 1 && is_name_of_value(column)))
        labels[count++] = (Label){.name = STR("value"), .value = column};
    if (series.size == 0)
        series = column;
    if (count == 0)
        return cut(series, name);
    size_t size = series_text(series, labels, count, name, SHEET_SERIES_BYTES_MAX);
    return size > 0 ? size : cut(series, name);
}

void sheet_close(Sheet *sheet, Mem *mem)
{
    mem_free(mem, sheet->columns, sheet->columns_bytes);
    mem_free(mem, sheet->names, sheet->names_bytes);
    memset(sheet, 0, sizeof *sheet);
}
