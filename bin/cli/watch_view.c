/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch_view.h"

#include <stdio.h>
#include <string.h>

#include "cli/report.h"
#include "cli/visible.h"
#include "cli/words.h"
#include "cli/wrap.h"
#include "settings/quantity.h"

#define NS_PER_S 1000000000LL
#define LANES_MAX 6
#define LANE_CELLS_MAX 512
#define ROWS_FOR_LANES 16
#define ROWS_FOR_TAIL 12
#define LABEL_COLUMNS 14 /* Of a source. */
#define DETAIL_COLUMN 11

typedef struct {
    Buffer          *out;
    const WatchData *data;
    const WatchLook *look;
} Page;

/* -- members --------------------------------------------------------------------------------- */

static const char *text_of(const JsonTree *object, const char *name, size_t *ret_size)
{
    const char *text = "";
    *ret_size = 0;
    json_tree_text(json_tree_member(object, name), &text, ret_size);
    return text;
}

static double real_of(const JsonTree *object, const char *name, double otherwise)
{
    double value = otherwise;
    json_tree_real(json_tree_member(object, name), &value);
    return value;
}

odd_time watch_time(const JsonTree *object, const char *name)
{
    size_t      size;
    Moment      moment;
    const char *text = text_of(object, name, &size);
    if (size == 0 || !quantity_moment(text, &moment) || moment.kind != MOMENT_TIME)
        return ODD_TIME_NONE;
    return moment.time;
}

static const JsonTree *items_of(const JsonTree *answer)
{
    return json_tree_member(answer, "items");
}

size_t watch_count(const WatchData *data)
{
    return json_tree_count(items_of(data->oddest));
}

const JsonTree *watch_finding(const WatchData *data, size_t index)
{
    return json_tree_item(items_of(data->oddest), index);
}

/* -- pieces of rows -------------------------------------------------------------------------- */

static void paint(const Page *page, const char *code)
{
    if (page->look->color)
        buffer_format(page->out, "\x1b[%sm", code);
}

/* Text in exactly so many columns. */
static void cell(const Page *page, const char *text, size_t size, int columns)
{
    if (columns < 4)
        return;
    Buffer shown = {0};
    visible_shorten(&shown, text, size, columns, !page->look->unicode, 0, 0);
    buffer_puts(page->out, buffer_text(&shown));
    int width = visible_width(buffer_text(&shown), shown.size);
    if (width < columns)
        buffer_repeat(page->out, ' ', (size_t)(columns - width));
    buffer_free(&shown);
}

static void member_cell(const Page *page, const JsonTree *object, const char *name, int columns)
{
    size_t      size;
    const char *text = text_of(object, name, &size);
    cell(page, text, size, columns);
}

/* "20:15:42", with the day before it unless it is today's. */
static void moment_cell(const Page *page, odd_time time)
{
    Buffer whole = {0};
    words_time(&whole, time);
    bool is_today =
        time != ODD_TIME_NONE && time / (86400 * NS_PER_S) == page->data->now / (86400 * NS_PER_S);
    if (whole.size < 19)
        cell(page, "", 0, 11);
    else if (is_today)
        buffer_format(page->out, "   %s", whole.text + 11);
    else
        buffer_format(page->out, "%.11s", whole.text + 5); /* "11-23 20:15" */
    buffer_free(&whole);
}

static const char *severity_color(const JsonTree *finding)
{
    static const char *const colors[] = {"36", "33", "31"};
    size_t                   size;
    const char              *level = text_of(finding, "level", &size);
    return colors[surprise_severity(real_of(finding, "surprise", 0), level) - 1];
}

static void heading(const Page *page, const char *words)
{
    paint(page, "1");
    cell(page, words, strlen(words), page->look->columns);
    paint(page, "0");
    buffer_puts(page->out, "\n");
}

/* -- the top row ----------------------------------------------------------------------------- */

