/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/metric.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/cut.h"
#include "base/time.h"
#include "event/series.h"
#include "incident/metric_words.h"
#include "incident/quantity.h"

#define LABEL_BYTES_MAX 80
#define NAME_BYTES_MAX 160
#define LABELS_TOLD_MAX 6
#define RATIO_MIN 1.1    /* A ratio below says less than the numbers. */
#define RATIO_MAX 1000.0 /* What usually is next to nothing has none. */
#define ROUNDING_SHARE 1e-6
#define BOUND_DEVIATIONS 3.29 /* The bounds are that far from what is expected. */

/* The words of detect/series.h, and the names of the kinds themselves. */
static const struct {
    const char *reason;
    FindingKind kind;
    bool        is_less;
} reasons[] = {
    {"high", FINDING_HIGH, false},       {"low", FINDING_LOW, true},
    {"shift up", FINDING_LEVEL, false},  {"shift down", FINDING_LEVEL, true},
    {"noisy", FINDING_SPREAD, false},    {"still", FINDING_SPREAD, true},
    {"gap", FINDING_GAP, true},          {"season", FINDING_SEASON, false},
    {"shape", FINDING_SHAPE, false},     {"level", FINDING_LEVEL, false},
    {"spread", FINDING_SPREAD, false},
};

FindingKind metric_kind(const char *reason, double seen, double expected)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(reason, reasons[i].reason) == 0)
            return reasons[i].kind;
    return seen < expected ? FINDING_LOW : FINDING_HIGH;
}

double metric_effect(const Finding *f)
{
    double half = f->seen < f->expected ? f->expected - f->lower : f->upper - f->expected;
    return half > 0 ? (f->seen - f->expected) * BOUND_DEVIATIONS / half : NAN;
}

static bool is_less(const Finding *f)
{
    for (size_t i = 0; f->reason != NULL && i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(f->reason, reasons[i].reason) == 0)
            return reasons[i].is_less;
    return f->kind == FINDING_LOW || (f->kind == FINDING_LEVEL && f->seen < f->expected);
}

/* NaN: the two have no ratio that says anything. */
static double ratio_of(const Finding *f)
{
    double large = is_less(f) ? f->expected : f->seen;
    double small = is_less(f) ? f->seen : f->expected;
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
    write_comparison(w, ratio_of(f), is_less(f) ? words->less : words->more);
    writer_add(w, "%s", words->rest[0] != '\0' ? " " : "");
    write_form(w, words->rest, f->pattern);
}

static void write_plainly(Writer *w, const Finding *f)
{
    bool low = is_less(f);
    write_name(w, f->pattern);
    writer_add(w, " %s", f->is_rate ? "grows" : "is");
    if (f->is_rate)
        write_comparison(w, ratio_of(f), low ? "slower" : "faster");
    else
        write_comparison(w, ratio_of(f), low ? "lower" : "higher");
}

/* What it is of and what it is called: sentences that do not compare have no words for that. */
static void write_subject(Writer *w, const Finding *f, const MetricWords *words)
{
    if (words == NULL) {
        write_name(w, f->pattern);
        return;
    }
    write_form(w, words->subject, f->pattern);
    write_machine(w, f->pattern);
    writer_add(w, " (");
    writer_quote(w, series_name(f->pattern), NAME_BYTES_MAX);
    writer_add(w, ")");
}

const char *metric_weekday(int day)
{
    static const char *const days[] = {"Thursdays", "Fridays",  "Saturdays", "Sundays",
                                       "Mondays",   "Tuesdays", "Wednesdays"};
    return days[day];
}

static void write_usual(Writer *w, const Finding *f)
{
    writer_add(w, " than usual");
    if (f->usual == USUAL_ALWAYS || f->first.time == ODD_TIME_NONE)
        return;
    int64_t hours = f->first.time / (3600 * NS_PER_S) - (f->first.time % (3600 * NS_PER_S) < 0);
    int64_t hour = (hours % 24 + 24) % 24, day = ((hours - hour) / 24 % 7 + 7) % 7;
    if (f->usual == USUAL_WEEKDAY)
        writer_add(w, " on %s", metric_weekday((int)day));
    writer_add(w, " at %d:00 UTC", (int)hour);
}

/* Values within the bounds are odd only by being so many. */
static bool is_within(const Finding *f)
{
    return f->seen >= f->lower && f->seen <= f->upper;
}

static void write_change(Writer *w, const Finding *f, const MetricWords *words)
{
    bool less = is_less(f), compared = f->kind == FINDING_HIGH || f->kind == FINDING_LOW ||
                                       (f->kind == FINDING_LEVEL && !is_within(f));
    if (compared) {
        if (words != NULL)
            write_words(w, f, words);
        else
            write_plainly(w, f);
        write_usual(w, f);
        return;
    }
    write_subject(w, f, words);
    if (f->kind == FINDING_LEVEL) {
        writer_add(w, " stays at the %s end of what is usual", less ? "lower" : "upper");
        return;
    }
    if (f->kind == FINDING_SPREAD)
        writer_add(w, " varies %s", less ? "less" : "more");
    else
        writer_add(w, f->kind == FINDING_SEASON ? " has other hours" : " moves in another way");
    write_usual(w, f);
}

