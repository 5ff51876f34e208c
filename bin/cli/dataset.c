/* SPDX-License-Identifier: Apache-2.0
 *
 * dataset.c - the command `dataset`: tables to train on. */
#include <string.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/dataset_make.h"

static int run(const Options *options, int count, const char *const *arguments)
{
    if (count > 0 && strcmp(arguments[0], "make") == 0)
        return dataset_make(options, count - 1, arguments + 1);
    complain("dataset takes make: oddball dataset make --labels labels.csv --out train.parquet");
    return STATUS_ERROR;
}

static const char *const option_names[] = {"labels", "features", "definitions", "as-of", "out",
                                           "plain",  NULL};

const Command command_dataset = {
    .name = "dataset",
    .summary = "Make a table to train on: labels, and what could be known then",
    .example = "oddball dataset make --labels labels.csv --features errors_5m --out train.parquet",
    .usage = "make",
    .details = "A label is a time and the entities that it is of, in columns of the names that the "
               "features give them; other columns stay as they are. Values are those that "
               "`oddball feature get` would have said then, out of the lake and the journal: no "
               "row sees what came (--as-of known) or happened (--as-of event) later.",
    .options = option_names,
    .settings = true,
    .run = run,
};
