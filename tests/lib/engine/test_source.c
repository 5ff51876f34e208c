/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "engine/source_index.h"

static void rotated_and_compressed_files_are_one_family(void **state)
{
    (void)state;
    assert_true(source_same_family(STR("/var/log/app.log"), STR("/var/log/app.log.1")));
    assert_true(source_same_family(STR("/var/log/app.log.2.gz"), STR("/var/log/app.log.1")));
    assert_true(source_same_family(STR("app-20261101.zst"), STR("app-20261102.zst")));
    assert_true(source_same_family(STR("container_01/out"), STR("container_207/out")));
}

static void other_files_are_other_families(void **state)
{
    (void)state;
    assert_false(source_same_family(STR("/var/log/app.log"), STR("/var/log/auth.log")));
    assert_false(source_same_family(STR("web1.log"), STR("web.log")));
    assert_false(source_same_family(STR("a/x.log"), STR("b/x.log")));
}

#define DRAWN 3000

/* Names of few letters and digits, so that many are equal or of one family. */
static void draw_name(Rng *rng, char name[16])
{
    static const char letters[] = "ab0179.-_/gz";
    size_t size = rng_next(rng) % 9;
    for (size_t i = 0; i < size; i++)
        name[i] = letters[rng_next(rng) % (sizeof letters - 1)];
    snprintf(name + size, 16 - size, "%s", rng_next(rng) % 4 == 0 ? ".gz" : "");
}

/* As a search through all of them would. */
static uint32_t first_like(const Source *sources, uint32_t count, Str name, bool by_family)
{
    for (uint32_t i = 0; i < count; i++) {
        Str other = {.text = sources[i].name, .size = sources[i].name_size};
        if (by_family ? source_same_family(other, name) : str_equal(other, name))
            return i;
    }
    return SOURCE_NONE;
}

static void an_index_finds_what_a_search_finds(void **state)
{
    (void)state;
    static char names[DRAWN][16];
    static Source sources[DRAWN];
    for (int by_family = 0; by_family < 2; by_family++) {
        Rng rng = rng_seeded(11);
        Mem mem = {0};
        SourceIndex index = {.by_family = by_family, .seed = 7};
        for (uint32_t i = 0; i < DRAWN; i++) {
            draw_name(&rng, names[i]);
            Str name = {.text = names[i], .size = strlen(names[i])};
            sources[i] = (Source){.name = names[i], .name_size = name.size};
            uint32_t wanted = first_like(sources, i, name, by_family);
            assert_int_equal(source_index_find(&index, sources, name), wanted);
            assert_true(source_index_make_room(&index, &mem, sources));
            if (wanted == SOURCE_NONE)
                source_index_add(&index, sources, i);
        }
        assert_true(index.count > 100 && index.count < DRAWN);
        source_index_close(&index, &mem);
        assert_int_equal(mem.bytes, 0);
    }
}

/* A flood of names: what looked at each of those before would take minutes. */
static void a_hundred_thousand_names_are_taken(void **state)
{
    (void)state;
    odd_db *db;
    char name[64];
    int number;
    assert_int_equal(odd_open(NULL, &db), ODD_OK);
    for (int i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "pod-%x%c/stdout", (unsigned)i * 2654435761u, 'a' + i % 26);
        assert_int_equal(odd_source(db, name, NULL, &number), ODD_OK);
        assert_int_equal(number, i);
    }
    odd_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rotated_and_compressed_files_are_one_family),
        cmocka_unit_test(other_files_are_other_families),
        cmocka_unit_test(an_index_finds_what_a_search_finds),
        cmocka_unit_test(a_hundred_thousand_names_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
