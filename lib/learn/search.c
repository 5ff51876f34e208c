/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/search.h"

#include <math.h>
#include <stdio.h>

#include "base/rng.h"
#include "learn/liblinear.h"
#include "learn/measure.h"
#include "learn/ridge.h"

#define LINEAR_STEPS 30.0 /* Looks at each number, about, until it settles. */
#define VOTES_MAX 8
#define GAIN_LEAST 0.002  /* By which one more vote must better the loss. */

void search_close(Search *search)
{
    for (size_t c = 0; c < SEARCH_MAX; c++)
        mem_free(search->mem, search->candidates[c].said, search->said_bytes);
    *search = (Search){.mem = search->mem};
}

/* -- what is tried ---------------------------------------------------------------------------- */

static const double penalties[] = {1e-3, 1e-1, 1e-5};

/* depth, rounds, rate, least_weight, rows_share, slots_share, penalty */
static const BoostWish boosts[] = {
    {3, 60, 0.3, 1, 1, 1, 1},
    {6, 60, 0.3, 1, 1, 1, 1},
    {4, 150, 0.1, 5, 0.8, 0.8, 1},
    {6, 150, 0.1, 5, 0.8, 0.8, 1},
    {8, 150, 0.07, 10, 0.7, 0.6, 5},
};
#define PENALTY_COUNT (sizeof penalties / sizeof penalties[0])
#define BOOST_COUNT (sizeof boosts / sizeof boosts[0])

static BoostWish draw(Rng *rng)
{
    static const double rates[] = {0.05, 0.1, 0.15}, weights[] = {1, 5, 20};
    static const double shares[] = {0.5, 0.7, 0.9};
    static const int rounds[] = {200, 150, 100};
    uint64_t speed = rng_below(rng, 3);
    return (BoostWish){.depth = 3 + (int)rng_below(rng, 6),
                       .rounds = rounds[speed],
                       .rate = rates[speed],
                       .least_weight = weights[rng_below(rng, 3)],
                       .rows_share = shares[rng_below(rng, 3)],
                       .slots_share = shares[rng_below(rng, 3)],
                       .penalty = rng_below(rng, 2) == 0 ? 1 : 10};
}

static Candidate candidate_at(size_t number, Rng *rng)
{
    if (number < PENALTY_COUNT)
        return (Candidate){.learner = LEARNER_LINEAR, .penalty = penalties[number]};
    number -= PENALTY_COUNT;
    return (Candidate){.learner = LEARNER_BOOST,
                       .boost = number < BOOST_COUNT ? boosts[number] : draw(rng)};
}

static double work_of(const Candidate *candidate, const Matrix *fit)
{
    double cells = (double)fit->rows * (double)fit->slot_count / 1e6;
    if (candidate->learner == LEARNER_LINEAR)
        return fit->outputs == 1 ? cells * (double)fit->slot_count
                                 : cells * LINEAR_STEPS * (double)(fit->outputs - 1);
    double trees = fit->outputs > 2 ? (double)fit->outputs : 1;
    return cells * candidate->boost.rounds * candidate->boost.depth * trees;
}

odd_rc candidate_learn(Mem *mem, const Candidate *candidate, const Matrix *matrix, uint64_t seed,
                       Member *ret, Problem *problem)
{
    if (candidate->learner == LEARNER_BOOST)
        return boost_learn(mem, matrix, &candidate->boost, seed, ret, problem);
    if (matrix->outputs == 1)
        return ridge_learn(mem, matrix, candidate->penalty, ret);
    return liblinear_learn(mem, matrix, 1 / candidate->penalty, ret, problem);
}

void candidate_text(const Candidate *candidate, size_t outputs, char text[CANDIDATE_TEXT_SIZE])
{
    const BoostWish *boost = &candidate->boost;
    if (candidate->learner == LEARNER_LINEAR)
        snprintf(text, CANDIDATE_TEXT_SIZE, "%s, penalty %g", outputs == 1 ? "ridge" : "logistic",
                 candidate->penalty);
    else
        snprintf(text, CANDIDATE_TEXT_SIZE,
                 "xgboost, depth %d, %d rounds of %g, least weight %g, rows %g, inputs %g, "
                 "penalty %g",
                 boost->depth, boost->rounds, boost->rate, boost->least_weight, boost->rows_share,
                 boost->slots_share, boost->penalty);
}

/* -- what it is worth ------------------------------------------------------------------------- */

static double loss_of_row(const double *values, size_t outputs, double target)
{
    if (outputs > 1)
        return measure_log_loss(values, target);
    return (values[0] - target) * (values[0] - target);
}

static double loss_of(const double *said, const Matrix *choose)
{
    double sum = 0;
    for (size_t i = 0; i < choose->rows; i++)
        sum += loss_of_row(said + i * choose->outputs, choose->outputs, choose->targets[i]);
    return sum / (double)choose->rows;
}

