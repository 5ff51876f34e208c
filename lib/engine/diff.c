/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "engine/answer.h"
#include "engine/judge.h"
#include "engine/told.h"
#include "stats/count_tail.h"
#include "stats/recurrence.h"

#define ODD_SURPRISE 3.0
#define PLACE_LINES_MIN 10 /* Of the reference, before an unknown value there is worth a word. */

static double severity_bonus(uint32_t level)
{
    return level >= LEVEL_FATAL ? 1.5 : level >= LEVEL_ERROR ? 1.0 : level >= LEVEL_WARN ? 0.5 : 0;
}

/* ret_families is (signals): of each root, how well its shapes recur. */
static Recurrence recurrences(const odd_db *db, Recurrence *ret_families)
{
    Recurrence run = {0};
    for (size_t i = 0; i < db->shapes.shape_count; i++) {
        const LineShape *shape = &db->shapes.shapes[i];
        if (shape->count[SIDE_REFERENCE] == 0)
            continue;
        Recurrence *family = &ret_families[pattern_root(db->patterns, shape->signal)];
        family->shapes++;
        run.shapes++;
        family->recurring += shape->count[SIDE_JUDGED] > 0;
        run.recurring += shape->count[SIDE_JUDGED] > 0;
    }
    return run;
}

static odd_rc add_new_shapes(odd_db *db, const Recurrence *families, Recurrence run)
{
    for (size_t i = 0; i < db->shapes.shape_count; i++) {
        const LineShape *shape = &db->shapes.shapes[i];
        if (shape->count[SIDE_REFERENCE] > 0)
            continue;
        PatternRef root = pattern_root(db->patterns, shape->signal);
        double surprise = recurrence_surprise(families[root], run) + severity_bonus(shape->level);
        if (surprise < ODD_SURPRISE)
            continue;
        odd_rc rc = told_add(db, (Finding){.kind = FINDING_NEW,
                                           .signal = root,
                                           .first = shape->first,
                                           .last = shape->rows[shape->row_count - 1],
                                           .repeats = shape->count[SIDE_JUDGED],
                                           .surprise = surprise,
                                           .seen = (double)shape->count[SIDE_JUDGED],
                                           .expected = 0,
                                           .history = db->lines[SIDE_REFERENCE],
                                           .looked_at = db->shapes.shape_count,
                                           .sample = {shape->sample, shape->sample_size},
                                           .rows = shape->rows,
                                           .row_count = shape->row_count});
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}

static FindingKind rate_kind(double seen, double expected, uint64_t reference_lines)
{
    if (seen > expected)
        return FINDING_MORE;
    return seen > 0 || reference_lines == 0 ? FINDING_LESS : FINDING_GONE;
}

/* Rates of two runs differ by more than chance does; see doc/design/diff.md. */
static odd_rc add_rates(odd_db *db)
{
    double scale = (double)db->lines[SIDE_JUDGED] / (double)db->lines[SIDE_REFERENCE];
    for (uint32_t i = 0; i < db->signals.signal_count; i++) {
        const Signal *signal = &db->signals.signals[i];
        double seen = (double)signal->records[SIDE_JUDGED];
        double expected = (double)signal->records[SIDE_REFERENCE] * scale;
        if (signal->records[SIDE_REFERENCE] == 0)
            continue;
        double surprise = two_run_surprise(signal->records[SIDE_REFERENCE],
                                           db->lines[SIDE_REFERENCE], signal->records[SIDE_JUDGED],
                                           db->lines[SIDE_JUDGED]);
        surprise -= log10_count(db->signals.signal_count);
        if (surprise < ODD_SURPRISE)
            continue;
        odd_rc rc =
            told_add(db, (Finding){.kind = rate_kind(seen, expected, signal->records[SIDE_REFERENCE]),
                                   .signal = i,
                                   .first = signal->first,
                                   .last = signal->last,
                                   .repeats = signal->records[SIDE_JUDGED],
                                   .surprise = surprise,
                                   .seen = seen,
                                   .expected = expected,
                                   .history = db->lines[SIDE_REFERENCE],
                                   .looked_at = db->signals.signal_count});
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}
