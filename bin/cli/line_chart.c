/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/line_chart.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/html.h"
#include "cli/words.h"

#define WIDTH 1000.0
#define HEIGHT 200.0
#define BAND_BEYOND 0.6    /* Of the values' range: what a band may add to the drawing. */
#define GAP_STEPS 8        /* So many usual steps without a value break the line.       */
#define MARK_WIDTH_MIN 3.0
#define TABLE_ROW_MAX 120

typedef struct {
    const Line *line;
    bool        by_time;
    double      low, high;              /* Of the drawing.                          */
    double      from[2], length;        /* Where a run begins (the good one at [1]) */
    size_t      count[2];
} Frame;

/* -- where things are -- */

static double place_of(const Frame *frame, const LinePoint *point)
{
    return frame->by_time ? (double)point->time : (double)point->row;
}

static double x_at(const Frame *frame, double place, bool good)
{
    double x = (place - frame->from[good]) / frame->length * WIDTH;
    return x < 0 ? 0 : x > WIDTH ? WIDTH : x;
}

static double y_at(const Frame *frame, double value)
{
    double y = (frame->high - value) / (frame->high - frame->low) * HEIGHT;
    return y < 0 ? 0 : y > HEIGHT ? HEIGHT : y;
}

static bool has_times(const Line *line)
{
    for (size_t i = 0; i < line->count; i++)
        if (line->points[i].time == ODD_TIME_NONE)
            return false;
    return true;
}

static void take_places(Frame *frame)
{
    const Line *line = frame->line;
    double last[2] = {0, 0};
    for (size_t i = 0; i < line->count; i++) {
        const LinePoint *point = &line->points[i];
        double place = place_of(frame, point);
        if (frame->count[point->good]++ == 0 || place < frame->from[point->good])
            frame->from[point->good] = place;
        if (frame->count[point->good] == 1 || place > last[point->good])
            last[point->good] = place;
    }
    for (int good = 0; good < 2; good++)
        frame->length = fmax(frame->length, last[good] - frame->from[good]);
}

static void take_heights(Frame *frame)
{
    const Line *line = frame->line;
    double lower = INFINITY, upper = -INFINITY;
    frame->low = INFINITY;
    frame->high = -INFINITY;
    for (size_t i = 0; i < line->count; i++) {
        frame->low = fmin(frame->low, line->points[i].low);
        frame->high = fmax(frame->high, line->points[i].high);
        lower = fmin(lower, line->points[i].lower); /* NaN counts for nothing. */
        upper = fmax(upper, line->points[i].upper);
    }
    double range = frame->high - frame->low;
    if (!(range > 0))
        range = fabs(frame->high) > 0 ? fabs(frame->high) : 1;
    double margin = range * 0.05;
    frame->low = fmax(fmin(frame->low - margin, lower), frame->low - range * BAND_BEYOND);
    frame->high = fmin(fmax(frame->high + margin, upper), frame->high + range * BAND_BEYOND);
}

static bool frame_make(const Line *line, Frame *frame)
{
    *frame = (Frame){.line = line, .by_time = has_times(line)};
    if (line->count < 2)
        return false;
    take_places(frame);
    take_heights(frame);
    return frame->length > 0 && isfinite(frame->low) && isfinite(frame->high);
}

/* -- the drawing -- */

static void point_add(Buffer *out, char how, double x, double y)
{
    buffer_format(out, "%c%.1f %.1f", how, x, y);
}

static bool is_behind_gap(const Frame *frame, const LinePoint *before, const LinePoint *point)
{
    double usual = frame->length / (double)frame->count[point->good];
    return place_of(frame, point) - place_of(frame, before) > usual * GAP_STEPS;
}

