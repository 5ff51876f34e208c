/* SPDX-License-Identifier: Apache-2.0
 *
 * db.h - the engine's one handle: what was learnt, from which sources, and what is yet to be asked.
 *
 * OWNERSHIP  odd_open to odd_close; everything hangs on it.
 * ERRORS     The sentence for odd_errmsg is in `problem`.
 */
#ifndef ENGINE_DB_H
#define ENGINE_DB_H
#include <oddball.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/problem.h"
#include "detect/novelty.h"
#include "engine/series_book.h"
#include "engine/sessions.h"
#include "engine/shape_table.h"
#include "engine/signal.h"
#include "engine/source_index.h"
#include "engine/timeline.h"
#include "incident/finding.h"
#include "pattern/pattern.h"

#define BATCH_BYTES_MAX (256u << 20)
#define MEMORY_BYTES_DEFAULT (512ull << 20)
#define MEMORY_BYTES_MIN (32ull << 20)
#define FINDINGS_PER_DAY_DEFAULT 10.0

typedef struct { /* One line's answer to `score`. */
    uint64_t    row;
    odd_time    time;
    uint32_t    source;
    uint32_t    signal;
    float       surprise;
    const char *reason;
} Score;

typedef struct {
    Finding *findings;
    size_t   count, capacity;
    size_t   overflow;   /* Candidates beyond CANDIDATES_MAX. */
    Finding  closest;    /* The oddest of those that are not odd; surprise 0: none. */
    size_t   told_count; /* The first so many were given in the answer. */
} Told;

typedef enum { GRAVITY_PLAIN = 0, GRAVITY_WARNING, GRAVITY_ERROR, GRAVITY_COUNT } Gravity;

typedef struct Line Line; /* judge.h */

/* Called with each line behind its judgement, instead of keeping a score. */
typedef odd_rc (*LineTaker)(void *context, const Line *line, Judgement judgement);

/* What is learnt of a family of sources, line by line, by how grave the line is. */
typedef struct {
    Novelty  novelty[GRAVITY_COUNT];
    uint64_t lines[GRAVITY_COUNT];
} Family;

struct odd_db {
    Mem           mem;         /* The handle, its sources and its answers.       */
    Mem           signals_mem; /* What is learnt: shares of the memory that is allowed. */
    Mem           sessions_mem;
    odd_options   options; /* Defaults filled in. */
    Problem       problem;
    Source       *sources;
    size_t        source_count, source_capacity;
    SourceIndex   sources_by_name, sources_by_family;
    Family       *families; /* By Source.family, as many as there are sources. */
    size_t        family_capacity;
    PatternTable *patterns;
    size_t        merges_seen;
    Signals       signals;
    Sessions      sessions;
    SeriesBook    book;
    ShapeTable    shapes; /* Only once there is a reference. */
    History       totals[RULER_COUNT], errors[RULER_COUNT]; /* Judged records; grave ones. */
    Spot          last_judged; /* The last line that is no reference. */
    uint64_t      line_count;
    uint64_t      lines[SIDE_COUNT];
    Score        *scores;
    size_t        score_count, score_capacity;
    Told          told; /* The last answer of findings. */
    LineTaker     taker; /* Of a shard; NULL: none.                              */
    void         *taker_context;
    char          signal_text[32];
};

/* What was learnt of patterns that have become one since the last call is added up. */
void db_follow_merges(odd_db *db);

/* The text of a pattern, cut to the buffer. */
Str db_pattern_text(const odd_db *db, PatternRef reference, const char *wildcard, char *buffer,
                    size_t size);

#endif
