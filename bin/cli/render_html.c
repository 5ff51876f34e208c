/* SPDX-License-Identifier: Apache-2.0
 *
 * render_html.c - the answer as one page that needs nothing else: no script, no request.
 *
 * The page forbids itself to load or run anything (Content-Security-Policy), follows the reader's
 * preference for dark or light, fits a phone and a sheet of paper. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/chart.h"
#include "cli/extent.h"
#include "cli/html.h"
#include "cli/line_chart.h"
#include "cli/render.h"
#include "cli/words.h"

static const char style[] =
    ":root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1f2328;--soft:#59626c;"
    "--line:#dfdcd4;--bar:#b9c6d4;--error:#c2452d;--s1:#2b6c8a;--s2:#94600a;--s3:#b3261e;"
    "--code:#f3f1ec;--esc:#8a2be2}\n"
    "@media(prefers-color-scheme:dark){:root{--paper:#14171a;--card:#1c2024;--ink:#e4e6e8;"
    "--soft:#a2abb4;--line:#31373d;--bar:#46586a;--error:#f0806a;--s1:#7cc0de;--s2:#e5b05c;"
    "--s3:#ff8f85;--code:#121518;--esc:#c9a2ff}}\n"
    "*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}\n"
    "body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem 4rem;background:var(--paper);"
    "color:var(--ink);font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\n"
    "h1{font-size:1.7rem;line-height:1.25;font-weight:650;margin:0 0 .25rem;"
    "letter-spacing:-.01em}\n"
    "h2{font-size:1.06rem;line-height:1.45;font-weight:600;margin:0;overflow-wrap:anywhere}\n"
    "p{margin:.4rem 0}.soft,figcaption,footer{color:var(--soft);font-size:.875rem}\n"
    "article{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--s1);"
    "border-radius:8px;padding:1rem 1.1rem;margin:1rem 0;break-inside:avoid}\n"
    "article.s2{border-left-color:var(--s2)}article.s3{border-left-color:var(--s3)}\n"
    "article:target{outline:2px solid var(--s1);outline-offset:2px}\n"
    ".rank{color:var(--soft);font-weight:500;margin-right:.45rem;"
    "font-variant-numeric:tabular-nums}\n"
    ".facts{color:var(--soft);font-size:.875rem}.sev{font-weight:700}\n"
    ".s1 .sev{color:var(--s1)}.s2 .sev{color:var(--s2)}.s3 .sev{color:var(--s3)}\n"
    "pre,code{font:.8125rem/1.5 ui-monospace,'SF Mono',Menlo,Consolas,"
    "'DejaVu Sans Mono',monospace}\n"
    "pre{background:var(--code);border-radius:6px;padding:.6rem .75rem;margin:.6rem 0;"
    "white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate;direction:ltr}\n"
    ".place{overflow-wrap:anywhere;color:var(--soft)}.esc{color:var(--esc)}\n"
    "details{margin:.5rem 0 0}summary{cursor:pointer;color:var(--soft);font-size:.875rem}\n"
    "summary:focus-visible,a:focus-visible{outline:2px solid var(--s1);outline-offset:2px}\n"
    "table{border-collapse:collapse;font-size:.875rem;margin:.5rem 0;width:100%;"
    "font-variant-numeric:tabular-nums}\n"
    "th,td{text-align:right;padding:.25rem .5rem;border-bottom:1px solid var(--line);"
    "overflow-wrap:anywhere;vertical-align:top}\n"
    "table.facts td:last-child{text-align:left;width:60%}"
    "th:first-child,td:first-child{text-align:left;padding-left:0}th{font-weight:600}\n"
    "figure{margin:1.5rem 0 2rem}figure svg{display:block;width:100%;height:90px;"
    "border-bottom:1px solid var(--line)}\n"
    "rect.rows,.key.rows{fill:var(--bar);background:var(--bar)}"
    "rect.errors,.key.errors{fill:var(--error);background:var(--error)}\n"
    ".key{display:inline-block;width:.7em;height:.7em;margin:0 .35em 0 .7em;border-radius:2px}"
    "figcaption .key:first-child{margin-left:0}\n"
    ".key.mark{border-radius:50%;background:var(--s3)}\n"
    ".axis{display:flex;justify-content:space-between;gap:1rem;color:var(--soft);"
    "font-size:.8125rem;padding:.3rem 0;font-variant-numeric:tabular-nums}.axis span:last-child"
    "{text-align:right}\n"
    ".marks{position:relative}a.mark{position:absolute;width:20px;"
    "height:20px;margin-left:-10px;border-radius:50%;color:var(--card);"
    "font-size:.72rem;line-height:20px;"
    "text-align:center;text-decoration:none;font-weight:650}\n"
    "a.mark.s1{background:var(--s1)}a.mark.s2{background:var(--s2)}"
    "a.mark.s3{background:var(--s3)}\n";

static const char line_style[] = /* line_chart.c */
    "figure.line{margin:.8rem 0 .4rem}.plot{position:relative}.plot.near svg{height:170px}"
    ".plot.whole svg{height:60px}.plot.whole .bottom{display:none}.plot span{position:absolute;"
    "left:2px;font-size:.75rem;line-height:1.1;color:var(--soft);background:var(--card);"
    "opacity:.85;padding:0 2px;font-variant-numeric:tabular-nums}.plot .top{top:2px}"
    ".plot .bottom{bottom:3px}\n"
    ".plot path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round}"
    ".plot path.value{stroke:var(--s1);stroke-width:1.6}.plot path.good{stroke:var(--soft);"
    "stroke-width:1.2}.plot path.expected{stroke:var(--ink);stroke-width:1;stroke-dasharray:4 3}"
    ".plot path.band{fill:var(--bar);opacity:.4;stroke:none}"
    "rect.odd{fill:var(--error);opacity:.22}rect.odd.other{opacity:.1}\n"
    ".key.value{background:var(--s1)}.key.good{background:var(--soft)}.key.expected{background:"
    "var(--ink);height:2px;vertical-align:middle}.key.band{background:var(--bar);opacity:.6}"
    ".key.odd{background:var(--error);opacity:.4}\n";

