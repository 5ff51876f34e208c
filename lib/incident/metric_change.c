/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/metric_change.h"

#include <math.h>

#include "base/real.h"
#include "event/series.h"
#include "incident/metric.h"
#include "incident/quantity.h"

#define NAME_BYTES_MAX 160
#define RATIO_MIN 1.1         /* A ratio below says less than the numbers.               */
#define RATIO_MAX 1000.0      /* What is next to nothing in one run has none.            */
#define DEVIATIONS_MAX 64.0   /* Beyond, it is more about how little it moved before.    */
#define RATIO_DEVIATION 0.3   /* Of the logarithm of a ratio, from run to run.           */
#define GAP_DEVIATION 0.1     /* Of a share of values.                                   */

double change_weight(const Finding *f)
{
    double effect = fabs(f->effect);
    switch (f->kind) {
    case FINDING_SPREAD:
    case FINDING_SHAPE:
        return effect > 0 ? fabs(real_log(effect)) / RATIO_DEVIATION : 0;
    case FINDING_GAP:
        return effect / GAP_DEVIATION;
    case FINDING_NEW:
    case FINDING_GONE:
        return f->surprise;
    default:
        effect = f->farthest > effect ? f->farthest : effect;
        return effect < DEVIATIONS_MAX ? effect : DEVIATIONS_MAX;
    }
}

/* NaN: the two have no ratio that says anything. */
static double ratio_of(const Finding *f)
{
    bool is_less = f->seen < f->expected;
    double large = is_less ? f->expected : f->seen, small = is_less ? f->seen : f->expected;
    return small > 0 && large > small * RATIO_MIN && large < small * RATIO_MAX ? large / small
                                                                               : NAN;
}

/* "3.2x higher than in the good run" */
static void write_ratio(Writer *w, const Finding *f, const char *more, const char *less)
{
    char text[NUMBER_SIZE];
    double ratio = ratio_of(f);
    if (!isnan(ratio))
        writer_add(w, "%sx ", ratio_text(ratio, text));
    writer_add(w, "%s than in the good run", f->seen < f->expected ? less : more);
}

static void write_numbers(Writer *w, const Finding *f)
{
    MetricUnit unit = metric_unit(series_name(f->pattern));
    int digits = quantity_digits(f->seen, f->expected);
    digits = digits > QUANTITY_DIGITS ? digits : QUANTITY_DIGITS;
    writer_add(w, ": ");
    quantity_write(w, f->seen, unit, f->is_rate, digits);
    writer_add(w, " instead of ");
    quantity_write(w, f->expected, unit, f->is_rate, digits);
    if (!(f->lower < f->upper))
        return;
    writer_add(w, " (");
    quantity_write_range(w, f->lower, f->upper, unit, f->is_rate);
    writer_add(w, ")");
}

static void write_gap(Writer *w, const Finding *f)
{
    const char *what = f->trait == GAP_STEPS ? " comes at unusual distances" : " has no value";
    writer_add(w, "%s in %.3g %% of its rows, in the good run in %.3g %%", what, 100 * f->seen,
               100 * f->expected);
}

void change_write(Writer *w, const Finding *f)
{
    char text[NUMBER_SIZE];
    writer_quote(w, f->pattern, NAME_BYTES_MAX);
    switch (f->kind) {
    case FINDING_NEW:
        writer_add(w, " is new: %s values, none in the good run", number_text(f->seen, text));
        return;
    case FINDING_GONE:
        writer_add(w, " is gone: %s values in the good run, none now",
                   number_text(f->expected, text));
        return;
    case FINDING_SPREAD:
        writer_add(w, " scatters ");
        write_ratio(w, f, "more", "less");
        write_numbers(w, f);
        return;
    case FINDING_SHAPE:
        writer_add(w, " jumps ");
        write_ratio(w, f, "more", "less");
        writer_add(w, ", for how it scatters");
        return;
    case FINDING_GAP:
        write_gap(w, f);
        return;
    case FINDING_SEASON:
        writer_add(w, " is ");
        write_ratio(w, f, "higher", "lower");
        if (f->trait >= SEASON_WEEK)
            writer_add(w, " on %s", metric_weekday((f->trait - SEASON_WEEK) / 24));
        writer_add(w, " at %d:00 UTC", f->trait % 24);
        write_numbers(w, f);
        return;
    default:
        writer_add(w, f->kind == FINDING_LEVEL ? " is " : " gets ");
        write_ratio(w, f, "higher", "lower");
        write_numbers(w, f);
    }
}

void change_how_rare(Writer *w, const Finding *f)
{
    char text[NUMBER_SIZE];
    double ratio = ratio_of(f);
    if (f->kind == FINDING_NEW || f->kind == FINDING_GONE)
        writer_add(w, f->kind == FINDING_NEW ? "not in the good run" : "only in the good run");
    else if (f->kind == FINDING_GAP)
        writer_add(w, "%.3g %% of its rows", 100 * f->seen);
    else if (isnan(ratio) && fabs(f->effect) > DEVIATIONS_MAX)
        writer_add(w, "never so %s in the good run", f->seen < f->expected ? "low" : "high");
    else if (isnan(ratio))
        writer_add(w, "%.1f deviations from the good run", fabs(f->effect));
    else
        writer_add(w, f->seen < f->expected ? "1/%s of the good run" : "%sx the good run",
                   ratio_text(ratio, text));
}
