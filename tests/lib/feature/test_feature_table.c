/* SPDX-License-Identifier: Apache-2.0 */
#include "facts_drawn.h"

#include <stdlib.h>

static void opened(FeatureTable *table)
{
    feature_table_open(table, 1, 0);
    assert_int_equal(feature_table_define(table, STR(DRAWN_JSON)), ODD_OK);
    assert_int_equal(table->set->count, DRAWN_FEATURES);
}

static double read_one(const FeatureTable *table, const char *entity, size_t feature,
                       odd_time as_of)
{
    FeatureValue value;
    feature_table_read(table, str_of(entity), &feature, 1, as_of, &value);
    return value.value;
}

static void take_all(FeatureTable *table, const Drawn *drawn, size_t count)
{
    for (size_t i = 0; i < count; i++)
        feature_table_take(table, &drawn[i].fact, str_of(drawn[i].entity));
}

static void a_value_is_that_of_the_facts_of_its_window(void **state)
{
    (void)state;
    static Drawn drawn[DRAWN_COUNT];
    for (uint64_t seed = 1; seed <= 5; seed++) {
        FeatureTable table;
        opened(&table);
        facts_draw(seed, drawn, DRAWN_COUNT);
        for (size_t done = 0; done < DRAWN_COUNT; done += 100) {
            take_all(&table, drawn + done, 100);
            odd_time as_of = drawn[done + 99].fact.known + 3;
            for (size_t f = 0; f < DRAWN_OF_FACTS - 1; f++) {
                double wanted = window_by_hand(&table.set->features[f], drawn, done + 100, f, "u3",
                                               as_of, false);
                double got = read_one(&table, "u3", f, as_of);
                if (!same_bits(wanted, got))
                    fail_msg("%s is %.17g and not %.17g, seed %llu", table.set->features[f].name,
                             got, wanted, (unsigned long long)seed);
            }
        }
        feature_table_close(&table);
    }
}

static int by_hash(const void *left, const void *right)
{
    const Drawn *a = left, *b = right;
    return (a->fact.hash > b->fact.hash) - (a->fact.hash < b->fact.hash);
}

static void the_order_of_facts_does_not_matter(void **state)
{
    (void)state;
    static Drawn drawn[DRAWN_COUNT];
    FeatureTable one, other;
    opened(&one);
    opened(&other);
    facts_draw(3, drawn, DRAWN_COUNT);
    odd_time as_of = drawn[DRAWN_COUNT - 1].fact.known;
    take_all(&one, drawn, DRAWN_COUNT);
    qsort(drawn, DRAWN_COUNT, sizeof *drawn, by_hash);
    take_all(&other, drawn, DRAWN_COUNT);
    for (int u = 0; u < DRAWN_ENTITIES; u++)
        for (size_t f = 0; f < DRAWN_FEATURES; f++) {
            char entity[8];
            snprintf(entity, sizeof entity, "u%d", u);
            assert_true(
                same_bits(read_one(&one, entity, f, as_of), read_one(&other, entity, f, as_of)));
        }
    feature_table_close(&one);
    feature_table_close(&other);
}

static void what_was_saved_goes_on_as_if_nothing_had_been(void **state)
{
    (void)state;
    static Drawn drawn[DRAWN_COUNT];
    FeatureTable one, other;
    Mem mem = {0};
    ImageOut out = {.mem = &mem};
    opened(&one);
    feature_table_open(&other, 1, 0);
    facts_draw(4, drawn, DRAWN_COUNT);
    take_all(&one, drawn, DRAWN_COUNT / 2);
    feature_table_save(&one, &out);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    assert_int_equal(feature_table_load(&other, &in), ODD_OK);
    assert_true(image_at_end(&in));
    take_all(&one, drawn + DRAWN_COUNT / 2, DRAWN_COUNT / 2);
    take_all(&other, drawn + DRAWN_COUNT / 2, DRAWN_COUNT / 2);
    ImageOut last = {.mem = &mem}, last_other = {.mem = &mem};
    feature_table_save(&one, &last);
    feature_table_save(&other, &last_other);
    assert_int_equal(last.size, last_other.size);
    assert_memory_equal(last.bytes, last_other.bytes, last.size);
    for (size_t cut = 0; cut < out.size; cut += 997) { /* Torn images are refused. */
        FeatureTable torn;
        feature_table_open(&torn, 1, 0);
        ImageIn part = {.bytes = {.text = out.bytes, .size = cut}};
        assert_int_not_equal(feature_table_load(&torn, &part), ODD_OK);
        feature_table_close(&torn);
    }
    image_close(&out);
    image_close(&last);
    image_close(&last_other);
    feature_table_close(&one);
    feature_table_close(&other);
}

static void features_that_stay_keep_their_values(void **state)
{
    (void)state;
    static Drawn drawn[DRAWN_COUNT];
    FeatureTable table;
    opened(&table);
    facts_draw(5, drawn, DRAWN_COUNT);
    take_all(&table, drawn, DRAWN_COUNT);
    odd_time as_of = drawn[DRAWN_COUNT - 1].fact.known;
    double before = read_one(&table, "u1", 0, as_of);
    assert_true(before > 0);
    const char *less = "{\"features\":[{\"name\":\"new\",\"from\":\"logs\",\"aggregate\":\"count\","
                       "\"window\":\"1m\",\"entity\":\"u\"},{\"name\":\"sum_5m\",\"from\":"
                       "\"events\",\"entity\":\"u\",\"value\":\"x\",\"aggregate\":\"sum\","
                       "\"window\":\"5m\"}]}";
    assert_int_equal(feature_table_define(&table, str_of(less)), ODD_OK);
    assert_true(same_bits(read_one(&table, "u1", 1, as_of), before));
    assert_true(same_bits(read_one(&table, "u1", 0, as_of), 0));
    assert_int_equal(feature_table_define(&table, STR("{}")), ODD_SYNTAX);
    assert_true(same_bits(read_one(&table, "u1", 1, as_of), before));
    feature_table_close(&table);
}

static void entities_beyond_the_memory_are_refused_and_counted(void **state)
{
    (void)state;
    FeatureTable table;
    feature_table_open(&table, 1, 1 << 20);
    assert_int_equal(feature_table_define(&table, STR(DRAWN_JSON)), ODD_OK);
    Fact fact = {.time = DRAWN_FROM, .known = DRAWN_FROM, .value = 1};
    for (int i = 0; i < 5000; i++) {
        char entity[16];
        snprintf(entity, sizeof entity, "e%d", i);
        feature_table_take(&table, &fact, str_of(entity));
    }
    assert_true(table.mem.bytes <= 1 << 20);
    assert_true(table.refused > 0);
    assert_int_equal(feature_table_entities(&table) + table.refused, 5000);
    assert_true(same_bits(read_one(&table, "e0", 0, DRAWN_FROM), 1));
    feature_table_close(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_that_of_the_facts_of_its_window),
        cmocka_unit_test(the_order_of_facts_does_not_matter),
        cmocka_unit_test(what_was_saved_goes_on_as_if_nothing_had_been),
        cmocka_unit_test(features_that_stay_keep_their_values),
        cmocka_unit_test(entities_beyond_the_memory_are_refused_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
