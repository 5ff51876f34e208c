/* SPDX-License-Identifier: Apache-2.0
 *
 * engine.c - any bytes as a log: the first byte says where they are split, and whether the first
 * part is the good run.  All views are asked, and counts must add up.
 */
#include <assert.h>
#include <oddball.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int64_t ask(odd_db *db, odd_view view, const char *sum_of)
{
    odd_rows *rows;
    int64_t sum = 0;
    if (odd_query(db, &(odd_question){.view = view}, &rows) != ODD_OK)
        return -1;
    int column = sum_of != NULL ? odd_column(rows, sum_of) : -1;
    while (odd_next(rows) == ODD_ROW)
        sum += odd_int(rows, column);
    odd_rows_close(rows);
    return sum;
}

static void feed(odd_db *db, const char *name, int reference, const uint8_t *bytes, size_t size)
{
    int source;
    odd_source(db, name, &(odd_reading){.reference = reference, .now = 1}, &source);
    odd_put(db, source, bytes, size / 2);
    odd_put(db, source, bytes + size / 2, size - size / 2);
    odd_end(db, source);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    odd_db *db;
    if (size == 0)
        return 0;
    odd_options options = {.scores = 1, .sessions = ODD_SESSIONS_ALL, .memory_bytes_max = 64 << 20};
    if (odd_open(&options, &db) != ODD_OK)
        return 0;
    size_t split = (size - 1) * (bytes[0] >> 1) / 128;
    feed(db, "first", bytes[0] & 1, bytes + 1, split);
    feed(db, "second", 0, bytes + 1 + split, size - 1 - split);
    int64_t rows = ask(db, ODD_SOURCES, "rows");
    int64_t counted = ask(db, ODD_PATTERNS, "count") + ask(db, ODD_PATTERNS, "reference_count");
    assert(rows == counted);
    ask(db, ODD_SCORES, NULL);
    ask(db, ODD_FINDINGS, NULL);
    odd_rows *facts;
    for (int rank = 1; odd_explain(db, rank, &facts) == ODD_OK; rank++)
        odd_rows_close(facts);
    ask(db, ODD_DIFF, NULL);
    ask(db, ODD_SESSIONS, NULL);
    ask(db, ODD_TIMELINE, NULL);
    ask(db, ODD_NOTES, NULL);
    odd_close(db);
    return 0;
}
