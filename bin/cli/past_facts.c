/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/past_facts.h"

#include "cli/complain.h"
#include "cli/interrupt.h"
#include "input/clock.h"
#include "live/replay.h"
#include "serve/shares.h"
#include "settings/features.h"

#define NS_PER_DAY 86400e9
#define PROBLEM_SIZE 1024

static void tell(void *context, const char *sentence)
{
    (void)context; /* It is said at once. */
    complain("%s", sentence);
}

static bool read_definitions(FeatureFiles *files, const Options *options, const House *house)
{
    char folder[FEATURE_FOLDER_SIZE];
    const char *path = options->definitions != NULL
                           ? options->definitions
                           : feature_files_folder(&house->settings, folder);
    if (feature_files_read_folder(files, path))
        return true;
    if (options->definitions != NULL)
        return feature_files_read(files, path);
    complain("there is no folder %s; --definitions names another, or a file", path);
    return false;
}

odd_events *past_definitions(const Options *options, const House *house)
{
    FeatureFiles files;
    odd_events *events = NULL;
    int64_t retention_ns = (int64_t)(house->settings.retention_days * NS_PER_DAY);
    bool good = feature_files_open(&files, tell, NULL);
    if (!good || odd_events_open(NULL, clock_now(), &events) != ODD_OK) {
        complain("no memory for the features");
        good = false;
    }
    good = good && read_definitions(&files, options, house) &&
           feature_files_events(&files, retention_ns, events);
    feature_files_close(&files);
    if (!good) {
        odd_events_close(events);
        return NULL;
    }
    return events;
}

typedef struct {
    odd_join *join;
    odd_rc    rc;
} Taking;

static bool take(void *context, odd_fold *fold)
{
    Taking *taking = context;
    const void *bytes;
    size_t size;
    odd_fold_facts(fold, &bytes, &size);
    if (taking->rc == ODD_OK)
        taking->rc = odd_join_facts(taking->join, bytes, size);
    return taking->rc == ODD_OK;
}

static void tell_counts(const ReplayCounts *counts)
{
    if (counts->from_checkpoint > 0 || counts->first > 1)
        complain("history begins with commit %llu: what was before is gone, and no value holds it",
                 (unsigned long long)counts->first);
    if (counts->lines_missing + counts->samples_missing > 0)
        complain("%llu lines and %llu samples of it are gone: their files were removed, or are "
                 "damaged",
                 (unsigned long long)counts->lines_missing,
                 (unsigned long long)counts->samples_missing);
}

bool past_facts(const House *house, const odd_events *definitions, uint64_t at_most, bool quiet,
                odd_join *join)
{
    char problem[PROBLEM_SIZE];
    odd_fold *fold = NULL;
    ReplayCounts counts = {0};
    Taking taking = {.join = join};
    ReplayOptions options = {.fold = fold_options(&house->settings),
                             .threads = house->settings.threads,
                             .lake = house->lake,
                             .duckdb = house->settings.duckdb,
                             .features = definitions,
                             .at_most = at_most,
                             .stepped = take,
                             .context = &taking,
                             .anew = true};
    options.fold.facts = 1;
    odd_rc rc = replay(house->settings.data, &options, interrupt_watch(), &fold, &counts, problem,
                       sizeof problem);
    if (rc == ODD_OK)
        odd_fold_close(fold);
    if (rc != ODD_OK)
        complain("%s", problem);
    else if (taking.rc != ODD_OK)
        complain("%s", odd_join_errmsg(join));
    else if (!quiet)
        tell_counts(&counts);
    return rc == ODD_OK && taking.rc == ODD_OK;
}
