/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <stdio.h>

#include "base/rng.h"

enum { LOG_TEMPLATE = 6, LOG_HEAD, LOG_VARS, LOG_RAW };

typedef struct {
    uint64_t hash;
    Str gaps; /* A cell of texts: their bytes. */
    Cell cell;
} KnownTemplate;

typedef struct {
    odd_fold *fold;
    KnownTemplate *templates;
    size_t count;
    char *bytes; /* Of the templates. */
} Book;

static void book_open(Book *book, odd_fold *fold)
{
    const void *bytes;
    size_t size;
    assert_int_equal(odd_fold_table(fold, ODD_TABLE_TEMPLATES, &bytes, &size), ODD_OK);
    *book = (Book){.fold = fold, .bytes = malloc(size + 1)};
    assert_non_null(book->bytes);
    memcpy(book->bytes, bytes, size);
    TableReader reader = {.bytes = {.text = book->bytes, .size = size}};
    Cell cells[TABLE_COLUMNS_MAX];
    while (table_next(&reader, cells) == ODD_ROW) {
        KnownTemplate *grown = realloc(book->templates, (book->count + 1) * sizeof *grown);
        assert_non_null(grown);
        book->templates = grown;
        grown[book->count++] = (KnownTemplate){.hash = cells[0].hash, .cell = cells[2]};
    }
}

static void book_close(Book *book)
{
    free(book->templates);
    free(book->bytes);
}

static size_t add(char *line, size_t size, Str text)
{
    if (text.size > 0)
        memcpy(line + size, text.text, text.size);
    return size + text.size;
}

/* As tables.h says: raw, or head and then gaps and variables in turn. */
static size_t line_of(const Book *book, const Cell *cells, char *line)
{
    if (!cells[LOG_RAW].missing)
        return add(line, 0, cells[LOG_RAW].text);
    size_t size = add(line, 0, cells[LOG_HEAD].text);
    for (size_t i = 0; !cells[LOG_TEMPLATE].missing && i < book->count; i++) {
        if (book->templates[i].hash != cells[LOG_TEMPLATE].hash)
            continue;
        Cell gaps = book->templates[i].cell, vars = cells[LOG_VARS];
        Str text;
        while (table_text_next(&gaps, &text)) {
            size = add(line, size, text);
            if (!vars.missing && table_text_next(&vars, &text))
                size = add(line, size, text);
        }
        break;
    }
    return size;
}

typedef struct {
    char text[512];
    size_t size;
} KnownLine;

/* Whoever calls gave the lines in this order, to one source. */
static void assert_rows_are(odd_fold *fold, const KnownLine *lines, size_t count)
{
    const void *bytes;
    size_t size, row = 0;
    static char line[65536];
    Book book;
    book_open(&book, fold);
    assert_int_equal(odd_fold_table(fold, ODD_TABLE_LOGS, &bytes, &size), ODD_OK);
    TableReader reader = {.bytes = {.text = bytes, .size = size}};
    Cell cells[TABLE_COLUMNS_MAX];
    for (; table_next(&reader, cells) == ODD_ROW; row++) {
        assert_true(row < count);
        size_t line_size = line_of(&book, cells, line);
        if (line_size != lines[row].size || memcmp(line, lines[row].text, line_size) != 0)
            print_error("line %zu: \"%.*s\" was \"%.*s\"\n", row, (int)line_size, line,
                        (int)lines[row].size, lines[row].text);
        assert_int_equal(line_size, lines[row].size);
        assert_memory_equal(line, lines[row].text, line_size);
    }
    assert_int_equal(row, count);
    book_close(&book);
}

static void learn_and_compare(const KnownLine *lines, size_t count, bool records)
{
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    for (size_t i = 0; i < count; i++) {
        Str text = {.text = lines[i].text, .size = lines[i].size};
        if (records)
            assert_true(events_record(events, STR("s"), NOW, LEVEL_INFO, text, STR("")));
        else
            assert_true(events_lines(events, STR("s"), 0, text.size > 0 ? text : STR("\n")));
    }
    fold_learn(fold, events, NOW);
    assert_rows_are(fold, lines, count);
    odd_fold_close(fold);
    events_close(events);
}

