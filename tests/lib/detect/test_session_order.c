/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rng.h"
#include "detect/session.h"
#include "detect/session_order.h"

#define SEED_COUNT 30
#define SESSIONS 1200
#define STEPS 8
#define NO_SESSION UINT32_MAX
#define S INT64_C(1000000000)

/* A service: a request takes STEPS steps in order, of which some run beside each other. */
typedef struct {
    bool     beside[STEPS]; /* This step and the one before it run side by side. */
    bool     timed;
    uint32_t odd;           /* This session's steps odd_a and odd_b are swapped. */
    uint32_t odd_a, odd_b;
} Service;

typedef struct {
    Mem              mem;
    SessionTable    *table;
    uint64_t         row;
    SessionJudgement odd[SESSIONS];
    size_t           odd_count;
} Scene;

static Scene scene;

static void scene_open(void)
{
    memset(&scene, 0, sizeof scene);
    scene.table = session_table_open(&scene.mem, 1, 2 * SESSIONS);
    assert_non_null(scene.table);
}

static void scene_close(void)
{
    session_table_close(scene.table);
    assert_int_equal(scene.mem.bytes, 0);
}

static void put(uint32_t session, uint32_t symbol, odd_time time)
{
    char key[32];
    snprintf(key, sizeof key, "s-%u", (unsigned)session);
    SessionJudgement ended;
    SessionEvent event = {
        .key = str_of(key), .row = ++scene.row, .time = time, .symbol = symbol, .level = 3};
    assert_false(session_put(scene.table, &event, &ended));
}

static void end(void)
{
    SessionJudgement judgement;
    while (session_end(scene.table, &judgement))
        if (judgement.surprise >= 3)
            scene.odd[scene.odd_count++] = judgement;
}

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t kept = *a;
    *a = *b;
    *b = kept;
}

static void request(const Service *service, uint32_t session, Rng *rng)
{
    uint32_t steps[STEPS];
    for (uint32_t i = 0; i < STEPS; i++)
        steps[i] = i;
    for (uint32_t i = 1; i < STEPS; i++)
        if (service->beside[i] && rng_below(rng, 2) == 0)
            swap(&steps[i], &steps[i - 1]);
    for (uint32_t i = 0; session == service->odd && i < STEPS; i++)
        if (steps[i] == service->odd_a)
            steps[i] = service->odd_b;
        else if (steps[i] == service->odd_b)
            steps[i] = service->odd_a;
    for (uint32_t i = 0; i < STEPS; i++)
        put(session, steps[i],
            service->timed ? (odd_time)((session * STEPS + i) * 2) * S : ODD_TIME_NONE);
}

static void live(const Service *service, Rng *rng)
{
    scene_open();
    for (uint32_t i = 0; i < SESSIONS; i++)
        request(service, i, rng);
    end();
}

/* Two steps with a step between them that does not run beside anything. */
static Service service_make(Rng *rng, bool noisy)
{
    Service service = {.odd = (uint32_t)rng_below(rng, SESSIONS), .timed = rng_below(rng, 2) == 0};
    service.odd_a = (uint32_t)rng_below(rng, STEPS - 3);
    service.odd_b = service.odd_a + 3;
    for (uint32_t i = 1; noisy && i < STEPS; i += 2)
        service.beside[i] = rng_below(rng, 2) == 0;
    return service;
}

static void assert_found(const Service *service, uint64_t seed)
{
    char key[32];
    snprintf(key, sizeof key, "s-%u", (unsigned)service->odd);
    if (scene.odd_count != 1 || strcmp(scene.odd[0].key, key) != 0)
        fail_msg("seed %u: %zu odd, not just %s", (unsigned)seed, scene.odd_count, key);
    const ShapeTrait *trait = &scene.odd[0].traits[0];
    if (trait->kind != TRAIT_ORDER || trait->symbol <= trait->other)
        fail_msg("seed %u: reason is kind %d, %u before %u", (unsigned)seed, (int)trait->kind,
                 trait->symbol, trait->other);
}

static void swapped_steps_are_found(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEED_COUNT; seed++) {
        Rng rng = rng_seeded(seed);
        Service service = service_make(&rng, false);
        live(&service, &rng);
        assert_found(&service, seed);
        scene_close();
    }
}

static void swapped_steps_are_found_among_steps_side_by_side(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEED_COUNT; seed++) {
        Rng rng = rng_seeded(seed);
        Service service = service_make(&rng, true);
        live(&service, &rng);
        assert_found(&service, seed);
        scene_close();
    }
}

