/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/tiers.h"

#include <string.h>

/* What is expected, as it is measured, ... */
static void to_measured(const Measure *measure, Judgement *judgement)
{
    judgement->expected = (judgement->expected - measure->from) / measure->per;
    judgement->lower = (judgement->lower - measure->from) / measure->per;
    judgement->upper = (judgement->upper - measure->from) / measure->per;
}

/* ... and back in the unit of the series. */
static void from_measured(const Measure *measure, Judgement *judgement)
{
    judgement->expected = measure->from + judgement->expected * measure->per;
    judgement->lower = measure->from + judgement->lower * measure->per;
    judgement->upper = measure->from + judgement->upper * measure->per;
}

void tiers_put(SeriesWatch *watch, ShapeWatch *shape, odd_time time, double value,
               Judgement *ret_judgement)
{
    const Measure measure = series_measured(watch, time, value);
    const bool was_counter = watch->kind.is_counter;
    series_put(watch, time, value, ret_judgement);
    if (shape != NULL && was_counter != watch->kind.is_counter)
        memset(shape, 0, sizeof *shape); /* What it saw was another measure. */
    if (shape == NULL || measure.skip)
        return;
    Judgement always = *ret_judgement;
    to_measured(&measure, &always);
    shape_watch_put(shape, time, measure.value, &always, ret_judgement);
    from_measured(&measure, ret_judgement);
}

void tiers_score(const SeriesWatch *watch, const ShapeWatch *shape, odd_time time, double value,
                 Judgement *ret_judgement)
{
    const Measure measure = series_measured(watch, time, value);
    series_score(watch, time, value, ret_judgement);
    if (shape == NULL || measure.skip)
        return;
    Judgement always = *ret_judgement;
    to_measured(&measure, &always);
    shape_watch_score(shape, time, measure.value, &always, ret_judgement);
    from_measured(&measure, ret_judgement);
}
