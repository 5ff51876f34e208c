/* SPDX-License-Identifier: Apache-2.0
 *
 * rules.c - the command `rules`: a file of rules tried on history, given to the server, or written
 * of all that was said. */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/rules_file.h"
#include "cli/saying.h"
#include "cli/words.h"
#include "input/clock.h"
#include "live/replay.h"
#include "serve/shares.h"
#include "settings/rules.h"

#define PROBLEM_SIZE 1024
#define PAGES_MAX 4 /* Of 1,000 verdicts; at most 1,024 are in force. */

static const char *const texts[] = {"id",   "finding", "source", "pattern", "signal", "host",
                                    "kind", "text",    "reason", "author",  "about",
                                    "with", "every",   "zone"};
#define TEXT_COUNT (sizeof texts / sizeof texts[0])

static const char *text_of(const odd_rows *rows, const char *name)
{
    return odd_text(rows, odd_column(rows, name));
}

/* -- what the server knows --------------------------------------------------------------------- */

/* The fold of the newest checkpoint and the journal behind it; NULL: told. */
static odd_fold *fold_of_house(const Options *options)
{
    House house;
    char problem[PROBLEM_SIZE];
    odd_fold *fold = NULL;
    ReplayCounts counts = {0};
    if (!house_open(options, &house))
        return NULL;
    ReplayOptions replaying = {.fold = fold_options(&house.settings),
                               .threads = house.settings.threads,
                               .lake = house.lake,
                               .duckdb = house.settings.duckdb,
                               .newest = true};
    if (replay(house.settings.data, &replaying, interrupt_watch(), &fold, &counts, problem,
               sizeof problem) != ODD_OK) {
        complain("%s", problem);
        fold = NULL;
    }
    house_close(&house);
    return fold;
}

/* One of the server's verdicts as it was said. */
static void json_said(Json *json, const JsonTree *item)
{
    static const char *const others[] = {"verdict", "from", "until", "made", "surprise"};
    json_open(json, '{');
    for (size_t i = 0; i < TEXT_COUNT + sizeof others / sizeof others[0]; i++) {
        const char *name = i < TEXT_COUNT ? texts[i] : others[i - TEXT_COUNT];
        const JsonTree *value = json_tree_member(item, name);
        const char *text;
        size_t size;
        double number;
        if (json_tree_text(value, &text, &size)) {
            json_name(json, name);
            json_text(json, text, size);
        } else if (json_tree_real(value, &number) && number > 0) {
            json_name(json, name);
            json_exact(json, number);
        }
    }
    if (strcmp(tree_text(item, "lasts"), "forever") == 0) {
        json_name(json, "until");
        json_text(json, "forever", strlen("forever"));
    }
    json_close(json, '}');
}

/* All verdicts of the server, the newest first, page by page.  False: told. */
static bool pages_of_server(const Options *options, JsonTree *pages[PAGES_MAX], size_t *ret_count)
{
    Buffer path = {0};
    bool good = true, more = true;
    while (good && more && *ret_count < PAGES_MAX) {
        const JsonTree *last = *ret_count > 0 ? pages[*ret_count - 1] : NULL;
        buffer_clear(&path);
        buffer_puts(&path, "/api/v1/verdicts?limit=1000");
        if (last != NULL)
            buffer_format(&path, "&cursor=%s", tree_text(last, "next"));
        JsonTree *page = saying_ask(options, NULL, buffer_text(&path), NULL);
        good = page != NULL;
        more = good && tree_text(page, "next")[0] != '\0';
        if (good)
            pages[(*ret_count)++] = page;
    }
    buffer_free(&path);
    return good;
}

