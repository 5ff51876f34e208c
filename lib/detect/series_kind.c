/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/series_kind.h"

#include <math.h>
#include <string.h>

#include "base/real.h"

#define COUNTER_COUNT_MIN 30  /* Values before a series is taken for a counter ...     */
#define COUNTER_GROWN_MIN 0.2 /* ... which must have grown so often ...                 */
#define COUNTER_RESETS_MAX 0.1 /* ... and started again at most so often.                */
#define RESET_SHARE 0.25      /* A reset falls to less than this share of the last value. */
#define SPARSE_SHARE 0.75
#define NOTHING_RUN 400 /* Values: nobody remembers a longer run of nothing. */
#define SMALL_MAX 1000 /* Above, numbers are rather sizes than counts. */
#define WHOLE_MAX 9007199254740992.0

bool series_name_counts(Str name)
{
    static const char *const endings[] = {"_total", "_count", "_sum", "_bucket"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t size = strlen(endings[i]);
        if (name.size > size && memcmp(name.text + name.size - size, endings[i], size) == 0)
            return true;
    }
    return false;
}

static bool is_reset(const SeriesKind *kind, double value)
{
    return value >= 0 && value < kind->last * RESET_SHARE;
}

Measure series_measure(const SeriesKind *kind, double value, double step_s)
{
    if (!kind->is_counter)
        return (Measure){.value = value, .per = 1};
    double per = step_s > 0 ? step_s : 1;
    return (Measure){.value = (value - kind->last) / per,
                     .from = kind->last,
                     .per = per,
                     .skip = value < kind->last};
}

static bool looks_like_a_counter(const SeriesKind *kind)
{
    if (kind->is_gauge || kind->is_counter)
        return !kind->is_gauge;
    if (kind->is_named)
        return true;
    return kind->count >= COUNTER_COUNT_MIN && kind->grown >= COUNTER_GROWN_MIN * kind->count &&
           kind->resets <= COUNTER_RESETS_MAX * kind->count;
}

static double growth_of(const SeriesKind *kind, double value)
{
    return kind->count > 0 && value > kind->last ? value - kind->last : 0;
}

bool series_kind_learn(SeriesKind *kind, double value)
{
    bool was_counter = kind->is_counter != 0;
    double told = kind->is_named ? growth_of(kind, value) : value;
    if (kind->count == 0) {
        kind->low = kind->high = told;
    } else if (value > kind->last) {
        kind->grown++;
    } else if (value < kind->last) {
        if (is_reset(kind, value))
            kind->resets = (uint16_t)(kind->resets + (kind->resets < UINT16_MAX));
        else
            kind->is_gauge = 1;
    }
    if (value < 0)
        kind->is_gauge = 1;
    kind->low = told < kind->low ? told : kind->low;
    kind->high = told > kind->high ? told : kind->high;
    kind->zeros += told == 0;
    if (!(fabs(value) < WHOLE_MAX) || value != floor(value))
        kind->fractions = 1;
    kind->last = value;
    if (++kind->count == UINT32_MAX) {
        kind->count /= 2;
        kind->grown /= 2;
        kind->zeros /= 2;
    }
    kind->is_counter = looks_like_a_counter(kind);
    return was_counter != (kind->is_counter != 0);
}

bool series_kind_may_count(const SeriesKind *kind)
{
    bool is_small = kind->low >= 0 && kind->high <= SMALL_MAX && kind->fractions == 0;
    return kind->is_count || (is_small && !kind->is_counter);
}

static bool is_sparse(const SeriesKind *kind)
{
    return kind->zeros > SPARSE_SHARE * kind->count;
}

static bool is_bounded(const SeriesKind *kind)
{
    double bound = kind->high > 1 ? 100 : 1;
    bool near = kind->low < 0.05 * bound || kind->high > 0.95 * bound;
    return kind->low >= 0 && kind->high <= bound && near && kind->fractions != 0;
}

SeriesClass series_class(const SeriesKind *kind)
{
    if (kind->is_counter)
        return SERIES_COUNTER;
    if (kind->is_count)
        return SERIES_COUNT;
    if (kind->count > 0 && kind->low == kind->high)
        return SERIES_CONSTANT;
    if (is_sparse(kind))
        return SERIES_SPARSE;
    if (is_bounded(kind))
        return SERIES_BOUNDED;
    return kind->fractions ? SERIES_GAUGE : SERIES_INTEGER;
}

double series_kind_most(const SeriesKind *kind, double value, double events)
{
    if ((kind->is_counter && !kind->is_named) || kind->low == kind->high || !is_sparse(kind))
        return INFINITY;
    if (value == 0)
        return -NOTHING_RUN * real_log10((kind->zeros + 1.0) / (kind->count + 1.0));
    double reach = fabs(kind->high) > fabs(kind->low) ? fabs(kind->high) : fabs(kind->low);
    double share = (kind->count - kind->zeros + 1.0) / (kind->count + 1.0);
    double larger = fabs(value) > reach ? fabs(value) / reach : 1;
    return 2 * real_log10(larger) - events * real_log10(share);
}

const char *series_class_name(SeriesClass class)
{
    static const char *const names[] = {
        [SERIES_GAUGE] = "gauge",     [SERIES_COUNTER] = "counter", [SERIES_CONSTANT] = "constant",
        [SERIES_INTEGER] = "integer", [SERIES_SPARSE] = "sparse",   [SERIES_BOUNDED] = "bounded",
        [SERIES_COUNT] = "count",
    };
    return names[class];
}
