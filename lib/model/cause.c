/* SPDX-License-Identifier: Apache-2.0 */
#include "model/cause.h"

#include <assert.h>
#include <math.h>

#define BEYOND_PROMISE 3.0   /* Standard errors. */
#define MATTERS 0.01         /* Of all rows, and of the mean error of numbers: */
#define MATTERS_NUMBERS 0.05

Cause cause_of(CauseSigns signs)
{
    if (signs.fault)
        return CAUSE_PIPELINE;
    if (signs.beyond)
        return CAUSE_CONCEPT;
    if (signs.promised || (signs.inputs && signs.worse))
        return CAUSE_HARMFUL;
    return signs.inputs ? CAUSE_HARMLESS : CAUSE_NONE;
}

const char *cause_name(Cause cause)
{
    static const char *const names[CAUSE_COUNT] = {"none", "pipeline", "concept",
                                                   "harmful covariate", "harmless covariate"};
    assert(cause < CAUSE_COUNT);
    return names[cause];
}

const char *cause_sentence(Cause cause)
{
    static const char *const sentences[CAUSE_COUNT] = {
        "nothing has drifted by more than is tolerated",
        "the table itself is at fault: look at what feeds the model first",
        "what the inputs mean has changed, and the model errs more than it says: train it anew",
        "the inputs have moved to where the model is worse: train it on more rows like these",
        "the inputs have moved, and the model is about as good as before"};
    assert(cause < CAUSE_COUNT);
    return sentences[cause];
}

bool cause_is_beyond(double errors, double promised, double variance, bool of_numbers)
{
    double beyond = errors - promised, least = of_numbers ? MATTERS_NUMBERS * promised : MATTERS;
    return beyond > BEYOND_PROMISE * sqrt(variance) && beyond > least;
}
