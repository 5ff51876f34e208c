/* SPDX-License-Identifier: Apache-2.0
 *
 * render_text.c - the answer for a person at a terminal: the sentence first, then when, how rare,
 * where, and the line itself.
 *
 * `scan` numbers its findings; `diff` reads like a unified diff: + new, - gone, ~ rate, = value.
 * How odd is said by marks (! !! !!!) as well as by colour. */
#include <inttypes.h>
#include <string.h>

#include "cli/extent.h"
#include "cli/render.h"
#include "cli/visible.h"
#include "cli/words.h"
#include "cli/wrap.h"

#define INDENT 5
#define SAMPLE_GAP 3 /* Columns of "...". */

typedef struct {
    Buffer       *out;
    const Report *report;
    Look          look;
} Page;

static void paint(const Page *page, const char *code)
{
    if (page->look.color)
        buffer_format(page->out, "\x1b[%sm", code);
}

static const char *dot(const Page *page)
{
    return page->look.unicode ? " \xc2\xb7 " : " - ";
}

static const char *severity_marks(const Finding *finding)
{
    static const char *const marks[] = {"!", "!!", "!!!"};
    return marks[finding_severity(finding) - 1];
}

static const char *severity_color(const Finding *finding)
{
    static const char *const colors[] = {"36", "33", "31"};
    return colors[finding_severity(finding) - 1];
}

static char diff_sign(const char *kind)
{
    if (strcmp(kind, "new") == 0)
        return '+';
    if (strcmp(kind, "gone") == 0)
        return '-';
    return strcmp(kind, "value") == 0 || strcmp(kind, "drift") == 0 ? '=' : '~';
}

static const char *sign_color(char sign)
{
    return sign == '+' ? "32" : sign == '-' ? "31" : sign == '=' ? "36" : "33";
}

/* The bar at the left of each line of a block, coloured by severity or by the sign of a diff. */
static void margin(const Page *page, const Finding *finding, bool first)
{
    char sign = diff_sign(finding->kind.text);
    paint(page, page->report->is_diff ? sign_color(sign) : severity_color(finding));
    if (page->report->is_diff)
        buffer_format(page->out, first ? "%c    " : "     ", sign);
    else if (first)
        buffer_format(page->out, "%2d %s ", finding->rank,
                      page->look.unicode ? "\xe2\x96\x8c" : "|");
    else
        buffer_format(page->out, "   %s ", page->look.unicode ? "\xe2\x96\x8c" : "|");
    paint(page, "0");
}

/* Text wrapped behind the margin.  code: of its colour. */
static void paragraph(const Page *page, const Finding *finding, Buffer *text, const char *code,
                      bool first)
{
    Buffer lines = {0};
    wrap_add(&lines, buffer_text(text), text->size, 0, 0, page->look.columns - INDENT);
    for (const char *line = buffer_text(&lines); *line; first = false) {
        size_t size = strcspn(line, "\n");
        margin(page, finding, first);
        paint(page, code);
        buffer_add(page->out, line, size);
        paint(page, "0");
        buffer_puts(page->out, "\n");
        line += size + 1;
    }
    buffer_free(&lines);
}

static void place_add(Buffer *text, const Finding *finding)
{
    if (finding->source.size == 0)
        return;
    buffer_add(text, finding->source.text, finding->source.size);
    if (finding->row > 0)
        buffer_format(text, ":%" PRId64, finding->row);
    if (finding->last_row > finding->row)
        buffer_format(text, "-%" PRId64, finding->last_row);
}

static void when_add(Buffer *text, const Finding *finding)
{
    if (finding->time == ODD_TIME_NONE)
        return;
    words_time(text, finding->time);
    if (finding->last_time != ODD_TIME_NONE && finding->last_time > finding->time) {
        Buffer first = {0}, last = {0};
        words_time(&first, finding->time);
        words_time(&last, finding->last_time);
        bool same_day = strncmp(buffer_text(&first), buffer_text(&last), 10) == 0;
        if (strcmp(buffer_text(&first), buffer_text(&last)) != 0)
            buffer_format(text, " to %s", buffer_text(&last) + (same_day ? 11 : 0));
        buffer_free(&first);
        buffer_free(&last);
    }
}