static void steps_side_by_side_are_not_odd(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEED_COUNT; seed++) {
        Rng rng = rng_seeded(seed);
        Service service = service_make(&rng, true);
        service.odd = NO_SESSION;
        live(&service, &rng);
        if (scene.odd_count > 0)
            fail_msg("seed %u: %zu odd sessions", (unsigned)seed, scene.odd_count);
        scene_close();
    }
}

static void neighbours_that_swap_are_found(void **state)
{
    (void)state;
    Rng rng = rng_seeded(1);
    Service service = {.odd = 700, .odd_a = 3, .odd_b = 4};
    live(&service, &rng);
    assert_found(&service, 1);
    assert_int_equal(scene.odd[0].traits[0].sessions, 1);
    assert_int_equal(scene.odd[0].traits[0].of, SESSIONS);
    scene_close();
}

/* Opens, works, closes; one works on after it has closed. */
static void a_step_after_the_last_one_is_odd(void **state)
{
    (void)state;
    scene_open();
    for (uint32_t i = 0; i < SESSIONS; i++) {
        put(i, 0, ODD_TIME_NONE);
        put(i, 1, ODD_TIME_NONE);
        if (i != 700)
            put(i, 1, ODD_TIME_NONE);
        put(i, 2, ODD_TIME_NONE);
        if (i == 700)
            put(i, 1, ODD_TIME_NONE);
    }
    end();
    assert_int_equal(scene.odd_count, 1);
    assert_string_equal(scene.odd[0].key, "s-700");
    const ShapeTrait *trait = &scene.odd[0].traits[0];
    assert_int_equal(trait->kind, TRAIT_ORDER);
    assert_int_equal(trait->symbol, 2);
    assert_int_equal(trait->other, 1);
    assert_true(trait->at_end);
    scene_close();
}

static void events_of_one_time_stamp_have_no_order(void **state)
{
    (void)state;
    scene_open();
    for (uint32_t i = 0; i < SESSIONS; i++) {
        const bool turned = i == 700;
        put(i, turned ? 1 : 0, i * S);
        put(i, turned ? 0 : 1, i * S);
    }
    end();
    assert_int_equal(scene.odd_count, 0);
    scene_close();
}

static void a_session_that_the_input_cuts_breaks_no_order(void **state)
{
    (void)state;
    scene_open();
    put(SESSIONS, 1, ODD_TIME_NONE); /* It was there before the input. */
    put(SESSIONS, 0, ODD_TIME_NONE);
    put(SESSIONS, 1, ODD_TIME_NONE);
    for (uint32_t i = 0; i < SESSIONS; i++)
        for (uint32_t step = 0; step < 4; step++)
            put(i, step % 2, ODD_TIME_NONE);
    put(SESSIONS + 1, 0, ODD_TIME_NONE);
    put(SESSIONS + 1, 1, ODD_TIME_NONE);
    put(SESSIONS + 1, 0, ODD_TIME_NONE);
    end();
    assert_int_equal(scene.odd_count, 0);
    scene_close();
}

static void more_pairs_than_there_is_room_for_do_no_harm(void **state)
{
    (void)state;
    Mem mem = {0};
    OrderModel *model = order_model_open(&mem);
    ShapePart parts[ORDER_PARTS_MAX];
    Shape shape = {.parts = parts, .part_count = ORDER_PARTS_MAX};
    const bool open[ORDER_PARTS_MAX] = {false};
    Rng rng = rng_seeded(1);
    for (int session = 0; session < 500; session++) {
        uint32_t symbol = 0;
        for (uint16_t i = 0; i < ORDER_PARTS_MAX; i++) {
            symbol += 1 + (uint32_t)rng_below(&rng, 100);
            parts[i] = (ShapePart){.symbol = symbol, .count = 1, .first = i, .last = i};
        }
        ShapeEvidence evidence = {0};
        order_learn(model, &shape);
        order_evidence(model, &shape, true, false, open, &evidence);
    }
    assert_true(mem.bytes_peak < 6u << 20);
    order_model_close(model);
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swapped_steps_are_found),
        cmocka_unit_test(swapped_steps_are_found_among_steps_side_by_side),
        cmocka_unit_test(steps_side_by_side_are_not_odd),
        cmocka_unit_test(neighbours_that_swap_are_found),
        cmocka_unit_test(a_step_after_the_last_one_is_odd),
        cmocka_unit_test(events_of_one_time_stamp_have_no_order),
        cmocka_unit_test(a_session_that_the_input_cuts_breaks_no_order),
        cmocka_unit_test(more_pairs_than_there_is_room_for_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