static size_t random_piece(Rng *rng, char *to)
{
    static const char *const pieces[] = {"2025-12-01T00:00:00.123Z ",
                                         "Dec  1 00:00:00 host app[12]: ",
                                         "INFO ",
                                         "ERROR",
                                         " ",
                                         "  ",
                                         "\t",
                                         "\r",
                                         "user=",
                                         "10.0.0.1:80",
                                         "0x7ffe",
                                         "\"quoted \\\" text\"",
                                         "{\"a\": 1}",
                                         "[",
                                         "]",
                                         "\x1b[31m",
                                         "\x1b[0m",
                                         "\xc3\xa9",
                                         "\xe2\x82\xac",
                                         "\xff",
                                         "\xc3",
                                         "request ",
                                         "served in ",
                                         "ms",
                                         "/var/log/a.log",
                                         "%s",
                                         "key=value,",
                                         "::",
                                         "f47ac10b-58cc-4372-a567-0e02b2c3d479"};
    uint64_t which = rng_next(rng) % (sizeof pieces / sizeof pieces[0] + 3);
    if (which >= sizeof pieces / sizeof pieces[0]) {
        int number = (int)(rng_next(rng) % 1000);
        return which % 2 == 0 ? (size_t)sprintf(to, "%d", number)
                              : (size_t)sprintf(to, "word%c ", 'a' + number % 26);
    }
    size_t size = strlen(pieces[which]);
    memcpy(to, pieces[which], size);
    return size;
}

static void random_line(Rng *rng, KnownLine *line)
{
    line->size = 0;
    for (uint64_t i = rng_next(rng) % 12; i > 0; i--)
        line->size += random_piece(rng, line->text + line->size);
}

static void lines_of_any_pieces_are_put_together_again_exactly(void **state)
{
    (void)state;
    static KnownLine lines[500];
    for (uint64_t seed = 0; seed < 20; seed++) {
        Rng rng = rng_seeded(seed);
        for (size_t i = 0; i < 500; i++) {
            if (i > 0 &&
                rng_next(&rng) % 3 != 0) { /* Much alike, so that words become variables. */
                lines[i] = lines[rng_next(&rng) % i];
                continue;
            }
            random_line(&rng, &lines[i]);
        }
        print_message("seed %d\n", (int)seed);
        learn_and_compare(lines, 500, false);
        learn_and_compare(lines, 500, true);
    }
}

static void lines_of_any_bytes_are_put_together_again_exactly(void **state)
{
    (void)state;
    static KnownLine lines[500];
    for (uint64_t seed = 0; seed < 20; seed++) {
        Rng rng = rng_seeded(seed);
        for (size_t i = 0; i < 500; i++) {
            lines[i].size = rng_next(&rng) % 60;
            for (size_t k = 0; k < lines[i].size; k++) {
                char byte = (char)rng_next(&rng);
                lines[i].text[k] = byte == '\n' ? ' ' : byte;
            }
        }
        print_message("seed %d\n", (int)seed);
        learn_and_compare(lines, 500, false);
    }
}

static void further_lines_of_a_record_are_put_together_again_exactly(void **state)
{
    (void)state;
    static KnownLine lines[200];
    for (size_t i = 0; i < 200; i++)
        lines[i].size = (size_t)snprintf(lines[i].text, sizeof lines[i].text,
                                         "order %zu failed\n  at shop %zu\n\n\tat till %zu%s", i,
                                         i % 7, i * i, i % 2 == 0 ? "\n" : "");
    learn_and_compare(lines, 200, true);
}

/* Long after its book of templates is full, a line is stored whole. */
static void lines_without_room_for_a_template_are_stored_whole(void **state)
{
    (void)state;
    static KnownLine lines[200];
    odd_fold *fold = fold_opened(0);
    odd_events *events = events_opened(NOW);
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        fold->shards[i].templates.bytes_max = 1;
    for (size_t i = 0; i < 200; i++) {
        lines[i].size =
            (size_t)snprintf(lines[i].text, sizeof lines[i].text, "request %zu served in %zu ms%s",
                             i, i * 7 % 90, i % 9 == 0 ? " \xff" : "");
        assert_true(
            events_lines(events, STR("s"), 0, (Str){.text = lines[i].text, .size = lines[i].size}));
    }
    fold_learn(fold, events, NOW);
    assert_rows_are(fold, lines, 200);
    odd_fold_close(fold);
    events_close(events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_any_pieces_are_put_together_again_exactly),
        cmocka_unit_test(lines_of_any_bytes_are_put_together_again_exactly),
        cmocka_unit_test(further_lines_of_a_record_are_put_together_again_exactly),
        cmocka_unit_test(lines_without_room_for_a_template_are_stored_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
