/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/questions.h"

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

static void shown(Buffer *out, const char *text)
{
    visible_add(out, text, strlen(text));
}

static void add_examples(Buffer *out, const JsonTree *examples)
{
    for (size_t i = 0; i < json_tree_count(examples); i++) {
        buffer_puts(out, "   like it: ");
        shown(out, tree_text(json_tree_item(examples, i), "sentence"));
        buffer_puts(out, "\n");
    }
}

static void add_question(Buffer *out, size_t number, const JsonTree *item)
{
    const char *id = tree_text(item, "id");
    int like = (int)tree_count(item, "like"), days = (int)tree_count(item, "days");
    double real = 0;
    bool is_alone = like < 2;
    json_tree_real(json_tree_member(item, "real"), &real);
    buffer_format(out, "%zu. ", number);
    shown(out, tree_text(item, "sentence"));
    buffer_format(out, "\n   %s, ", tree_text(item, "time"));
    shown(out, tree_text(item, "source"));
    buffer_format(out, "; %d like it on %d day%s, real with %.0f %%%s\n", like, days,
                  days == 1 ? "" : "s", 100 * real,
                  strcmp(tree_text(item, "reason"), "chance") == 0 ? "; drawn by chance" : "");
    add_examples(out, json_tree_member(item, "examples"));
    buffer_format(out, "   oddball mark %s real, or unsure\n   oddball mark %s expected%s\n", id,
                  id, is_alone ? "" : " --scope like");
}

static void add_precision(Buffer *out, const JsonTree *precision)
{
    double estimate = 0, lower = 0, upper = 0;
    int answers = (int)tree_count(precision, "answers");
    if (!json_tree_real(json_tree_member(precision, "estimate"), &estimate) ||
        !json_tree_real(json_tree_member(precision, "lower"), &lower) ||
        !json_tree_real(json_tree_member(precision, "upper"), &upper))
        return;
    buffer_format(out, "%d drawn by chance %s answered: %.0f %% are real (%.0f to %.0f %%)\n",
                  answers, answers == 1 ? "was" : "were", 100 * estimate, 100 * lower, 100 * upper);
}

static void add_all(Buffer *out, const JsonTree *answer)
{
    const JsonTree *items = json_tree_member(answer, "items");
    for (size_t i = 0; i < json_tree_count(items); i++)
        add_question(out, i + 1, json_tree_item(items, i));
    if (json_tree_count(items) == 0)
        buffer_puts(out, "no questions: those of today are answered, or nothing is worth one\n");
    add_precision(out, json_tree_member(answer, "precision"));
}

static void print(const Options *options, const JsonTree *answer, Buffer *out)
{
    Buffer all = {0};
    if (options->format == FORMAT_JSON) {
        char *text = json_tree_write(answer);
        buffer_puts(out, text ? text : "{}");
        buffer_puts(out, "\n");
        free(text);
        return;
    }
    add_all(&all, answer);
    wrap_lines(out, buffer_text(&all), terminal_width(STDOUT_FILENO, options->width));
    buffer_free(&all);
}

int questions_print(const Options *options)
{
    if (options->format == FORMAT_CSV || options->format == FORMAT_HTML) {
        complain("questions about findings are printed as --format text or json");
        return STATUS_ERROR;
    }
    Buffer path = {0};
    buffer_puts(&path, "/api/v1/questions");
    if (options->count > 0)
        buffer_format(&path, "?count=%d", options->count);
    JsonTree *answer = saying_ask(options, "GET", buffer_text(&path), NULL);
    buffer_free(&path);
    if (answer == NULL)
        return STATUS_ERROR;
    Out out = {.descriptor = STDOUT_FILENO};
    print(options, answer, &out.text);
    json_tree_free(answer);
    return help_done(&out);
}
