/* SPDX-License-Identifier: Apache-2.0
 *
 * report.c - the command `report`: what the alarms of a server were worth, as text, JSON or a page
 * of its own. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/help.h"
#include "cli/house.h"
#include "cli/html.h"
#include "cli/saying.h"
#include "cli/terminal.h"
#include "cli/visible.h"
#include "cli/wrap.h"
#include "input/clock.h"

#define SPAN_DEFAULT_NS (7 * 86400 * INT64_C(1000000000))
#define SOURCES_SHOWN 20 /* In the text; a page and JSON have all. */

static const char style[] =
    ":root{color-scheme:light dark}\n"
    "body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem;font:16px/1.55 system-ui,sans-serif}\n"
    "h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}\n"
    "table{border-collapse:collapse;font-size:.9rem;width:100%}\n"
    "td,th{text-align:right;padding:.2rem .5rem;border-bottom:1px solid #8885;"
    "overflow-wrap:anywhere}\n"
    "td:first-child,th:first-child{text-align:left}\n"
    "code{overflow-wrap:anywhere}li{margin:.5rem 0}\n";

/* Text to a terminal, or to a page. */
typedef struct {
    Buffer *out;
    bool    is_page;
} Sheet;

static void shown(const Sheet *sheet, const char *text)
{
    if (sheet->is_page)
        html_piece(sheet->out, (Piece){.text = text, .size = strlen(text)});
    else
        visible_add(sheet->out, text, strlen(text));
}

static void puts_of(const Sheet *sheet, const char *of_text, const char *of_page)
{
    buffer_puts(sheet->out, sheet->is_page ? of_page : of_text);
}

static void heading(const Sheet *sheet, const char *words)
{
    buffer_format(sheet->out, sheet->is_page ? "<h2>%s</h2>\n" : "\n%s\n", words);
}

static int count_of(const JsonTree *object, const char *name)
{
    return (int)tree_count(object, name);
}

static double real_of(const JsonTree *object, const char *name, double missing)
{
    double value = missing;
    json_tree_real(json_tree_member(object, name), &value);
    return value;
}

/* "80 % (4 real, 1 expected)", or that nobody has said anything. */
static void add_precision(Buffer *out, const JsonTree *sums)
{
    double precision = real_of(sums, "precision", -1);
    int disputed = count_of(sums, "disputed");
    if (precision < 0)
        buffer_puts(out, "nobody said anything");
    else
        buffer_format(out, "%.0f %% (%d real, %d expected)", 100 * precision,
                      count_of(sums, "real"), count_of(sums, "expected"));
    if (disputed > 0)
        buffer_format(out, ", %d disputed", disputed);
}

static void add_summary(const Sheet *sheet, const JsonTree *answer)
{
    const JsonTree *all = json_tree_member(answer, "all");
    const JsonTree *incidents = json_tree_member(answer, "incidents");
    const JsonTree *pages = json_tree_member(answer, "pages");
    Buffer *out = sheet->out;
    int64_t sent;
    puts_of(sheet, "", "<p>");
    buffer_format(out,
                  "From %.10s to %.10s: %d findings, of which %d were held back. %d incidents "
                  "were shown; %d pages were avoided, their incidents held back as a whole. ",
                  tree_text(answer, "since"), tree_text(answer, "until"), count_of(all, "findings"),
                  count_of(all, "held_back"), count_of(incidents, "shown"),
                  count_of(pages, "avoided"));
    if (json_tree_integer(json_tree_member(pages, "sent_since_start"), &sent))
        buffer_format(out, "%d messages were sent since the server was started. ", (int)sent);
    else
        buffer_puts(out, "Nobody is told: no receiver is set. ");
    buffer_puts(out, "Precision: ");
    add_precision(out, all);
    puts_of(sheet, ".\n", ".</p>\n");
}

/* -- sources ----------------------------------------------------------------------------------- */

