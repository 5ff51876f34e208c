/* SPDX-License-Identifier: Apache-2.0
 *
 * finding.h - one odd thing: what, where, since when, how sure, and the numbers behind it.
 *
 * SHAPE      A flat value.
 * OWNERSHIP  Texts and rows are borrowed from whoever found it.
 * UNITS      Counts are of lines (sessions: of sessions); surprise as everywhere.
 */
#ifndef INCIDENT_FINDING_H
#define INCIDENT_FINDING_H
#include <stdint.h>

#include "base/str.h"
#include "event/record.h"
#include "event/spot.h"

/* X(name, word): the word is what the interface calls it. */
#define FINDING_KIND_MAP(X)                                                                \
    X(NEW, "new")           /* A pattern that the good run does not have.               */ \
    X(GONE, "gone")         /* A pattern that only the good run has.                    */ \
    X(RARE, "rare")         /* A pattern that hardly ever comes.                        */ \
    X(BURST, "burst")       /* Far more often, for a while.                             */ \
    X(MORE, "more")         /* More often, from some moment on or than in the good run. */ \
    X(LESS, "less")         /* Less often, likewise.                                    */ \
    X(SILENT, "silent")     /* Not at all any more.                                     */ \
    X(VALUE, "value")       /* A value that this place hardly ever shows.               */ \
    X(SEVERITY, "severity") /* Graver than this source usually is.                      */ \
    X(SESSION, "session")   /* A session that went another way than the others.         */ \
    X(HIGH, "high")         /* A metric that is higher than usual.                      */ \
    X(LOW, "low")           /* A metric that is lower than usual.                       */ \
    X(LEVEL, "level")       /* A metric that has another level.                         */ \
    X(SPREAD, "spread")     /* A metric that scatters more, or less.                    */ \
    X(SEASON, "season")     /* A metric that has other hours than usual.                */ \
    X(SHAPE, "shape")       /* A metric that moves in another way.                      */ \
    X(GAP, "gap")           /* A metric that has no values, or at other times.          */ \
    X(TOGETHER, "together") /* Many metrics of one machine that are odd at the same time.   */ \
    X(DRIFT, "drift")       /* What comes into a model, or what it says, has changed.   */ \
    X(ERRORS, "errors")     /* A model errs otherwise than it did.                      */ \
    X(QUALITY, "quality")   /* A model is estimated to be worse.                        */ \
    X(DELAY, "delay")       /* Outcomes come later, or earlier, than they did.          */ \
    X(ALERT, "alert")       /* A person's rule fired.                                   */
typedef enum {
#define X(name, word) FINDING_##name,
    FINDING_KIND_MAP(X)
#undef X
        FINDING_KIND_COUNT
} FindingKind;

/* Which season what is expected of a metric rests on. */
typedef enum { USUAL_ALWAYS = 0, USUAL_HOUR, USUAL_WEEKDAY } Usual;

/* Of a compared metric's GAP, its `trait`: seen and expected are shares of its values, or of its
 * steps in time.  Of its SEASON, the trait is the hour of the day or, of one weekday
 * alone, SEASON_WEEK and the hour of the week, from a Thursday's midnight on. */
#define SEASON_WEEK 24
typedef enum { GAP_VALUES = 0, GAP_STEPS } GapSort;

typedef struct {
    FindingKind kind;
    uint32_t    signal;      /* Reference of its pattern.                                  */
    uint32_t    number;      /* In the order of being found: decides between equals.       */
    Spot        first, last; /* Of what is odd.                                            */
    uint64_t    repeats;     /* Lines that it covers.                                      */
    double      surprise;    /* After correction for all that was looked at.               */
    double      seen;        /* Count of what is odd.                                      */
    double      expected;    /* What its history lets expect; NaN: nothing known.          */
    uint64_t    history;     /* Lines (sessions) that `expected` rests on.                 */
    uint64_t    looked_at;   /* Signals of its sort that were compared, itself among them. */
    Level       level;
    Str         pattern;     /* Text of its pattern.                                       */
    Str         sample;      /* A whole line.                                              */
    int         place_number; /* Of kind VALUE: which place of the pattern (-1: several), ... */
    Str         place, value; /* ... its name, and what stood there.  Of a model, and of kind
                                 TOGETHER: how rare it is, and its sentence.                */
    Str         session;     /* Of kind SESSION: its key; `value` is the reason, ...        */
    int         trait;       /* ... and this the sort of its strongest trait.              */
    bool        is_metric;   /* `pattern` is the name of a series, seen its value, ...      */
    bool        is_rate;     /* ... or how much it grows a second, ...                      */
    double      lower, upper; /* ... these hold all but 1 in 1000 of usual ones, ...        */
    Usual       usual;       /* ... at such times; ...                                     */
    const char *reason;      /* ... and this the detector's word for it; NULL: none.       */
    uint32_t    series, good_series; /* Numbers of it and, if it is compared, of that of the good
                                        run.                                               */
    uint64_t    moment;      /* Which of the moments of its source it began at; 0: unknown. */
    bool        is_compared; /* With a good run: lower and upper hold 98 of 100 of its.     */
    double      effect;      /* Then: see finding_effect; ...                               */
    double      farthest;    /* ... and the most that any value is off, likewise.           */
    const Spot *rows;        /* Of its lines, in order, as far as kept.                    */
    size_t      row_count;
    uint32_t    group;       /* Findings side by side share a number (group.h) ...         */
    uint32_t    neighbours;  /* ... and are told by the oddest: how many others there are. */
    bool        is_told;     /* This one is the oddest of its group.                       */
} Finding;

const char *finding_kind_word(FindingKind kind);

/* Of a model in production. */
static inline bool finding_is_model(FindingKind kind)
{
    return kind >= FINDING_DRIFT && kind <= FINDING_DELAY;
}

/* What findings are ordered by, the largest first: how surprising it is; of compared metrics, how
 * large the change is, in deviations. */
double finding_weight(const Finding *finding);

/* How many times what was expected: seen / expected, as people compare; NaN if nothing was.  Of a
 * metric: how far it is from expected, in usual deviations, below 0 if it is less; of its spread
 * and shape how many times as much; of a gap the share that is more than expected. */
double finding_effect(const Finding *finding);

#endif
