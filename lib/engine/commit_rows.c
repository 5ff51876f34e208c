/* SPDX-License-Identifier: Apache-2.0
 *
 * commit_rows.c - rows of a table: each number is judged by its series' past, and only then
 * learnt. */
#include <math.h>

#include "engine/batch.h"
#include "engine/db.h"

static void fault_count(BookFault *fault, uint64_t row)
{
    if (fault->count++ == 0)
        fault->first_row = row;
}

static void count_row(Source *source, const Item *item)
{
    SourceCounts *counts = &source->counts;
    counts->rows++;
    counts->records++;
    counts->bytes += item->line_size;
    if (item->time == ODD_TIME_NONE)
        return;
    counts->timed_rows++;
    counts->backward_rows += source->last_time != ODD_TIME_NONE && item->time < source->last_time;
    if (counts->first_time == ODD_TIME_NONE || item->time < counts->first_time)
        counts->first_time = item->time;
    if (counts->last_time == ODD_TIME_NONE || item->time > counts->last_time)
        counts->last_time = item->time;
    source->last_time = item->time;
}

static const char *reason_of(NumberKind kind, const Judgement *judgement)
{
    static const char *const reasons[] = {"", "missing", "infinite", "not a number"};
    return kind != NUMBER_FINITE        ? reasons[kind]
           : judgement->reason != NULL ? judgement->reason
                                       : "";
}

static odd_rc keep_sample(odd_db *db, Spot spot, uint32_t series, double value, NumberKind kind,
                          const Judgement *judgement)
{
    SeriesBook *book = &db->book;
    SampleScore *grown = mem_grow(&db->mem, book->scores, &book->score_capacity,
                                  book->score_count + 1, sizeof *grown);
    if (grown == NULL)
        return problem_say(&db->problem, ODD_NOMEM, "no memory left for the scores of %zu numbers",
                           book->score_count);
    book->scores = grown;
    grown[book->score_count++] = (SampleScore){.row = spot.row,
                                               .time = spot.time,
                                               .source = spot.source,
                                               .series = series,
                                               .value = value,
                                               .expected = judgement->expected,
                                               .lower = judgement->lower,
                                               .upper = judgement->upper,
                                               .surprise = (float)judgement->surprise,
                                               .alarm = (float)judgement->alarm,
                                               .together = NAN,
                                               .share = NAN,
                                               .reason = reason_of(kind, judgement)};
    return ODD_OK;
}

/* What the numbers of a row say together stands beside each of them. */
static void learn_together(SeriesBook *book, uint32_t source, size_t first_score)
{
    FleetMoment moment;
    Judgement judgement;
    series_book_learn_row(book, source, &moment, &judgement);
    if (moment.series < FLEET_SERIES_MIN)
        return;
    for (size_t i = first_score; i < book->score_count; i++) {
        SampleScore *score = &book->scores[i];
        score->together = (float)judgement.surprise;
        score->share = fleet_share(&moment, &book->series[score->series].fleet);
    }
}

static void count_moment(BookSource *table, odd_time time)
{
    bool is_same = time != ODD_TIME_NONE && time == table->moment_time;
    table->moments += !is_same || table->moments == 0;
    table->moment_time = time;
}

odd_rc commit_row(odd_db *db, odd_batch *batch)
{
    const Item *item = &batch->items[batch->next];
    Source *source = &db->sources[batch->source];
    BookSource *table = series_book_source(&db->book, (uint32_t)batch->source);
    count_row(source, item);
    db->line_count++;
    Spot spot = {.sequence = db->line_count,
                 .row = batch->first_row + item->line - table->sheet.head_lines,
                 .time = item->time,
                 .source = (uint32_t)batch->source};
    fault_count(&table->faults[item->fault], spot.row);
    count_moment(table, spot.time);
    Str labels = batch_message(batch, item);
    size_t first_score = db->book.score_count;
    for (uint32_t column = 0; column < batch->width; column++) {
        size_t at = batch->next * batch->width + column;
        NumberKind kind = (NumberKind)batch->number_kinds[at];
        double value = batch->numbers[at];
        uint32_t number = series_book_find(&db->book, spot.source, column, labels);
        if (number == NONE) {
            db->book.refused++;
            continue;
        }
        if (kind == NUMBER_BAD)
            fault_count(&table->bad_numbers, spot.row);
        Judgement judgement;
        series_book_learn(&db->book, number, spot, table->moments, value, &judgement);
        odd_rc rc =
            db->options.scores ? keep_sample(db, spot, number, value, kind, &judgement) : ODD_OK;
        if (rc != ODD_OK)
            return rc;
    }
    if (table->sheet.label_count == 0 && !db->book.compares)
        learn_together(&db->book, spot.source, first_score);
    batch->next++;
    return ODD_OK;
}
