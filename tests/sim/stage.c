/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFERENCE_ROWS 5000

static void need(bool is_well, const char *what)
{
    if (is_well)
        return;
    fprintf(stderr, "sim: %s\n", what);
    abort();
}

static void need_ok(odd_rc rc, const char *what)
{
    need(rc == ODD_OK, what);
}

static odd_fold *fold_opened(void)
{
    odd_fold *fold;
    odd_options options = {.model_reference_rows = REFERENCE_ROWS};
    need_ok(odd_fold_open(&options, &fold), "no fold");
    return fold;
}

Stage *stage_open(uint64_t seed)
{
    Stage *stage = calloc(1, sizeof *stage);
    need(stage != NULL, "no memory");
    play_open(&stage->play, seed);
    stage->fold = fold_opened();
    need_ok(odd_events_open(NULL, stage->play.begins, &stage->events), "no events");
    return stage;
}

/* -- shards ------------------------------------------------------------------------------------ */

typedef struct {
    odd_fold *fold;
    int       first, step;
} Worker;

static void *work(void *context)
{
    const Worker *worker = context;
    for (int i = worker->first; i < ODD_SHARD_COUNT; i += worker->step)
        need_ok(odd_fold_step(worker->fold, i), "a shard cannot go on");
    return NULL;
}

static void step_all(odd_fold *fold, int threads)
{
    pthread_t ids[STAGE_THREADS_MAX];
    Worker workers[STAGE_THREADS_MAX];
    need(threads >= 1 && threads <= STAGE_THREADS_MAX, "too many threads");
    for (int i = 0; i < threads; i++)
        workers[i] = (Worker){.fold = fold, .first = i, .step = threads};
    for (int i = 1; i < threads; i++)
        need(pthread_create(&ids[i], NULL, work, &workers[i]) == 0, "no thread");
    work(&workers[0]);
    for (int i = 1; i < threads; i++)
        pthread_join(ids[i], NULL);
}

/* -- what is told ------------------------------------------------------------------------------ */

/* With room for one more, which is all zero. */
static void *grown(void *array, int count, size_t each)
{
    bool is_full = count == 0 || (count >= 8 && (count & (count - 1)) == 0);
    size_t capacity = count == 0 ? 8 : 2 * (size_t)count;
    void *more = is_full ? realloc(array, capacity * each) : array;
    need(more != NULL, "no memory");
    memset((char *)more + (size_t)count * each, 0, each);
    return more;
}

static void copy(char *to, size_t size, const odd_rows *rows, const char *column)
{
    snprintf(to, size, "%s", odd_text(rows, odd_column(rows, column)));
}

static odd_time time_of(const odd_rows *rows)
{
    return odd_int(rows, odd_column(rows, "time"));
}

static odd_rows *asked(odd_fold *fold, odd_view view, int changed)
{
    odd_rows *rows;
    odd_question question = {.view = view, .changed = changed, .earliest_first = 1};
    need_ok(odd_fold_query(fold, &question, &rows), "no answer");
    return rows;
}

static Told *told_of(Tale *tale, const char *id)
{
    for (int i = 0; i < tale->finding_count; i++)
        if (strcmp(tale->findings[i].id, id) == 0)
            return &tale->findings[i];
    return NULL;
}

static void hear_findings(Stage *stage, int changed)
{
    Tale *tale = &stage->tale;
    odd_rows *rows = asked(stage->fold, ODD_FINDINGS, changed);
    while (odd_next(rows) == ODD_ROW) {
        Told *told = told_of(tale, odd_text(rows, odd_column(rows, "id")));
        if (told == NULL) {
            tale->findings = grown(tale->findings, tale->finding_count, sizeof *tale->findings);
            told = &tale->findings[tale->finding_count++];
            copy(told->id, sizeof told->id, rows, "id");
            told->told = stage->play.minute;
        }
        told->time = time_of(rows);
        told->is_metric = odd_int(rows, odd_column(rows, "metric")) != 0;
        copy(told->incident, sizeof told->incident, rows, "incident");
        copy(told->kind, sizeof told->kind, rows, "kind");
        copy(told->source, sizeof told->source, rows, "source");
        copy(told->signal, sizeof told->signal, rows, "pattern");
        copy(told->sentence, sizeof told->sentence, rows, "sentence");
    }
    odd_rows_close(rows);
}

static void hear_incidents(Stage *stage)
{
    Tale *tale = &stage->tale;
    odd_rows *rows = asked(stage->fold, ODD_INCIDENTS, 0);
    tale->incident_count = 0;
    while (odd_next(rows) == ODD_ROW) {
        tale->incidents = grown(tale->incidents, tale->incident_count, sizeof *tale->incidents);
        ToldIncident *told = &tale->incidents[tale->incident_count++];
        told->time = time_of(rows);
        copy(told->id, sizeof told->id, rows, "id");
        copy(told->cause, sizeof told->cause, rows, "cause");
        copy(told->state, sizeof told->state, rows, "state");
        copy(told->sentence, sizeof told->sentence, rows, "sentence");
    }
    odd_rows_close(rows);
}

static void hear_changes(Stage *stage)
{
    Tale *tale = &stage->tale;
    odd_rows *rows = asked(stage->fold, ODD_CHANGES, 0);
    tale->change_count = 0;
    while (odd_next(rows) == ODD_ROW) {
        tale->changes = grown(tale->changes, tale->change_count, sizeof *tale->changes);
        ToldChange *told = &tale->changes[tale->change_count++];
        told->time = time_of(rows);
        copy(told->id, sizeof told->id, rows, "id");
        copy(told->service, sizeof told->service, rows, "service");
        copy(told->host, sizeof told->host, rows, "host");
        copy(told->source, sizeof told->source, rows, "source");
    }
    odd_rows_close(rows);
}

void stage_ask(Stage *stage)
{
    hear_findings(stage, 0);
    hear_incidents(stage);
    hear_changes(stage);
}

/* -- the play ---------------------------------------------------------------------------------- */

void stage_play(Stage *stage, int until, int threads)
{
    const void *rows;
    size_t size;
    while (stage->play.minute < until) {
        uint64_t before = odd_fold_findings(stage->fold);
        need_ok(play_minute(&stage->play, stage->events), "no memory for a minute");
        need(odd_fold_feed(stage->fold, stage->events, (uint64_t)stage->play.minute) == ODD_ROW,
             "the fold refuses a minute");
        step_all(stage->fold, threads);
        need_ok(odd_fold_merge(stage->fold), "no merge");
        if (odd_fold_findings(stage->fold) > before)
            hear_findings(stage, 1);
        /* As a server does, whose lake takes them. */
        for (int table = 0; table < ODD_TABLE_GROWING; table++)
            need_ok(odd_fold_table(stage->fold, (odd_table)table, &rows, &size), "no rows");
    }
}

void stage_restart(Stage *stage, const char *folder)
{
    char problem[256] = "";
    odd_store *store;
    need_ok(odd_store_open(folder, NULL, &store, problem, sizeof problem), problem);
    need_ok(odd_checkpoint(stage->fold, store, NULL, 0), "no checkpoint");
    odd_fold_close(stage->fold);
    stage->fold = fold_opened();
    need_ok(odd_restore(stage->fold, store, 0), "no restore");
    odd_store_close(store);
}

void stage_close(Stage *stage)
{
    if (stage == NULL)
        return;
    odd_events_close(stage->events);
    odd_fold_close(stage->fold);
    free(stage->tale.findings);
    free(stage->tale.incidents);
    free(stage->tale.changes);
    free(stage);
}
