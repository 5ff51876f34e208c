/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/page_model.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/field.h"
#include "cli/html.h"
#include "cli/pool.h"
#include "cli/render.h"
#include "cli/words.h"

#define CHART_WIDTH 240
#define CHART_HEIGHT 70
#define FIGURES_MAX 512
#define CHUNKS_DRAWN_MAX 120
#define POINTS_MAX 64

static const char style[] =
    ":root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1f2328;--soft:#59626c;"
    "--line:#dfdcd4;--was:#b9c6d4;--now:#c2452d}\n"
    "@media(prefers-color-scheme:dark){:root{--paper:#14171a;--card:#1c2024;--ink:#e4e6e8;"
    "--soft:#a2abb4;--line:#31373d;--was:#46586a;--now:#f0806a}}\n"
    "body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem 4rem;background:var(--paper);"
    "color:var(--ink);font:16px/1.55 system-ui,sans-serif}\n"
    "h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}"
    "h3{font-size:.95rem;margin:0;overflow-wrap:anywhere}\n"
    "li{margin:.35rem 0}.soft{color:var(--soft);font-size:.875rem}\n"
    ".grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr));gap:.8rem}\n"
    ".card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.7rem;"
    "break-inside:avoid}.odd{border-left:4px solid var(--now)}\n"
    "svg{display:block;width:100%;height:auto}.was{fill:var(--was)}.now{fill:var(--now)}\n"
    ".band{fill:var(--was);opacity:.5}polyline{fill:none;stroke:var(--now);stroke-width:2}"
    "polyline.was{stroke:var(--soft);fill:none}\n"
    "table{border-collapse:collapse;font-size:.85rem;width:100%}td,th{text-align:right;"
    "padding:.15rem .4rem;border-bottom:1px solid var(--line)}"
    "td:first-child,th:first-child{text-align:left}\n"
    "summary{cursor:pointer;color:var(--soft);font-size:.875rem}\n";

static odd_rows *ask(odd_model *model, odd_model_view view)
{
    odd_rows *rows = NULL;
    return odd_model_query(model, view, &rows) == ODD_OK ? rows : NULL;
}

static void text(Buffer *out, const odd_rows *rows, const char *column)
{
    html_piece(out, field_text(rows, odd_column(rows, column)));
}

static double number(const odd_rows *rows, const char *column)
{
    return odd_double(rows, odd_column(rows, column));
}

/* -- verdict and findings -------------------------------------------------------------------- */

static void add_verdict(Buffer *out, odd_model *model)
{
    odd_rows *rows = ask(model, ODD_MODEL_VERDICT);
    if (rows != NULL && odd_next(rows) == ODD_ROW) {
        buffer_puts(out, "<p><strong>Verdict: ");
        text(out, rows, "verdict");
        buffer_puts(out, "</strong>: ");
        text(out, rows, "sentence");
        buffer_puts(out, ".</p>\n");
    }
    odd_rows_close(rows);
}

static bool is_odd(const odd_rows *rows)
{
    return strcmp(odd_text(rows, odd_column(rows, "state")), "odd") == 0;
}

static void add_findings(Buffer *out, odd_model *model, size_t most)
{
    odd_rows *rows = ask(model, ODD_MODEL_FINDINGS);
    buffer_puts(out, "<h2>Findings</h2>\n<ol>\n");
    size_t count = 0;
    while (rows != NULL && odd_next(rows) == ODD_ROW) {
        if (!is_odd(rows))
            continue;
        if (++count > most)
            continue;
        buffer_puts(out, odd_int(rows, odd_column(rows, "harmful"))
                             ? "<li><strong>harmful</strong> "
                             : "<li>");
        text(out, rows, "sentence");
        int64_t first = odd_int(rows, odd_column(rows, "first_row"));
        if (first > 1) {
            buffer_puts(out, " <span class=\"soft\">since about row ");
            words_count(out, (uint64_t)first);
            buffer_puts(out, "</span>");
        }
        buffer_puts(out, "</li>\n");
    }
    buffer_puts(out, "</ol>\n");
    if (count == 0)
        buffer_puts(out, "<p>Nothing has drifted by more than is tolerated.</p>\n");
    if (count > most)
        buffer_format(out, "<p class=\"soft\">%zu more: --findings all shows them.</p>\n",
                      count - most);
    odd_rows_close(rows);
}

/* -- columns --------------------------------------------------------------------------------- */