/* A fold that knows nothing but what was said to the server of --server; NULL: told. */
static odd_fold *fold_of_server(const Options *options)
{
    JsonTree *pages[PAGES_MAX];
    size_t count = 0;
    Buffer body = {0};
    Json json = {.out = &body};
    odd_fold *fold = NULL;
    odd_events *events = NULL;
    odd_decoded decoded;
    odd_wire wire = {.source = "", .now = clock_now()};
    bool good = pages_of_server(options, pages, &count);
    json_open(&json, '[');
    for (size_t page = count; page-- > 0;) {
        const JsonTree *items = json_tree_member(pages[page], "items");
        for (size_t i = json_tree_count(items); i-- > 0;)
            json_said(&json, json_tree_item(items, i));
        json_tree_free(pages[page]);
    }
    json_close(&json, ']');
    if (good && (odd_fold_open(NULL, &fold) != ODD_OK ||
                 odd_events_open(NULL, wire.now, &events) != ODD_OK ||
                 odd_decode("verdict", &wire, body.text, body.size, events, &decoded) != ODD_OK ||
                 odd_fold_rules(fold, events) != ODD_OK)) {
        complain("cannot read what was said to the server %s", options->server);
        odd_fold_close(fold);
        fold = NULL;
    }
    odd_events_close(events);
    buffer_free(&body);
    return fold;
}

/* -- test -------------------------------------------------------------------------------------- */

static void print_trials(Buffer *out, odd_rows *rows)
{
    static const char *const names[] = {"looked_at", "fits", "hidden", "real", "broken"};
    while (odd_next(rows) == ODD_ROW) {
        int64_t counts[5];
        for (int i = 0; i < 5; i++)
            counts[i] = odd_int(rows, odd_column(rows, names[i]));
        saying_effect(out, "", text_of(rows, "verdict"), text_of(rows, "id"), counts);
    }
}

static int test(const Options *options, const char *path)
{
    odd_rows *rows;
    odd_events *events = rules_file_open(options, path);
    odd_fold *fold = events != NULL ? fold_of_house(options) : NULL;
    int status = STATUS_ERROR;
    if (fold != NULL &&
        odd_fold_try(fold, events, house_limit(options->since, 0), &rows) == ODD_OK) {
        Out out = {.descriptor = STDOUT_FILENO};
        print_trials(&out.text, rows);
        odd_rows_close(rows);
        status = help_done(&out);
    }
    odd_fold_close(fold);
    odd_events_close(events);
    return status;
}

/* -- export ------------------------------------------------------------------------------------ */

/* Between double quotes, as YAML and JSON both read it. */
static void quoted(Buffer *out, const char *text)
{
    Json json = {.out = out, .after_name = true};
    json_text(&json, text, strlen(text));
}

static void yaml_time(Buffer *out, const odd_rows *rows, const char *name)
{
    odd_time time = odd_int(rows, odd_column(rows, name));
    if (time == ODD_TIME_NONE)
        return;
    buffer_format(out, "    %s: ", name);
    words_time_iso(out, time);
    buffer_puts(out, "\n");
}

static void yaml_rule(Buffer *out, const odd_rows *rows)
{
    const char *before = "  - ";
    double surprise = odd_double(rows, odd_column(rows, "surprise"));
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const char *text = text_of(rows, texts[i]);
        if (text[0] == '\0')
            continue;
        buffer_format(out, "%s%s: ", before, texts[i]);
        quoted(out, text);
        buffer_puts(out, "\n");
        before = "    ";
    }
    yaml_time(out, rows, "from");
    yaml_time(out, rows, "until");
    if (strcmp(text_of(rows, "lasts"), "forever") == 0)
        buffer_puts(out, "    until: forever\n");
    yaml_time(out, rows, "made");
    if (surprise > 0) {
        buffer_puts(out, "    surprise: ");
        words_exact(out, surprise);
        buffer_puts(out, "\n");
    }
}

static int export(const Options *options)
{
    odd_fold *fold = options->server != NULL ? fold_of_server(options) : fold_of_house(options);
    if (fold == NULL)
        return STATUS_ERROR;
    Out out = {.descriptor = STDOUT_FILENO};
    for (size_t i = 0; i < RULE_LIST_COUNT; i++) {
        odd_rows *rows;
        bool begun = false;
        if (odd_fold_query(fold, &(odd_question){.view = ODD_VERDICTS}, &rows) != ODD_OK)
            continue;
        while (odd_next(rows) == ODD_ROW) {
            if (strcmp(text_of(rows, "verdict"), rule_lists[i].verdict) != 0)
                continue;
            if (!begun)
                buffer_format(&out.text, "%s:\n", rule_lists[i].list);
            begun = true;
            yaml_rule(&out.text, rows);
        }
        odd_rows_close(rows);
    }
    odd_fold_close(fold);
    return help_done(&out);
}

