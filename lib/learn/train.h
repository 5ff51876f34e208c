/* SPDX-License-Identifier: Apache-2.0
 *
 * train.h - from a table to a predictor and its card.
 *
 * Rows in the order of time are split with gaps: settings are searched on the first two parts; what
 * won is learnt again from both and calibrated on the third, then learnt from all three with that
 * calibration, and measured once, on the last.
 *
 * OWNERSHIP  The predictor and the card are the caller's, open and empty when given.
 * ERRORS     As lesson_make, boost_learn and liblinear_learn have them, with a sentence.
 * EXACTNESS  The same table and wish give the same bytes of both.
 */
#ifndef LEARN_TRAIN_H
#define LEARN_TRAIN_H
#include "learn/lesson.h"

typedef struct {
    LessonWish lesson;
    double     budget; /* Units of work (search.h); 0: SEARCH_BUDGET. */
    uint64_t   seed;
} TrainWish;

/* *ret_beats: it does better than every baseline, and not by chance. */
odd_rc train(Mem *mem, const Frame *frame, const TrainWish *wish, Predictor *predictor,
             ImageOut *card, bool *ret_beats, Problem *problem);

#endif
