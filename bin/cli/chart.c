/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/chart.h"

#include <math.h>

#include "cli/html.h"
#include "cli/words.h"

#define MARK_LANE_MAX 4
#define MARK_WIDTH 0.06 /* Of the chart: what a mark needs on a phone. */
#define MARK_COUNT_MAX 100
#define MARK_PIXELS 22
#define BAR_UNIT 10     /* Width of a bar's place in the drawing.    */
#define CHART_HEIGHT 100

typedef struct {
    Bucket   bars[CHART_BAR_MAX];
    int      bar_count;
    odd_time first;
    int64_t  step; /* ns of a bar. */
    uint64_t rows_max;
} Chart;

static bool chart_make(const Report *report, Chart *chart)
{
    if (report->bucket_count < 2)
        return false;
    const Bucket *buckets = report->buckets;
    odd_time first = buckets[0].time, last = buckets[report->bucket_count - 1].time;
    if (first == ODD_TIME_NONE || last <= first || first < INT64_MIN / 4 ||
        last > INT64_MAX / 4 * 3)
        return false;
    int64_t narrowest = last - first;
    for (size_t i = 1; i < report->bucket_count; i++) {
        int64_t width = buckets[i].time - buckets[i - 1].time;
        if (width > 0 && width < narrowest)
            narrowest = width;
    }
    chart->first = first;
    chart->step = narrowest;
    while ((last - first) / chart->step >= CHART_BAR_MAX)
        chart->step += narrowest;
    chart->bar_count = (int)((last - first) / chart->step) + 1;
    for (int i = 0; i < chart->bar_count; i++)
        chart->bars[i].time = first + i * chart->step;
    for (size_t i = 0; i < report->bucket_count; i++) {
        if (buckets[i].time < first || buckets[i].time > last)
            continue;
        Bucket *bar = &chart->bars[(buckets[i].time - first) / chart->step];
        bar->rows += buckets[i].rows;
        bar->errors += buckets[i].errors;
        if (bar->rows > chart->rows_max)
            chart->rows_max = bar->rows;
    }
    return chart->rows_max > 0;
}

/* Square root of the share, so that quiet hours are still seen beside a storm. */
static double bar_height(const Chart *chart, uint64_t rows)
{
    return CHART_HEIGHT * sqrt((double)rows / (double)chart->rows_max);
}

static void bar_add(Buffer *out, const char *name, int index, double height)
{
    if (height > 0)
        buffer_format(out,
                      "<rect class=\"%s\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>\n",
                      name, index * BAR_UNIT + 1, CHART_HEIGHT - height, BAR_UNIT - 2, height);
}

static void drawing_add(Buffer *out, const Chart *chart)
{
    buffer_format(out,
                  "<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" "
                  "aria-label=\"Lines over time; the same as a table below\">\n",
                  chart->bar_count * BAR_UNIT, CHART_HEIGHT);
    for (int i = 0; i < chart->bar_count; i++) {
        bar_add(out, "rows", i, bar_height(chart, chart->bars[i].rows));
        bar_add(out, "errors", i, bar_height(chart, chart->bars[i].errors));
    }
    buffer_puts(out, "</svg>\n");
}

static const char *severity_class(const Finding *finding)
{
    static const char *const names[] = {"s1", "s2", "s3"};
    return names[finding_severity(finding) - 1];
}

typedef struct {
    double at; /* 0..1, its place in the whole. */
    int    lane;
} Mark;

/* The lowest lane where no mark that is placed already is too near; MARK_LANE_MAX: none. */
static int lane_find(const Mark *marks, int count, double at)
{
    for (int lane = 0; lane < MARK_LANE_MAX; lane++) {
        bool free = true;
        for (int i = 0; i < count; i++)
            free = free && (marks[i].lane != lane || fabs(marks[i].at - at) >= MARK_WIDTH);
        if (free)
            return lane;
    }
    return MARK_LANE_MAX;
}

/* Marks stand in lanes above the bars, so that neighbours don't hide each other; what finds no
 * place is in the list all the same. */
static void marks_add(Buffer *out, const Report *report, const Chart *chart)
{
    Mark marks[MARK_COUNT_MAX];
    int count = 0, lanes = 0;
    Buffer links = {0};
    double whole = (double)chart->step * chart->bar_count;
    for (size_t i = 0; i < report->finding_count && count < MARK_COUNT_MAX; i++) {
        const Finding *finding = &report->findings[i];
        double at = ((double)finding->time - (double)chart->first) / whole;
        int lane = lane_find(marks, count, at);
        if (finding->time == ODD_TIME_NONE || at < 0 || at > 1 || lane == MARK_LANE_MAX)
            continue;
        marks[count++] = (Mark){.at = at, .lane = lane};
        lanes = lane + 1 > lanes ? lane + 1 : lanes;
        buffer_format(&links,
                      "<a class=\"mark %s\" href=\"#f%d\" "
                      "style=\"left:%.2f%%;bottom:%dpx\">%d</a>\n",
                      severity_class(finding), finding->rank, at * 100, lane * MARK_PIXELS + 3,
                      finding->rank);
    }
    buffer_format(out, "<div class=\"marks\" style=\"height:%dpx\">\n%s</div>\n",
                  lanes * MARK_PIXELS + 3, buffer_text(&links));
    buffer_free(&links);
}

static void axis_add(Buffer *out, const Chart *chart)
{
    buffer_puts(out, "<div class=\"axis\"><span>");
    words_time(out, chart->first);
    buffer_puts(out, "</span><span>");
    words_time(out, chart->first + chart->step * chart->bar_count);
    buffer_puts(out, "</span></div>\n");
}

static void table_add(Buffer *out, const Chart *chart)
{
    buffer_puts(out, "<details><summary>The chart as a table (without empty spans)</summary>\n"
                     "<table><thead><tr>"
                     "<th>from</th><th>lines</th><th>errors</th></tr></thead>\n<tbody>\n");
    for (int i = 0; i < chart->bar_count; i++) {
        if (chart->bars[i].rows == 0)
            continue;
        buffer_puts(out, "<tr><td>");
        words_time(out, chart->bars[i].time);
        buffer_puts(out, "</td><td>");
        words_count(out, chart->bars[i].rows);
        buffer_puts(out, "</td><td>");
        words_count(out, chart->bars[i].errors);
        buffer_puts(out, "</td></tr>\n");
    }
    buffer_puts(out, "</tbody></table></details>\n");
}

void chart_add(Buffer *out, const Report *report)
{
    Chart chart = {0};
    if (!chart_make(report, &chart))
        return;
    buffer_puts(out, "<figure>\n");
    marks_add(out, report, &chart);
    drawing_add(out, &chart);
    axis_add(out, &chart);
    buffer_puts(out, "<figcaption><span class=\"key rows\"></span>lines <span class=\"key errors\">"
                     "</span>of them errors <span class=\"key mark s3\"></span>findings"
                     " (times are UTC, heights by square root)</figcaption>\n");
    table_add(out, &chart);
    buffer_puts(out, "</figure>\n");
}