/* -- import ------------------------------------------------------------------------------------ */

static void json_rule_time(Json *json, const odd_rows *rows, const char *name)
{
    odd_time time = odd_int(rows, odd_column(rows, name));
    if (time == ODD_TIME_NONE)
        return;
    json_name(json, name);
    json_time(json, time);
}

static void json_rule(Json *json, const odd_rows *rows)
{
    double surprise = odd_double(rows, odd_column(rows, "surprise"));
    json_open(json, '{');
    json_name(json, "verdict");
    json_text(json, text_of(rows, "verdict"), strlen(text_of(rows, "verdict")));
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const char *text = text_of(rows, texts[i]);
        if (text[0] == '\0')
            continue;
        json_name(json, texts[i]);
        json_text(json, text, strlen(text));
    }
    json_rule_time(json, rows, "from");
    json_rule_time(json, rows, "until");
    if (strcmp(text_of(rows, "lasts"), "forever") == 0) {
        json_name(json, "until");
        json_text(json, "forever", strlen("forever"));
    }
    json_rule_time(json, rows, "made");
    if (surprise > 0) {
        json_name(json, "surprise");
        json_exact(json, surprise);
    }
    json_close(json, '}');
}

/* As the library reads them, so that each has its id. */
static bool rules_as_json(const odd_events *events, Buffer *body)
{
    odd_fold *fold = NULL;
    odd_rows *rows = NULL;
    Json json = {.out = body};
    bool good = odd_fold_open(NULL, &fold) == ODD_OK && odd_fold_rules(fold, events) == ODD_OK &&
                odd_fold_query(fold, &(odd_question){.view = ODD_VERDICTS}, &rows) == ODD_OK;
    if (!good)
        complain("no memory for the rules");
    json_open(&json, '[');
    while (good && odd_next(rows) == ODD_ROW)
        json_rule(&json, rows);
    json_close(&json, ']');
    odd_rows_close(rows);
    odd_fold_close(fold);
    return good;
}

/* Only tried, or in force from then on. */
static int give(const Options *options, const char *path)
{
    Buffer body = {0};
    odd_events *events = rules_file_open(options, path);
    int status = STATUS_ERROR;
    if (events != NULL && rules_as_json(events, &body))
        status = saying_send(options, buffer_text(&body));
    odd_events_close(events);
    buffer_free(&body);
    return status;
}

/* By the server of --server, which looks at the last 30 days. */
static int test_remote(const Options *options, const char *path)
{
    Options dry = *options;
    dry.dry_run = true;
    if (options->since.kind != MOMENT_NONE) {
        complain("a server tries rules on its last 30 days: leave --since out, or --server");
        return STATUS_ERROR;
    }
    return give(&dry, path);
}

static int run(const Options *options, int count, const char *const *arguments)
{
    const char *verb = count > 0 ? arguments[0] : "";
    if (strcmp(verb, "export") == 0 && count == 1)
        return export(options);
    if (strcmp(verb, "test") == 0 && count == 2)
        return options->server != NULL ? test_remote(options, arguments[1])
                                       : test(options, arguments[1]);
    if (strcmp(verb, "import") == 0 && count == 2)
        return give(options, arguments[1]);
    complain("rules takes test, import or export: oddball rules test rules.yaml, oddball rules "
             "import rules.yaml, or oddball rules export > rules.yaml");
    return STATUS_ERROR;
}

static const char *const option_names[] = {"since", "dry-run", "server", NULL};

const Command command_rules = {
    .name = "rules",
    .summary = "Try a file of rules on history, give it to the server, or write it",
    .example = "oddball rules test rules.yaml\n"
               "oddball rules import rules.yaml\n"
               "oddball rules export > rules.yaml",
    .usage = "test FILE | import FILE | export",
    .details = "`test` says of each rule how many of the findings that the server keeps it would "
               "have hidden, and how many of those were marked real. `import` gives the rules to "
               "the server that runs; one that it has already is there once. `export` writes all "
               "verdicts, mutes and rules that are in force, for git or another server. With "
               "--server that server is asked, and tries rules on its last 30 days. "
               "`oddball replay --rules FILE` prints the findings themselves.",
    .options = option_names,
    .settings = true,
    .run = run,
};
