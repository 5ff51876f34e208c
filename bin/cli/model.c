/* SPDX-License-Identifier: Apache-2.0
 *
 * model.c - the command `model`: trained from a dataset, promoted, asked, brought in and given
 * out; one that the server watches is given another reference. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/dataset_file.h"
#include "cli/feature_names.h"
#include "cli/help.h"
#include "cli/model_card.h"
#include "cli/model_reference.h"
#include "cli/rows_show.h"
#include "cli/table_feed.h"
#include "input/clock.h"

static odd_time now_of(const Options *options)
{
    return options->now.kind == MOMENT_TIME ? options->now.time : clock_now();
}

/* The name of the model is that of the dataset, where none is given. */
static int train(const Options *options, RegistryHome *home)
{
    char version[ODD_VERSION_SIZE], name[128];
    const LearnOptions *learn = &options->learn;
    bool is_anomaly = learn->task != NULL && strcmp(learn->task, "anomaly") == 0;
    if (learn->dataset == NULL || (learn->target == NULL && !is_anomaly)) {
        complain("what from, and what? oddball model train --dataset churn --target left");
        return STATUS_ERROR;
    }
    snprintf(name, sizeof name, "%.*s", (int)strcspn(learn->dataset, "@"), learn->dataset);
    odd_training training = {.dataset = learn->dataset,
                             .name = learn->name != NULL ? learn->name : name,
                             .target = learn->target,
                             .time = options->time_column,
                             .left_out = options->dropped_columns,
                             .segments = options->segment_columns,
                             .protected_ones = learn->protected_columns,
                             .task = learn->task,
                             .budget = learn->budget,
                             .gap_rows = (uint64_t)learn->gap,
                             .seed = options->seed,
                             .author = registry_author(options),
                             .now = now_of(options)};
    odd_rc rc = odd_registry_train(home->registry, &training, version);
    if (rc != ODD_OK && rc != ODD_EXISTS)
        return registry_home_failed(home, rc);
    if (rc == ODD_EXISTS && !options->quiet)
        complain("this very model is there already");
    Buffer model = {0};
    buffer_format(&model, "%s@%s", training.name, version);
    int status = model_card(options, home, buffer_text(&model));
    buffer_free(&model);
    return status;
}

static int predict(const Options *options, RegistryHome *home, const char *model, const char *file)
{
    odd_predictor *predictor;
    odd_rows *rows;
    odd_rc rc = odd_predictor_open(home->registry, model, &predictor);
    if (rc != ODD_OK)
        return registry_home_failed(home, rc);
    bool fed = table_feed(home->registry, file);
    if (fed)
        rc = odd_registry_predict(home->registry, predictor, &rows);
    odd_predictor_close(predictor);
    if (!fed)
        return STATUS_ERROR;
    if (rc != ODD_OK)
        return registry_home_failed(home, rc);
    Out out = {.descriptor = STDOUT_FILENO};
    rows_show(&out, rows, options->format == FORMAT_NONE ? FORMAT_CSV : options->format);
    odd_rows_close(rows);
    return help_done(&out);
}

static int promote(const Options *options, RegistryHome *home, const char *model, bool is_back)
{
    FeatureNames names;
    if (!feature_names_open(&names, options))
        return STATUS_ERROR;
    odd_promotion promotion = {.model = model,
                               .author = registry_author(options),
                               .reason = options->reason,
                               .now = now_of(options),
                               .by_force = options->learn.force,
                               .has_feature = feature_names_has,
                               .context = &names};
    odd_rc rc = is_back ? odd_registry_back(home->registry, &promotion)
                        : odd_registry_promote(home->registry, &promotion);
    feature_names_close(&names);
    if (rc != ODD_OK)
        return registry_home_failed(home, rc);
    char name[128];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(model, "@"), model);
    return registry_home_show(options, home, ODD_TRAINED, name);
}

static int verify(RegistryHome *home, const char *model)
{
    odd_rc rc = odd_registry_retrain(home->registry, model);
    if (rc != ODD_OK)
        return registry_home_failed(home, rc);
    Out out = {.descriptor = STDOUT_FILENO};
    buffer_format(&out.text, "%s: trained again by its manifest, the same bytes came out\n", model);
    return help_done(&out);
}

