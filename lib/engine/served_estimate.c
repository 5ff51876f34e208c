/* SPDX-License-Identifier: Apache-2.0
 *
 * served_estimate.c - how good a prediction is expected to be, while its outcome is not there. */
#include <math.h>

#include "engine/served.h"

#define SAID_LEAST 0.5 /* Probability of a positive prediction that is not told. */

bool served_said(const Served *served, const RowsCell *output, double probability)
{
    const ModelQuality *quality = served->truths->quality;
    if (quality->task != MODEL_TWO_CLASSES)
        return true;
    return output->kind != PREDICTION_MISSING ? served_key(output) == quality->positive
                                              : probability >= SAID_LEAST;
}

void served_mean(const Served *served, RowsCell *output, double *probability)
{
    const ServedPlain *plain = &served->plain;
    if (!plain->is_score || output->kind != PREDICTION_NUMBER || !isnan(*probability))
        return;
    *probability = output->number;
    output->number = output->number >= plain->score_cut ? plain->score_high : plain->score_low;
}

size_t served_group(const ModelQuality *quality, double probability)
{
    return realised_group(calibration_cell(&quality->cells, probability), quality->cells.count);
}

/* A row whose inputs are not known misses all of them. */
static const uint8_t *cells_or_none(const uint8_t *cells, uint8_t none[SERVED_KEPT_MAX])
{
    if (cells == NULL)
        memset(none, CELL_MISSING, SERVED_KEPT_MAX);
    return cells != NULL ? cells : none;
}

/* How sure the model was; of classes without a probability all rows are alike. */
static double sure_of(const ModelQuality *quality, double probability)
{
    return quality->task == MODEL_CLASSES && !isfinite(probability) ? 0 : probability;
}

bool served_guess(const Served *served, const RowsCell *output, double probability,
                  const uint8_t *cells, double *ret_guess, double *ret_doubt)
{
    const ModelQuality *quality = served->truths->quality;
    uint8_t none[SERVED_KEPT_MAX];
    if (quality == NULL)
        return false;
    const uint8_t *known = cells_or_none(cells, none);
    if (quality->task == MODEL_NUMBERS) {
        double square, size = model_quality_size(quality, known, 1, &square);
        *ret_guess = size;
        *ret_doubt = sqrt(square - size * size);
        return true;
    }
    double p = sure_of(quality, probability);
    if (!isfinite(p))
        return false;
    double q = model_quality_share(quality, p, known, 1);
    *ret_guess = served_said(served, output, probability) ? 1 - q : q;
    *ret_doubt = sqrt(q * (1 - q));
    return true;
}

static void learn_size(Served *served, const RowsFact *fact, const uint8_t *cells, ServedStep *step)
{
    double square, size = model_quality_size(served->truths->quality, cells, 1, &square);
    if (fact->output.kind != PREDICTION_NUMBER)
        return;
    loss_learn(&step->expected, size, square, 2 * square * square);
    loss_learn(&served->plain.chunk_loss, size, square, 2 * square * square);
    served_groups_predict(served, fact->has_cells ? cells : NULL, size, sqrt(square - size * size));
}

void served_estimate(Served *served, const RowsFact *fact)
{
    const ModelQuality *quality = served->truths->quality;
    uint8_t none[SERVED_KEPT_MAX];
    uint32_t place;
    ServedStep *step = served_step(served, fact->time, &place);
    RowsCell output = fact->output;
    double p = fact->probability;
    if (quality == NULL || step == NULL)
        return;
    const uint8_t *cells = cells_or_none(fact->has_cells ? fact->cells : NULL, none);
    if (quality->task == MODEL_NUMBERS) {
        learn_size(served, fact, cells, step);
        return;
    }
    served_mean(served, &output, &p);
    p = sure_of(quality, p);
    if (!isfinite(p))
        return;
    size_t group = served_group(quality, p);
    bool said = served_said(served, &output, p);
    double q = model_quality_share(quality, p, cells, 1);
    estimated_learn(&step->estimated, group, said, q);
    estimated_learn(&served->plain.chunk, group, said, q);
    served_groups_predict(served, fact->has_cells ? cells : NULL, said ? 1 - q : q,
                          sqrt(q * (1 - q)));
}
