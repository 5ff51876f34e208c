/* SPDX-License-Identifier: Apache-2.0
 *
 * live.h - the fold at work: reads the journal, steps the shards on its threads, writes lake and
 * checkpoints, and answers.
 *
 * THREADS    live_query, live_counts and live_sql may be called on any thread at any time.
 * OWNERSHIP  The caller closes the rows that it is given, and frees texts.
 */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H
#include <oddball.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "intake/intake.h"
#include "lake/sql_answer.h"

typedef struct Live Live;

/* As odd_fold_query; may wait for the step that runs (tens of ms). */
odd_rc live_query(Live *live, const odd_question *question, odd_rows **ret);
odd_rc live_explain(Live *live, const char *finding, odd_rows **ret);           /* Likewise. */
odd_rc live_incident(Live *live, const char *incident, odd_rows **ret);        /* Likewise. */

#define LIVE_FEATURE_NAME_SIZE 96
/* Values of features of an entity; waits for facts that are being added alone (far below a ms). */
typedef struct {
    const char *const *wanted; /* Names ... */
    size_t             wanted_count; /* ... or 0: all that there are. */
    odd_time           as_of;  /* ODD_TIME_NONE: now; told as it was. */
    odd_time           clock;  /* What time it is. */
    size_t             count;
    char             (*names)[LIVE_FEATURE_NAME_SIZE];
    odd_feature_value *values;
    int               *numbers;
    uint64_t           position; /* Of the last commit that is in it. */
    const char        *unknown;  /* ODD_NOTFOUND: this one; the nearest, or "". */
    char               near[128];
} LiveFeatures;
odd_rc live_features(Live *live, const char *entity, LiveFeatures *told);
void   live_features_free(LiveFeatures *told);
/* Tells `most` entities at most, from all there are in equal steps. */
typedef void (*LiveTellEntity)(void *context, const char *entity, size_t size);
void live_feature_entities(Live *live, size_t most, LiveTellEntity tell, void *context);
odd_feature_counts live_feature_counts(Live *live);
odd_rc live_try(Live *live, const odd_events *events, odd_time since, odd_rows **ret);

typedef struct {
    uint64_t journal_position, fold_position; /* Commits: durable; learnt. */
    uint64_t fold_bytes;      /* Of what is learnt.                        */
    uint64_t hot_bytes;       /* Rows that are not in the lake yet.        */
    uint64_t findings, ticks, checkpoints, checkpoint_failures, lake_failures;
    double   lag_s;           /* From a commit to what was learnt of it.   */
    odd_time last_checkpoint;
    bool     caught_up;       /* The journal of the last run is learnt.    */
    char     trouble[256];    /* Why the last checkpoint or write failed; "": it did not. */
} LiveCounts;
LiveCounts live_counts(Live *live);

/* Both never wait.  Behind: what came in this run and is not learnt yet is more than lag_bytes_max:
 * who takes more in only makes a restart long.  Failed: nothing is learnt any more, counts.trouble
 * says why; what comes is kept in the journal, and learnt at the next start. */
bool live_is_behind(const Live *live);
bool live_has_failed(const Live *live);

/* One statement in a child process; ODD_LATE after `seconds`; *cancel true ends it early.  On
 * failure *ret_problem is a sentence, to be freed. */
odd_rc live_sql(Live *live, const char *sql, double seconds, const atomic_bool *cancel,
                SqlAnswer **ret_answer, char **ret_problem);

/* Called with each finding that is new or has changed its state: the row that `finding` stands on,
 * with the columns of ODD_FINDINGS.  known: when came what told it.  On the fold's thread: it must
 * be quick.  At most LIVE_LISTENERS_MAX. */
#define LIVE_LISTENERS_MAX 8
typedef void (*LiveListener)(void *context, const odd_rows *finding, odd_time known);
bool live_listen(Live *live, LiveListener listener, void *context);

/* -- for who puts the server together ---------------------------------------------------------- */

typedef struct {             /* Zero is the default in every field but the paths. */
    odd_options fold;
    int         threads;     /* 0: as many as there are processors. */
    const char *lake;        /* Its folder. */
    const char *duckdb;      /* libduckdb.so; NULL: where it is installed. */
    double      checkpoint_s;    /* 0: 60. */
    uint64_t    hot_bytes_max;   /* A checkpoint is made when there are more; 0: 64 MiB. */
    uint64_t    lag_bytes_max;   /* live_is_behind from then on; 0: 1 GiB. */
    uint64_t    journal_bytes;   /* Kept behind a checkpoint; 0: 256 MiB. */
    double      retention_days;  /* Of the lake; 0: for ever. */
    uint64_t    retention_bytes; /* 0: no limit. */
    uint64_t    sql_rows, sql_memory_bytes; /* 0: the lake's defaults. */
    LiveListener listener;   /* The first one, who misses nothing; NULL: none. */
    void       *listener_context;
    void      (*restored)(void *listener_context, odd_rows *findings); /* Before anything is learnt:
                             all that the checkpoint knows, the earliest first; NULL: not wanted. */
} LiveOptions;

/* Goes back to the newest checkpoint and begins to learn what is behind it.  On failure a sentence
 * in `problem`. */
odd_rc live_open(Intake *intake, odd_store *store, const LiveOptions *options, Live **ret_live,
                 char *problem, size_t problem_size);

/* From now on checkpoints, retention and limits of SQL are those; all else stays as it was. */
void live_reconfigure(Live *live, const LiveOptions *options);

/* Learns what is durable, makes a last checkpoint, and ends, all within `seconds`: what is not
 * learnt or written by then is so after the next start, which has the journal. */
void live_close(Live *live, double seconds);

#endif