typedef struct Column {
    struct Column *after;
    const char    *signal;
    bool           is_odd;
    double         points[POINTS_MAX]; /* How far off it was, over time. */
    size_t         count;
} Column;

typedef struct {
    Pool    pool;
    Column *first, *last;
    Column *next; /* Views tell of columns in one order: a column is looked for here first. */
} Columns;

static Column *find_from(Column *column, const char *signal)
{
    while (column != NULL && strcmp(column->signal, signal) != 0)
        column = column->after;
    return column;
}

static Column *column_find(Columns *columns, const char *signal)
{
    Column *column = find_from(columns->next, signal);
    if (column == NULL)
        column = find_from(columns->first, signal);
    if (column != NULL)
        columns->next = column->after;
    return column;
}

static Column *column_add(Columns *columns, Piece signal)
{
    Column *column = pool_take(&columns->pool, sizeof *column);
    column->signal = pool_keep(&columns->pool, signal.text, signal.size).text;
    *(columns->last != NULL ? &columns->last->after : &columns->first) = column;
    columns->last = column;
    return column;
}

/* Each view is asked once: a look back at all rows takes its time. */
static void columns_read(odd_model *model, Columns *columns)
{
    odd_rows *rows = ask(model, ODD_MODEL_DRIFTS);
    while (rows != NULL && odd_next(rows) == ODD_ROW) {
        Column *column = columns->last;
        Piece signal = field_text(rows, odd_column(rows, "signal"));
        if (column == NULL || strcmp(column->signal, signal.text) != 0)
            column = column_add(columns, signal);
        if (column->count < POINTS_MAX)
            column->points[column->count++] = number(rows, "effect");
    }
    odd_rows_close(rows);
    rows = ask(model, ODD_MODEL_FINDINGS);
    while (rows != NULL && odd_next(rows) == ODD_ROW) {
        Column *column =
            is_odd(rows) ? column_find(columns, odd_text(rows, odd_column(rows, "signal"))) : NULL;
        if (column != NULL)
            column->is_odd = true;
    }
    odd_rows_close(rows);
    columns->next = columns->first;
}

typedef struct {
    double before, now;
} Bar;

/* Two small distributions side by side: each bar of the reference with the one of now. */
static void add_bars(Buffer *out, const Bar *bars, size_t count)
{
    double most = 1e-9, width = (double)CHART_WIDTH / (double)count;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fmax(bars[i].before, bars[i].now));
    buffer_format(out,
                  "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Both distributions; the "
                  "same as a table below\">\n",
                  CHART_WIDTH, CHART_HEIGHT);
    for (size_t i = 0; i < count; i++) {
        double was = CHART_HEIGHT * bars[i].before / most, now = CHART_HEIGHT * bars[i].now / most;
        double left = (double)i * width;
        buffer_format(out,
                      "<rect class=\"was\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>"
                      "<rect class=\"now\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>"
                      "\n",
                      left, CHART_HEIGHT - was, width * 0.45, was, left + width * 0.45,
                      CHART_HEIGHT - now, width * 0.45, now);
    }
    buffer_puts(out, "</svg>\n");
}

/* How far off the column was over time: a line from 0 to a deviation or more. */
static void add_drift(Buffer *out, const double *points, size_t count)
{
    double most = 1;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, points[i]);
    if (count < 2)
        return;
    buffer_format(
        out,
        "<svg viewBox=\"0 0 %d 34\" role=\"img\" aria-label=\"Drift over time\"><polyline "
        "points=\"",
        CHART_WIDTH);
    for (size_t i = 0; i < count; i++)
        buffer_format(out, "%.1f,%.1f ", (double)i * CHART_WIDTH / (double)(count - 1),
                      32 - 30 * points[i] / most);
    buffer_format(out,
                  "\"/></svg><span class=\"soft\">drift over time, up to %.2f "
                  "deviations</span>\n",
                  most > 1 ? most : points[count - 1]);
}

static void add_column(Buffer *out, const Column *column, const char *signal, const Buffer *table,
                       const Bar *bars, size_t count)
{
    bool stands_out = column != NULL && column->is_odd;
    buffer_format(out, "<div class=\"card%s\"><h3>", stands_out ? " odd" : "");
    html_piece(out, (Piece){.text = signal, .size = strlen(signal)});
    buffer_puts(out, "</h3>\n");
    add_bars(out, bars, count);
    if (column != NULL)
        add_drift(out, column->points, column->count);
    buffer_format(out,
                  "<details><summary>as a table</summary><table><tr><th>value</th><th>reference"
                  "</th><th>now</th></tr>%s</table></details></div>\n",
                  buffer_text(table));
}

