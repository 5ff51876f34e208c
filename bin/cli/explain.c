/* SPDX-License-Identifier: Apache-2.0
 *
 * explain.c - the command `explain`: what a finding rests on, and who says what of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/help.h"
#include "cli/saying.h"
#include "cli/terminal.h"
#include "cli/visible.h"
#include "cli/wrap.h"

static void shown(Buffer *out, const char *before, const char *text)
{
    if (text[0] == '\0')
        return;
    buffer_puts(out, before);
    visible_add(out, text, strlen(text));
}

static void print_number(Buffer *out, const JsonTree *evidence, const char *name, const char *words)
{
    double value;
    if (!json_tree_real(json_tree_member(evidence, name), &value))
        return;
    buffer_format(out, "  %-12s", name);
    bool is_whole = value == floor(value) || fabs(value) >= 1000;
    buffer_format(out, is_whole ? "%.0f%s\n" : "%.4g%s\n", value, words);
}

static void print_finding(Buffer *out, const JsonTree *finding, const JsonTree *evidence)
{
    double surprise = 0;
    json_tree_real(json_tree_member(finding, "surprise"), &surprise);
    shown(out, "", tree_text(finding, "sentence"));
    buffer_format(out, "\n  %s, %s, surprise %.1f", tree_text(finding, "time"),
                  tree_text(finding, "state"), surprise);
    shown(out, ", ", tree_text(finding, "how_rare"));
    shown(out, "\n  ", tree_text(finding, "sample"));
    shown(out, "\n  ", tree_text(evidence, "beside"));
    buffer_puts(out, "\n");
}

static void print_evidence(Buffer *out, const JsonTree *evidence)
{
    print_number(out, evidence, "seen", "");
    print_number(out, evidence, "expected", "");
    print_number(out, evidence, "threshold", " (today's, that its like must reach)");
    print_number(out, evidence, "repeats", "");
    print_number(out, evidence, "neighbours", "");
}

static void print_verdict(Buffer *out, const JsonTree *verdict)
{
    const char *does = tree_text(verdict, "does");
    shown(out, "", tree_text(verdict, "verdict"));
    shown(out, " ", tree_text(verdict, "id"));
    if (strcmp(does, "hides") == 0)
        buffer_puts(out, " holds it back");
    if (strcmp(does, "broken") == 0)
        buffer_puts(out, " does not hold it back any more: it got worse");
    if (strcmp(tree_text(verdict, "lasts"), "forever") == 0)
        buffer_puts(out, ", for ever");
    shown(out, ", until ", tree_text(verdict, "until"));
    shown(out, ", said by ", tree_text(verdict, "author"));
    shown(out, ": ", tree_text(verdict, "reason"));
    buffer_puts(out, "\n");
}

/* -- an incident ------------------------------------------------------------------------------- */

/* "1 cause    2026-11-27T12:08:06Z  sentence (why it belongs to it)" */
static void print_part(Buffer *out, const JsonTree *part)
{
    int64_t rank = tree_count(part, "rank");
    if (rank > 0)
        buffer_format(out, "  %2d ", (int)rank);
    else
        buffer_puts(out, "     ");
    const char *role = tree_text(part, "role");
    buffer_format(out, "%-8s %s  ", role[0] != '\0' ? role : tree_text(part, "state"),
                  tree_text(part, "time"));
    shown(out, "", tree_text(part, "sentence"));
    shown(out, "  <- ", tree_text(part, "why"));
    if (tree_text(part, "id")[0] != '\0') /* Who is named has none. */
        buffer_format(out, "  [%s]", tree_text(part, "id"));
    buffer_puts(out, "\n");
}

/* The suspects by rank, then those without one. */
static void print_story(Buffer *out, const JsonTree *story)
{
    size_t count = json_tree_count(story);
    for (size_t rank = 1; rank <= count; rank++)
        for (size_t i = 0; i < count; i++)
            if (tree_count(json_tree_item(story, i), "rank") == (int64_t)rank)
                print_part(out, json_tree_item(story, i));
    for (size_t i = 0; i < count; i++)
        if (tree_count(json_tree_item(story, i), "rank") == 0)
            print_part(out, json_tree_item(story, i));
}

static void print_checked(Buffer *out, const JsonTree *checked)
{
    for (size_t i = 0; i < json_tree_count(checked); i++) {
        const JsonTree *item = json_tree_item(checked, i);
        double surprise;
        buffer_format(out, "%s%s: %d", i == 0 ? "checked: " : ", ", tree_text(item, "sentence"),
                      (int)tree_count(item, "signals"));
        if (strcmp(tree_text(item, "state"), "innocent") != 0 &&
            json_tree_real(json_tree_member(item, "surprise"), &surprise))
            buffer_format(out, " (odd as well, %.1f)", surprise);
    }
    buffer_puts(out, json_tree_count(checked) > 0 ? "\n" : "");
}

static void print_similar(Buffer *out, const JsonTree *similar)
{
    for (size_t i = 0; i < json_tree_count(similar); i++) {
        const JsonTree *item = json_tree_item(similar, i);
        buffer_format(out, "like it: %s  ", tree_text(item, "time"));
        shown(out, "", tree_text(item, "sentence"));
        buffer_format(out, "  (%s)  [%s]\n", tree_text(item, "why"), tree_text(item, "id"));
    }
}

