/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/metric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/real.h"
#include "base/time.h"

#define BOUND_DEVIATIONS 3.29 /* The bounds are that far from what is expected. */
#define DEVIATIONS_MAX 64.0   /* Beyond, it is more about how little it moved before.    */
#define RATIO_DEVIATION 0.3   /* Of the logarithm of a ratio, from run to run.           */
#define GAP_DEVIATION 0.1     /* Of a share of values.                                   */
#define NAME_BYTES_MAX 160
#define RATIO_MIN 1.1 /* A ratio below says less than the numbers. */

FindingKind metric_kind(const char *reason, double seen, double expected)
{
    static const FindingKind kinds[] = {FINDING_LEVEL, FINDING_SPREAD, FINDING_SEASON,
                                        FINDING_SHAPE, FINDING_GAP};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(reason, finding_kind_word(kinds[i])) == 0)
            return kinds[i];
    return seen < expected ? FINDING_LOW : FINDING_HIGH;
}

static const char *value_text(double value, char *buffer)
{
    snprintf(buffer, NUMBER_SIZE, "%.3g", value);
    return buffer;
}

double metric_effect(double seen, double expected, double lower, double upper)
{
    double half = seen < expected ? expected - lower : upper - expected;
    return half > 0 ? (seen - expected) * BOUND_DEVIATIONS / half : NAN;
}

double metric_weight(const Finding *f)
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
    return small > 0 && large > small * RATIO_MIN ? large / small : NAN;
}

static void write_usual(Writer *w, const Finding *f)
{
    char expected[NUMBER_SIZE], lower[NUMBER_SIZE], upper[NUMBER_SIZE];
    writer_add(w, "%s", value_text(f->expected, expected));
    if (f->lower < f->upper)
        writer_add(w, " (%s to %s)", value_text(f->lower, lower), value_text(f->upper, upper));
}

/* "3.2x higher than usual" */
static void write_ratio(Writer *w, const Finding *f, const char *more, const char *less)
{
    char text[NUMBER_SIZE];
    double ratio = ratio_of(f);
    if (!isnan(ratio))
        writer_add(w, "%sx ", ratio_text(ratio, text));
    writer_add(w, "%s than %s", f->seen < f->expected ? less : more,
               f->is_compared ? "in the good run" : "usual");
}

/* ", for 25 min since 2026-11-23 14:05" */
static void write_since(Writer *w, const Finding *f)
{
    char text[TIME_TEXT_SIZE];
    double seconds = 0;
    if (f->first.time != ODD_TIME_NONE && f->last.time != ODD_TIME_NONE)
        seconds = (double)time_minus(f->last.time, f->first.time) / (double)NS_PER_S;
    if (!(seconds > 0))
        return;
    static const struct {
        double      seconds;
        const char *name;
    } units[] = {{86400, "days"}, {3600, "h"}, {60, "min"}, {0, "s"}};
    size_t unit = 0;
    while (seconds < 2 * units[unit].seconds)
        unit++;
    double length = units[unit].seconds > 0 ? seconds / units[unit].seconds : seconds;
    time_text(f->first.time, 0, text);
    text[10] = ' '; /* 2026-11-23T14:05:00Z */
    writer_add(w, ", for %.0f %s since %.16s", length, units[unit].name, text);
}

static void write_value(Writer *w, const Finding *f)
{
    char text[NUMBER_SIZE];
    writer_add(w, " is ");
    write_ratio(w, f, "higher", "lower");
    writer_add(w, ": %s%s%s ", value_text(f->seen, text), f->is_rate ? "/s" : "",
               f->is_compared ? " instead of" : ", expected");
    write_usual(w, f);
}

static void write_change(Writer *w, const Finding *f, const char *verb, const char *what)
{
    char seen[NUMBER_SIZE], expected[NUMBER_SIZE];
    writer_add(w, " %s ", verb);
    write_ratio(w, f, "more", "less");
    writer_add(w, "%s: by %s instead of %s", what, value_text(f->seen, seen),
               value_text(f->expected, expected));
}

static void write_gap(Writer *w, const Finding *f)
{
    bool is_step = f->trait == GAP_STEPS;
    if (!f->is_compared) {
        writer_add(w, " comes at another time than usual");
        return;
    }
    writer_add(w,
               is_step ? " comes at unusual distances: %.3g %% of them, in the good run %.3g %%"
                       : " has no value in %.3g %% of its rows, in the good run in %.3g %%",
               100 * f->seen, 100 * f->expected);
}

static void write_kind(Writer *w, const Finding *f)
{
    char text[NUMBER_SIZE];
    switch (f->kind) {
    case FINDING_NEW:
        writer_add(w, " is new: %s values, none in the good run", number_text(f->seen, text));
        return;
    case FINDING_GONE:
        writer_add(w, " is gone: %s values in the good run, none now",
                   number_text(f->expected, text));
        return;
    case FINDING_SPREAD:
        if (f->is_compared)
            write_change(w, f, "scatters", "");
        else
            write_value(w, f);
        return;
    case FINDING_SHAPE:
        if (f->is_compared)
            write_change(w, f, "jumps", ", for how it scatters");
        else
            write_value(w, f);
        return;
    case FINDING_GAP:
        write_gap(w, f);
        return;
    default:
        write_value(w, f);
    }
}

void metric_write(Writer *w, const Finding *f)
{
    writer_quote(w, f->pattern, NAME_BYTES_MAX);
    write_kind(w, f);
    if (!f->is_compared)
        write_since(w, f);
}

void metric_how_rare(Writer *w, const Finding *f)
{
    char text[NUMBER_SIZE];
    const char *whole = f->is_compared ? "good run" : "usual";
    double ratio = ratio_of(f);
    if (f->kind == FINDING_NEW || f->kind == FINDING_GONE)
        writer_add(w, f->kind == FINDING_NEW ? "not in the good run" : "only in the good run");
    else if (f->kind == FINDING_GAP)
        writer_add(w, "%.3g %%", 100 * f->seen);
    else if (isnan(ratio) && f->is_compared)
        writer_add(w, "%.1f deviations from the good run", fabs(f->effect));
    else if (isnan(ratio))
        writer_add(w, "never so %s", f->seen < f->expected ? "low" : "high");
    else
        writer_add(w, f->seen < f->expected ? "1/%s of the %s" : "%sx the %s",
                   ratio_text(ratio, text), whole);
}
