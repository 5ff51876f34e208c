/* SPDX-License-Identifier: Apache-2.0
 *
 * model_world.h - a model in production as a test draws it, and a fold that learns its rows.
 */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H
#include "folding.h"
/* Above: what cmocka needs first. */
#include <math.h>
#include <stdio.h>

#include "base/rng.h"
#include "event/prediction_build.h"

#define REFERENCE 2000
#define STEP_NS (10 * NS_PER_S)

typedef enum { WORLD_TWO_CLASSES = 0, WORLD_THREE_CLASSES, WORLD_NUMBERS, WORLD_SCORES } WorldKind;

/* A model of two inputs.  Of classes its probability follows the first one, x; of numbers the
 * second one, the region, tells how large its errors are: four times as large in the west. */
typedef struct {
    Rng      rng;
    Mem      mem;
    WorldKind kind;
    uint64_t number;     /* Of the next prediction. */
    double   shift;      /* Of x.                   */
    double   season;     /* Of x, over a day: the most that it is shifted. */
    double   squeeze;    /* Of x, towards 0.5, where the model is unsure. */
    double   west;       /* Share of rows in the west. */
    double   wrong;      /* Share of outcomes that are turned round; of numbers: more error. */
    double   wrong_west; /* Likewise, in the west alone. */
    bool     has_region; /* The second input is there. */
    bool     is_segment; /* It tells groups apart. */
    bool     by_class;   /* Of three classes each has a probability. */
    bool     knows_truth; /* Predictions come with their outcome. */
    const char *model, *version;
    double   truths[40000];
} World;

static inline World *world_made(uint64_t seed)
{
    World *world = test_malloc(sizeof *world);
    memset(world, 0, sizeof *world);
    world->rng = rng_seeded(seed);
    world->squeeze = 1;
    world->west = 1 / 3.0;
    world->has_region = true;
    world->model = "credit";
    world->version = "1";
    return world;
}

static inline odd_time time_of(uint64_t number)
{
    return NOW + (odd_time)number * STEP_NS;
}

static inline void id_into(PredictionBuild *build, uint64_t number)
{
    char id[24];
    size_t size = (size_t)snprintf(id, sizeof id, "p%llu", (unsigned long long)number);
    assert_true(build_text(build, BATCH_ID, STR("id"), (Str){.text = id, .size = size}));
}

typedef struct {
    double x, p, said, truth;
    const char *region;
} Drawn;

static inline Drawn draw(World *world)
{
    Rng *rng = &world->rng;
    double day = (double)(world->number * (uint64_t)(STEP_NS / NS_PER_S) % 86400) / 86400;
    double x = 0.5 + (rng_real(rng) - 0.5) * world->squeeze + world->shift +
               world->season * (4 * fabs(day - 0.5) - 1);
    Drawn d = {.x = x, .p = fmin(fmax(x, 0.02), 0.98)};
    bool is_west = rng_real(rng) < world->west;
    d.region = is_west ? "west" : rng_real(rng) < 0.5 ? "north" : "south";
    double wrong = world->wrong + (is_west ? world->wrong_west : 0);
    bool turned = rng_real(rng) < wrong, hit = rng_real(rng) < d.p;
    if (world->kind == WORLD_TWO_CLASSES) {
        d.said = d.p >= 0.5;
        d.truth = hit != turned;
    } else if (world->kind == WORLD_SCORES) {
        d.said = 1000 * d.p - 300;
        d.truth = hit != turned;
    } else if (world->kind == WORLD_THREE_CLASSES) {
        d.said = floor(3 * rng_real(rng));
        d.p = 0.4 + 0.6 * d.p;
        bool right = rng_real(rng) < d.p && !turned;
        d.truth = right ? d.said : fmod(d.said + 1 + floor(2 * rng_real(rng)), 3);
    } else {
        double error = rng_real(rng) + rng_real(rng) - 1;
        d.said = 100 * x;
        d.truth = d.said + error * (is_west ? 4 : 1) * (1 + 10 * wrong);
    }
    return d;
}

static inline void put_classes(PredictionBuild *build, const Drawn *d)
{
    static const char *const names[] = {"probabilities.0", "probabilities.1", "probabilities.2"};
    for (int c = 0; c < 3; c++)
        assert_true(build_number(build, BATCH_FEATURE, str_of(names[c]),
                                 c == (int)d->said ? d->p : (1 - d->p) / 2));
}

