/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/facts.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/time.h"
#include "stats/order.h"

#define KEY_SEED 0x6b657973 /* "keys" */

static void facts_of_numbers(const Frame *frame, const FrameColumn *column, ColumnFacts *ret)
{
    size_t bytes = frame->row_count * sizeof(double), n = 0;
    double *sorted = mem_take(frame->mem, bytes), sum = 0, squares = 0;
    for (size_t row = 0; row < frame->row_count; row++) {
        double x = column->numbers[row];
        if (isnan(x))
            continue;
        ret->lowest = n == 0 || x < ret->lowest ? x : ret->lowest;
        ret->highest = n == 0 || x > ret->highest ? x : ret->highest;
        if (sorted != NULL)
            sorted[n] = x;
        sum += x;
        n++;
    }
    ret->mean = n > 0 ? sum / (double)n : NAN;
    for (size_t row = 0; row < frame->row_count; row++)
        if (!isnan(column->numbers[row]))
            squares += (column->numbers[row] - ret->mean) * (column->numbers[row] - ret->mean);
    ret->deviation = n > 1 ? sqrt(squares / (double)(n - 1)) : NAN;
    if (sorted != NULL && n > 0) {
        order_sort(sorted, n);
        ret->median = order_median(sorted, n);
        for (size_t i = 0; i < n; i++)
            ret->distinct += i == 0 || sorted[i] != sorted[i - 1];
    }
    mem_free(frame->mem, sorted, bytes);
}

static void facts_of_texts(const Frame *frame, const FrameColumn *column, ColumnFacts *ret)
{
    size_t bytes = column->texts.count * sizeof(uint64_t);
    uint64_t *counts = mem_take(frame->mem, bytes);
    ret->distinct = column->texts.count;
    if (counts == NULL)
        return;
    for (size_t row = 0; row < frame->row_count; row++)
        if (column->codes[row] != NAME_NONE)
            counts[column->codes[row]]++;
    for (uint32_t k = 0; k < column->texts.count; k++)
        if (counts[k] > ret->most_rows) {
            ret->most_rows = counts[k];
            ret->most = names_text(&column->texts, k);
        }
    mem_free(frame->mem, counts, bytes);
}

void facts_of_column(const Frame *frame, size_t c, ColumnFacts *ret)
{
    const FrameColumn *column = &frame->columns[c];
    *ret = (ColumnFacts){.name = column->name,
                         .kind = column->kind,
                         .lowest = NAN,
                         .highest = NAN,
                         .mean = NAN,
                         .deviation = NAN,
                         .median = NAN,
                         .first = ODD_TIME_NONE,
                         .last = ODD_TIME_NONE};
    for (size_t row = 0; row < frame->row_count; row++)
        ret->missing += frame_missing(column, row);
    if (column->kind == FRAME_NUMBER)
        facts_of_numbers(frame, column, ret);
    else if (column->kind == FRAME_TEXT)
        facts_of_texts(frame, column, ret);
    for (size_t row = 0; column->kind == FRAME_TIME && row < frame->row_count; row++) {
        odd_time time = column->times[row];
        if (time == ODD_TIME_NONE)
            continue;
        ret->first = ret->first == ODD_TIME_NONE || time < ret->first ? time : ret->first;
        ret->last = ret->last == ODD_TIME_NONE || time > ret->last ? time : ret->last;
    }
}

static void put_number(JsonText *json, const char *name, double value)
{
    if (isnan(value))
        return;
    json_put_name(json, str_of(name), STR(""));
    json_put_real(json, value);
}

static void put_count(JsonText *json, const char *name, uint64_t value)
{
    json_put_name(json, str_of(name), STR(""));
    json_put_int(json, (int64_t)value);
}

void facts_put(const ColumnFacts *facts, JsonText *json)
{
    json_put_open(json, '{');
    json_put_name(json, STR("column"), STR(""));
    json_put_string(json, facts->name);
    json_put_named(json, "kind", frame_kind_name(facts->kind));
    put_count(json, "missing", facts->missing);
    if (facts->kind != FRAME_TIME)
        put_count(json, "distinct", facts->distinct);
    put_number(json, "lowest", facts->lowest);
    put_number(json, "highest", facts->highest);
    put_number(json, "mean", facts->mean);
    put_number(json, "deviation", facts->deviation);
    put_number(json, "median", facts->median);
    json_put_time(json, "first", facts->first);
    json_put_time(json, "last", facts->last);
    if (facts->most_rows > 0) {
        json_put_name(json, STR("most"), STR(""));
        json_put_string(json, facts->most);
        put_count(json, "most_rows", facts->most_rows);
    }
    json_put_close(json, '}');
}

/* -- keys ------------------------------------------------------------------------------------- */

typedef struct {
    uint64_t hash;
    size_t   row;
} Key;

static int by_hash(const void *a, const void *b)
{
    const Key *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static uint64_t word_of(const FrameColumn *column, size_t row)
{
    if (column->kind == FRAME_TEXT)
        return column->codes[row];
    uint64_t word;
    memcpy(&word,
           column->kind == FRAME_NUMBER ? (const void *)&column->numbers[row]
                                        : (const void *)&column->times[row],
           sizeof word);
    return word;
}

static bool rows_are_same(const Frame *frame, const uint32_t *columns, size_t count, size_t a,
                          size_t b)
{
    for (size_t c = 0; c < count; c++)
        if (word_of(&frame->columns[columns[c]], a) != word_of(&frame->columns[columns[c]], b))
            return false;
    return true;
}

odd_rc facts_same_keys(const Frame *frame, const uint32_t *columns, size_t count, size_t *ret_first,
                       size_t *ret_second)
{
    size_t bytes = frame->row_count * sizeof(Key);
    Key *keys = mem_take(frame->mem, bytes);
    odd_rc rc = ODD_OK;
    if (keys == NULL)
        return ODD_NOMEM;
    for (size_t row = 0; row < frame->row_count; row++) {
        keys[row] = (Key){.hash = KEY_SEED, .row = row};
        for (size_t c = 0; c < count; c++)
            keys[row].hash = hash_add(keys[row].hash, word_of(&frame->columns[columns[c]], row));
    }
    qsort(keys, frame->row_count, sizeof *keys, by_hash);
    for (size_t i = 1; i < frame->row_count; i++)
        if (keys[i].hash == keys[i - 1].hash &&
            rows_are_same(frame, columns, count, keys[i - 1].row, keys[i].row) &&
            (rc == ODD_OK || keys[i].row < *ret_second)) {
            *ret_first = keys[i - 1].row;
            *ret_second = keys[i].row;
            rc = ODD_EXISTS;
        }
    mem_free(frame->mem, keys, bytes);
    return rc;
}
