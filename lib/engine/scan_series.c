/* SPDX-License-Identifier: Apache-2.0
 *
 * scan_series.c - what is odd in metric series: their spells, corrected for all that was judged. */
#include <math.h>

#include "engine/answer.h"
#include "engine/told.h"
#include "incident/metric.h"
#include "stats/combine.h"

static odd_rc add_spell(odd_db *db, const Spell *spell, uint32_t number)
{
    const SeriesBook *book = &db->book;
    const BookSeries *series = &book->series[number];
    return told_add(db, (Finding){.kind = metric_kind(spell->reason, spell->seen, spell->expected),
                                  .first = spell->first,
                                  .last = spell->last,
                                  .repeats = spell->samples,
                                  .surprise =
                                      combine_bonferroni(spell->surprise, (double)book->samples),
                                  .seen = spell->seen,
                                  .expected = spell->expected,
                                  .history = series->samples,
                                  .looked_at = book->samples,
                                  .pattern = series_book_name(book, number),
                                  .is_metric = true,
                                  .moment = spell->moment,
                                  .lower = spell->lower,
                                  .upper = spell->upper});
}

odd_rc spells_add_findings(odd_db *db)
{
    const SeriesBook *book = &db->book;
    odd_rc rc = ODD_OK;
    for (size_t i = 0; i < book->spell_count && rc == ODD_OK; i++)
        rc = add_spell(db, &book->spells[i].spell, book->spells[i].series);
    for (uint32_t i = 0; i < book->count && rc == ODD_OK; i++)
        if (book->series[i].spell.is_open)
            rc = add_spell(db, &book->series[i].spell, i);
    return rc;
}
