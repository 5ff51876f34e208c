/* SPDX-License-Identifier: Apache-2.0
 *
 * served_estimate.c - how good a prediction is expected to be, while its outcome is not there. */
#include <math.h>

#include "engine/served.h"

bool served_said(const Served *served, const RowsCell *output, double probability)
{
    const ModelQuality *quality = served->truths->quality;
    if (quality->task != MODEL_TWO_CLASSES)
        return true;
    return output->kind != PREDICTION_MISSING ? served_key(output) == quality->positive
                                              : probability >= MODEL_SAID_LEAST;
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

/* How sure the model was; of classes without a probability all rows are alike. */
static double sure_of(const ModelQuality *quality, double probability)
{
    return quality->task == MODEL_CLASSES && !isfinite(probability) ? 0 : probability;
}

ServedGuess served_guess(const Served *served, const RowsCell *output, double probability,
                         const uint8_t *cells)
{
    const ModelQuality *quality = served->truths->quality;
    ServedGuess guess = {.is_known = false};
    uint8_t none[SERVED_KEPT_MAX];
    if (quality == NULL)
        return guess;
    memset(none, CELL_MISSING, sizeof none); /* What is not known is missing. */
    const uint8_t *known = cells != NULL ? cells : none;
    if (quality->task == MODEL_NUMBERS) {
        guess.is_known = true;
        guess.loss = model_quality_size(quality, known, 1, &guess.square);
        guess.doubt = sqrt(guess.square - guess.loss * guess.loss);
        return guess;
    }
    guess.probability = sure_of(quality, probability);
    guess.is_known = isfinite(guess.probability);
    if (!guess.is_known)
        return guess;
    guess.said = served_said(served, output, guess.probability);
    guess.share = model_quality_share(quality, guess.probability, known, 1);
    guess.loss = guess.said ? 1 - guess.share : guess.share;
    guess.doubt = sqrt(guess.share * (1 - guess.share));
    return guess;
}

ServedGuess served_expect(const Served *served, const RowsFact *fact)
{
    RowsCell output = fact->output;
    double probability = fact->probability;
    served_mean(served, &output, &probability);
    return served_guess(served, &output, probability, fact->has_cells ? fact->cells : NULL);
}

void served_estimate(Served *served, const RowsFact *fact, const ServedGuess *guess)
{
    const ModelQuality *quality = served->truths->quality;
    ServedStep *step = served_step(served, fact->time);
    if (step == NULL || !guess->is_known)
        return;
    if (quality->task == MODEL_NUMBERS) {
        double variance = 2 * guess->square * guess->square;
        if (fact->output.kind != PREDICTION_NUMBER)
            return;
        loss_learn(&step->expected, guess->loss, guess->square, variance);
        loss_learn(&served->plain.chunk_loss, guess->loss, guess->square, variance);
    } else {
        size_t group = served_group(quality, guess->probability);
        estimated_learn(&step->estimated, group, guess->said, guess->share);
        estimated_learn(&served->plain.chunk, group, guess->said, guess->share);
    }
    served_groups_predict(served, fact->has_cells ? fact->cells : NULL, guess->loss, guess->doubt);
}
