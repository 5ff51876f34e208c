/* SPDX-License-Identifier: Apache-2.0
 *
 * model_shapes.c - what is drawn of a model: distributions, drift over time, calibration. */
#include <math.h>
#include <stdio.h>

#include "engine/model_finding.h"
#include "engine/rows.h"

#define BARS 24u
#define CATEGORIES 10u
#define POINTS 24u
#define CALIBRATION_GROUPS 10u

/* -- distributions --------------------------------------------------------------------------- */

static double total_of(const Profile *profile)
{
    double n = (double)profile_count(profile);
    return n > 0 ? n : 1;
}

static void write_bar(const odd_model *model, const Watch *watch, Str label, double before,
                      double now, odd_rows *rows)
{
    rows_text(rows, model_watch_name(model, watch));
    rows_text(rows, label);
    rows_double(rows, before / total_of(&watch->reference));
    rows_double(rows, now / total_of(&watch->now));
}

/* Each bin's rows are spread evenly over its width; bars are equally wide, and the first and the
 * last one hold what is beyond. */
static void spread(const Watch *watch, const Profile *profile, double from, double width,
                   double bars[BARS])
{
    for (size_t b = 0; b < BARS; b++)
        bars[b] = 0;
    for (size_t c = 0; c < watch->bins.count; c++) {
        double low = c > 0 ? watch->bins.edges[c - 1] : watch->reference.least;
        double high = c + 1u < watch->bins.count ? watch->bins.edges[c] : watch->reference.most;
        for (size_t b = 0; b < BARS; b++) {
            double left = b > 0 ? from + (double)b * width : -INFINITY;
            double right = b + 1 < BARS ? from + (double)(b + 1) * width : INFINITY;
            double part = high > low ? (fmin(high, right) - fmax(low, left)) / (high - low)
                                     : (double)(low >= left && low < right);
            bars[b] += part > 0 ? part * (double)profile->cells[c] : 0;
        }
    }
}

static void write_numbers(const odd_model *model, const Watch *watch, odd_rows *rows)
{
    double before[BARS], now[BARS], from = watch->bins.edges[0];
    double to = watch->bins.edges[watch->bins.count - 2], width = (to - from) / (BARS - 2);
    from -= width;
    spread(watch, &watch->reference, from, width, before);
    spread(watch, &watch->now, from, width, now);
    for (size_t b = 0; b < BARS; b++) {
        char label[FINDING_NAME_BYTES];
        snprintf(label, sizeof label, "%.4g", from + (double)b * width);
        write_bar(model, watch, str_of(label), before[b], now[b], rows);
    }
}

/* The most frequent values of the reference, then all others. */
static void write_values(const odd_model *model, const Watch *watch, odd_rows *rows)
{
    bool taken[CELL_COUNT] = {false};
    double before = 0, now = 0;
    for (size_t i = 0; i < CATEGORIES && i < watch->bins.count; i++) {
        size_t best = 0;
        while (taken[best])
            best++;
        for (size_t c = best; c < watch->bins.count; c++)
            if (!taken[c] && watch->reference.cells[c] > watch->reference.cells[best])
                best = c;
        char number[FINDING_NAME_BYTES];
        taken[best] = true;
        write_bar(model, watch, model_cell_name(model, watch, best, number),
                  (double)watch->reference.cells[best], (double)watch->now.cells[best], rows);
    }
    for (size_t c = 0; c < CELL_COUNT; c++) {
        before += taken[c] || c == CELL_MISSING ? 0 : (double)watch->reference.cells[c];
        now += taken[c] || c == CELL_MISSING ? 0 : (double)watch->now.cells[c];
    }
    if (before + now > 0)
        write_bar(model, watch, STR("(others)"), before, now, rows);
}

odd_rc model_shapes(const odd_model *model, odd_rows **ret)
{
    static const char *const columns[] = {"signal", "label", "reference", "now", NULL};
    odd_rows *rows = rows_open(columns);
    if (rows == NULL)
        return ODD_NOMEM;
    for (size_t w = 0; w < model->watch_count; w++) {
        const Watch *watch = &model->watches[w];
        if (watch->current == UINT32_MAX)
            continue;
        if (watch->bins.kind == BINS_NUMBER && watch->bins.count > BARS)
            write_numbers(model, watch, rows);
        else
            write_values(model, watch, rows);
        if (watch->reference.cells[CELL_MISSING] + watch->now.cells[CELL_MISSING] > 0)
            write_bar(model, watch, STR("(missing)"), (double)watch->reference.cells[CELL_MISSING],
                      (double)watch->now.cells[CELL_MISSING], rows);
    }
    return rows_finish(rows, ret);
}

/* -- over time ------------------------------------------------------------------------------- */

odd_rc model_drifts(const odd_model *model, odd_rows **ret)
{
    static const char *const columns[] = {"signal", "first_row", "time", "effect", NULL};
    odd_rows *rows = rows_open(columns);
    if (rows == NULL)
        return ODD_NOMEM;
    for (size_t w = 0; w < model->watch_count; w++) {
        const Watch *watch = &model->watches[w];
        const Stretches *stretches = &watch->stretches;
        uint32_t step = (stretches->count + POINTS - 1) / POINTS;
        for (uint32_t i = 0; i < stretches->count; i += step) {
            double counts[CELL_COUNT];
            uint32_t last = i + step - 1 < stretches->count ? i + step - 1 : stretches->count - 1;
            stretches_sum(stretches, (StretchRun){i, last}, counts);
            rows_text(rows, model_watch_name(model, watch));
            rows_int(rows, (int64_t)stretches->first_row[i]);
            rows_int(rows, stretches->time[i]);
            rows_double(rows, effect_of(&watch->expected, counts).size);
        }
    }
    return rows_finish(rows, ret);
}

/* -- calibration ----------------------------------------------------------------------------- */

odd_rc model_calibration(const odd_model *model, odd_rows **ret)
{
    static const char *const columns[] = {"probability", "reference", "now", "rows", NULL};
    const ModelQuality *quality = model->quality;
    odd_rows *rows = rows_open(columns);
    if (rows == NULL)
        return ODD_NOMEM;
    if (quality == NULL || quality->task == MODEL_NUMBERS)
        return rows_finish(rows, ret);
    double all = (double)quality->labelled, before = 0, true_before = 0, now = 0, true_now = 0;
    size_t first = 0;
    for (size_t c = 0; c < quality->cells.count; c++) {
        before += (double)quality->counts.rows[c];
        true_before += (double)quality->counts.positives[c];
        now += (double)quality->all_truth.classes.cells[c].rows;
        true_now += (double)quality->all_truth.classes.cells[c].truth / 4294967296.0;
        bool is_last = c + 1 == quality->cells.count;
        if (!is_last && before < all / CALIBRATION_GROUPS)
            continue;
        rows_double(rows, (quality->cells.first[first] + quality->cells.last[c]) / 2);
        rows_double(rows, before > 0 ? true_before / before : NAN);
        rows_double(rows, now > 0 ? true_now / now : NAN);
        rows_int(rows, (int64_t)now);
        first = c + 1;
        before = true_before = now = true_now = 0;
    }
    return rows_finish(rows, ret);
}
