/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/quantity.h"

#include <math.h>
#include <stdio.h>

#define DIGITS_MAX 7

typedef struct {
    double      least;  /* From here on ...                        */
    double      factor; /* ... it is told in this many of its unit. */
    const char *text;
} Scale;

static const Scale bytes[] = {
    {0x1p40, 0x1p40, " TiB"}, {0x1p30, 0x1p30, " GiB"}, {0x1p20, 0x1p20, " MiB"},
    {0x1p10, 0x1p10, " KiB"}, {0, 1, " bytes"},
};
static const Scale seconds[] = {
    {2 * 86400, 86400, " days"}, {2 * 3600, 3600, " h"}, {120, 60, " min"},
    {0.5, 1, " s"},              {0.5e-3, 1e-3, " ms"},  {0, 1e-6, " us"},
};
static const Scale share[] = {{0, 0.01, " %"}};
static const Scale percent[] = {{0, 1, " %"}};
static const Scale celsius[] = {{0, 1, " degrees"}};
static const Scale plain[] = {{0, 1, ""}};

static const Scale *scale_of(MetricUnit unit, double value)
{
    static const Scale *const scales[] = {
        [METRIC_PLAIN] = plain,  [METRIC_BYTES] = bytes,     [METRIC_SECONDS] = seconds,
        [METRIC_SHARE] = share,  [METRIC_PERCENT] = percent, [METRIC_CELSIUS] = celsius,
        [METRIC_AT_ONCE] = plain,
    };
    const Scale *scale = scales[unit];
    while (scale->least > fabs(value) &&
           !(unit == METRIC_SECONDS && value == 0 && scale->least < 1))
        scale++;
    return scale;
}

int quantity_digits(double a, double b)
{
    double size = fabs(a) > fabs(b) ? fabs(a) : fabs(b), apart = fabs(a - b);
    int digits = 2;
    for (; digits < DIGITS_MAX && apart > 0 && apart < size * 0.1; digits++)
        apart *= 10;
    return digits;
}

/* What is large is told by digits and commas, what is not by `digits` of them that count. */
static void write_number(Writer *w, double value, int digits)
{
    char text[NUMBER_SIZE];
    double size = fabs(value), whole = 100;
    const char *sign = value < 0 && size > 0 ? "-" : "";
    for (int i = 3; i < digits; i++)
        whole *= 10;
    if (size >= 1e15)
        writer_add(w, "%s%.3g", sign, size);
    else if (size >= whole)
        writer_add(w, "%s%s", sign, number_text(size, text));
    else
        writer_add(w, "%s%.*g", sign, digits, size);
}

void quantity_write(Writer *w, double value, MetricUnit unit, bool per_second, int digits)
{
    const Scale *scale = scale_of(unit, value);
    write_number(w, value / scale->factor, digits);
    writer_add(w, "%s%s", scale->text, per_second ? "/s" : "");
}

void quantity_write_range(Writer *w, double lower, double upper, MetricUnit unit, bool per_second)
{
    double size = fabs(lower) > fabs(upper) ? lower : upper;
    const Scale *scale = scale_of(unit, size);
    char from[NUMBER_SIZE], to[NUMBER_SIZE];
    Writer lower_text = writer_make(from, sizeof from), upper_text = writer_make(to, sizeof to);
    int digits = quantity_digits(lower, upper);
    write_number(&lower_text, lower / scale->factor, digits);
    write_number(&upper_text, upper / scale->factor, digits);
    if (strcmp(from, to) == 0)
        writer_add(w, "%s", to);
    else
        writer_add(w, "%s to %s", from, to);
    writer_add(w, "%s%s", scale->text, per_second ? "/s" : "");
}
