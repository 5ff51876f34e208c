/* SPDX-License-Identifier: Apache-2.0 */
#include "live/replay.h"

#include <stdio.h>
#include <unistd.h>

#include "live/drive.h"

typedef struct {
    odd_store   *store;
    odd_cursor  *cursor;
    odd_fold    *fold;
    Crew        *crew;
    Drive        drive;
    ReplayCounts counts;
    char        *problem;
    size_t       problem_size;
} Replay;

static odd_rc fail(Replay *r, odd_rc rc, const char *sentence)
{
    snprintf(r->problem, r->problem_size, "%s", sentence);
    return rc;
}

static odd_rc learn(Replay *r, const odd_events *events, uint64_t position)
{
    bool stepped;
    odd_rc rc = drive_feed(&r->drive, events, position, &stepped);
    if (rc != ODD_OK && rc != ODD_ROW)
        return fail(r, rc, odd_fold_errmsg(r->fold));
    /* Rows for the lake are there already. */
    const void *rows;
    size_t size;
    if (stepped) {
        odd_fold_table(r->fold, ODD_TABLE_LOGS, &rows, &size);
        odd_fold_table(r->fold, ODD_TABLE_SAMPLES, &rows, &size);
    }
    return ODD_OK;
}

/* The first commit that is there still tells whether its beginning is. */
static odd_rc begin(Replay *r)
{
    odd_events *events;
    uint64_t position = 0;
    odd_cursor *cursor;
    odd_rc rc = odd_cursor_open(r->store, 0, &cursor);
    if (rc != ODD_OK)
        return fail(r, rc, odd_store_errmsg(r->store));
    do
        rc = odd_cursor_next(cursor, &events, &position);
    while (rc == ODD_CORRUPT);
    odd_cursor_close(cursor);
    if (position > 1 || rc == ODD_DONE) {
        rc = odd_restore(r->fold, r->store, 0);
        if (rc != ODD_OK && rc != ODD_DONE)
            return fail(r, rc, odd_fold_errmsg(r->fold));
    }
    r->counts.from_checkpoint = odd_fold_position(r->fold);
    rc = odd_cursor_open(r->store, r->counts.from_checkpoint, &r->cursor);
    return rc == ODD_OK ? rc : fail(r, rc, odd_store_errmsg(r->store));
}

static odd_rc run(Replay *r, odd_time until, const atomic_bool *stop)
{
    odd_rc rc = begin(r);
    while (rc == ODD_OK && !atomic_load(stop)) {
        odd_events *events;
        uint64_t position;
        rc = odd_cursor_next(r->cursor, &events, &position);
        if (rc == ODD_CORRUPT) {
            r->counts.damaged++;
            rc = ODD_OK;
            continue;
        }
        if (rc == ODD_DONE || (rc == ODD_OK && until != 0 && odd_events_known(events) >= until))
            return ODD_OK;
        if (rc != ODD_OK)
            return fail(r, rc, odd_cursor_errmsg(r->cursor));
        if (r->counts.first == 0)
            r->counts.first = position;
        r->counts.last = position;
        rc = learn(r, events, position);
    }
    return rc;
}

odd_rc replay(const char *data, const ReplayOptions *options, const atomic_bool *stop,
              odd_fold **ret_fold, ReplayCounts *ret_counts, char *problem, size_t problem_size)
{
    Replay r = {.problem = problem, .problem_size = problem_size};
    int threads = options->threads > 0 ? options->threads : (int)sysconf(_SC_NPROCESSORS_ONLN);
    odd_store_options reading = {.read_only = 1};
    odd_rc rc = odd_store_open(data, &reading, &r.store, problem, problem_size);
    if (rc != ODD_OK)
        return rc;
    r.crew = crew_open(threads);
    rc = r.crew != NULL ? odd_fold_open(&options->fold, &r.fold) : ODD_NOMEM;
    r.drive = (Drive){.fold = r.fold, .crew = r.crew};
    rc = rc == ODD_OK ? run(&r, options->until, stop) : fail(&r, rc, "no memory for a fold");
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
