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

static void print_finding(Buffer *out, const JsonTree *finding)
{
    double surprise = 0;
    json_tree_real(json_tree_member(finding, "surprise"), &surprise);
    shown(out, "", tree_text(finding, "sentence"));
    buffer_format(out, "\n  %s, %s, surprise %.1f", tree_text(finding, "time"),
                  tree_text(finding, "state"), surprise);
    shown(out, ", ", tree_text(finding, "how_rare"));
    shown(out, "\n  ", tree_text(finding, "sample"));
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

static int print(const Options *options, const JsonTree *answer)
{
    Out out = {.descriptor = STDOUT_FILENO};
    if (options->format == FORMAT_JSON) {
        char *text = json_tree_write(answer);
        buffer_puts(&out.text, text ? text : "{}");
        buffer_puts(&out.text, "\n");
        free(text);
        return help_done(&out);
    }
    const JsonTree *verdicts = json_tree_member(answer, "verdicts");
    Buffer all = {0};
    print_finding(&all, json_tree_member(answer, "finding"));
    print_evidence(&all, json_tree_member(answer, "evidence"));
    for (size_t i = 0; i < json_tree_count(verdicts); i++)
        print_verdict(&all, json_tree_item(verdicts, i));
    wrap_lines(&out.text, buffer_text(&all), terminal_width(STDOUT_FILENO, options->width));
    buffer_free(&all);
    return help_done(&out);
}

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count != 1 || arguments[0][0] == '\0' ||
        strspn(arguments[0], "0123456789abcdef") != strlen(arguments[0])) {
        complain("explain takes the id of a finding, 16 hexadecimal digits; `oddball watch` shows "
                 "findings with their ids");
        return STATUS_ERROR;
    }
    Buffer path = {0};
    buffer_format(&path, "/api/v1/findings/%.64s/explain", arguments[0]);
    JsonTree *answer = saying_ask(options, NULL, buffer_text(&path), NULL);
    buffer_free(&path);
    if (answer == NULL)
        return STATUS_ERROR;
    int status = print(options, answer);
    json_tree_free(answer);
    return status;
}

static const char *const option_names[] = {"format", "server", NULL};

const Command command_explain = {
    .name = "explain",
    .summary = "What a finding of the server rests on, and who says what of it",
    .example = "oddball explain 2fe165d31248b42e\n"
               "oddball explain 2fe165d31248b42e --format json",
    .usage = "FINDING",
    .details = "Everything that a verdict, a mute or a rule holds back says by whom.",
    .options = option_names,
    .settings = true,
    .formats = "text or json",
    .run = run,
};