/* What is next to nothing beside the value is rounding. */
static double without_rounding(double bound, double seen)
{
    return fabs(bound) < ROUNDING_SHARE * fabs(seen) ? 0 : bound;
}

static void write_numbers(Writer *w, const Finding *f, const MetricWords *words)
{
    double lower = without_rounding(f->lower, f->seen), upper = without_rounding(f->upper, f->seen);
    bool is_single = f->kind == FINDING_HIGH || f->kind == FINDING_LOW;
    bool is_compared = is_single || f->kind == FINDING_LEVEL;
    MetricUnit unit = words != NULL ? words->unit : metric_unit(series_name(f->pattern));
    bool per_second = f->is_rate;
    if (words != NULL && unit == METRIC_SECONDS && f->is_rate) { /* Seconds of each second. */
        unit = METRIC_SHARE;
        per_second = false;
    }
    if (unit == METRIC_AT_ONCE && f->is_rate)
        per_second = false;
    bool is_range = lower < upper;
    int digits = is_range ? quantity_digits(lower, upper) : quantity_digits(f->seen, f->expected);
    digits = digits > QUANTITY_DIGITS ? digits : QUANTITY_DIGITS;
    quantity_write(w, f->seen, unit, per_second, digits);
    if (is_range && !(is_compared && is_within(f))) {
        writer_add(w, ", expected ");
        quantity_write_range(w, lower, upper, unit, per_second);
        return;
    }
    writer_add(w, is_range ? ", usually " : ", expected ");
    quantity_write(w, without_rounding(f->expected, f->seen), unit, per_second, digits);
    if (!is_range || is_single)
        return;
    writer_add(w, " (");
    quantity_write_range(w, lower, upper, unit, per_second);
    writer_add(w, ")");
}

static void write_pause(Writer *w, const Finding *f)
{
    quantity_write(w, floor(f->seen), METRIC_SECONDS, false, QUANTITY_DIGITS);
    writer_add(w, "; usually they come every ");
    quantity_write(w, f->expected, METRIC_SECONDS, false, QUANTITY_DIGITS);
}

/* Prometheus says so of a target whose metrics it could not fetch. */
static bool write_down(Writer *w, const Finding *f)
{
    Str instance = series_label(f->pattern, STR("instance"));
    Str job = series_label(f->pattern, STR("job"));
    if (!is_less(f) || f->seen > 0 || instance.size == 0)
        return false;
    writer_add(w, "metrics of ");
    write_label(w, instance);
    writer_add(w, "%s", job.size > 0 ? ", job " : "");
    write_label(w, job);
    writer_add(w, ", cannot be fetched: `up` is 0");
    return true;
}

/* ", for 25 min since 2026-11-23 14:05" */
static void write_since(Writer *w, const Finding *f)
{
    char text[TIME_TEXT_SIZE];
    if (f->first.time == ODD_TIME_NONE || f->last.time == ODD_TIME_NONE)
        return;
    double seconds = (double)time_minus(f->last.time, f->first.time) / (double)NS_PER_S;
    if (seconds < 1)
        return;
    writer_add(w, ", for ");
    quantity_write(w, seconds, METRIC_SECONDS, false, QUANTITY_DIGITS);
    time_text(f->first.time, 0, text);
    text[10] = ' '; /* 2026-11-23T14:05:00Z */
    writer_add(w, " since %.16s", text);
}

void metric_write(Writer *w, const Finding *f)
{
    Str name = series_name(f->pattern);
    const MetricWords *words = metric_words(name);
    if (f->kind == FINDING_GAP) {
        writer_add(w, "no samples of ");
        write_subject(w, f, words);
        writer_add(w, " for ");
        write_pause(w, f);
        return;
    }
    if (str_equal(name, STR("up")) && write_down(w, f))
        return;
    write_change(w, f, words);
    writer_add(w, ": ");
    write_numbers(w, f, words);
    write_since(w, f);
}

void metric_write_silence(Writer *w, const Finding *f)
{
    writer_add(w, "no samples from %.*s for ", (int)cut_at_character(f->pattern, NAME_BYTES_MAX),
               f->pattern.text);
    write_pause(w, f);
}

void metric_how_rare(Writer *w, const Finding *f)
{
    char text[NUMBER_SIZE];
    double ratio = ratio_of(f);
    if (f->kind == FINDING_GAP)
        writer_add(w, "none at all");
    else if (f->kind != FINDING_HIGH && f->kind != FINDING_LOW && f->kind != FINDING_LEVEL)
        writer_add(w, "never so before");
    else if (isnan(ratio))
        writer_add(w, "never so %s", is_less(f) ? "low" : "high");
    else if (is_less(f))
        writer_add(w, "1/%s of the usual", ratio_text(ratio, text));
    else
        writer_add(w, "%sx the usual", ratio_text(ratio, text));
}
