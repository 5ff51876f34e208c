/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hash.h"
#include "pattern/pattern.h"

#define SEED 7
#define LINES_MAX 400

static PatternRef learn(PatternTable *table, uint64_t seed, const char *text, bool *ret_is_new)
{
    static Value values[LEX_VALUES_MAX];
    Lexed lexed;
    lex(str_of(text), seed, values, &lexed);
    return pattern_learn(table, str_of(text), &lexed, ret_is_new);
}

static const char *text_of(const PatternTable *table, PatternRef ref, const char *wildcard)
{
    static char buffer[1000];
    size_t size = pattern_text(table, ref, wildcard, buffer, sizeof buffer - 1);
    buffer[size < sizeof buffer ? size : sizeof buffer - 1] = 0;
    return buffer;
}

static void assert_pattern(const char *const *lines, size_t count, const char *text)
{
    Mem mem = {0};
    PatternTable *table = pattern_table_open(&mem, SEED, 0);
    bool is_new;
    PatternRef first = 0;
    for (size_t i = 0; i < count; i++) {
        PatternRef ref = learn(table, SEED, lines[i], &is_new);
        first = i == 0 ? ref : first;
    }
    pattern_settle(table);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(pattern_root(table, learn(table, SEED, lines[i], &is_new)),
                         pattern_root(table, first));
    assert_string_equal(text_of(table, first, "<*>"), text);
    pattern_table_close(table);
    assert_int_equal(mem.bytes, 0);
}

#define COUNT_OF(lines) (sizeof(lines) / sizeof *(lines))

static void names_behind_user_are_values(void **state)
{
    (void)state;
    const char *lines[] = {"session closed for user alice", "session closed for user bob",
                           "session closed for user carol", "session closed for user dave"};
    assert_pattern(lines, COUNT_OF(lines), "session closed for user <*>");
}

static void two_free_variables_meet(void **state)
{
    (void)state;
    char text[40][64];
    const char *lines[40];
    for (int i = 0; i < 40; i++) {
        snprintf(text[i], sizeof text[i], "session opened for user u%c%c by w%c%c", 'a' + i % 26,
                 'a' + i / 7, 'a' + i * 11 % 26, 'b' + i / 5);
        lines[i] = text[i];
    }
    assert_pattern(lines, COUNT_OF(lines), "session opened for user <*> by <*>");
}

static void a_list_of_any_length_is_one_place(void **state)
{
    (void)state;
    const char *lines[] = {"ask 10.0.0.1 to delete blk_1 blk_2 blk_3",
                           "ask 10.0.0.2 to delete blk_4",
                           "ask 10.0.0.1 to delete blk_5 blk_6 blk_7 blk_8 blk_9"};
    assert_pattern(lines, COUNT_OF(lines), "ask <*> to delete <*>");
}

static void numbers_with_their_units_are_one_value_if_units_differ(void **state)
{
    (void)state;
    const char *lines[] = {"estimated size 93.0 B, free 2 KB", "estimated size 1.2 MB, free 7 KB"};
    assert_pattern(lines, COUNT_OF(lines), "estimated size <*>, free <*> KB");
}

static void what_values_have_in_common_stays(void **state)
{
    (void)state;
    const char *lines[] = {"job com.apple.sync1 of the night done",
                           "job com.apple.mail2 of the night done",
                           "job com.apple.news3 of the night done"};
    assert_pattern(lines, COUNT_OF(lines), "job com.apple.<*> of the night done");
}

static void states_stay_apart(void **state)
{
    (void)state;
    Mem mem = {0};
    PatternTable *table = pattern_table_open(&mem, SEED, 0);
    const char *lines[] = {"VM Started (Lifecycle Event)", "VM Paused (Lifecycle Event)",
                           "VM Stopped (Lifecycle Event)", "VM Resumed (Lifecycle Event)"};
    bool is_new;
    for (int i = 0; i < 100; i++)
        assert_int_equal(learn(table, SEED, lines[i % 4], &is_new), i % 4);
    pattern_settle(table);
    assert_int_equal(pattern_merge_count(table), 0);
    assert_int_equal(pattern_count(table), 4);
    pattern_table_close(table);
}

