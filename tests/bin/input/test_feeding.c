/* SPDX-License-Identifier: Apache-2.0
 *
 * The reader and the library together: files on the disk, answers out.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input/reader.h"

static char folder[PATH_SIZE];

static int folder_take(void **state)
{
    (void)state; /* The folder is all there is. */
    folder_make(folder);
    return 0;
}

static int folder_give(void **state)
{
    (void)state; /* As above. */
    folder_remove(folder);
    return 0;
}

/* A log of `rows` rows, one about each `step_s` seconds from `second` on, some without time. */
static void put_log(const char *name, unsigned second, unsigned step_s, unsigned rows, bool packed)
{
    Text     text = {0}, gzip = {0};
    uint64_t seed = second;
    char     path[PATH_SIZE];
    for (unsigned i = 0; i < rows; i++, second += (unsigned)random_below(&seed, step_s + 1)) {
        char line[256];
        int size = snprintf(
            line, sizeof line,
            "2026-11-23T%02u:%02u:%02uZ host app[%u]: request %u of user%u took %u ms\n",
            second / 3600 % 24, second / 60 % 60, second % 60, (unsigned)random_below(&seed, 9), i,
            (unsigned)random_below(&seed, 99), (unsigned)random_below(&seed, 5000));
        text_add(&text, line, (size_t)size);
        if (random_below(&seed, 50) == 0)
            text_add(&text, BYTES("    at frame of a stack\n"));
    }
    gzip_of(text.bytes, text.size, &gzip);
    const Text *written = packed ? &gzip : &text;
    file_write(path_in(folder, name, path), written->bytes, written->size);
    text_free(&text);
    text_free(&gzip);
}

/* All rows of a view as text. */
static void answer_add(odd_db *db, odd_view view, Text *ret)
{
    odd_rows *rows;
    assert_int_equal(odd_query(db, &(odd_question){.view = view}, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        for (int column = 0; column < odd_column_count(rows); column++) {
            char number[64];
            int  size = snprintf(number, sizeof number, "%lld %.17g ",
                                 (long long)odd_int(rows, column), odd_double(rows, column));
            text_add(ret, number, (size_t)size);
            text_add(ret, odd_text(rows, column), odd_text_size(rows, column));
        }
    odd_rows_close(rows);
}

static uint64_t answers_of(int threads, size_t block_bytes, Text *ret)
{
    const char   *name = folder;
    odd_db       *db;
    Inputs        inputs;
    Notes         notes = {0};
    ReaderCounts  counts;
    ReaderOptions options = {.threads = threads, .stream.block_bytes = block_bytes};
    assert_int_equal(odd_open(&(odd_options){.scores = 1}, &db), ODD_OK);
    assert_true(inputs_find(&name, 1, &inputs, &notes));
    assert_int_equal(reader_feed(db, NULL, &inputs, &options, &notes, &counts), ODD_OK);
    assert_int_equal(notes.count, 0);
    answer_add(db, ODD_SOURCES, ret);
    answer_add(db, ODD_PATTERNS, ret);
    answer_add(db, ODD_SCORES, ret);
    answer_add(db, ODD_FINDINGS, ret);
    inputs_free(&inputs);
    odd_close(db);
    return counts.rows;
}

static void one_thread_and_four_give_the_same_answers(void **state)
{
    (void)state; /* As above. */
    put_log("app.log", 40000, 2, 9000, false);
    put_log("app.log.1", 30000, 2, 9000, false);
    put_log("app.log.2.gz", 20000, 2, 9000, true);
    put_log("other.log", 25000, 9, 4000, false);
    Text     one = {0};
    uint64_t rows = answers_of(1, 0, &one);
    assert_in_range(rows, 31000, 33000);
    assert_true(one.size > rows * 10);
    for (int threads = 2; threads <= 4; threads++) {
        Text many = {0};
        assert_int_equal(answers_of(threads, threads == 3 ? 5000 : 0, &many), rows);
        assert_int_equal(many.size, one.size);
        assert_memory_equal(many.bytes, one.bytes, one.size);
        text_free(&many);
    }
    text_free(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_thread_and_four_give_the_same_answers, folder_take,
                                        folder_give),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