/* Values of one run; where a point stands for several, from the highest to the lowest. */
static void values_add(Buffer *out, const Frame *frame, bool good)
{
    const LinePoint *before = NULL;
    if (frame->count[good] == 0)
        return;
    buffer_format(out, "<path class=\"%s\" d=\"",
                  good && frame->count[false] > 0 ? "good" : "value");
    for (size_t i = 0; i < frame->line->count; i++) {
        const LinePoint *point = &frame->line->points[i];
        if (point->good != good)
            continue;
        double x = x_at(frame, place_of(frame, point), good);
        bool begins = before == NULL || is_behind_gap(frame, before, point);
        point_add(out, begins ? 'M' : 'L', x, y_at(frame, point->high));
        if (begins || point->low < point->high)
            point_add(out, 'L', x, y_at(frame, point->low));
        before = point;
    }
    buffer_puts(out, "\"/>\n");
}

static void expected_add(Buffer *out, const Frame *frame)
{
    bool goes_on = false, any = false;
    for (size_t i = 0; i < frame->line->count; i++) {
        const LinePoint *point = &frame->line->points[i];
        if (!isfinite(point->expected)) {
            goes_on = false;
            continue;
        }
        if (!any)
            buffer_puts(out, "<path class=\"expected\" d=\"");
        any = true;
        point_add(out, goes_on ? 'L' : 'M', x_at(frame, place_of(frame, point), point->good),
                  y_at(frame, point->expected));
        goes_on = true;
    }
    if (any)
        buffer_puts(out, "\"/>\n");
}

/* The upper bound forward, the lower one back. */
static void band_part_add(Buffer *out, const Frame *frame, size_t from, size_t to)
{
    buffer_puts(out, "<path class=\"band\" d=\"");
    for (size_t i = from; i < to; i++) {
        const LinePoint *point = &frame->line->points[i];
        point_add(out, i == from ? 'M' : 'L', x_at(frame, place_of(frame, point), point->good),
                  y_at(frame, point->upper));
    }
    for (size_t i = to; i > from; i--) {
        const LinePoint *point = &frame->line->points[i - 1];
        point_add(out, 'L', x_at(frame, place_of(frame, point), point->good),
                  y_at(frame, point->lower));
    }
    buffer_puts(out, "Z\"/>\n");
}

static void band_add(Buffer *out, const Frame *frame)
{
    const Line *line = frame->line;
    for (size_t from = 0, to; from < line->count; from = to + 1) {
        for (to = from; to < line->count && isfinite(line->points[to].lower) &&
                        isfinite(line->points[to].upper);)
            to++;
        if (to > from + 1)
            band_part_add(out, frame, from, to);
    }
}

static bool is_of_series(const Finding *finding, const Finding *other)
{
    return other->is_metric && other->signal.size == finding->signal.size &&
           other->source.size == finding->source.size &&
           memcmp(other->signal.text, finding->signal.text, other->signal.size) == 0 &&
           memcmp(other->source.text, finding->source.text, other->source.size) == 0;
}

/* Where something is odd: this finding, and fainter the others of the series. */
static void marks_add(Buffer *out, const Report *report, const Frame *frame, const Finding *finding)
{
    for (size_t i = 0; i < report->finding_count; i++) {
        const Finding *other = &report->findings[i];
        double from = frame->by_time ? (double)other->time : (double)other->row;
        double to = frame->by_time ? (double)other->last_time : (double)other->last_row;
        if (!is_of_series(finding, other) || to < frame->from[false] ||
            from > frame->from[false] + frame->length)
            continue;
        double left = x_at(frame, from, false), right = x_at(frame, to, false);
        double more = right - left < MARK_WIDTH_MIN ? (MARK_WIDTH_MIN - (right - left)) / 2 : 0;
        buffer_format(
            out, "<rect class=\"%s\" x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%.0f\"/>\n",
            other == finding ? "odd" : "odd other", left - more, right - left + 2 * more, HEIGHT);
    }
}

/* -- round it -- */

static void number_add(Buffer *out, double value)
{
    if (fabs(value) >= 1000 && fabs(value) < 1e9) {
        buffer_puts(out, value < 0 ? "-" : "");
        words_count(out, (uint64_t)(fabs(value) + 0.5));
    } else {
        buffer_format(out, "%.4g", value);
    }
}

static void place_add(Buffer *out, const Frame *frame, const LinePoint *point)
{
    if (frame->by_time)
        words_time(out, point->time);
    else
        buffer_format(out, "row %" PRIu64, point->row);
}