static int bring_in(const Options *options, RegistryHome *home, const char *file)
{
    char version[ODD_VERSION_SIZE];
    Buffer bytes = {0};
    if (options->learn.name == NULL) {
        complain("a model needs a name: oddball model import %s --name NAME", file);
        return STATUS_ERROR;
    }
    if (!file_read(file, &bytes)) {
        buffer_free(&bytes);
        return STATUS_ERROR;
    }
    odd_rc rc = odd_registry_import(home->registry, options->learn.name, buffer_text(&bytes),
                                    bytes.size, registry_author(options), now_of(options), version);
    buffer_free(&bytes);
    if (rc != ODD_OK && rc != ODD_EXISTS) {
        complain("cannot take %s:", file);
        return registry_home_failed(home, rc);
    }
    Out out = {.descriptor = STDOUT_FILENO};
    buffer_format(&out.text, "%s@%s\n", options->learn.name, version);
    return help_done(&out);
}

static int run_at_home(const Options *options, RegistryHome *home, int count,
                       const char *const *arguments)
{
    const char *verb = count > 0 ? arguments[0] : "";
    if (strcmp(verb, "train") == 0 && count == 1)
        return train(options, home);
    if (strcmp(verb, "list") == 0 && count == 1)
        return registry_home_show(options, home, ODD_TRAINED, NULL);
    if (strcmp(verb, "show") == 0 && count == 2)
        return model_card(options, home, arguments[1]);
    if (strcmp(verb, "audit") == 0 && count == 2)
        return registry_home_show(options, home, ODD_AUDIT, arguments[1]);
    if (strcmp(verb, "predict") == 0 && count == 3)
        return predict(options, home, arguments[1], arguments[2]);
    if ((strcmp(verb, "promote") == 0 || strcmp(verb, "rollback") == 0) && count == 2)
        return promote(options, home, arguments[1], verb[0] == 'r');
    if (strcmp(verb, "verify") == 0 && count == 2)
        return verify(home, arguments[1]);
    if (strcmp(verb, "export") == 0 && count == 2)
        return file_give(home, odd_registry_export, arguments[1], options->learn.to_file);
    if (strcmp(verb, "import") == 0 && count == 2)
        return bring_in(options, home, arguments[1]);
    complain("model takes reference NAME FILE, train, list, show NAME, predict NAME FILE, promote "
             "NAME, rollback NAME, "
             "audit NAME, verify NAME, export NAME or import FILE: oddball model train --dataset "
             "churn --target left");
    return STATUS_ERROR;
}

static int run(const Options *options, int count, const char *const *arguments)
{
    RegistryHome home;
    if (count > 0 && strcmp(arguments[0], "reference") == 0)
        return model_reference(options, count - 1, arguments + 1);
    if (!registry_home_open(options, &home))
        return STATUS_ERROR;
    int status = run_at_home(options, &home, count, arguments);
    registry_home_close(&home);
    return status;
}

static const char *const option_names[] = {
    "format",   "dataset",   "target", "name", "task",       "time",        "drop",
    "segments", "protected", "budget", "gap",  "seed",       "force",       "reason",
    "author",   "out",       "now",    "id",   "prediction", "probability", "outcome",
    "server",   "since",     "until",  NULL};

const Command command_model = {
    .name = "model",
    .summary = "Train models from datasets; promote, verify, ask them; give one a reference",
    .example = "oddball model train --dataset churn --target left\n"
               "oddball model promote churn\n"
               "oddball model predict churn today.csv\n"
               "oddball model import booster.json --name fraud\n"
               "oddball model reference credit 3 good.csv\n"
               "oddball model reference credit 3 --since 14d --until 7d",
    .usage = "train | list | show NAME | predict NAME FILE | promote NAME | rollback NAME | "
             "audit NAME | verify NAME | export NAME | import FILE | "
             "reference NAME [VERSION] [FILE]",
    .details =
        "Rows are taken in the order of time and split with gaps, never at random: the "
        "first ones are learnt, the last ones measure. `show` prints the card: metrics with "
        "intervals beside those of the baselines, what each input is worth, groups. "
        "`promote` refuses what does not beat the baselines, or wants features that are not "
        "defined any more. `verify` trains again by the "
        "manifest and compares the bytes. NAME alone is the champion, or the newest where "
        "there is none. `reference`: FILE holds rows from when a model that the server watches "
        "was well, a row for each prediction, as `oddball diff` takes them (doc/models.md): "
        "CSV or Parquet, packed or not, its columns called as in the predictions that the "
        "server gets; with outcomes it is the reference of errors as well. It counts at once, "
        "and whatever was learnt from the rows before goes. With `--since` and `--until` instead "
        "of FILE it is what the server itself got in that time and still keeps. What "
        "`oddball mark FINDING new-normal` says can be undone, this cannot.",
    .options = option_names,
    .settings = true,
    .formats = "text, json, csv or html (text; predict: csv)",
    .run = run,
};