static void add_columns(Buffer *out, odd_model *model)
{
    Columns columns = {.first = NULL};
    columns_read(model, &columns);
    odd_rows *rows = ask(model, ODD_MODEL_SHAPES);
    Bar bars[64];
    Buffer table = {0};
    char *signal = strdup("");
    size_t count = 0;
    buffer_puts(out,
                "<h2>Columns</h2>\n<p class=\"soft\">Pale: the reference. Strong: now. Columns "
                "of numbers in bars of equal width.</p>\n<div class=\"grid\">\n");
    for (bool more = rows != NULL; more && signal != NULL;) {
        more = odd_next(rows) == ODD_ROW;
        const char *name = more ? odd_text(rows, odd_column(rows, "signal")) : "";
        if (strcmp(name, signal) != 0) {
            if (count > 0)
                add_column(out, column_find(&columns, signal), signal, &table, bars, count);
            free(signal);
            signal = strdup(name);
            buffer_clear(&table);
            count = 0;
        }
        if (!more || count == 64)
            continue;
        bars[count++] = (Bar){number(rows, "reference"), number(rows, "now")};
        buffer_puts(&table, "<tr><td>");
        text(&table, rows, "label");
        buffer_format(&table, "</td><td>%.2f %%</td><td>%.2f %%</td></tr>",
                      100 * number(rows, "reference"), 100 * number(rows, "now"));
    }
    buffer_puts(out, "</div>\n");
    free(signal);
    buffer_free(&table);
    odd_rows_close(rows);
    pool_free(&columns.pool);
}

/* -- quality --------------------------------------------------------------------------------- */

typedef struct {
    char   metric[16];
    double estimate, lower, upper, realised;
} Figure;

static size_t read_figures(odd_rows *rows, Figure *figures)
{
    size_t count = 0;
    while (rows != NULL && odd_next(rows) == ODD_ROW && count < FIGURES_MAX) {
        Figure *figure = &figures[count++];
        strncpy(figure->metric, odd_text(rows, odd_column(rows, "metric")),
                sizeof figure->metric - 1);
        figure->estimate = number(rows, "estimate");
        figure->lower = number(rows, "lower");
        figure->upper = number(rows, "upper");
        figure->realised = number(rows, "realised");
    }
    return count;
}

static void add_line(Buffer *out, const char *name, const double *x, const double *y, size_t count)
{
    buffer_format(out, "<polyline class=\"%s\" points=\"", name);
    for (size_t i = 0; i < count; i++)
        if (isfinite(y[i]))
            buffer_format(out, "%.1f,%.1f ", x[i], y[i]);
    buffer_puts(out, "\"/>");
}

/* The interval as a band, the estimate as a pale line, what came true as a strong one. */
static void add_metric(Buffer *out, const Figure *figures, size_t count, const char *metric)
{
    double x[CHUNKS_DRAWN_MAX], rows[4][CHUNKS_DRAWN_MAX], least = INFINITY, most = -INFINITY;
    size_t n = 0;
    const Figure *last = NULL;
    for (size_t i = 0; i < count && n < CHUNKS_DRAWN_MAX; i++) {
        if (strcmp(figures[i].metric, metric) != 0 || !isfinite(figures[i].estimate))
            continue;
        last = &figures[i];
        rows[0][n] = last->lower;
        rows[1][n] = last->upper;
        rows[2][n] = last->estimate;
        rows[3][n] = last->realised;
        least =
            fmin(least, isfinite(last->realised) ? fmin(last->lower, last->realised) : last->lower);
        most =
            fmax(most, isfinite(last->realised) ? fmax(last->upper, last->realised) : last->upper);
        n++;
    }
    if (last == NULL)
        return;
    double height = most > least ? most - least : 1;
    for (size_t i = 0; i < n; i++) {
        x[i] = n > 1 ? (double)i * CHART_WIDTH / (double)(n - 1) : 0;
        for (size_t k = 0; k < 4; k++)
            rows[k][i] = CHART_HEIGHT - (CHART_HEIGHT - 2) * (rows[k][i] - least) / height - 1;
    }
    buffer_format(out,
                  "<div class=\"card\"><h3>%s</h3><svg viewBox=\"0 0 %d %d\" role=\"img\" "
                  "aria-label=\"%s by chunk\"><polygon class=\"band\" points=\"",
                  metric, CHART_WIDTH, CHART_HEIGHT, metric);
    for (size_t i = 0; i < n; i++)
        buffer_format(out, "%.1f,%.1f ", x[i], rows[0][i]);
    for (size_t i = n; i-- > 0;)
        buffer_format(out, "%.1f,%.1f ", x[i], rows[1][i]);
    buffer_puts(out, "\"/>");
    add_line(out, "was", x, rows[2], n);
    add_line(out, "real", x, rows[3], n);
    buffer_format(out, "</svg><span class=\"soft\">%.3g to %.3g; last chunk %.3f (%.3f to %.3f)",
                  least, most, last->estimate, last->lower, last->upper);
    if (isfinite(last->realised))
        buffer_format(out, ", came true as %.3f", last->realised);
    buffer_puts(out, "</span></div>\n");
}

