/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/rng.h"
#include "feature/aggregate.h"
#include "feature/impute.h"
#include "feature/transform.h"

#define CELL_BYTES 4096
#define FACTS 200
#define SEEDS 50

typedef struct {
    alignas(8) char bytes[CELL_BYTES];
} Cell;

static const Aggregate *named(const char *name)
{
    for (size_t i = 0; aggregates[i] != NULL; i++)
        if (strcmp(aggregates[i]->name, name) == 0)
            return aggregates[i];
    fail_msg("no aggregate %s", name);
    return NULL;
}

static FactValue drawn(Rng *rng)
{
    double value = (rng_real(rng) - 0.3) * ldexp(1, (int)(rng_next(rng) % 40) - 12);
    return (FactValue){.value = value, .hash = hash_bytes(&value, sizeof value, 0)};
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

static bool is_near(double a, double b, double most)
{
    return fabs(a - b) <= most;
}

/* In any order, in any parts. */
static void every_aggregate_is_the_same_whatever_the_order(void **state)
{
    (void)state;
    AggregateAsk ask = {.window_s = 60, .quantile = 0.9};
    for (size_t i = 0; aggregates[i] != NULL; i++) {
        const Aggregate *a = aggregates[i];
        assert_true(a->cell_bytes <= CELL_BYTES && a->cell_bytes % 8 == 0);
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            Rng rng = rng_seeded(seed);
            FactValue facts[FACTS];
            Cell all = {{0}}, parts[3] = {{{0}}};
            for (int k = 0; k < FACTS; k++) {
                facts[k] = drawn(&rng);
                a->add(&all, facts[k]);
            }
            for (int k = FACTS; k-- > 0;)
                a->add(&parts[rng_next(&rng) % 3], facts[k]);
            a->merge(&parts[2], &parts[0]);
            a->merge(&parts[2], &parts[1]);
            if (!same(a->value(&all, &ask), a->value(&parts[2], &ask)))
                fail_msg("%s differs, seed %llu", a->name, (unsigned long long)seed);
        }
    }
}

static double value_of(const char *name, const double *values, size_t count)
{
    const Aggregate *a = named(name);
    Cell cell = {{0}};
    AggregateAsk ask = {.window_s = 10, .quantile = 0.5};
    for (size_t i = 0; i < count; i++)
        a->add(&cell, (FactValue){.value = values[i],
                                  .hash = hash_bytes(&values[i], sizeof values[i], 0)});
    return a->value(&cell, &ask);
}

static void aggregates_say_what_arithmetic_says(void **state)
{
    (void)state;
    const double v[] = {12.5, 0.1, -3, 8, 8};
    assert_true(same(value_of("count", v, 5), 5));
    assert_true(same(value_of("rate", v, 5), 0.5));
    assert_true(same(value_of("sum", v, 2), 12.6));
    assert_true(same(value_of("sum", v, 5), 25.6));
    assert_true(same(value_of("mean", v, 5), 5.12));
    assert_true(same(value_of("min", v, 5), -3));
    assert_true(same(value_of("max", v, 5), 12.5));
    assert_true(same(value_of("distinct", v, 5), 4));
    assert_true(is_near(value_of("std", v, 5), 6.367651, 1e-4)); /* numpy.std(v, ddof=1) */
    assert_true(is_near(value_of("quantile", v, 5), 8, 8 * 0.07));
    const double hits[] = {1, 0, 1, 1};
    assert_true(same(value_of("share", hits, 4), 0.75));
}

/* All on a large level: a plain sum of squares would have lost them. */
static void a_deviation_survives_a_large_level(void **state)
{
    (void)state;
    const double v[] = {1e9 + 1, 1e9 + 2, 1e9 + 3};
    assert_true(is_near(value_of("std", v, 3), 1, 1e-9));
    assert_true(isnan(value_of("std", v, 1)));
}