static void part_add(const Page *page, Buffer *text, const Buffer *part)
{
    if (part->size == 0)
        return;
    if (text->size > 0)
        buffer_puts(text, dot(page));
    buffer_add(text, part->text, part->size);
}

/* !!! once in 10 million - new - 12 times */
static void rarity(const Page *page, const Finding *finding)
{
    Buffer text = {0}, part = {0};
    buffer_format(&text, "%s ", severity_marks(finding));
    if (finding->how_rare.size > 0)
        buffer_add(&text, finding->how_rare.text, finding->how_rare.size);
    else
        buffer_format(&text, "surprise %.1f", finding->surprise);
    buffer_add(&part, finding->kind.text, finding->kind.size);
    part_add(page, &text, &part);
    buffer_clear(&part);
    if (finding->repeats > 1 && finding->repeats_untold) {
        words_count(&part, (uint64_t)finding->repeats);
        buffer_puts(&part, finding->is_metric ? " samples" : " times");
    }
    part_add(page, &text, &part);
    paragraph(page, finding, &text, severity_color(finding), false);
    buffer_free(&text);
    buffer_free(&part);
}

/* 2026-11-23 14:02:11 to 14:05:00 - file:12-30; in two lines if one is too short. */
static void place(const Page *page, const Finding *finding)
{
    Buffer text = {0}, part = {0};
    when_add(&text, finding);
    place_add(&part, finding);
    int width = visible_width(buffer_text(&text), text.size) + 3 +
                visible_width(buffer_text(&part), part.size);
    if (text.size > 0 && width > page->look.columns - INDENT) {
        paragraph(page, finding, &text, "2", false);
        buffer_clear(&text);
    }
    part_add(page, &text, &part);
    if (text.size > 0)
        paragraph(page, finding, &text, "2", false);
    buffer_free(&text);
    buffer_free(&part);
}

/* A line that is a little too long loses its beginning, mostly the time, which is told above.
 * Gives how many bytes to leave out; 0: it fits, or more than a third would go. */
static size_t beginning_spare(const Finding *finding, int columns, size_t focus)
{
    const Piece *line = &finding->sample;
    if (finding->time == ODD_TIME_NONE || visible_end(line->text, line->size, columns) == 0)
        return 0;
    size_t from = visible_end(line->text, line->size, columns - SAMPLE_GAP);
    bool little = visible_width(line->text, from) <= columns / 3;
    return little && from <= focus ? from : 0;
}

/* The line itself, cut so that what was seen stays in sight. */
static void sample(const Page *page, const Finding *finding)
{
    const Piece *line = &finding->sample;
    if (line->size == 0)
        return;
    const Piece *seen = &finding->odd_part;
    const char *found =
        seen->size > 0 ? memmem(line->text, line->size, seen->text, seen->size) : NULL;
    margin(page, finding, false);
    buffer_puts(page->out, page->report->is_diff ? "" : "> ");
    if (page->report->is_diff)
        buffer_format(page->out, "%c ", diff_sign(finding->kind.text));
    int columns = page->look.columns - INDENT - 2;
    size_t focus = found ? (size_t)(found - line->text) : 0;
    size_t spare = beginning_spare(finding, columns, found ? focus : line->size);
    if (spare > 0) {
        buffer_puts(page->out, page->look.unicode ? "\xe2\x80\xa6" : "...");
        visible_add(page->out, line->text + spare, line->size - spare);
    } else {
        visible_shorten(page->out, line->text, line->size, columns, !page->look.unicode, focus,
                        found ? seen->size : 0);
    }
    buffer_puts(page->out, "\n");
}