static const char last_style[] =
    ".calm{font-size:1.1rem;padding:2rem 0}ul{padding-left:1.2rem}\n"
    "@media(max-width:480px){body{padding:1.25rem .9rem 3rem}h1{font-size:1.35rem}"
    "article{padding:.85rem .9rem}.wide{display:none}}\n"
    "@media print{body{max-width:none;padding:0;background:#fff}article{box-shadow:none}"
    "details::details-content{content-visibility:visible;block-size:auto}a.mark,rect,.key"
    "{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n";

static const char *severity_class(const Finding *finding)
{
    static const char *const names[] = {"s1", "s2", "s3"};
    return names[finding_severity(finding) - 1];
}

static const char *severity_words(const char *name)
{
    return strcmp(name, "s3") == 0   ? "!!! very odd"
           : strcmp(name, "s2") == 0 ? "!! odder"
                                     : "! odd";
}

static void title_add(Buffer *out, const Report *report)
{
    if (report->finding_count == 0) {
        buffer_puts(out, report->is_diff ? "No odd difference in " : "Nothing odd in ");
    } else {
        words_count(out, report->finding_count);
        if (report->is_diff)
            buffer_puts(out, report->finding_count == 1 ? " difference in " : " differences in ");
        else
            buffer_puts(out, report->finding_count == 1 ? " odd thing in " : " odd things in ");
    }
    extent_rows(out, report, report->rows);
}