static void add_quality(Buffer *out, odd_rows *quality)
{
    static const char *const metrics[] = {"accuracy", "auc", "f1",  "precision",
                                          "recall",   "mae", "rmse"};
    Figure *figures = calloc(FIGURES_MAX, sizeof *figures);
    size_t count = figures != NULL ? read_figures(quality, figures) : 0;
    if (count > 0) {
        buffer_puts(out, "<h2>Quality, chunk by chunk</h2>\n<p class=\"soft\">Band: 95 % interval "
                         "of the estimate without labels. Strong line: what came true.</p>\n"
                         "<div class=\"grid\">\n");
        for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
            add_metric(out, figures, count, metrics[i]);
        buffer_puts(out, "</div>\n");
    }
    free(figures);
}

static void add_calibration(Buffer *out, odd_model *model)
{
    odd_rows *rows = ask(model, ODD_MODEL_CALIBRATION);
    double x[64], before[64], now[64];
    size_t count = 0;
    Buffer table = {0};
    while (rows != NULL && odd_next(rows) == ODD_ROW && count < 64) {
        double p = number(rows, "probability");
        x[count] = p * CHART_WIDTH;
        before[count] = CHART_HEIGHT * (1 - number(rows, "reference"));
        now[count++] = CHART_HEIGHT * (1 - number(rows, "now"));
        buffer_format(&table, "<tr><td>%.3f</td><td>%.3f</td><td>", p, number(rows, "reference"));
        if (isfinite(number(rows, "now")))
            buffer_format(&table, "%.3f", number(rows, "now"));
        buffer_puts(&table, "</td></tr>");
    }
    odd_rows_close(rows);
    if (count > 1) {
        buffer_format(
            out,
            "<h2>What probabilities are worth</h2>\n<div class=\"grid\"><div class=\""
            "card\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Calibration; the "
            "same as a table\">",
            CHART_WIDTH, CHART_HEIGHT);
        add_line(out, "was", x, before, count);
        add_line(out, "real", x, now, count);
        buffer_format(out,
                      "</svg><span class=\"soft\">share that came true, by probability; pale: in "
                      "the reference</span><details><summary>as a table</summary><table><tr><th>"
                      "probability</th><th>reference</th><th>now</th></tr>%s</table></details>"
                      "</div></div>\n",
                      buffer_text(&table));
    }
    buffer_free(&table);
}

void page_model(Buffer *out, odd_model *model, size_t findings, const char *reference,
                const char *current)
{
    odd_rows *quality = ask(model, ODD_MODEL_QUALITY);
    buffer_puts(out, PAGE_DOCTYPE
                "\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n" PAGE_MARK
                "\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width="
                "device-width,initial-scale=1\">\n<title>oddball: a model in production"
                "</title>\n<style>");
    buffer_puts(out, style);
    buffer_puts(out,
                "</style>\n</head>\n<body>\n<h1>A model in production</h1>\n<p class=\"soft\">");
    html_piece(out, (Piece){.text = current, .size = strlen(current)});
    buffer_puts(out, " against ");
    html_piece(out, (Piece){.text = reference, .size = strlen(reference)});
    buffer_puts(out, "</p>\n");
    add_verdict(out, model);
    add_findings(out, model, findings);
    add_quality(out, quality);
    add_calibration(out, model);
    add_columns(out, model);
    buffer_puts(out, "</body>\n</html>\n");
    odd_rows_close(quality);
}
