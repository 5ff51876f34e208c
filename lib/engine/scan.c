/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "engine/answer.h"
#include "engine/judge.h"
#include "engine/told.h"
#include "event/record.h"
#include "stats/rarity.h"

#define ODD_SURPRISE 3.0

static RaritySeverity severity_of(const Signal *signal)
{
    switch (signal_level(signal)) {
    case LEVEL_WARN:
        return RARITY_WARNING;
    case LEVEL_ERROR:
        return RARITY_ERROR;
    case LEVEL_FATAL:
        return RARITY_FATAL;
    default:
        return RARITY_PLAIN;
    }
}

static odd_rc add_rare(odd_db *db)
{
    size_t count = db->signals.signal_count, capacity = 0, results_capacity = 0;
    RarityPattern *patterns = mem_grow(&db->mem, NULL, &capacity, count, sizeof *patterns);
    Rarity *rarities = mem_grow(&db->mem, NULL, &results_capacity, count, sizeof *rarities);
    size_t scratch_bytes = rarity_scratch_bytes(count);
    void *scratch = mem_take(&db->mem, scratch_bytes);
    odd_rc rc = patterns != NULL && rarities != NULL && scratch != NULL ? ODD_OK : ODD_NOMEM;
    for (size_t i = 0; rc == ODD_OK && i < count; i++) {
        const Signal *signal = &db->signals.signals[i];
        patterns[i] = (RarityPattern){.count = signal->records[SIDE_JUDGED],
                                      .first_row = signal->first.sequence,
                                      .last_row = signal->last.sequence,
                                      .severity = (uint8_t)severity_of(signal)};
    }
    if (rc == ODD_OK)
        rarity_score(patterns, count, scratch, rarities);
    for (size_t i = 0; rc == ODD_OK && i < count; i++) {
        const Signal *signal = &db->signals.signals[i];
        if (rarities[i].surprise < ODD_SURPRISE)
            continue;
        rc = told_add(db, (Finding){.kind = signal->records[SIDE_JUDGED] > 1 &&
                                                    severity_of(signal) >= RARITY_ERROR
                                                ? FINDING_SEVERITY
                                                : FINDING_RARE,
                                    .signal = (uint32_t)i,
                                    .first = signal->first,
                                    .last = signal->last,
                                    .repeats = signal->records[SIDE_JUDGED],
                                    .surprise = rarities[i].surprise,
                                    .seen = (double)signal->records[SIDE_JUDGED],
                                    .expected = NAN,
                                    .history = db->lines[SIDE_JUDGED],
                                    .looked_at = count});
    }
    mem_free(&db->mem, patterns, capacity * sizeof *patterns);
    mem_free(&db->mem, rarities, results_capacity * sizeof *rarities);
    mem_free(&db->mem, scratch, scratch_bytes);
    return rc;
}

odd_rc answer_findings(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    db_settle(db);
    told_clear(db);
    odd_rc rc = db->signals.signal_count > 0 ? add_rare(db) : ODD_OK;
    return rc == ODD_OK ? told_answer(db, question, ret_rows) : rc;
}