static void add_source(const Sheet *sheet, const JsonTree *item)
{
    Buffer *out = sheet->out;
    puts_of(sheet, "  ", "<tr><td>");
    shown(sheet, tree_text(item, "source"));
    puts_of(sheet, ": ", "</td><td>");
    buffer_format(
        out, sheet->is_page ? "%d</td><td>%d</td><td>" : "%d findings, %d held back; precision: ",
        count_of(item, "findings"), count_of(item, "held_back"));
    add_precision(out, item);
    buffer_format(out,
                  sheet->is_page ? "</td><td>%.1f</td><td>%.0f</td><td>%.0f</td></tr>\n"
                                 : "; %.1f %% of the work, %.0f lines and samples, %.0f "
                                   "bytes of text in all\n",
                  100 * real_of(item, "share_of_work", 0),
                  real_of(item, "lines", 0) + real_of(item, "samples", 0),
                  real_of(item, "bytes", 0));
}

static int by_findings(const void *left, const void *right)
{
    const JsonTree *a = *(const JsonTree *const *)left, *b = *(const JsonTree *const *)right;
    int64_t more = tree_count(b, "findings") - tree_count(a, "findings");
    double work = real_of(b, "share_of_work", 0) - real_of(a, "share_of_work", 0);
    if (more != 0)
        return more > 0 ? 1 : -1;
    if (work > 0 || work < 0)
        return work > 0 ? 1 : -1;
    return strcmp(tree_text(a, "source"), tree_text(b, "source"));
}

/* Those with most findings first, then those that are most work. */
static void add_sources(const Sheet *sheet, const JsonTree *answer)
{
    const JsonTree *items = json_tree_member(answer, "sources");
    size_t count = json_tree_count(items), most = sheet->is_page ? count : SOURCES_SHOWN;
    const JsonTree **sorted = calloc(count + 1, sizeof *sorted);
    heading(sheet, "Sources");
    for (size_t i = 0; sorted != NULL && i < count; i++)
        sorted[i] = json_tree_item(items, i);
    if (sorted != NULL && count > 1)
        qsort(sorted, count, sizeof *sorted, by_findings);
    puts_of(sheet, "",
            "<table><tr><th>source</th><th>findings</th><th>held back</th>"
            "<th>precision</th><th>% of the work</th><th>lines and samples</th>"
            "<th>bytes of text</th></tr>\n");
    for (size_t i = 0; sorted != NULL && i < count && i < most; i++)
        add_source(sheet, sorted[i]);
    puts_of(sheet, "", "</table>\n");
    if (count > most)
        buffer_format(sheet->out, "  and %zu more\n", count - most);
    free(sorted);
}

/* -- what was held back, and what could be ----------------------------------------------------- */

static void add_hiding(const Sheet *sheet, const JsonTree *answer)
{
    const JsonTree *items = json_tree_member(answer, "hiding");
    heading(sheet, "What verdicts and mutes hid");
    puts_of(sheet, "", "<ul>\n");
    for (size_t i = 0; i < json_tree_count(items); i++) {
        const JsonTree *item = json_tree_item(items, i);
        puts_of(sheet, "  ", "<li>");
        buffer_format(sheet->out, "%s ", tree_text(item, "verdict"));
        shown(sheet, tree_text(item, "id"));
        buffer_format(sheet->out, " hid %d", count_of(item, "hid"));
        if (tree_text(item, "about")[0] != '\0') {
            buffer_puts(sheet->out, ": ");
            shown(sheet, tree_text(item, "about"));
        }
        if (tree_text(item, "reason")[0] != '\0') {
            buffer_puts(sheet->out, " (");
            shown(sheet, tree_text(item, "reason"));
            buffer_puts(sheet->out, ")");
        }
        puts_of(sheet, "\n", "</li>\n");
    }
    if (json_tree_count(items) == 0)
        puts_of(sheet, "  nothing: there are none\n", "<li>nothing: there are none</li>\n");
    puts_of(sheet, "", "</ul>\n");
}

