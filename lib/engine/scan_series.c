/* SPDX-License-Identifier: Apache-2.0
 *
 * scan_series.c - what is odd in metric series: their spells, corrected for all that was judged. */
#include "engine/answer.h"
#include "engine/metric_answer.h"
#include "incident/metric.h"

static odd_rc add_spell(MetricAnswer *answer, const Spell *spell, uint32_t number)
{
    const SeriesBook *book = &answer->db->book;
    Finding finding = {.kind = metric_kind(spell->reason, spell->seen, spell->expected),
                       .first = spell->first,
                       .last = spell->last,
                       .repeats = spell->samples,
                       .surprise = spell->surprise,
                       .seen = spell->seen,
                       .expected = spell->expected,
                       .history = book->series[number].samples,
                       .pattern = series_book_name(book, number),
                       .is_metric = true,
                       .moment = spell->moment,
                       .reason = spell->reason,
                       .lower = spell->lower,
                       .upper = spell->upper};
    return metric_answer_add(answer, finding);
}

odd_rc spells_add_findings(odd_db *db)
{
    const SeriesBook *book = &db->book;
    MetricAnswer answer = {.db = db, .looks = (double)book->samples};
    odd_rc rc = ODD_OK;
    for (size_t i = 0; i < book->spell_count && rc == ODD_OK; i++)
        rc = add_spell(&answer, &book->spells[i].spell, book->spells[i].series);
    for (uint32_t i = 0; i < book->count && rc == ODD_OK; i++)
        if (book->series[i].spell.is_open)
            rc = add_spell(&answer, &book->series[i].spell, i);
    return metric_answer_tell(&answer, rc);
}
