/* SPDX-License-Identifier: Apache-2.0
 *
 * scan_series.c - what is odd in metric series: their spells, corrected for all that was judged. */
#include "base/time.h"
#include "engine/answer.h"
#include "engine/metric_answer.h"
#include "incident/metric.h"

#define EVERYDAY 1.0 /* Surprise: one in ten. */

/* It began before the season that is known now was seen twice. */
static bool is_before_season(const BookSeries *series, const Spell *spell)
{
    static const int64_t days[] = {0, 1, 7};
    int64_t learnt = 2 * days[series_season(&series->watch)] * S_PER_DAY * NS_PER_S;
    return spell->first.time == ODD_TIME_NONE || series->first_time == ODD_TIME_NONE ||
           time_minus(spell->first.time, series->first_time) < learnt;
}

/* What looked odd then may be what each day, or week, brings. */
static bool is_usual_by_now(const BookSeries *series, const Spell *spell)
{
    if (!is_before_season(series, spell))
        return false;
    Judgement judgement;
    series_score(&series->watch, spell->oddest, spell->seen, &judgement);
    return judgement.surprise < EVERYDAY;
}

static odd_rc add_spell(MetricAnswer *answer, const Spell *spell, uint32_t number)
{
    const SeriesBook *book = &answer->db->book;
    const BookSeries *series = &book->series[number];
    if (is_usual_by_now(series, spell))
        return ODD_OK;
    Finding finding = {.kind = metric_kind(spell->reason, spell->seen, spell->expected),
                       .first = spell->first,
                       .last = spell->last,
                       .repeats = spell->samples,
                       .surprise = spell->surprise,
                       .seen = spell->seen,
                       .expected = spell->expected,
                       .history = series->samples,
                       .pattern = series_book_name(book, number),
                       .is_metric = true,
                       .series = number,
                       .moment = spell->moment,
                       .reason = spell->reason,
                       .lower = spell->lower,
                       .upper = spell->upper};
    if (!is_before_season(series, spell))
        finding.usual = (Usual)series_season(&series->watch);
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
