/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/metric.h"

#include <ctype.h>
#include <math.h>

#include "event/series.h"
#include "incident/metric_words.h"
#include "incident/quantity.h"

#define LABEL_BYTES_MAX 80
#define NAME_BYTES_MAX 160
#define LABELS_TOLD_MAX 6
#define RATIO_MIN 1.1    /* A ratio below says less than the numbers. */
#define RATIO_MAX 1000.0 /* What usually is next to nothing has none. */

/* NaN: the two have no ratio that says anything. */
static double ratio_of(const Finding *f)
{
    double large = f->kind == FINDING_LOW ? f->expected : f->seen;
    double small = f->kind == FINDING_LOW ? f->seen : f->expected;
    return small > 0 && large > small * RATIO_MIN && large < small * RATIO_MAX ? large / small
                                                                               : NAN;
}

static void write_label(Writer *w, Str value)
{
    writer_add(w, "%.*s", (int)cut_at_character(value, LABEL_BYTES_MAX), value.text);
}

/* %LABEL stands for the value of that label. */
static void write_form(Writer *w, const char *form, Str series)
{
    for (; *form != '\0'; form++) {
        if (*form != '%') {
            writer_add(w, "%c", *form);
            continue;
        }
        Str label = {.text = form + 1};
        while (islower((unsigned char)label.text[label.size]))
            label.size++;
        write_label(w, series_label(series, label));
        form += label.size;
    }
}

/* Which machine it is of, where the series says it. */
static void write_machine(Writer *w, Str series)
{
    static const char *const labels[] = {"instance", "host.name", "host_name", "hostname",
                                         "host",     "node",      "k8s.node.name"};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        Str machine = series_label(series, str_of(labels[i]));
        if (machine.size == 0)
            continue;
        writer_add(w, " on ");
        write_label(w, machine);
        return;
    }
}

/* "`http_requests_total` (code 500, job api)" */
static void write_name(Writer *w, Str series)
{
    Label label;
    size_t at = 0;
    int told = 0;
    writer_quote(w, series_name(series), NAME_BYTES_MAX);
    for (; told < LABELS_TOLD_MAX && series_next_label(series, &at, &label); told++) {
        writer_add(w, "%s", told == 0 ? " (" : ", ");
        write_label(w, label.name);
        writer_add(w, " ");
        write_label(w, label.value);
    }
    writer_add(w, "%s", told > 0 ? ")" : "");
}

static void write_comparison(Writer *w, double ratio, const char *how)
{
    char text[NUMBER_SIZE];
    if (isnan(ratio))
        writer_add(w, " %s", how);
    else
        writer_add(w, " %sx %s", ratio_text(ratio, text), how);
}

static void write_words(Writer *w, const Finding *f, const MetricWords *words)
{
    write_form(w, words->subject, f->pattern);
    write_machine(w, f->pattern);
    writer_add(w, " %s", words->verb);
    write_comparison(w, ratio_of(f), f->kind == FINDING_LOW ? words->less : words->more);
    writer_add(w, "%s", words->rest[0] != '\0' ? " " : "");
    write_form(w, words->rest, f->pattern);
}

static void write_plainly(Writer *w, const Finding *f)
{
    bool low = f->kind == FINDING_LOW;
    write_name(w, f->pattern);
    writer_add(w, " %s", f->is_rate ? "grows" : "is");
    if (f->is_rate)
        write_comparison(w, ratio_of(f), low ? "slower" : "faster");
    else
        write_comparison(w, ratio_of(f), low ? "lower" : "higher");
}

void metric_write(Writer *w, const Finding *f)
{
    Str name = series_name(f->pattern);
    const MetricWords *words = metric_words(name);
    MetricUnit unit = words != NULL ? words->unit : metric_unit(name);
    bool per_second = f->is_rate;
    if (words != NULL)
        write_words(w, f, words);
    else
        write_plainly(w, f);
    if (words != NULL && unit == METRIC_SECONDS && f->is_rate) { /* Seconds of each second. */
        unit = METRIC_SHARE;
        per_second = false;
    }
    writer_add(w, " than usual: ");
    quantity_write(w, f->seen, unit, per_second);
    writer_add(w, ", expected ");
    if (f->lower < f->upper)
        quantity_write_range(w, f->lower, f->upper, unit, per_second);
    else
        quantity_write(w, f->expected, unit, per_second);
}

void metric_how_rare(Writer *w, const Finding *f)
{
    char text[NUMBER_SIZE];
    double ratio = ratio_of(f);
    if (isnan(ratio))
        writer_add(w, "never so %s", f->kind == FINDING_LOW ? "low" : "high");
    else if (f->kind == FINDING_LOW)
        writer_add(w, "1/%s of the usual", ratio_text(ratio, text));
    else
        writer_add(w, "%sx the usual", ratio_text(ratio, text));
}