static void add_noise(const Sheet *sheet, const JsonTree *item)
{
    int count = count_of(item, "findings");
    puts_of(sheet, "  ", "<li>");
    buffer_format(sheet->out, "%d finding%s of ", count, count == 1 ? "" : "s");
    shown(sheet, tree_text(item, "source"));
    buffer_puts(sheet->out, ": ");
    shown(sheet, tree_text(item, "sentence"));
    if (tree_text(item, "cure")[0] != '\0') {
        puts_of(sheet, "\n    ", "<br><code>");
        shown(sheet, tree_text(item, "cure"));
        puts_of(sheet, "\n    ", "</code><br>");
        buffer_format(sheet->out,
                      "would have hidden %d of the last 30 days' %d findings, %d that you marked "
                      "real",
                      count_of(item, "would_hide"), count_of(item, "of_findings"),
                      count_of(item, "that_were_real"));
    }
    puts_of(sheet, "\n", "</li>\n");
}

static void add_noisiest(const Sheet *sheet, const JsonTree *answer)
{
    const JsonTree *items = json_tree_member(answer, "noisiest");
    heading(sheet, "What is noisiest, and the verdict that would cure it");
    puts_of(sheet, "", "<ul>\n");
    for (size_t i = 0; i < json_tree_count(items); i++)
        add_noise(sheet, json_tree_item(items, i));
    if (json_tree_count(items) == 0)
        puts_of(sheet, "  nothing was told\n", "<li>nothing was told</li>\n");
    puts_of(sheet, "", "</ul>\n");
}

static void add_all(const Sheet *sheet, const JsonTree *answer)
{
    if (sheet->is_page)
        buffer_format(sheet->out,
                      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                      "<meta name=\"viewport\" content=\"width=device-width\">"
                      "<title>oddball: report</title>\n<style>%s</style></head><body>\n"
                      "<h1>What the alarms were worth</h1>\n",
                      style);
    add_summary(sheet, answer);
    add_noisiest(sheet, answer);
    add_hiding(sheet, answer);
    add_sources(sheet, answer);
    puts_of(sheet, "", "</body></html>\n");
}

/* -- the command ------------------------------------------------------------------------------- */

static void print(const Options *options, const JsonTree *answer, Buffer *out)
{
    Buffer all = {0};
    if (options->format == FORMAT_JSON) {
        char *text = json_tree_write(answer);
        buffer_puts(out, text ? text : "{}");
        buffer_puts(out, "\n");
        free(text);
    } else if (options->format == FORMAT_HTML) {
        add_all(&(Sheet){.out = out, .is_page = true}, answer);
    } else {
        add_all(&(Sheet){.out = &all}, answer);
        wrap_lines(out, buffer_text(&all), terminal_width(STDOUT_FILENO, options->width));
        buffer_free(&all);
    }
}

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count > 0) {
        complain("report takes no argument, and not \"%s\"; the span is given by --since and "
                 "--until: oddball report --since 7d",
                 arguments[0]);
        return STATUS_ERROR;
    }
    if (options->format == FORMAT_CSV) {
        complain("report has no --format csv; there are text, json and html");
        return STATUS_ERROR;
    }
    Out out = {.descriptor = STDOUT_FILENO};
    Buffer path = {0};
    odd_time now = clock_now();
    buffer_format(&path, "/api/v1/report?since=%lld&until=%lld",
                  (long long)house_limit(options->since, now - SPAN_DEFAULT_NS),
                  (long long)house_limit(options->until, now));
    JsonTree *answer = saying_ask(options, "GET", buffer_text(&path), NULL);
    buffer_free(&path);
    if (answer == NULL)
        return STATUS_ERROR;
    print(options, answer, &out.text);
    json_tree_free(answer);
    return help_done(&out);
}

static const char *const option_names[] = {"since", "until", "format", "server", "width", NULL};

const Command command_report = {
    .name = "report",
    .summary = "What the alarms of the server were worth, and the verdicts that would cure noise",
    .example = "oddball report\n"
               "oddball report --since 30d --format html > report.html\n"
               "oddball report --since 7d --format json",
    .usage = "",
    .details = "Of the last 7 days, or since --since: how precise each source was by what people "
               "said of its findings (real, or expected); what verdicts and mutes held back; the "
               "five signals that were told most often and were not called real, each with the "
               "command that would cure it, tried on the findings of the last 30 days; and what "
               "each source costs, by the lines and samples that it ever brought.",
    .options = option_names,
    .settings = true,
    .formats = "text, json or html",
    .run = run,
};
