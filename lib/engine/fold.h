/* SPDX-License-Identifier: Apache-2.0
 *
 * fold.h - the inside of an odd_fold: 64 shards, the board where they meet, and rows on their way
 * to the lake.
 */
#ifndef ENGINE_FOLD_H
#define ENGINE_FOLD_H
#include "base/problem.h"
#include "engine/board.h"
#include "engine/presence.h"
#include "engine/shard.h"
#include "event/skeleton.h"
#include "feature/table.h"

#define FOLD_MEMORY_DEFAULT (256ull << 20)

struct odd_fold {
    Mem         mem;
    odd_options options; /* Defaults filled in. */
    Problem     problem;
    Shard       shards[ODD_SHARD_COUNT];
    int         shard_count; /* Opened. */
    Board       board;
    Known       known;
    Presence    presence;
    uint64_t    fed, position; /* Commits: taken in; learnt and merged. */
    odd_time    now;           /* Of the last tick. */
    odd_time    back;          /* Of the last one behind a long time without; see shard.h. */
    bool        merge_is_due;
    bool        has_checkpoint; /* The store has all shards that did not change since. */
    uint64_t    ticks, changes, torn;
    Verdict    *verdicts; /* That came since the last tick; they count from the next one on. */
    size_t      verdict_count, verdict_capacity;
    bool        rules_given; /* By odd_fold_rules: what is fed says nothing. */
    FeatureTable features;
    uint64_t    features_position; /* Commit up to which facts are in it. */
    bool        features_given;    /* By odd_fold_features: what is fed defines nothing. */
    uint64_t    facts_bad;         /* Of shards, by the last odd_fold_apply. */
    Facts       kept_facts;        /* For odd_fold_facts. */
    char       *defined;           /* That count from the next tick on. */
    size_t      defined_size, defined_capacity;
    bool        apply_is_due;      /* Something was fed since. */
    odd_time    fed_known;         /* When the newest event that was fed came. */
    Mem         commits_mem;
    Skeleton    skeleton; /* Of the commit that is fed.                   */
    Table       commits;  /* For the lake.                                */
    char       *rows[ODD_TABLE_COUNT]; /* The last answer of odd_fold_table. */
    size_t      row_bytes[ODD_TABLE_COUNT], row_capacity[ODD_TABLE_COUNT];
};

/* What the shards and the board are told at the end of a tick. */
void fold_tell_shards(odd_fold *fold);

/* What the shards found odd since the last tick goes to the board (fold_merge.c). */
odd_rc fold_take_candidates(odd_fold *fold);

/* Machines of which many series are odd at once, as presence heard of them (fold_together.c);
 * series_judged: since the last tick, all. */
odd_rc fold_take_together(odd_fold *fold, double series_judged);

/* Verdicts on their way to the board, and what is asked of them (fold_verdicts.c). */
bool   fold_verdict(odd_fold *fold, const Event *event); /* False: no memory. */
odd_rc fold_hear_verdicts(odd_fold *fold);
odd_rc fold_verdict_rows(const odd_fold *fold, odd_rows **ret_rows); /* ODD_VERDICTS */

/* An alert on its way to the board (fold_alerts.c); false: no memory. */
bool   fold_alert(odd_fold *fold, const Event *event);

/* Features (fold_features.c): their definitions; false: no memory.  ODD_FEATURES. */
void   fold_features_open(odd_fold *fold);
void   fold_features_close(odd_fold *fold);
bool   fold_features(odd_fold *fold, const Event *event);
odd_rc fold_feature_rows(const odd_fold *fold, odd_rows **ret_rows);

/* What of the places of the incidents that changed is as it should be (fold_checks.c), and
 * incidents as rows (fold_incidents.c). */
void   fold_check_incidents(odd_fold *fold);
odd_rc fold_incidents(const odd_fold *fold, const odd_question *question, odd_rows **ret_rows);
odd_rc fold_changes(const odd_fold *fold, const odd_question *question, odd_rows **ret_rows);

/* Who should be asked, and how precise findings are by the answers (fold_questions.c). */
odd_rc fold_questions(odd_fold *fold, const odd_question *wish, odd_rows **ret_rows);
odd_rc fold_precision(odd_fold *fold, odd_rows **ret_rows);

/* What lasted from first to last touches the question's [since, until). */
static inline bool fold_in_span(const odd_question *question, odd_time first, odd_time last)
{
    return (question->since == 0 || last >= question->since) &&
           (question->until == 0 || first < question->until);
}

/* ODD_NOTES (fold_notes.c). */
odd_rc fold_notes(const odd_fold *fold, odd_rows **ret_rows);

/* Everything but the shards, as bytes and back. */
void fold_save_board(const odd_fold *fold, ImageOut *out);
odd_rc fold_load_board(odd_fold *fold, ImageIn *in);

/* A shard, or the board (ODD_SHARD_COUNT), forgets all: it is as odd_fold_open made it. */
odd_rc fold_forget(odd_fold *fold, int part);

#endif