static inline void predict(World *world, odd_events *events, int rows, bool is_reference)
{
    BatchRole role = world->is_segment ? BATCH_SEGMENT : BATCH_FEATURE;
    PredictionBuild build;
    build_begin(&build, &world->mem, BATCH_PREDICTIONS, str_of(world->model),
                str_of(world->version), is_reference);
    for (int i = 0; i < rows; i++) {
        Drawn d = draw(world);
        world->truths[world->number] = d.truth;
        build_row(&build);
        assert_true(build_time(&build, time_of(world->number)));
        id_into(&build, world->number++);
        assert_true(build_number(&build, BATCH_FEATURE, STR("x"), d.x));
        assert_true(!world->has_region ||
                    build_text(&build, role, STR("region"), str_of(d.region)));
        assert_true(build_number(&build, BATCH_OUTPUT, STR("prediction"), d.said));
        assert_true(!world->knows_truth ||
                    build_number(&build, BATCH_OUTCOME, STR("outcome"), d.truth));
        if (world->by_class)
            put_classes(&build, &d);
        else if (world->kind != WORLD_NUMBERS && world->kind != WORLD_SCORES)
            assert_true(build_number(&build, BATCH_PROBABILITY, STR("probability"), d.p));
    }
    assert_true(build_write(&build, events));
    build_close(&build);
}

/* Outcomes of predictions [from, to), an hour later. */
static inline void tell_outcomes(World *world, odd_events *events, uint64_t from, uint64_t to,
                                 const char *version)
{
    PredictionBuild build;
    build_begin(&build, &world->mem, BATCH_OUTCOMES, str_of(world->model), str_of(version), false);
    for (uint64_t i = from; i < to; i++) {
        build_row(&build);
        assert_true(build_time(&build, time_of(i) + 3600 * NS_PER_S));
        id_into(&build, i);
        assert_true(build_number(&build, BATCH_OUTCOME, STR("outcome"), world->truths[i]));
    }
    assert_true(build_write(&build, events));
    build_close(&build);
}

static inline odd_fold *opened(void)
{
    odd_fold *fold;
    odd_options options = {.model_reference_rows = REFERENCE, .memory_bytes_max = 256 << 20};
    assert_int_equal(odd_fold_open(&options, &fold), ODD_OK);
    return fold;
}

static inline odd_time now_of(const World *world)
{
    return time_of(world->number) + NS_PER_S;
}

/* In parts of 500 rows, a tick behind each, with or without their outcomes. */
static inline void run(World *world, odd_fold *fold, int rows, bool with_outcomes)
{
    odd_events *events = events_opened(NOW);
    for (int done = 0; done < rows; done += 500) {
        events->known = now_of(world);
        uint64_t from = world->number;
        predict(world, events, 500, false);
        if (with_outcomes)
            tell_outcomes(world, events, from, world->number, "");
        fold_learn(fold, events, now_of(world));
    }
    events_close(events);
}

static inline int64_t figure(odd_fold *fold, const char *column)
{
    return fold_sum(fold, ODD_MODELS, column);
}

/* The last one's sentence holds `words`; gives its time. */
static inline odd_time found(odd_fold *fold, const char *kind, const char *words)
{
    odd_rows *rows;
    odd_time time = ODD_TIME_NONE;
    odd_question question = {.view = ODD_FINDINGS};
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW)
        if (strcmp(odd_text(rows, odd_column(rows, "kind")), kind) == 0 &&
            strstr(odd_text(rows, odd_column(rows, "sentence")), words) != NULL)
            time = odd_int(rows, odd_column(rows, "time"));
    odd_rows_close(rows);
    return time;
}

/* A text of the first row of a view. */
static inline void text_of(odd_fold *fold, odd_view view, const char *column, char text[256])
{
    odd_rows *rows;
    odd_question question = {.view = view};
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    text[0] = '\0';
    while (odd_next(rows) == ODD_ROW && text[0] == '\0')
        snprintf(text, 256, "%s", odd_text(rows, odd_column(rows, column)));
    odd_rows_close(rows);
}

static inline void close_all(World *world, odd_fold *fold)
{
    odd_fold_close(fold);
    assert_int_equal(world->mem.bytes, 0);
    test_free(world);
}

#endif
