/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/metric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BOUND_DEVIATIONS 3.29 /* The bounds are that far from what is expected. */
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

double metric_effect(const Finding *f)
{
    double half = f->seen < f->expected ? f->expected - f->lower : f->upper - f->expected;
    return half > 0 ? (f->seen - f->expected) * BOUND_DEVIATIONS / half : NAN;
}

/* NaN: the two have no ratio that says anything. */
static double ratio_of(const Finding *f)
{
    double large = f->kind == FINDING_LOW ? f->expected : f->seen;
    double small = f->kind == FINDING_LOW ? f->seen : f->expected;
    return small > 0 && large > small * RATIO_MIN ? large / small : NAN;
}

static void write_expected(Writer *w, const Finding *f)
{
    char lower[NUMBER_SIZE], upper[NUMBER_SIZE];
    if (f->lower < f->upper)
        writer_add(w, "expected %s to %s", value_text(f->lower, lower),
                   value_text(f->upper, upper));
    else
        writer_add(w, "expected %s", value_text(f->expected, lower));
}

void metric_write(Writer *w, const Finding *f)
{
    char text[NUMBER_SIZE];
    double ratio = ratio_of(f);
    const char *direction = f->kind == FINDING_LOW ? "low" : "high";
    writer_quote(w, f->pattern, NAME_BYTES_MAX);
    if (isnan(ratio))
        writer_add(w, " is %ser than usual", direction);
    else
        writer_add(w, " is %sx as %s as usual", ratio_text(ratio, text), direction);
    writer_add(w, ": %s%s, ", value_text(f->seen, text), f->is_rate ? "/s" : "");
    write_expected(w, f);
}

void metric_how_rare(Writer *w, const Finding *f)
{
    char text[NUMBER_SIZE];
    double ratio = ratio_of(f);
    if (isnan(ratio))
        writer_add(w, "never so %s", f->kind == FINDING_LOW ? "low" : "high");
    else
        writer_add(w, "%s%s%s the usual", f->kind == FINDING_LOW ? "1/" : "",
                   ratio_text(ratio, text), f->kind == FINDING_LOW ? " of" : "x");
}