static void finding_write(const Page *page, const Finding *finding)
{
    Buffer sentence = {0};
    buffer_add(&sentence, finding->sentence.text, finding->sentence.size);
    paragraph(page, finding, &sentence, "1", true);
    rarity(page, finding);
    place(page, finding);
    sample(page, finding);
    buffer_puts(page->out, "\n");
    buffer_free(&sentence);
}

static void diff_head(const Page *page)
{
    const Report *report = page->report;
    for (size_t i = 0; i < report->source_count; i++) {
        bool good = i < report->good_count;
        buffer_puts(page->out, good ? "--- " : "+++ ");
        visible_add(page->out, report->sources[i].name.text, report->sources[i].name.size);
        buffer_puts(page->out, "  ");
        extent_rows(page->out, report, report->sources[i].rows);
        buffer_puts(page->out, "\n");
    }
    buffer_puts(page->out, "\n");
}

/* A limit of 0 is none. */
static void span_add(Buffer *text, const char *word, odd_time limit)
{
    if (limit == 0)
        return;
    buffer_puts(text, word);
    words_time(text, limit);
}

static void nothing_odd(const Page *page)
{
    const Report *report = page->report;
    Buffer text = {0};
    if (report->rows == 0) {
        buffer_puts(&text, "Nothing to look at: the input has no lines.");
    } else {
        buffer_puts(&text, report->is_diff ? "Nothing differs oddly" : "Nothing odd");
        span_add(&text, " since ", report->since);
        span_add(&text, " before ", report->until);
        bool part = report->since != 0 || report->until != 0;
        buffer_puts(&text, part ? ", as learnt from " : " in ");
        extent_rows(&text, report, report->rows);
        buffer_puts(&text, " of ");
        extent_signals(&text, report);
        if (report->first_time != ODD_TIME_NONE) {
            span_add(&text, " from ", report->first_time);
            span_add(&text, " to ", report->last_time);
        }
        buffer_puts(&text, ".");
        for (size_t i = 0; i < report->note_count; i++) {
            if (strcmp(report->notes[i].topic.text, "closest") != 0)
                continue;
            buffer_puts(&text, " ");
            buffer_add(&text, report->notes[i].sentence.text, report->notes[i].sentence.size);
        }
    }
    wrap_add(page->out, buffer_text(&text), text.size, 0, 0, page->look.columns);
    buffer_puts(page->out, "\n");
    buffer_free(&text);
}

/* The last lines: rows, patterns, findings, seconds, rate. */
static void tally(const Page *page)
{
    const Report *report = page->report;
    Buffer text = {0};
    extent_rows(&text, report, report->rows);
    buffer_puts(&text, ", ");
    extent_signals(&text, report);
    buffer_puts(&text, ", ");
    words_counted(&text, report->finding_count, "finding", "findings");
    buffer_puts(&text, ", ");
    words_seconds(&text, report->seconds);
    if (report->seconds > 0) {
        buffer_puts(&text, ", ");
        words_rate(&text, (double)report->rows / report->seconds);
        buffer_puts(&text, report_is_of_series(report) ? "rows/s" : "lines/s");
    }
    if (report->interrupted)
        buffer_puts(&text, " (stopped early)");
    Buffer lines = {0};
    wrap_add(&lines, buffer_text(&text), text.size, 0, 0, page->look.columns);
    paint(page, "2");
    buffer_add(page->out, lines.text, lines.size - 1); /* The line end comes behind the colour. */
    paint(page, "0");
    buffer_puts(page->out, "\n");
    buffer_free(&text);
    buffer_free(&lines);
}

void render_text(Buffer *out, const Report *report, Look look)
{
    Page page = {.out = out, .report = report, .look = look};
    if (report->is_diff && report->rows > 0)
        diff_head(&page);
    for (size_t i = 0; i < report->finding_count; i++)
        finding_write(&page, &report->findings[i]);
    if (report->finding_count == 0)
        nothing_odd(&page);
    tally(&page);
}