static void axis_add(Buffer *out, const Frame *frame)
{
    const Line *line = frame->line;
    buffer_puts(out, "<div class=\"axis\"><span>");
    place_add(out, frame, &line->points[0]);
    buffer_puts(out, "</span><span>");
    place_add(out, frame, &line->points[line->count - 1]);
    buffer_puts(out, "</span></div>\n");
}

static void drawing_add(Buffer *out, const Report *report, const Frame *frame,
                        const Finding *finding, const char *name)
{
    buffer_format(out, "<div class=\"plot %s\"><span class=\"top\">", name);
    number_add(out, frame->high);
    buffer_puts(out, "</span><span class=\"bottom\">");
    number_add(out, frame->low);
    buffer_format(out,
                  "</span><svg viewBox=\"0 0 %.0f %.0f\" preserveAspectRatio=\"none\" role=\"img\" "
                  "aria-label=\"", WIDTH, HEIGHT);
    html_piece(out, finding->signal);
    buffer_puts(out, "; the same as a table below\">\n");
    marks_add(out, report, frame, finding);
    band_add(out, frame);
    values_add(out, frame, true);
    expected_add(out, frame);
    values_add(out, frame, false);
    buffer_puts(out, "</svg></div>\n");
    if (frame->count[true] == 0 || frame->count[false] == 0)
        axis_add(out, frame);
}

static void cell_add(Buffer *out, double value)
{
    buffer_puts(out, "</td><td>");
    if (isfinite(value))
        number_add(out, value);
}

static void table_add(Buffer *out, const Frame *frame)
{
    const Line *line = frame->line;
    size_t step = (line->count + TABLE_ROW_MAX - 1) / TABLE_ROW_MAX;
    bool two = frame->count[true] > 0 && frame->count[false] > 0;
    buffer_format(out,
                  "<details><summary>The drawing as a table</summary>\n<table><thead><tr><th>from"
                  "</th>%s<th>lowest</th><th>highest</th><th>expected</th><th class=\"wide\">lower"
                  "</th><th class=\"wide\">upper</th></tr></thead>\n<tbody>\n",
                  two ? "<th>run</th>" : "");
    for (size_t i = 0; i < line->count; i += step) {
        const LinePoint *point = &line->points[i];
        buffer_puts(out, "<tr><td>");
        place_add(out, frame, point);
        if (two)
            buffer_format(out, "</td><td>%s", point->good ? "good" : "bad");
        cell_add(out, point->low);
        cell_add(out, point->high);
        cell_add(out, point->expected);
        cell_add(out, point->lower);
        cell_add(out, point->upper);
        buffer_puts(out, "</td></tr>\n");
    }
    buffer_puts(out, "</tbody></table></details>\n");
}

static void caption_add(Buffer *out, const Report *report, const Frame *frame)
{
    buffer_puts(out, "<figcaption><span class=\"key value\"></span>");
    if (!report->is_diff)
        buffer_puts(out, "values <span class=\"key expected\"></span>expected <span class=\"key "
                         "band\"></span>where 999 of 1,000 usual values are <span class=\"key "
                         "odd\"></span>odd");
    else if (frame->count[true] == 0 || frame->count[false] == 0)
        buffer_puts(out, frame->count[true] == 0 ? "bad run alone" : "good run alone");
    else
        buffer_puts(out, "bad run <span class=\"key good\"></span>good run (both from their "
                         "beginning) <span class=\"key odd\"></span>farthest off");
    buffer_puts(out, "</figcaption>\n");
}

void line_chart_add(Buffer *out, const Report *report, const Finding *finding)
{
    Frame near, whole;
    bool has_near = frame_make(&finding->near, &near);
    bool has_whole = frame_make(&finding->whole, &whole);
    if (!has_near && !has_whole)
        return;
    const Frame *first = has_near ? &near : &whole;
    buffer_puts(out, "<figure class=\"line\">\n");
    drawing_add(out, report, first, finding, "near");
    if (has_near && has_whole && whole.length > near.length)
        drawing_add(out, report, &whole, finding, "whole");
    caption_add(out, report, first);
    table_add(out, first);
    buffer_puts(out, "</figure>\n");
}