static void nothing_is_zero_where_it_counts_and_missing_elsewhere(void **state)
{
    (void)state;
    for (size_t i = 0; aggregates[i] != NULL; i++) {
        Cell cell = {{0}};
        double value = aggregates[i]->value(&cell, &(AggregateAsk){.window_s = 1, .quantile = 0.5});
        assert_true(aggregates[i]->empty_is_zero ? same(value, 0) : isnan(value));
    }
}

static void many_values_are_counted_within_a_tenth(void **state)
{
    (void)state;
    double values[20000];
    for (int i = 0; i < 20000; i++)
        values[i] = i;
    assert_true(is_near(value_of("distinct", values, 20000), 20000, 2000));
    assert_true(is_near(value_of("distinct", values, 100), 100, 8));
    assert_true(is_near(value_of("quantile", values, 20000), 10000, 700));
}

static void transforms_do_what_they_are_called(void **state)
{
    (void)state;
    const double bounds[] = {1, 5, 10}, unit[] = {0, 50};
    for (size_t i = 0; transforms[i] != NULL; i++) {
        const Transform *t = transforms[i];
        if (strcmp(t->name, "log") == 0)
            assert_true(same(t->apply(0, NULL, 0), 0) && isnan(t->apply(-1, NULL, 0)));
        if (strcmp(t->name, "bucket") == 0) {
            assert_true(same(t->apply(5, bounds, 3), 2) && same(t->apply(0, bounds, 3), 0));
            assert_non_null(t->good((const double[]){2, 1}, 2));
        }
        if (strcmp(t->name, "normalise") == 0)
            assert_true(same(t->apply(25, unit, 2), 0.5));
        if (strcmp(t->name, "standardise") == 0)
            assert_true(same(t->apply(25, (const double[]){5, 10}, 2), 2));
        if (strcmp(t->name, "one_hot") == 0)
            assert_true(same(t->apply(5, bounds + 1, 1), 1) && same(t->apply(4, bounds + 1, 1), 0));
    }
}

static double imputed(const char *name, double argument, odd_time as_of)
{
    static alignas(8) char state[8192];
    memset(state, 0, sizeof state);
    for (size_t i = 0; imputers[i] != NULL; i++) {
        const Imputer *m = imputers[i];
        if (strcmp(m->name, name) != 0)
            continue;
        assert_true(m->state_bytes <= sizeof state);
        for (int k = 0; k < 5 && m->learn != NULL; k++)
            m->learn(state, k * 3600000000000LL, k == 4 ? 100 : k);
        return m->value(&(ImputeAsk){
            .as_of = as_of, .argument = argument, .state = state, .last = 50, .last_value = 7});
    }
    fail_msg("no imputer %s", name);
    return 0;
}

static void imputers_do_what_they_are_called(void **state)
{
    (void)state;
    assert_true(same(imputed("constant", 3, 0), 3));
    assert_true(same(imputed("last", 10, 60), 7));
    assert_true(isnan(imputed("last", 10, 61)));
    assert_true(same(imputed("mean", 0, 0), 21.2));
    assert_true(is_near(imputed("median", 0, 0), 2, 0.15));
    assert_true(same(imputed("seasonal_mean", 0, 168 * 3600000000000LL + 5), 0));
    assert_true(same(imputed("seasonal_mean", 0, 2 * 3600000000000LL), 2));
    assert_true(isnan(imputed("seasonal_mean", 0, 9 * 3600000000000LL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_aggregate_is_the_same_whatever_the_order),
        cmocka_unit_test(aggregates_say_what_arithmetic_says),
        cmocka_unit_test(a_deviation_survives_a_large_level),
        cmocka_unit_test(nothing_is_zero_where_it_counts_and_missing_elsewhere),
        cmocka_unit_test(many_values_are_counted_within_a_tenth),
        cmocka_unit_test(transforms_do_what_they_are_called),
        cmocka_unit_test(imputers_do_what_they_are_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