static void status_words(const Page *page, Buffer *words)
{
    const WatchData *data = page->data;
    const char      *between = page->look->unicode ? " \xc2\xb7 " : " | ";
    buffer_format(words, " oddball %s", data->server);
    buffer_puts(words, between);
    words_counted(words, json_tree_count(items_of(data->sources)), "source", "sources");
    if (data->rate >= 0) {
        buffer_puts(words, between);
        words_rate(words, data->rate);
        buffer_puts(words, "/s");
    }
    double lag = real_of(data->status, "lag_s", -1);
    if (lag >= 0) {
        buffer_format(words, "%slag ", between);
        words_seconds(words, lag);
    }
    double memory = real_of(data->status, "resident_bytes", -1);
    if (memory >= 0)
        buffer_format(words, "%s%.0f MB", between, memory / 1e6);
    double findings = real_of(data->status, "findings", -1);
    if (findings >= 0) {
        buffer_puts(words, between);
        words_counted(words, (uint64_t)findings, "finding", "findings");
    }
}

static void top_row(const Page *page)
{
    Buffer words = {0};
    if (page->data->trouble[0])
        buffer_format(&words, " oddball %s: %s", page->data->server, page->data->trouble);
    else
        status_words(page, &words);
    paint(page, page->data->trouble[0] ? "7;31" : "7");
    cell(page, buffer_text(&words), words.size, page->look->columns);
    paint(page, "0");
    buffer_puts(page->out, "\n");
    buffer_free(&words);
}

/* -- the list -------------------------------------------------------------------------------- */

static void finding_row(const Page *page, size_t index)
{
    const JsonTree *finding = watch_finding(page->data, index);
    bool            selected = index == page->look->selected;
    Buffer          surprise = {0};
    buffer_format(&surprise, "%c%5.1f ", selected ? '>' : ' ', real_of(finding, "surprise", 0));
    paint(page, selected ? "7" : severity_color(finding));
    buffer_puts(page->out, buffer_text(&surprise));
    if (!selected)
        paint(page, "0");
    moment_cell(page, watch_time(finding, "last_time"));
    buffer_puts(page->out, "  ");
    int left = page->look->columns - (int)surprise.size - 13;
    if (left > 40) {
        member_cell(page, finding, "source", LABEL_COLUMNS);
        buffer_puts(page->out, "  ");
        left -= LABEL_COLUMNS + 2;
    }
    member_cell(page, finding, "sentence", left);
    paint(page, "0");
    buffer_puts(page->out, "\n");
    buffer_free(&surprise);
}

static void list_draw(const Page *page, WatchLook *look, size_t rows)
{
    size_t count = watch_count(page->data);
    if (look->selected >= count)
        look->selected = count > 0 ? count - 1 : 0;
    if (look->first > look->selected)
        look->first = look->selected;
    if (rows > 0 && look->selected >= look->first + rows)
        look->first = look->selected - rows + 1;
    for (size_t i = 0; i < rows; i++) {
        if (look->first + i < count)
            finding_row(page, look->first + i);
        else if (i == 0)
            buffer_puts(page->out, page->data->oddest ? " Nothing is odd.\n" : " Asking ...\n");
        else
            buffer_puts(page->out, "\n");
    }
}

/* -- lanes ----------------------------------------------------------------------------------- */

typedef struct {
    odd_time begin, step; /* Of the first cell; of each. */
    int      cells;
} LaneTime;

/* The shortest usual step with which all findings fit, up to a day each. */
static LaneTime lane_time(const WatchData *data, int cells)
{
    static const int steps_s[] = {10, 60, 300, 900, 3600, 21600, 86400};
    odd_time         first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < watch_count(data); i++) {
        odd_time time = watch_time(watch_finding(data, i), "last_time");
        if (time == ODD_TIME_NONE)
            continue;
        first = time < first ? time : first;
        last = time > last ? time : last;
    }
    if (first > last)
        first = last = data->now;
    size_t at = 0;
    while (at < 6 && (last - first) / NS_PER_S / steps_s[at] >= cells - 1)
        at++;
    odd_time step = steps_s[at] * NS_PER_S;
    odd_time end = (last / step + 1) * step;
    return (LaneTime){.begin = end - cells * step, .step = step, .cells = cells};
}

