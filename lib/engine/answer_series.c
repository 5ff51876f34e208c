/* SPDX-License-Identifier: Apache-2.0
 *
 * answer_series.c - the views of metric series, and what of their tables could not be read. */
#include <inttypes.h>
#include <stdio.h>

#include "engine/answer.h"
#include "engine/rows.h"
#include "incident/sentence.h"

odd_rc answer_samples(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    static const char *const columns[] = {"source_number", "row",      "time",  "series",
                                          "value",         "expected", "lower", "upper",
                                          "surprise",      "alarm",    "reason", "together",
                                          "share",         NULL};
    (void)question; /* As with scores. */
    SeriesBook *book = &db->book;
    odd_rows *rows = rows_open(columns);
    for (size_t i = 0; rows != NULL && i < book->score_count; i++) {
        const SampleScore *score = &book->scores[i];
        rows_int(rows, score->source);
        rows_int(rows, (int64_t)score->row);
        rows_int(rows, score->time);
        rows_text(rows, series_book_name(book, score->series));
        rows_double(rows, score->value);
        rows_double(rows, score->expected);
        rows_double(rows, score->lower);
        rows_double(rows, score->upper);
        rows_double(rows, (double)score->surprise);
        rows_double(rows, (double)score->alarm);
        rows_constant(rows, score->reason);
        rows_double(rows, (double)score->together);
        rows_double(rows, (double)score->share);
    }
    odd_rc rc = rows_finish(rows, ret_rows);
    if (rc == ODD_OK)
        book->score_count = 0;
    return rc;
}

odd_rc answer_series(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    static const char *const columns[] = {"series",    "source",     "samples", "first_time",
                                          "last_time", "last_value", NULL};
    const SeriesBook *book = &db->book;
    size_t limit = question->row_count_max > 0 ? (size_t)question->row_count_max : book->count;
    odd_rows *rows = rows_open(columns);
    for (uint32_t i = 0; rows != NULL && i < book->count && i < limit; i++) {
        const BookSeries *series = &book->series[i];
        const Source *source = &db->sources[series->source];
        rows_text(rows, series_book_name(book, i));
        rows_text(rows, (Str){.text = source->name, .size = source->name_size});
        rows_int(rows, (int64_t)series->samples);
        rows_int(rows, series->first_time);
        rows_int(rows, series->last_time);
        rows_double(rows, series->last_value);
    }
    return rows_finish(rows, ret_rows);
}

static void note_fault(odd_rows *rows, const char *source, const char *what, const BookFault *fault)
{
    char text[SENTENCE_SIZE];
    if (fault->count == 0)
        return;
    int size = snprintf(text, sizeof text, "%.200s: %s: %" PRIu64 " (the first in row %" PRIu64 ")",
                        source, what, fault->count, fault->first_row);
    rows_constant(rows, "rows");
    rows_text(rows, (Str){.text = text, .size = (size_t)size});
}

void series_notes(const odd_db *db, odd_rows *rows)
{
    static const char *const faults[ROW_FAULT_COUNT] = {
        [ROW_SHORT] = "rows with too few cells, whose others are missing",
        [ROW_LONG] = "rows with too many cells, of which the last are left out",
        [ROW_TORN] = "rows with a quote that is not closed",
        [ROW_TIME] = "rows whose time cannot be read",
        [ROW_LABELS] = "rows whose labels are too long, and cut"};
    for (size_t i = 0; i < db->source_count; i++) {
        const BookSource *table = series_book_known_source(&db->book, (uint32_t)i);
        const char *source = db->sources[i].name;
        for (int k = ROW_FINE + 1; table != NULL && k < ROW_FAULT_COUNT; k++)
            note_fault(rows, source, faults[k], &table->faults[k]);
        if (table != NULL)
            note_fault(rows, source, "cells that should be numbers and are none",
                       &table->bad_numbers);
    }
    char text[SENTENCE_SIZE];
    if (db->book.refused > 0) {
        int size = snprintf(text, sizeof text,
                            "%" PRIu64 " numbers were not judged: there was no room for more "
                            "series (--memory gives more)", db->book.refused);
        rows_constant(rows, "memory");
        rows_text(rows, (Str){.text = text, .size = (size_t)size});
    }
}