static void print_incident(Buffer *out, const JsonTree *incident)
{
    double surprise = 0;
    int64_t findings = tree_count(incident, "findings"), hidden = tree_count(incident, "hidden");
    json_tree_real(json_tree_member(incident, "surprise"), &surprise);
    shown(out, "", tree_text(incident, "sentence"));
    buffer_format(out, "\n  since %s, %s, surprise %.1f, %d finding%s", tree_text(incident, "time"),
                  tree_text(incident, "state"), surprise, (int)findings, findings == 1 ? "" : "s");
    if (hidden > 0)
        buffer_format(out, ", of which %d held back", (int)hidden);
    if (tree_count(incident, "times") > 0)
        buffer_format(out, "\n  it was there %d time%s before, last as %s",
                      (int)tree_count(incident, "times"),
                      tree_count(incident, "times") == 1 ? "" : "s", tree_text(incident, "again"));
    buffer_puts(out, "\n");
    print_story(out, json_tree_member(incident, "story"));
    print_checked(out, json_tree_member(incident, "checked"));
    print_similar(out, json_tree_member(incident, "similar"));
}

static void print_all_of_finding(Buffer *out, const JsonTree *answer)
{
    const JsonTree *verdicts = json_tree_member(answer, "verdicts");
    const JsonTree *evidence = json_tree_member(answer, "evidence");
    print_finding(out, json_tree_member(answer, "finding"), evidence);
    print_evidence(out, evidence);
    for (size_t i = 0; i < json_tree_count(verdicts); i++)
        print_verdict(out, json_tree_item(verdicts, i));
}

static void print_incidents(Buffer *out, const JsonTree *answer)
{
    const JsonTree *items = json_tree_member(answer, "items");
    for (size_t i = 0; i < json_tree_count(items); i++) {
        const JsonTree *item = json_tree_item(items, i);
        buffer_format(out, "%s  %-10s  %s  ", tree_text(item, "id"), tree_text(item, "state"),
                      tree_text(item, "time"));
        shown(out, "", tree_text(item, "sentence"));
        buffer_puts(out, "\n");
    }
    if (json_tree_count(items) == 0)
        buffer_puts(out, "nothing is odd\n");
}

/* -- the command ------------------------------------------------------------------------------- */

static int print(const Options *options, const JsonTree *answer,
                 void (*write)(Buffer *out, const JsonTree *answer))
{
    Out out = {.descriptor = STDOUT_FILENO};
    if (options->format == FORMAT_JSON) {
        char *text = json_tree_write(answer);
        buffer_puts(&out.text, text ? text : "{}");
        buffer_puts(&out.text, "\n");
        free(text);
        return help_done(&out);
    }
    Buffer all = {0};
    write(&all, answer);
    wrap_lines(&out.text, buffer_text(&all), terminal_width(STDOUT_FILENO, options->width));
    buffer_free(&all);
    return help_done(&out);
}

static int explain_id(const Options *options, const char *id)
{
    Buffer finding = {0}, incident = {0};
    bool is_incident;
    buffer_format(&finding, "/api/v1/findings/%.64s/explain", id);
    buffer_format(&incident, "/api/v1/incidents/%.64s", id);
    JsonTree *answer =
        saying_ask_either(options, buffer_text(&finding), buffer_text(&incident), &is_incident);
    buffer_free(&finding);
    buffer_free(&incident);
    if (answer == NULL)
        return STATUS_ERROR;
    int status = print(options, answer, is_incident ? print_incident : print_all_of_finding);
    json_tree_free(answer);
    return status;
}

static int explain_all(const Options *options)
{
    JsonTree *answer = saying_ask(options, "GET", "/api/v1/incidents?state=shown&limit=20", NULL);
    if (answer == NULL)
        return STATUS_ERROR;
    int status = print(options, answer, print_incidents);
    json_tree_free(answer);
    return status;
}

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count == 0)
        return explain_all(options);
    if (count != 1 || arguments[0][0] == '\0' ||
        strspn(arguments[0], "0123456789abcdef") != strlen(arguments[0])) {
        complain("explain takes the id of a finding or an incident, 16 hexadecimal digits; without "
                 "one it lists incidents with their ids");
        return STATUS_ERROR;
    }
    return explain_id(options, arguments[0]);
}

static const char *const option_names[] = {"format", "server", NULL};

const Command command_explain = {
    .name = "explain",
    .summary = "What a finding or an incident of the server rests on, and what caused it",
    .example = "oddball explain\n"
               "oddball explain 2fe165d31248b42e\n"
               "oddball explain 2fe165d31248b42e --format json",
    .usage = "[FINDING|INCIDENT]",
    .details = "Of an incident: its cause first, then what failed and what users feel of it, each "
               "with the reason why it belongs to the others; deploys and restarts; what was "
               "checked and found innocent; incidents that were like it. Of a finding: its "
               "numbers, and by whom it is held back. Without an id: the latest incidents.",
    .options = option_names,
    .settings = true,
    .formats = "text or json",
    .run = run,
};