static void a_pattern_is_new_once(void **state)
{
    (void)state;
    Mem mem = {0};
    PatternTable *table = pattern_table_open(&mem, SEED, 0);
    bool is_new;
    learn(table, SEED, "open /a/b in 3 ms", &is_new);
    assert_true(is_new);
    learn(table, SEED, "open /c in 15 ms", &is_new);
    assert_false(is_new);
    assert_string_equal(text_of(table, 0, NULL), "open <path> in <size> ms");
    pattern_table_close(table);
}

static void places_keep_their_names(void **state)
{
    (void)state;
    Mem mem = {0};
    PatternTable *table = pattern_table_open(&mem, SEED, 0);
    static Value values[LEX_VALUES_MAX];
    Lexed lexed;
    Str line = STR("user 17 on 10.0.0.1 port=22: 5 8");
    lex(line, SEED, values, &lexed);
    bool is_new;
    PatternRef ref = pattern_learn(table, line, &lexed, &is_new);
    const char *names[] = {NULL, "user", NULL, "on", NULL, "port=", "3rd num", "4th num"};
    assert_int_equal(lexed.value_count, COUNT_OF(names));
    static PatternPlace places[LEX_VALUES_MAX];
    uint32_t count = pattern_places(table, ref, &lexed, places), i = 0;
    for (uint32_t n = 0; n < COUNT_OF(names); n++) {
        bool fills = i < count && places[i].value == n;
        assert_int_equal(fills, names[n] != NULL);
        if (!fills)
            continue;
        char name[64] = {0};
        pattern_place_name(table, ref, (int)places[i++].place, name, sizeof name - 1);
        assert_string_equal(name, names[n]);
    }
    assert_int_equal(i, count);
    pattern_table_close(table);
}

/* -- properties -------------------------------------------------------------------------------- */

static uint64_t step(uint64_t *rng)
{
    return *rng = hash_add(*rng, 1);
}

