/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "engine/template_book.h"

/* A template of two gaps, the second one being a number. */
static uint64_t learn(TemplateBook *book, PatternRef signal, int number)
{
    char text[32];
    snprintf(text, sizeof text, " of %d", number);
    const Str gaps[] = {STR("took "), str_of(text)};
    return template_book_learn(book, signal, gaps, 2);
}

static void a_template_is_learnt_once_and_gives_its_gaps_back(void **state)
{
    (void)state;
    Mem mem = {0};
    TemplateBook book = {.mem = &mem};
    uint64_t hashes[1000];
    char text[32];
    for (int i = 0; i < 1000; i++)
        hashes[i] = learn(&book, 3, i);
    for (int i = 0; i < 1000; i++) {
        size_t at = 0;
        assert_true(learn(&book, 3, i) == hashes[i]);
        assert_true(book.templates[i].hash == hashes[i]);
        assert_int_equal(book.templates[i].gap_count, 2);
        assert_true(str_equal(template_book_gap(&book, &book.templates[i], &at), STR("took ")));
        snprintf(text, sizeof text, " of %d", i);
        assert_true(str_equal(template_book_gap(&book, &book.templates[i], &at), str_of(text)));
    }
    assert_int_equal(book.count, 1000);
    template_book_close(&book);
    assert_int_equal(mem.bytes, 0);
}

static void templates_differ_by_pattern_by_gaps_by_where_gaps_end_and_by_shard(void **state)
{
    (void)state;
    Mem mem = {0};
    TemplateBook book = {.mem = &mem}, other = {.mem = &mem, .seed = 1};
    const Str gaps[] = {STR("ab"), STR("c")}, same_text[] = {STR("a"), STR("bc")};
    uint64_t hash = template_book_learn(&book, 1, gaps, 2);
    assert_true(hash != TEMPLATE_NONE);
    assert_true(template_book_learn(&book, 2, gaps, 2) != hash);
    assert_true(template_book_learn(&book, 1, same_text, 2) != hash);
    assert_true(template_book_learn(&book, 1, gaps, 1) != hash);
    assert_true(template_book_learn(&other, 1, gaps, 2) != hash);
    assert_int_equal(book.count, 4);
    template_book_close(&book);
    template_book_close(&other);
}

static void beyond_its_bytes_a_book_knows_the_old_templates_and_learns_no_new_one(void **state)
{
    (void)state;
    Mem mem = {0};
    TemplateBook book = {.mem = &mem, .bytes_max = 1000};
    int known = 0;
    while (learn(&book, 1, known) != TEMPLATE_NONE)
        known++;
    assert_in_range(known, 20, 100);
    assert_true(book.pool_size <= 1000);
    assert_int_equal(book.count, known);
    for (int i = 0; i < known; i++)
        assert_true(learn(&book, 1, i) == book.templates[i].hash);
    template_book_close(&book);
}

/* Two texts of one hash would make one line out of the other. */
static void another_template_of_the_same_hash_is_no_template(void **state)
{
    (void)state;
    Mem mem = {0};
    TemplateBook book = {.mem = &mem};
    uint64_t hash = learn(&book, 1, 7);
    book.pool[book.pool_size - 1] = '8';
    assert_true(hash != TEMPLATE_NONE);
    assert_true(learn(&book, 1, 7) == TEMPLATE_NONE);
    template_book_close(&book);
}

static void a_book_that_was_saved_goes_on(void **state)
{
    (void)state;
    Mem mem = {0};
    TemplateBook book = {.mem = &mem}, loaded = {.mem = &mem};
    ImageOut out = {.mem = &mem};
    for (int i = 0; i < 300; i++)
        learn(&book, 1, i);
    template_book_save(&book, &out);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    template_book_load(&loaded, &in);
    assert_true(image_at_end(&in));
    for (int i = 0; i < 400; i++)
        assert_true(learn(&loaded, 1, i) == learn(&book, 1, i));
    assert_int_equal(loaded.count, 400);
    template_book_close(&book);
    template_book_close(&loaded);
    image_close(&out);
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_template_is_learnt_once_and_gives_its_gaps_back),
        cmocka_unit_test(templates_differ_by_pattern_by_gaps_by_where_gaps_end_and_by_shard),
        cmocka_unit_test(beyond_its_bytes_a_book_knows_the_old_templates_and_learns_no_new_one),
        cmocka_unit_test(another_template_of_the_same_hash_is_no_template),
        cmocka_unit_test(a_book_that_was_saved_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