static void say_all(const Member *member, const Matrix *choose, double *said)
{
    double values[PREDICTOR_CLASSES_MAX] = {0};
    PredictorTask task = choose->outputs > 1 ? TASK_CLASSES : TASK_NUMBER;
    for (size_t i = 0; i < choose->rows; i++) {
        member_say(member, task, choose->outputs, choose->slots + i * choose->slot_count, values);
        memcpy(said + i * choose->outputs, values, choose->outputs * sizeof *values);
    }
}

static odd_rc try_one(Search *search, Candidate *candidate, const Matrix *fit, const Matrix *choose,
                      uint64_t seed, Problem *problem)
{
    Member member = {.forest = {.mem = search->mem}};
    double sums[1024];
    odd_rc rc = candidate_learn(search->mem, candidate, fit, seed, &member, problem);
    if (rc == ODD_OK && member.kind == MEMBER_FOREST) {
        candidate->boost.rounds = (int)boost_rounds_best(&member, choose, sums);
        forest_cut(&member.forest, (size_t)candidate->boost.rounds * member.forest.outputs);
    }
    candidate->said = rc == ODD_OK ? mem_take(search->mem, search->said_bytes) : NULL;
    if (rc == ODD_OK && candidate->said == NULL)
        rc = ODD_NOMEM;
    if (rc == ODD_OK) {
        say_all(&member, choose, candidate->said);
        candidate->loss = loss_of(candidate->said, choose);
    }
    member_close(search->mem, &member);
    return rc;
}

/* -- together --------------------------------------------------------------------------------- */

static double loss_with(const Matrix *choose, const double *sums, const double *more, double votes)
{
    double values[PREDICTOR_CLASSES_MAX] = {0}, sum = 0;
    for (size_t i = 0; i < choose->rows; i++) {
        size_t at = i * choose->outputs;
        for (size_t k = 0; k < choose->outputs; k++)
            values[k] = (sums[at + k] + more[at + k]) / votes;
        sum += loss_of_row(values, choose->outputs, choose->targets[i]);
    }
    return sum / (double)choose->rows;
}

static size_t members(const Search *search)
{
    size_t count = 0;
    for (size_t c = 0; c < search->count; c++)
        count += search->candidates[c].votes > 0;
    return count;
}

static bool vote(Search *search, const Matrix *choose, double *sums, size_t votes)
{
    size_t best = SIZE_MAX, n = choose->rows * choose->outputs;
    double least = votes == 1 ? INFINITY : search->loss * (1 - GAIN_LEAST);
    bool full = members(search) == PREDICTOR_MEMBERS_MAX;
    for (size_t c = 0; c < search->count; c++) {
        const Candidate *candidate = &search->candidates[c];
        if (full && candidate->votes == 0)
            continue;
        double loss = loss_with(choose, sums, candidate->said, (double)votes);
        best = loss < least ? c : best;
        least = loss < least ? loss : least;
    }
    if (best == SIZE_MAX)
        return false;
    search->candidates[best].votes++;
    search->loss = least;
    for (size_t i = 0; i < n; i++)
        sums[i] += search->candidates[best].said[i];
    return true;
}

static odd_rc choose_together(Search *search, const Matrix *choose)
{
    double *sums = mem_take(search->mem, search->said_bytes);
    if (sums == NULL)
        return ODD_NOMEM;
    for (size_t votes = 1; votes <= VOTES_MAX && vote(search, choose, sums, votes);)
        votes++;
    mem_free(search->mem, sums, search->said_bytes);
    return ODD_OK;
}

odd_rc search_run(Search *search, Mem *mem, const Matrix *fit, const Matrix *choose, double budget,
                  uint64_t seed, Problem *problem)
{
    *search = (Search){.mem = mem,
                       .said_bytes = choose->rows * choose->outputs * sizeof(double)};
    Rng rng = rng_seeded(seed);
    for (size_t number = 0; number < SEARCH_MAX; number++) {
        Candidate candidate = candidate_at(number, &rng);
        candidate.work = work_of(&candidate, fit);
        bool too_wide = candidate.learner == LEARNER_LINEAR && fit->slot_count > RIDGE_SLOTS_MAX;
        if (too_wide || (search->count > 0 && search->work + candidate.work > budget)) {
            search->left_out++;
            continue;
        }
        Candidate *kept = &search->candidates[search->count];
        *kept = candidate;
        search->count++;
        odd_rc rc = try_one(search, kept, fit, choose, seed, problem);
        if (rc != ODD_OK)
            return rc;
        search->work += candidate.work;
        if (!isfinite(kept->loss)) {
            mem_free(mem, kept->said, search->said_bytes);
            *kept = (Candidate){0};
            search->count--;
        }
    }
    if (search->count == 0)
        return problem_say(problem, ODD_RANGE, "no learner made anything of these rows");
    return choose_together(search, choose);
}
