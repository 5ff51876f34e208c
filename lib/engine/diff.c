/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/answer.h"
#include "engine/told.h"
#include "stats/combine.h"
#include "stats/recurrence.h"
#include "stats/two_runs.h"

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
        double surprise =
            recurrence_surprise(families[root], run, severity_of_level((int)shape->level));
        if (surprise < ODD_SURPRISE)
            continue;
        bool known = db->signals.signals[root].records[SIDE_REFERENCE] > 0;
        odd_rc rc = told_add(db, (Finding){.kind = known ? FINDING_VALUE : FINDING_NEW,
                                           .signal = root,
                                           .first = shape->first,
                                           .last = shape_rows(shape)[shape->row_count - 1],
                                           .repeats = shape->count[SIDE_JUDGED],
                                           .surprise = surprise,
                                           .seen = (double)shape->count[SIDE_JUDGED],
                                           .expected = 0,
                                           .history = db->lines[SIDE_REFERENCE],
                                           .looked_at = db->shapes.shape_count,
                                           .place_number = -1,
                                           .sample = {shape->sample, shape->sample_size},
                                           .rows = shape_rows(shape),
                                           .row_count = shape->row_count});
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}

static FindingKind rate_kind(uint64_t seen, double expected)
{
    if (seen == 0)
        return FINDING_GONE;
    return (double)seen > expected ? FINDING_MORE : FINDING_LESS;
}

static odd_rc add_rates(odd_db *db)
{
    uint64_t judged_lines = db->lines[SIDE_JUDGED], reference_lines = db->lines[SIDE_REFERENCE];
    double looked_at = (double)db->signals.signal_count + 1;
    for (uint32_t i = 0; i < db->signals.signal_count; i++) {
        const Signal *signal = &db->signals.signals[i];
        uint64_t seen = signal->records[SIDE_JUDGED], known = signal->records[SIDE_REFERENCE];
        if (known == 0)
            continue;
        double surprise = combine_bonferroni(
            two_runs_surprise(known, reference_lines, seen, judged_lines), looked_at);
        if (surprise < ODD_SURPRISE)
            continue;
        double expected = two_runs_expected(known, reference_lines, judged_lines);
        odd_rc rc = told_add(db, (Finding){.kind = rate_kind(seen, expected),
                                           .signal = i,
                                           .first = signal->first,
                                           .last = signal->last,
                                           .repeats = seen,
                                           .surprise = surprise,
                                           .seen = (double)seen,
                                           .expected = expected,
                                           .history = reference_lines,
                                           .looked_at = db->signals.signal_count});
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}

static odd_rc add_value(odd_db *db, const Place *place, const Symbol *symbol)
{
    uint64_t known = place->count[SIDE_REFERENCE];
    uint64_t different = 0;
    for (uint32_t i = 0; i < place->symbol_count; i++)
        different += place->symbols[i].count[SIDE_REFERENCE] > 0;
    double surprise = two_runs_new_value(known, different);
    if (surprise < ODD_SURPRISE)
        return ODD_OK;
    return told_add(db, (Finding){.kind = FINDING_VALUE,
                                  .signal = place->signal,
                                  .first = symbol->first,
                                  .last = symbol->first,
                                  .repeats = symbol->count[SIDE_JUDGED],
                                  .surprise = surprise,
                                  .seen = (double)symbol->count[SIDE_JUDGED],
                                  .expected = 0,
                                  .history = known,
                                  .looked_at = place->symbol_count,
                                  .place_number = (int)place->place,
                                  .value = symbol_text(&db->signals, symbol),
                                  .sample = symbol_sample(&db->signals, symbol)});
}

/* A place that showed few values in the good run, often, now shows another. */
static odd_rc add_values(odd_db *db)
{
    for (size_t i = 0; i < db->signals.place_count; i++) {
        const Place *place = &db->signals.places[i];
        if (place->is_free)
            continue;
        for (uint32_t k = 0; k < place->symbol_count; k++) {
            const Symbol *symbol = &place->symbols[k];
            if (symbol->count[SIDE_REFERENCE] > 0)
                continue;
            odd_rc rc = add_value(db, place, symbol);
            if (rc != ODD_OK)
                return rc;
        }
    }
    return ODD_OK;
}

static odd_rc add_differences_of_lines(odd_db *db)
{
    if (db->lines[SIDE_REFERENCE] == 0 || db->lines[SIDE_JUDGED] == 0)
        return ODD_OK;
    size_t bytes = db->signals.signal_count * sizeof(Recurrence);
    Recurrence *families = mem_take(&db->mem, bytes);
    if (families == NULL)
        return ODD_NOMEM;
    Recurrence run = recurrences(db, families);
    odd_rc rc = add_new_shapes(db, families, run);
    mem_free(&db->mem, families, bytes);
    if (rc == ODD_OK)
        rc = add_rates(db);
    return rc == ODD_OK ? add_values(db) : rc;
}

odd_rc answer_diff(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    odd_settle(db);
    told_clear(db);
    odd_rc rc = add_differences_of_lines(db);
    if (rc == ODD_OK)
        rc = series_add_differences(db);
    return rc == ODD_OK ? told_answer(db, question, ret_rows) : rc;
}
