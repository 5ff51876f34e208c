/* SPDX-License-Identifier: Apache-2.0 */
#include "facts_drawn.h"

#include <stdlib.h>

#include "event/events.h"

#define LABELS 200
#define LATE_S 30 /* Labels reach beyond the last fact. */

typedef struct {
    odd_time time;
    char     entity[8];
} Asked;

typedef struct {
    const Drawn *drawn;
    const Asked *asked;
    bool         by_event;
    FeatureTable *table; /* For its definitions. */
    size_t       rows, checked;
    odd_time     before;
} Answers;

/* Each value is that of the facts that the row may see, and of no other. */
static int check_row(void *context, size_t row, odd_time time, const odd_feature_value *values)
{
    Answers *a = context;
    assert_true(time >= a->before);
    a->before = time;
    assert_true(time == a->asked[row].time);
    for (size_t f = 0; f < DRAWN_OF_FACTS - 1; f++) {
        double wanted = window_by_hand(&a->table->set->features[f], a->drawn, DRAWN_COUNT, f,
                                       a->asked[row].entity, time, a->by_event);
        if (!same_bits(wanted, values[f].value))
            fail_msg("%s of row %zu is %.17g and not %.17g", a->table->set->features[f].name, row,
                     values[f].value, wanted);
        assert_true(values[f].time == ODD_TIME_NONE || values[f].time <= time);
        a->checked++;
    }
    a->rows++;
    return 1;
}

static void draw_labels(uint64_t seed, Asked *asked)
{
    Rng rng = rng_seeded(seed + 1000);
    for (size_t i = 0; i < LABELS; i++) {
        asked[i].time = DRAWN_FROM + (odd_time)(rng_real(&rng) * (DRAWN_SPAN_S + LATE_S) * 1e9);
        snprintf(asked[i].entity, sizeof asked[i].entity, "u%d", (int)(rng_next(&rng) % 9));
    }
}

static void give_facts(odd_join *join, const Drawn *drawn)
{
    Mem mem = {0};
    Facts facts = {.mem = &mem};
    for (size_t i = 0; i < DRAWN_COUNT; i++) {
        assert_true(facts_add(&facts, drawn[i].fact, str_of(drawn[i].entity)));
        if (i % 100 == 99) {
            assert_int_equal(odd_join_facts(join, facts.bytes, facts.size), ODD_OK);
            facts_clear(&facts);
        }
    }
    facts_close(&facts);
}

static void join_and_check(uint64_t seed, bool by_event, uint64_t memory)
{
    static Drawn drawn[DRAWN_COUNT];
    static Asked asked[LABELS];
    FeatureTable table;
    odd_events *events = events_open(NULL, DRAWN_FROM);
    odd_join *join;
    feature_table_open(&table, 1, 0);
    assert_int_equal(feature_table_define(&table, STR(DRAWN_JSON)), ODD_OK);
    assert_int_equal(odd_events_features(events, DRAWN_JSON, strlen(DRAWN_JSON), 0, NULL, NULL),
                     ODD_OK);
    assert_int_equal(odd_join_open(events, by_event, "/tmp", memory, &join), ODD_OK);
    assert_string_equal(odd_join_kind(join, 0), "u");
    facts_draw(seed, drawn, DRAWN_COUNT);
    draw_labels(seed, asked);
    for (size_t i = 0; i < LABELS; i++) {
        const char *entity = asked[i].entity;
        assert_int_equal(odd_join_label(join, asked[i].time, &entity), ODD_OK);
    }
    give_facts(join, drawn);
    Answers answers = {.drawn = drawn, .asked = asked, .by_event = by_event, .table = &table,
                       .before = ODD_TIME_NONE};
    assert_int_equal(odd_join_run(join, check_row, &answers), ODD_OK);
    assert_int_equal(answers.rows, LABELS);
    odd_join_close(join);
    feature_table_close(&table);
    events_close(events);
}

static void no_row_sees_what_came_later(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++)
        join_and_check(seed, false, 0);
}

static void no_row_sees_what_happened_later(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++)
        join_and_check(seed, true, 0);
}

/* Some hundred runs on disk. */
static void facts_beyond_memory_are_joined_alike(void **state)
{
    (void)state;
    join_and_check(7, false, 2000);
    join_and_check(7, true, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_row_sees_what_came_later),
        cmocka_unit_test(no_row_sees_what_happened_later),
        cmocka_unit_test(facts_beyond_memory_are_joined_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