static void head_add(Buffer *out, const Report *report)
{
    buffer_puts(out, PAGE_DOCTYPE
                "\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n" PAGE_MARK "\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"color-scheme\" content=\"light dark\">\n"
                "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    title_add(out, report);
    buffer_puts(out, "</title>\n<style>\n");
    buffer_puts(out, style);
    buffer_puts(out, line_style);
    buffer_puts(out, last_style);
    buffer_puts(out, "</style>\n</head>\n<body>\n<main>\n<h1>");
    title_add(out, report);
    buffer_puts(out, "</h1>\n<p class=\"soft\">");
    extent_signals(out, report);
    buffer_puts(out, " in ");
    words_counted(out, report->source_count, "source", "sources");
    if (report->first_time != ODD_TIME_NONE) {
        buffer_puts(out, ", from ");
        words_time(out, report->first_time);
        buffer_puts(out, " to ");
        words_time(out, report->last_time);
        buffer_puts(out, " UTC");
    }
    buffer_puts(out, report->interrupted ? "; reading was stopped early</p>\n" : "</p>\n");
}

static void facts_add(Buffer *out, const Finding *finding)
{
    const char *name = severity_class(finding);
    buffer_format(out, "<p class=\"facts\"><span class=\"sev\">%s</span>", severity_words(name));
    if (finding->how_rare.size > 0) {
        buffer_puts(out, " \xc2\xb7 ");
        html_piece(out, finding->how_rare);
    }
    buffer_puts(out, " \xc2\xb7 ");
    html_piece(out, finding->kind);
    if (finding->repeats > 1 && finding->repeats_untold) {
        buffer_puts(out, " \xc2\xb7 ");
        words_count(out, (uint64_t)finding->repeats);
        buffer_puts(out, finding->is_metric ? " samples" : " times");
    }
    if (finding->time != ODD_TIME_NONE) {
        buffer_puts(out, " \xc2\xb7 <time>");
        words_time(out, finding->time);
        buffer_puts(out, "</time>");
        if (finding->last_time > finding->time) {
            buffer_puts(out, " to <time>");
            words_time(out, finding->last_time);
            buffer_puts(out, "</time>");
        }
    }
    buffer_puts(out, "</p>\n");
}

static void reason_add(Buffer *out, const Reason *reason)
{
    bool number = isfinite(reason->value);
    if (!number && reason->text.size == 0)
        return;
    buffer_puts(out, "<tr><td>");
    html_piece(out, reason->name);
    buffer_puts(out, "</td><td>");
    if (number && fabs(reason->value) < 1e15 && floor(reason->value) >= reason->value)
        buffer_format(out, "%.0f", reason->value);
    else if (number)
        buffer_format(out, "%.4g", reason->value);
    else
        html_sample(out, reason->text);
    buffer_puts(out, "</td><td class=\"wide soft\">");
    if (number)
        html_piece(out, reason->text);
    buffer_puts(out, "</td></tr>\n");
}

static void reasons_add(Buffer *out, const Finding *finding)
{
    buffer_puts(out, "<details><summary>The numbers behind it</summary>\n"
                     "<table class=\"facts\"><tbody>\n");
    buffer_format(out,
                  "<tr><td>surprise</td><td>%.3f</td><td class=\"wide soft\">"
                  "3 is once in a thousand, 6 once in a million</td></tr>\n",
                  finding->surprise);
    buffer_puts(out, "<tr><td>signal</td><td><code>");
    html_piece(out, finding->signal);
    buffer_puts(out, "</code></td><td class=\"wide soft\">");
    buffer_puts(out, finding->is_metric ? "the name of the series" : "the id of its pattern");
    buffer_puts(out, "</td></tr>\n");
    for (size_t i = 0; i < finding->reason_count; i++)
        reason_add(out, &finding->reasons[i]);
    buffer_puts(out, "</tbody></table></details>\n");
}

static void finding_add(Buffer *out, const Report *report, const Finding *finding)
{
    buffer_format(out, "<article id=\"f%d\" class=\"%s\">\n<h2><span class=\"rank\">%d</span>",
                  finding->rank, severity_class(finding), finding->rank);
    html_piece(out, finding->sentence);
    buffer_puts(out, "</h2>\n");
    facts_add(out, finding);
    if (finding->source.size > 0) {
        buffer_puts(out, "<p class=\"place\"><code>");
        html_piece(out, finding->source);
        if (finding->row > 0)
            buffer_format(out, ":%" PRId64, finding->row);
        if (finding->last_row > finding->row)
            buffer_format(out, "-%" PRId64, finding->last_row);
        buffer_puts(out, "</code></p>\n");
    }
    if (finding->sample.size > 0) {
        buffer_puts(out, "<pre>");
        html_sample(out, finding->sample);
        buffer_puts(out, "</pre>\n");
    }
    line_chart_add(out, report, finding);
    reasons_add(out, finding);
    buffer_puts(out, "</article>\n");
}

static void sources_add(Buffer *out, const Report *report)
{
    buffer_puts(out, "<details><summary>What was read</summary>\n<table><thead><tr><th>source</th>"
                     "<th class=\"wide\">kind</th><th>lines</th><th class=\"wide\">with time</th>"
                     "<th class=\"wide\">cut</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < report->source_count; i++) {
        const Source *source = &report->sources[i];
        buffer_puts(out, "<tr><td><code>");
        html_piece(out, source->name);
        buffer_puts(out, "</code></td><td class=\"wide\">");
        html_piece(out, source->kind);
        buffer_puts(out, "</td><td>");
        words_count(out, source->rows);
        buffer_puts(out, "</td><td class=\"wide\">");
        words_count(out, source->timed_rows);
        buffer_puts(out, "</td><td class=\"wide\">");
        words_count(out, source->cut_rows);
        buffer_puts(out, "</td></tr>\n");
    }
    buffer_puts(out, "</tbody></table></details>\n");
}

static void foot_add(Buffer *out, const Report *report)
{
    buffer_puts(out, "</main>\n<footer>\n");
    if (report->note_count > 0) {
        buffer_puts(out, "<details open><summary>Good to know</summary>\n<ul>\n");
        for (size_t i = 0; i < report->note_count; i++) {
            buffer_puts(out, "<li>");
            html_piece(out, report->notes[i].sentence);
            buffer_puts(out, "</li>\n");
        }
        buffer_puts(out, "</ul></details>\n");
    }
    sources_add(out, report);
    buffer_format(out, "<p>oddball %s</p>\n</footer>\n</body>\n</html>\n", odd_version());
}

void render_html(Buffer *out, const Report *report)
{
    head_add(out, report);
    chart_add(out, report);
    if (report->finding_count == 0)
        buffer_puts(out, report->rows == 0 ? "<p class=\"calm\">The input has no lines.</p>\n"
                                           : "<p class=\"calm\">All of it looks usual.</p>\n");
    for (size_t i = 0; i < report->finding_count; i++)
        finding_add(out, report, &report->findings[i]);
    foot_add(out, report);
}