static size_t make_lines(uint64_t seed, char (*text)[96])
{
    static const char *const verbs[] = {"Started", "Stopped", "Paused", "Failed"};
    uint64_t rng = seed;
    for (size_t i = 0; i < LINES_MAX; i++) {
        unsigned r = (unsigned)(step(&rng) >> 8), a = 'a' + r % 23, b = 'a' + r / 23 % 19;
        const char *more = r % 3 ? "" : ", 10.0.0.9, 10.1.1.1";
        if (r / 1000 % 5 == 0)
            snprintf(text[i], 96, "session of user %c%cx closed", a, b);
        else if (r / 1000 % 5 == 1)
            snprintf(text[i], 96, "VM %s after %u ms", verbs[r % 4], r % 100);
        else if (r / 1000 % 5 == 2)
            snprintf(text[i], 96, "GET /a/%c%c took %u.%u s", a, b, r % 7, r % 10);
        else if (r / 1000 % 5 == 3)
            snprintf(text[i], 96, "peers 10.0.0.%u%s now", r % 200, more);
        else
            snprintf(text[i], 96, "node-%u: status=%c%c%c level=3", r % 50, a, b, a);
    }
    return LINES_MAX;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All ids of the roots, sorted by text, folded into one number. */
static uint64_t table_digest(const PatternTable *table)
{
    static char texts[LINES_MAX][1024];
    const char *sorted[LINES_MAX];
    uint64_t digest = 0;
    size_t count = 0;
    for (PatternRef ref = 0; ref < pattern_count(table); ref++) {
        if (pattern_root(table, ref) != ref)
            continue;
        snprintf(texts[count], sizeof texts[count], "%016llx %s",
                 (unsigned long long)pattern_id(table, ref), text_of(table, ref, "<*>"));
        sorted[count] = texts[count];
        count++;
    }
    qsort(sorted, count, sizeof *sorted, by_text);
    for (size_t i = 0; i < count; i++)
        digest = hash_bytes(sorted[i], strlen(sorted[i]), digest);
    return digest;
}

static uint64_t digest_of_shuffled(uint64_t seed, char (*text)[96], size_t count, uint64_t shuffle)
{
    Mem mem = {0};
    PatternTable *table = pattern_table_open(&mem, seed, 0);
    size_t order[LINES_MAX];
    for (size_t i = 0; i < count; i++) {
        size_t j = shuffle == 0 ? i : step(&shuffle) % (i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    bool is_new;
    for (size_t i = 0; i < count; i++)
        learn(table, seed, text[order[i]], &is_new);
    pattern_settle(table);
    uint64_t digest = table_digest(table);
    pattern_table_close(table);
    return digest;
}

static void neither_order_nor_seed_changes_the_ids(void **state)
{
    (void)state;
    static char text[LINES_MAX][96];
    for (uint64_t seed = 1; seed <= 100; seed++) {
        size_t count = make_lines(seed, text);
        uint64_t digest = digest_of_shuffled(seed, text, count, 0);
        if (digest_of_shuffled(seed + 1000, text, count, seed) != digest)
            print_error("seed %llu\n", (unsigned long long)seed);
        assert_int_equal(digest_of_shuffled(seed + 1000, text, count, 0), digest);
        assert_int_equal(digest_of_shuffled(seed, text, count, seed), digest);
    }
}

static void merges_lead_every_reference_to_its_root(void **state)
{
    (void)state;
    static char text[LINES_MAX][96];
    for (uint64_t seed = 1; seed <= 50; seed++) {
        size_t count = make_lines(seed, text), seen[LINES_MAX] = {0}, sum = 0;
        Mem mem = {0};
        PatternTable *table = pattern_table_open(&mem, seed, 0);
        bool is_new;
        for (size_t i = 0; i < count; i++) {
            PatternRef before = (PatternRef)pattern_count(table);
            PatternRef ref = learn(table, seed, text[i], &is_new);
            assert_int_equal(pattern_count(table), before + is_new);
            seen[ref]++;
        }
        pattern_settle(table);
        for (size_t n = 0; n < pattern_merge_count(table); n++) {
            PatternMerge m = pattern_merge(table, n);
            seen[m.into] += seen[m.from];
            seen[m.from] = 0;
            assert_int_equal(pattern_root(table, m.from), pattern_root(table, m.into));
        }
        for (PatternRef ref = 0; ref < pattern_count(table); ref++) {
            assert_true(pattern_root(table, ref) == ref || seen[ref] == 0);
            sum += seen[ref];
        }
        assert_int_equal(sum, count);
        pattern_table_close(table);
    }
}

/* Does the text, with "\1" for each place, match the line, white space set aside? */
static bool fits(const char *pattern, const char *line)
{
    for (;; pattern++) {
        while (*line == ' ')
            line++;
        if (*pattern == ' ')
            continue;
        if (*pattern == 0)
            return *line == 0;
        if (*pattern == '\1') {
            for (const char *rest = line;; rest++) {
                if (fits(pattern + 1, rest))
                    return true;
                if (*rest == 0)
                    return false;
            }
        }
        if (*pattern != *line++)
            return false;
    }
}

static void a_line_fits_the_text_of_its_pattern(void **state)
{
    (void)state;
    static char text[LINES_MAX][96];
    for (uint64_t seed = 1; seed <= 50; seed++) {
        size_t count = make_lines(seed, text);
        Mem mem = {0};
        PatternTable *table = pattern_table_open(&mem, seed, 0);
        bool is_new;
        PatternRef refs[LINES_MAX];
        for (size_t i = 0; i < count; i++)
            refs[i] = learn(table, seed, text[i], &is_new);
        pattern_settle(table);
        for (size_t i = 0; i < count; i++) {
            const char *pattern = text_of(table, refs[i], "\1");
            if (!fits(pattern, text[i]))
                print_error("seed %llu: %s\n", (unsigned long long)seed, text[i]);
            assert_true(fits(pattern, text[i]));
        }
        pattern_table_close(table);
    }
}

static void random_bytes_are_patterns_too(void **state)
{
    (void)state;
    Mem mem = {0};
    PatternTable *table = pattern_table_open(&mem, SEED, 1 << 20);
    static Value values[LEX_VALUES_MAX];
    Lexed lexed;
    uint64_t rng = 3;
    for (int i = 0; i < 20000; i++) {
        char text[64];
        size_t size = step(&rng) % sizeof text;
        for (size_t k = 0; k < size; k++)
            text[k] = (char)(i % 2 ? step(&rng) : 0x20 + step(&rng) % 0x60);
        bool is_new;
        Str line = {.text = text, .size = size};
        lex(line, SEED, values, &lexed);
        PatternRef ref = pattern_learn(table, line, &lexed, &is_new);
        assert_true(ref < pattern_count(table));
    }
    pattern_settle(table);
    pattern_table_close(table);
    assert_int_equal(mem.bytes, 0);
}

static void endless_novelty_stays_within_its_memory(void **state)
{
    (void)state;
    Mem mem = {0};
    uint64_t bytes_max = 2 << 20;
    PatternTable *table = pattern_table_open(&mem, SEED, bytes_max);
    uint64_t rng = 1;
    bool is_new;
    PatternRef known = learn(table, SEED, "Failed once and for all, said nobody", &is_new);
    for (int i = 0; i < 100000; i++) {
        char text[128];
        size_t size = 0;
        for (int k = 0; k < 100; k++)
            text[size++] = k > 12 && step(&rng) % 5 == 0 ? " :=,("[step(&rng) % 5]
                                                         : (char)('a' + step(&rng) % 26);
        text[size] = 0;
        PatternRef ref = learn(table, SEED, text, &is_new);
        assert_true(ref < pattern_count(table));
        assert_true(mem.bytes <= bytes_max);
    }
    assert_true(pattern_table_coarse(table));
    assert_int_equal(learn(table, SEED, "Failed once and for all, said nobody", &is_new), known);
    PatternRef coarse =
        learn(table, SEED, "Failed: another (long) story = with words that are unknown", &is_new);
    assert_string_equal(text_of(table, coarse, "<*>"), "Failed <*>");
    pattern_table_close(table);
    assert_int_equal(mem.bytes, 0);
}

static void memory_may_fail_at_any_moment(void **state)
{
    (void)state;
    static char text[LINES_MAX][96];
    size_t count = make_lines(5, text);
    for (uint64_t bytes_max = 1000; bytes_max < 200000; bytes_max += 1777) {
        Mem mem = {.bytes_max = bytes_max};
        PatternTable *table = pattern_table_open(&mem, SEED, 0);
        if (table == NULL)
            continue;
        bool is_new;
        for (size_t i = 0; i < count; i++)
            assert_true(learn(table, SEED, text[i], &is_new) < pattern_count(table));
        pattern_settle(table);
        pattern_table_close(table);
        assert_int_equal(mem.bytes, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_behind_user_are_values),
        cmocka_unit_test(two_free_variables_meet),
        cmocka_unit_test(a_list_of_any_length_is_one_place),
        cmocka_unit_test(numbers_with_their_units_are_one_value_if_units_differ),
        cmocka_unit_test(what_values_have_in_common_stays),
        cmocka_unit_test(states_stay_apart),
        cmocka_unit_test(a_pattern_is_new_once),
        cmocka_unit_test(places_keep_their_names),
        cmocka_unit_test(neither_order_nor_seed_changes_the_ids),
        cmocka_unit_test(merges_lead_every_reference_to_its_root),
        cmocka_unit_test(a_line_fits_the_text_of_its_pattern),
        cmocka_unit_test(random_bytes_are_patterns_too),
        cmocka_unit_test(endless_novelty_stays_within_its_memory),
        cmocka_unit_test(memory_may_fail_at_any_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
