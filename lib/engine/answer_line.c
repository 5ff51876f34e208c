/* SPDX-License-Identifier: Apache-2.0
 *
 * answer_line.c - the line of the series that a finding is about, with no more points than can be
 * drawn. */
#include <math.h>

#include "engine/answer.h"
#include "engine/rows.h"
#include "engine/told.h"

/* A close look begins so many times the length of the finding before it, and at least so many
 * samples; behind it comes so many times less. */
#define BEFORE 3
#define BEFORE_MIN 60
#define AFTER 2

typedef struct {
    odd_rows *rows;
    bool      is_good;
} Drawing;

static void row_add(const Drawing *to, const TracePoint *point)
{
    rows_bool(to->rows, to->is_good);
    rows_int(to->rows, point->time);
    rows_int(to->rows, (int64_t)point->row);
    rows_double(to->rows, point->low);
    rows_double(to->rows, point->high);
    rows_double(to->rows, point->expected);
    rows_double(to->rows, point->lower);
    rows_double(to->rows, point->upper);
}

static TracePoint point_at(const BookSeries *series, bool is_kept, size_t i)
{
    if (!is_kept)
        return series->trace.points[i];
    const RunSample *sample = &series->kept.samples[i];
    return (TracePoint){.time = sample->time,
                        .row = sample->row,
                        .low = sample->value,
                        .high = sample->value,
                        .expected = NAN,
                        .lower = NAN,
                        .upper = NAN};
}

/* Points [from, to), as at most points_max. */
static void draw(const Drawing *drawing, const BookSeries *series, bool is_kept, size_t from,
                 size_t to, size_t points_max)
{
    size_t joined = (to - from + points_max - 1) / points_max;
    for (size_t i = from; i < to; i += joined) {
        TracePoint point = point_at(series, is_kept, i);
        for (size_t k = i + 1; k < to && k < i + joined; k++) {
            TracePoint next = point_at(series, is_kept, k);
            point = trace_join(&point, &next);
        }
        row_add(drawing, &point);
    }
}

/* The first point that begins behind the row; rows grow. */
static size_t point_behind(const Trace *trace, uint64_t row)
{
    size_t from = 0, to = trace->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (trace->points[middle].row > row)
            to = middle;
        else
            from = middle + 1;
    }
    return from;
}

static void draw_close(const Drawing *drawing, const Trace *trace, const BookSeries *series,
                       const Finding *f, size_t points_max)
{
    size_t from = point_behind(trace, f->first.row), to = point_behind(trace, f->last.row);
    from -= from > 0;
    size_t length = to > from ? to - from : 1;
    size_t before = length * BEFORE > BEFORE_MIN ? length * BEFORE : BEFORE_MIN;
    from = from > before ? from - before : 0;
    to = to + before / AFTER < trace->count ? to + before / AFTER : trace->count;
    draw(drawing, series, false, from, to, points_max);
}

static void draw_series(const Drawing *drawing, const odd_db *db, uint32_t number,
                        size_t points_max)
{
    const BookSeries *series = &db->book.series[number];
    bool is_kept = db->book.compares;
    draw(drawing, series, is_kept, 0, is_kept ? series->kept.count : series->trace.count,
         points_max);
}

odd_rc odd_line(odd_db *db, int rank, int close, int points_max, odd_rows **ret_rows)
{
    static const char *const columns[] = {"good",  "time",     "row",   "low",
                                          "high",  "expected", "lower", "upper", NULL};
    if (points_max < 1)
        return problem_say(&db->problem, ODD_RANGE, "a line has at least one point");
    const Finding *f = told_ranked(db, rank);
    if (f == NULL)
        return ODD_RANGE;
    odd_rows *rows = rows_open(columns);
    if (rows == NULL)
        return problem_say(&db->problem, ODD_NOMEM, "no memory left for the answer");
    Drawing drawing = {.rows = rows};
    if (f->is_metric && f->is_compared) {
        drawing.is_good = true;
        if (f->good_series != NONE)
            draw_series(&drawing, db, f->good_series, (size_t)points_max);
        drawing.is_good = false;
        if (f->series != NONE)
            draw_series(&drawing, db, f->series, (size_t)points_max);
    } else if (f->is_metric && close != 0) {
        const BookSeries *series = &db->book.series[f->series];
        draw_close(&drawing, &series->trace, series, f, (size_t)points_max);
    } else if (f->is_metric) {
        draw_series(&drawing, db, f->series, (size_t)points_max);
    }
    return rows_finish(rows, ret_rows);
}