static bool same_source(const JsonTree *a, const JsonTree *b)
{
    size_t      size_a, size_b;
    const char *text_a = text_of(a, "source", &size_a), *text_b = text_of(b, "source", &size_b);
    return size_a == size_b && memcmp(text_a, text_b, size_a) == 0;
}

/* The highest surprise in each cell; -1: none. */
static void lane_fill(const WatchData *data, const JsonTree *of, LaneTime time, double *cells)
{
    for (int i = 0; i < time.cells; i++)
        cells[i] = -1;
    for (size_t i = 0; i < watch_count(data); i++) {
        const JsonTree *finding = watch_finding(data, i);
        odd_time        when = watch_time(finding, "last_time");
        if (when < time.begin || !same_source(finding, of))
            continue;
        int64_t at = (when - time.begin) / time.step;
        double  surprise = real_of(finding, "surprise", 0);
        if (at < time.cells && surprise > cells[at])
            cells[at] = surprise;
    }
}

static void lane_draw(const Page *page, const JsonTree *of, LaneTime time)
{
    double cells[LANE_CELLS_MAX];
    lane_fill(page->data, of, time, cells);
    member_cell(page, of, "source", LABEL_COLUMNS);
    buffer_puts(page->out, " ");
    for (int i = 0; i < time.cells; i++) {
        if (cells[i] < 0) {
            buffer_puts(page->out, page->look->unicode ? "\xc2\xb7" : ".");
            continue;
        }
        paint(page, cells[i] >= 9 ? "31" : cells[i] >= 6 ? "33" : "36");
        buffer_format(page->out, "%c", cells[i] < 10 ? '0' + (int)cells[i] : '#');
        paint(page, "0");
    }
    buffer_puts(page->out, "\n");
}

/* Sources in the order of their oddest findings. */
static size_t lanes_choose(const WatchData *data, size_t count_max, const JsonTree **ret)
{
    size_t count = 0;
    for (size_t i = 0; i < watch_count(data) && count < count_max; i++) {
        const JsonTree *finding = watch_finding(data, i);
        bool            known = false;
        for (size_t lane = 0; lane < count; lane++)
            known = known || same_source(ret[lane], finding);
        if (!known)
            ret[count++] = finding;
    }
    return count;
}

static void lanes_draw(const Page *page, size_t rows)
{
    const JsonTree *lanes[LANES_MAX];
    size_t          count = lanes_choose(page->data, rows - 1, lanes);
    int             cells = page->look->columns - LABEL_COLUMNS - 1;
    LaneTime        time = lane_time(page->data, cells < LANE_CELLS_MAX ? cells : LANE_CELLS_MAX);
    Buffer          words = {0};
    buffer_puts(&words, "Sources over time, from ");
    words_time(&words, time.begin);
    buffer_puts(&words, ", a column is ");
    words_seconds(&words, (double)time.step / (double)NS_PER_S);
    buffer_puts(&words, "; # is 10 or more");
    heading(page, buffer_text(&words));
    buffer_free(&words);
    for (size_t i = 0; i + 1 < rows; i++) {
        if (i < count)
            lane_draw(page, lanes[i], time);
        else
            buffer_puts(page->out, "\n");
    }
}

/* -- the last odd lines ---------------------------------------------------------------------- */

static void tail_draw(const Page *page, size_t rows)
{
    const JsonTree *items = items_of(page->data->newest);
    size_t          shown = 0;
    heading(page, "The last odd lines");
    for (size_t i = 0; i < json_tree_count(items) && shown + 1 < rows; i++) {
        const JsonTree *finding = json_tree_item(items, i);
        if (json_tree_kind(json_tree_member(finding, "sample")) != JSON_TREE_TEXT)
            continue;
        moment_cell(page, watch_time(finding, "last_time"));
        buffer_puts(page->out, "  ");
        member_cell(page, finding, "source", LABEL_COLUMNS);
        buffer_puts(page->out, "  ");
        member_cell(page, finding, "sample", page->look->columns - 15 - LABEL_COLUMNS);
        buffer_puts(page->out, "\n");
        shown++;
    }
    for (; shown + 1 < rows; shown++)
        buffer_puts(page->out, "\n");
}

/* -- details --------------------------------------------------------------------------------- */

