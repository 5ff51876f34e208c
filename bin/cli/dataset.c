/* SPDX-License-Identifier: Apache-2.0
 *
 * dataset.c - the command `dataset`: tables frozen under a name, each version known by its
 * content. */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/dataset_diff.h"
#include "cli/dataset_file.h"
#include "cli/dataset_findings.h"
#include "cli/dataset_make.h"
#include "cli/help.h"
#include "cli/table_feed.h"
#include "input/clock.h"

static int freeze(const Options *options, RegistryHome *home, const char *file)
{
    char version[ODD_VERSION_SIZE];
    if (options->learn.name == NULL) {
        complain("a dataset needs a name: oddball dataset freeze %s --name NAME", file);
        return STATUS_ERROR;
    }
    if (!table_feed(home->registry, file))
        return STATUS_ERROR;
    odd_freezing freezing = {.name = options->learn.name,
                             .source = file,
                             .note = options->learn.note,
                             .keys = options->learn.keys,
                             .now = clock_now()};
    odd_rc rc = odd_registry_freeze(home->registry, &freezing, version);
    if (rc != ODD_OK && rc != ODD_EXISTS)
        return registry_home_failed(home, rc);
    Out out = {.descriptor = STDOUT_FILENO};
    buffer_format(&out.text, "%s@%s\n", options->learn.name, version);
    if (rc == ODD_EXISTS && !options->quiet)
        complain("these very rows are there already");
    return help_done(&out);
}

/* JSON is the manifest itself. */
static int show(const Options *options, RegistryHome *home, const char *name)
{
    const char *json;
    if (options->format != FORMAT_JSON)
        return registry_home_show(options, home, ODD_DATASET_COLUMNS, name);
    odd_rc rc = odd_dataset_manifest(home->registry, name, &json);
    if (rc != ODD_OK)
        return registry_home_failed(home, rc);
    Out out = {.descriptor = STDOUT_FILENO};
    buffer_format(&out.text, "%s\n", json);
    return help_done(&out);
}

static int verify(RegistryHome *home, const char *name)
{
    odd_rc rc = odd_dataset_verify(home->registry, name);
    if (rc != ODD_OK)
        return registry_home_failed(home, rc);
    Out out = {.descriptor = STDOUT_FILENO};
    buffer_format(&out.text, "%s: the rows are those that were frozen\n", name);
    return help_done(&out);
}

static int run_at_home(const Options *options, RegistryHome *home, int count,
                       const char *const *arguments)
{
    const char *verb = count > 0 ? arguments[0] : "";
    if (strcmp(verb, "freeze") == 0 && count == 2)
        return freeze(options, home, arguments[1]);
    if (strcmp(verb, "findings") == 0 && count == 1)
        return dataset_findings(options, home);
    if (strcmp(verb, "list") == 0 && count == 1)
        return registry_home_show(options, home, ODD_DATASETS, NULL);
    if (strcmp(verb, "show") == 0 && count == 2)
        return show(options, home, arguments[1]);
    if (strcmp(verb, "verify") == 0 && count == 2)
        return verify(home, arguments[1]);
    if (strcmp(verb, "export") == 0 && count == 2)
        return dataset_export(options, home, arguments[1]);
    if (strcmp(verb, "diff") == 0 && count == 3)
        return dataset_diff(options, home, arguments[1], arguments[2]);
    complain("dataset takes make, findings, freeze FILE, list, show NAME, diff NAME NAME, verify "
             "NAME or export NAME: oddball dataset freeze table.parquet --name churn");
    return STATUS_ERROR;
}

static int run(const Options *options, int count, const char *const *arguments)
{
    RegistryHome home;
    if (count > 0 && strcmp(arguments[0], "make") == 0)
        return dataset_make(options, count - 1, arguments + 1);
    if (!registry_home_open(options, &home))
        return STATUS_ERROR;
    int status = run_at_home(options, &home, count, arguments);
    registry_home_close(&home);
    return status;
}

static const char *const option_names[] = {"labels",  "features", "definitions", "as-of", "plain",
                                           "format",  "name",     "note",        "key",   "out",
                                           "outcome", "segments", "drop",    "server",   NULL};

const Command command_dataset = {
    .name = "dataset",
    .summary = "Make tables to train on; freeze them with versions; compare, verify, export them",
    .example = "oddball dataset make --labels labels.csv --features errors_5m --out train.parquet\n"
               "oddball dataset findings --out judged.parquet\n"
               "oddball dataset freeze train.parquet --name churn\n"
               "oddball dataset list\n"
               "oddball dataset diff churn@3f2a churn\n"
               "oddball dataset export churn --out churn.parquet",
    .usage = "make | findings | freeze FILE | list | show NAME | diff NAME NAME | verify NAME | "
             "export NAME",
    .details = "make: a label is a time and the entities that it is of, in columns of the names "
               "that the features give them; other columns stay as they are. Values are those that "
               "`oddball feature get` would have said then, out of the lake and the journal: no "
               "row sees what came (--as-of known) or happened (--as-of event) later. findings: "
               "a row for each finding that somebody judged, with the verdict "
               "(doc/learning.md). A version is the hash of the rows in their canonical form: "
               "the same table from CSV and from Parquet is the same version. NAME alone is the "
               "newest, NAME@3f2a the one that begins so. `diff` tells which columns drifted, as "
               "`oddball diff` does.",
    .options = option_names,
    .settings = true,
    .formats = "text, json or csv (text)",
    .run = run,
};
