/* SPDX-License-Identifier: Apache-2.0
 *
 * served_questions.c - predictions of a model in production that a person may be asked about
 * (model/questions.h): this round's and the one before. */
#include <math.h>

#include "engine/served.h"

#define DOUBT_LEAST 0.02      /* No row is beyond doubt; of numbers so much of the mean error. */
#define ROUND_ROWS_MIN 500    /* Fewer of this round: the one before is asked about. */

void served_questions_drop(Served *served, Mem *mem)
{
    mem_free(mem, served->questions, SERVED_ROUNDS * sizeof *served->questions);
    served->questions = NULL;
    served->plain.doubt_sum = served->plain.doubt_rows = 0;
}

/* What is waited for no more can have no outcome: then all begins anew. */
static bool is_ready(Served *served, Mem *mem)
{
    ServedPlain *plain = &served->plain;
    bool is_new = served->questions == NULL;
    if (is_new)
        served->questions = mem_take(mem, SERVED_ROUNDS * sizeof *served->questions);
    if (served->questions == NULL)
        return false;
    if (is_new || plain->asked_thinned != served->pending.thinned)
        for (size_t i = 0; i < SERVED_ROUNDS; i++)
            questions_begin(&served->questions[i]);
    plain->asked_thinned = served->pending.thinned;
    return true;
}

/* Beside the mean of all rows so far. */
static double doubt_of(Served *served, const ServedGuess *guess)
{
    ServedPlain *plain = &served->plain;
    double least = DOUBT_LEAST;
    if (!guess->is_known)
        return 1;
    if (served_of_numbers(served))
        least *= served_reference_figure(served, QUALITY_MAE);
    double doubt = guess->doubt + least;
    double mean = plain->doubt_rows > 0 ? plain->doubt_sum / plain->doubt_rows : doubt;
    plain->doubt_sum += doubt;
    plain->doubt_rows++;
    return mean > 0 ? doubt / mean : 1;
}

bool served_asks(Served *served, Mem *mem, const RowsFact *fact, const ServedGuess *guess,
                 Question *ret)
{
    if (!served->plain.is_frozen || fact->id == 0 || !pending_samples(&served->pending, fact->id) ||
        !is_ready(served, mem))
        return false;
    double weight = questions_weight(doubt_of(served, guess));
    Questions *now = &served->questions[0];
    if (!questions_count(now, fact->time, guess->loss, weight)) {
        served->questions[1] = *now;
        questions_begin(now);
        questions_count(now, fact->time, guess->loss, weight);
    }
    memset(ret, 0, sizeof *ret);
    ret->id = fact->id;
    ret->place = questions_place(fact->id, weight);
    ret->time = fact->time;
    ret->weight = (float)weight;
    ret->guess = (float)guess->loss;
    return questions_wants(now, ret->place);
}

void served_answered(Served *served, uint64_t id, double loss)
{
    if (served->questions == NULL || id == 0 || isnan(loss))
        return;
    for (size_t i = 0; i < SERVED_ROUNDS; i++)
        if (questions_answer(&served->questions[i], id, loss))
            return;
}

const Questions *served_round(const Served *served, odd_time now)
{
    const Questions *rounds = served->questions;
    if (rounds == NULL)
        return NULL;
    bool is_young = questions_rows(&rounds[0], now) < ROUND_ROWS_MIN;
    return is_young && questions_rows(&rounds[1], now) > 0 ? &rounds[1] : &rounds[0];
}