static void detail(const Page *page, Buffer *all, const char *name, const char *text, size_t size)
{
    if (size == 0)
        return;
    buffer_format(all, " %-*s", DETAIL_COLUMN - 1, name);
    wrap_add(all, text, size, DETAIL_COLUMN, DETAIL_COLUMN, page->look->columns);
}

static void details_write(const Page *page, const JsonTree *finding, Buffer *all)
{
    static const char *const names[][2] = {
        {"", "sentence"},   {"how rare", "how_rare"}, {"source", "source"}, {"kind", "kind"},
        {"state", "state"}, {"level", "level"},       {"line", "sample"},   {"pattern", "pattern"},
        {"incident", "incident"}, {"id", "id"}};
    Buffer words = {0};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t      size;
        const char *text = text_of(finding, names[i][1], &size);
        detail(page, all, names[i][0], text, size);
    }
    buffer_format(&words, "%.1f", real_of(finding, "surprise", 0));
    detail(page, all, "surprise", buffer_text(&words), words.size);
    double seen = real_of(finding, "seen", -1), expected = real_of(finding, "expected", -1);
    if (seen >= 0 && expected >= 0) {
        buffer_clear(&words);
        buffer_format(&words, "%g, expected %g", seen, expected);
        detail(page, all, "seen", buffer_text(&words), words.size);
    }
    buffer_clear(&words);
    words_time(&words, watch_time(finding, "time"));
    buffer_puts(&words, " to ");
    words_time(&words, watch_time(finding, "last_time"));
    buffer_puts(&words, " (UTC)");
    detail(page, all, "when", buffer_text(&words), words.size);
    buffer_free(&words);
}

static void details_draw(const Page *page, WatchLook *look, size_t rows)
{
    Buffer          all = {0};
    const JsonTree *finding = watch_finding(page->data, look->selected);
    if (finding)
        details_write(page, finding, &all);
    size_t total = 0;
    for (const char *c = buffer_text(&all); *c; c++)
        total += *c == '\n';
    if (look->details_first + rows > total)
        look->details_first = total > rows ? total - rows : 0;
    const char *row = buffer_text(&all);
    for (size_t i = 0; i < look->details_first; i++)
        row = strchr(row, '\n') + 1;
    for (size_t i = 0; i < rows; i++) {
        size_t size = strcspn(row, "\n");
        buffer_add(page->out, row, size);
        buffer_puts(page->out, "\n");
        row += row[size] == '\n' ? size + 1 : size;
    }
    buffer_free(&all);
}

/* -- all of it ------------------------------------------------------------------------------- */

void watch_draw(const WatchData *data, WatchLook *look, Buffer *out)
{
    const Page page = {.out = out, .data = data, .look = look};
    size_t     rows = (size_t)look->rows - 2;
    top_row(&page);
    if (look->details) {
        details_draw(&page, look, rows);
    } else {
        size_t lanes = rows >= ROWS_FOR_LANES ? LANES_MAX + 1 : 0;
        size_t tail = rows >= ROWS_FOR_TAIL ? rows / 4 : 0;
        heading(&page, "Findings, the oddest first");
        list_draw(&page, look, rows - 1 - lanes - tail);
        if (lanes > 0)
            lanes_draw(&page, lanes);
        if (tail > 0)
            tail_draw(&page, tail);
    }
    const char *keys = look->details ? " j/k scroll  Enter back  q quit"
                                     : " j/k move  g/G first/last  Enter details  q quit";
    paint(&page, "2");
    cell(&page, keys, strlen(keys), look->columns);
    paint(&page, "0");
    buffer_puts(out, "\n");
}

void watch_line(const JsonTree *finding, Buffer *out)
{
    size_t      size;
    const char *source = text_of(finding, "source", &size);
    words_time(out, watch_time(finding, "time"));
    buffer_format(out, "  %.1f  ", real_of(finding, "surprise", 0));
    visible_add(out, source, size);
    buffer_puts(out, "  ");
    const char *sentence = text_of(finding, "sentence", &size);
    visible_add(out, sentence, size);
    buffer_puts(out, "\n");
}
