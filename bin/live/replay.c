/* SPDX-License-Identifier: Apache-2.0 */
#include "live/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lake/library.h"
#include "live/drive.h"

typedef struct {
    const ReplayOptions *options;
    const atomic_bool   *stop;
    odd_store           *store;
    odd_cursor          *cursor;
    odd_fold            *fold;
    Crew                *crew;
    Drive                drive;
    uint64_t             fed; /* The last commit. */
    bool                 ends;
    ReplayCounts         counts;
    char                *problem;
    size_t               problem_size;
} Replay;

static odd_rc fail(Replay *r, odd_rc rc, const char *sentence)
{
    snprintf(r->problem, r->problem_size, "%s", sentence);
    return rc;
}

/* One commit.  Rows for the lake are there already. */
static odd_rc learn(Replay *r, const odd_events *events, uint64_t position)
{
    bool stepped;
    if (r->options->at_most > 0 && position > r->options->at_most) {
        r->ends = true;
        return ODD_OK;
    }
    odd_rc rc = drive_feed(&r->drive, events, position, &stepped);
    if (rc != ODD_OK && rc != ODD_ROW)
        return fail(r, rc, odd_fold_errmsg(r->fold));
    const void *rows;
    size_t size;
    for (int table = 0; stepped && table < ODD_TABLE_GROWING; table++)
        odd_fold_table(r->fold, (odd_table)table, &rows, &size);
    if (stepped && r->options->stepped != NULL)
        r->ends = r->ends || !r->options->stepped(r->options->context, r->fold);
    if (r->counts.first == 0)
        r->counts.first = position;
    r->counts.last = r->fed = position;
    return ODD_OK;
}

static bool is_over(Replay *r, const odd_events *events)
{
    odd_time until = r->options->until;
    r->ends = r->ends || atomic_load(r->stop) || (until != 0 && odd_events_known(events) >= until);
    return r->ends;
}

/* -- the lake ---------------------------------------------------------------------------------- */

/* NULL: it cannot be asked; then there is a sentence. */
static odd_lake *lake_open(Replay *r)
{
    char library[LIBRARY_PATH_MAX], *story = NULL;
    odd_lake *lake = NULL;
    if (!library_find(r->options->duckdb, library, sizeof library, &story)) {
        fail(r, ODD_NOTFOUND, story != NULL ? story : odd_strerror(ODD_NOMEM));
        free(story);
        return NULL;
    }
    odd_lake_options options = {.path = r->options->lake, .library = library,
                                .memory_bytes_max = r->options->memory_bytes};
    odd_lake_open(&options, &lake, r->problem, r->problem_size);
    return lake;
}

static odd_rc take(void *context, const odd_events *events, uint64_t position)
{
    Replay *r = context;
    if (is_over(r, events))
        return ODD_DONE;
    r->counts.from_lake++;
    return learn(r, events, position);
}

/* Commits behind the last one, up to `last`.  ODD_NOTFOUND: the lake has not the next one. */
static odd_rc feed_lake(Replay *r, odd_lake *lake, uint64_t last)
{
    uint64_t first, end;
    odd_lake_replayed replayed = {0};
    odd_rc rc = odd_lake_span(lake, &first, &end);
    if (rc == ODD_OK && (end <= r->fed || (first > r->fed + 1 && !r->options->anew)))
        return ODD_NOTFOUND;
    if (rc == ODD_OK)
        rc = odd_lake_replay(lake, r->fed, last, take, r, &replayed);
    r->counts.lines_missing += replayed.lines_missing;
    r->counts.samples_missing += replayed.samples_missing;
    if (rc != ODD_OK && !r->ends && r->problem[0] == '\0')
        fail(r, rc, odd_lake_errmsg(lake));
    return r->ends ? ODD_OK : rc;
}

static odd_rc from_lake(Replay *r, uint64_t last)
{
    if (access(r->options->lake, R_OK) != 0)
        return ODD_NOTFOUND;
    odd_lake *lake = lake_open(r);
    if (lake == NULL)
        return ODD_IO;
    odd_rc rc = feed_lake(r, lake, last);
    odd_lake_close(lake);
    return rc;
}

/* -- the journal ------------------------------------------------------------------------------- */

static odd_rc cursor_move(Replay *r)
{
    odd_cursor_close(r->cursor);
    r->cursor = NULL;
    odd_rc rc = odd_cursor_open(r->store, r->fed, &r->cursor);
    return rc == ODD_OK ? rc : fail(r, rc, odd_store_errmsg(r->store));
}

static odd_rc rules_give(Replay *r)
{
    odd_rc rc = r->options->rules != NULL ? odd_fold_rules(r->fold, r->options->rules) : ODD_OK;
    if (rc == ODD_OK && r->options->features != NULL)
        rc = odd_fold_features(r->fold, r->options->features);
    return rc == ODD_OK ? rc : fail(r, rc, odd_fold_errmsg(r->fold));
}

