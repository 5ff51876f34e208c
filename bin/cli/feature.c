/* SPDX-License-Identifier: Apache-2.0
 *
 * feature.c - the command `feature`: definitions checked, listed, and values of an entity. */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/feature_verify.h"
#include "cli/help.h"
#include "cli/house.h"
#include "cli/saying.h"
#include "input/clock.h"
#include "settings/features.h"

#define NS_PER_DAY 86400e9

static void tell(void *context, const char *sentence)
{
    (void)context; /* It is said at once. */
    complain("%s", sentence);
}

static bool read_arguments(FeatureFiles *files, const House *house, int count,
                           const char *const *arguments)
{
    char folder[FEATURE_FOLDER_SIZE];
    for (int i = 0; i < count; i++)
        if (!feature_files_read_folder(files, arguments[i]))
            feature_files_read(files, arguments[i]);
    if (count > 0)
        return true;
    if (feature_files_read_folder(files, feature_files_folder(&house->settings, folder)))
        return true;
    complain("there is no folder %s; name the files: oddball feature check features.yaml", folder);
    return false;
}

static int print_checked(const FeatureFiles *files)
{
    Out out = {.descriptor = STDOUT_FILENO};
    buffer_format(&out.text, "%zu %s, nothing wrong.\n", files->count,
                  files->count == 1 ? "feature" : "features");
    return help_done(&out);
}

static int check(const Options *options, int count, const char *const *arguments)
{
    House house = {0};
    FeatureFiles files;
    char problem[SETTINGS_PROBLEM_SIZE];
    odd_events *events = NULL;
    int status = STATUS_ERROR;
    if (!settings_load(&house.settings, options->settings, options->setting_count, problem)) {
        complain("%s", problem);
        return STATUS_ERROR;
    }
    int64_t retention_ns = (int64_t)(house.settings.retention_days * NS_PER_DAY);
    if (!feature_files_open(&files, tell, NULL) ||
        odd_events_open(NULL, clock_now(), &events) != ODD_OK)
        complain("no memory for the features");
    else if (read_arguments(&files, &house, count, arguments) &&
             feature_files_events(&files, retention_ns, events))
        status = print_checked(&files);
    odd_events_close(events);
    feature_files_close(&files);
    house_close(&house);
    return status;
}

/* -- asking the server ------------------------------------------------------------------------- */

static void print_definition(Out *out, const JsonTree *item)
{
    buffer_format(&out->text, "%-32s %s  %s of %s", tree_text(item, "name"),
                  tree_text(item, "version"), tree_text(item, "aggregate"),
                  tree_text(item, "from"));
    if (tree_text(item, "entity")[0] != '\0')
        buffer_format(&out->text, " by %s", tree_text(item, "entity"));
    if (tree_text(item, "description")[0] != '\0')
        buffer_format(&out->text, "  %s", tree_text(item, "description"));
    buffer_puts(&out->text, "\n");
}

static int list(const Options *options)
{
    JsonTree *answer = saying_ask(options, "GET", "/api/v1/features", NULL);
    if (answer == NULL)
        return STATUS_ERROR;
    Out out = {.descriptor = STDOUT_FILENO};
    const JsonTree *items = json_tree_member(answer, "items");
    for (size_t i = 0; i < json_tree_count(items); i++)
        print_definition(&out, json_tree_item(items, i));
    json_tree_free(answer);
    return help_done(&out);
}

static void print_value(Out *out, const JsonTree *item)
{
    double value = 0, age = 0;
    bool was_missing = false;
    buffer_format(&out->text, "%-32s ", tree_text(item, "name"));
    if (json_tree_real(json_tree_member(item, "value"), &value))
        buffer_format(&out->text, "%.10g", value);
    else
        buffer_puts(&out->text, "missing");
    json_tree_bool(json_tree_member(item, "was_missing"), &was_missing);
    if (was_missing && json_tree_kind(json_tree_member(item, "value")) == JSON_TREE_NUMBER)
        buffer_puts(&out->text, " (imputed)");
    if (json_tree_real(json_tree_member(item, "age_s"), &age))
        buffer_format(&out->text, "  %.3g s old", age);
    buffer_puts(&out->text, "\n");
}

static int get(const Options *options, int count, const char *const *arguments)
{
    Buffer path = {0};
    buffer_puts(&path, "/api/v1/features/");
    buffer_percent(&path, arguments[0]);
    for (int i = 1; i < count; i++) {
        buffer_puts(&path, i == 1 ? "?names=" : ",");
        buffer_percent(&path, arguments[i]);
    }
    JsonTree *answer = saying_ask(options, "GET", buffer_text(&path), NULL);
    buffer_free(&path);
    if (answer == NULL)
        return STATUS_ERROR;
    Out out = {.descriptor = STDOUT_FILENO};
    const JsonTree *items = json_tree_member(answer, "features");
    for (size_t i = 0; i < json_tree_count(items); i++)
        print_value(&out, json_tree_item(items, i));
    json_tree_free(answer);
    return help_done(&out);
}

static int run(const Options *options, int count, const char *const *arguments)
{
    const char *what = count > 0 ? arguments[0] : "";
    if (strcmp(what, "check") == 0)
        return check(options, count - 1, arguments + 1);
    if (strcmp(what, "list") == 0 && count == 1)
        return list(options);
    if (strcmp(what, "get") == 0 && count > 1)
        return get(options, count - 1, arguments + 1);
    if (strcmp(what, "verify") == 0)
        return feature_verify(options, count - 1, arguments + 1);
    complain("feature takes check [FILE...], list, get ENTITY [NAME...], or verify [ENTITY...]");
    return STATUS_ERROR;
}

static const char *const option_names[] = {"server", NULL};

const Command command_feature = {
    .name = "feature",
    .summary = "Check definitions of features, list them, read and verify values",
    .example = "oddball feature check features/shop.yaml\n"
               "oddball feature list\n"
               "oddball feature get web-1 errors_5m latency_p95\n"
               "oddball feature verify",
    .usage = "check|list|get|verify [ARGUMENT...]",
    .details = "check reads files of definitions (doc/features.md), or the folder that the server "
               "reads, and says of each mistake where it is. list and get ask the running server. "
               "verify computes values of the server once more out of its lake and journal, and "
               "compares them bit by bit.",
    .options = option_names,
    .settings = true,
    .run = run,
};