/* The beginning is nowhere: what was learnt of it is, in the newest checkpoint. */
static odd_rc from_checkpoint(Replay *r)
{
    odd_rc rc = odd_restore(r->fold, r->store, 0);
    if (rc != ODD_OK && rc != ODD_DONE)
        return fail(r, rc, odd_fold_errmsg(r->fold));
    rc = rules_give(r);
    if (rc != ODD_OK)
        return rc;
    r->fed = r->counts.from_checkpoint = odd_fold_position(r->fold);
    return ODD_OK;
}

/* Commits up to `last` are not in the journal: they were forgotten, or are damaged.  ODD_NOTFOUND:
 * they are nowhere; ODD_OK: go on behind r->fed. */
static odd_rc fill(Replay *r, uint64_t last)
{
    bool begins = r->fed == 0;
    odd_rc rc = from_lake(r, last);
    if (rc == ODD_NOTFOUND && begins)
        rc = from_checkpoint(r);
    return rc == ODD_OK && !r->ends ? cursor_move(r) : rc;
}

/* The next commit that can be read is `position`, or there is none (0). */
static odd_rc fill_before(Replay *r, uint64_t position, bool *ret_filled)
{
    *ret_filled = false;
    if (position == r->fed + 1)
        return ODD_OK;
    uint64_t before = r->fed;
    odd_rc rc = fill(r, position > 0 ? position - 1 : UINT64_MAX);
    *ret_filled = rc == ODD_OK && r->fed > before;
    return rc == ODD_NOTFOUND ? ODD_OK : rc;
}

/* ODD_DONE: all is learnt. */
static odd_rc step(Replay *r)
{
    odd_events *events;
    uint64_t position = 0;
    bool filled;
    odd_rc rc = odd_cursor_next(r->cursor, &events, &position);
    if (rc == ODD_CORRUPT) {
        r->counts.damaged++;
        return ODD_OK;
    }
    if (rc != ODD_OK && rc != ODD_DONE)
        return fail(r, rc, odd_cursor_errmsg(r->cursor));
    bool done = rc == ODD_DONE;
    if (!done || r->fed == 0) {
        rc = fill_before(r, position, &filled);
        if (rc != ODD_OK || filled)
            return rc;
    }
    if (done || is_over(r, events))
        return ODD_DONE;
    return learn(r, events, position);
}

static odd_rc run(Replay *r)
{
    odd_rc rc = r->options->newest ? from_checkpoint(r) : ODD_OK;
    if (rc == ODD_OK)
        rc = cursor_move(r);
    while (rc == ODD_OK && !r->ends && !atomic_load(r->stop))
        rc = step(r);
    return rc == ODD_DONE ? ODD_OK : rc;
}

/* What was fed behind the last tick. */
static odd_rc settle(Replay *r)
{
    bool stepped;
    if (!r->options->settles && r->options->stepped == NULL)
        return ODD_OK;
    odd_rc rc = drive_settle(&r->drive, &stepped);
    if (rc == ODD_OK && stepped && r->options->stepped != NULL)
        r->options->stepped(r->options->context, r->fold);
    return rc;
}

odd_rc replay(const char *data, const ReplayOptions *options, const atomic_bool *stop,
              odd_fold **ret_fold, ReplayCounts *ret_counts, char *problem, size_t problem_size)
{
    Replay r = {.options = options, .stop = stop, .problem = problem,
                .problem_size = problem_size};
    int threads = options->threads > 0 ? options->threads : (int)sysconf(_SC_NPROCESSORS_ONLN);
    odd_store_options reading = {.read_only = 1};
    problem[0] = '\0';
    odd_rc rc = odd_store_open(data, &reading, &r.store, problem, problem_size);
    if (rc != ODD_OK)
        return rc;
    r.crew = crew_open(threads);
    odd_options folding = options->fold;
    if (folding.seed == 0)
        odd_store_seed(r.store, 0, &folding.seed); /* Older folders have none: 0. */
    rc = r.crew != NULL ? odd_fold_open(&folding, &r.fold) : ODD_NOMEM;
    r.drive = (Drive){.fold = r.fold, .crew = r.crew};
    if (rc == ODD_OK)
        rc = rules_give(&r);
    rc = rc == ODD_OK ? run(&r) : fail(&r, rc, "no memory for a fold");
    if (rc == ODD_OK)
        rc = settle(&r);
    odd_cursor_close(r.cursor);
    odd_store_close(r.store);
    crew_close(r.crew);
    if (rc != ODD_OK) {
        odd_fold_close(r.fold);
        return rc;
    }
    *ret_fold = r.fold;
    *ret_counts = r.counts;
    return ODD_OK;
}
