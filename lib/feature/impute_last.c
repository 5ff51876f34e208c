/* SPDX-License-Identifier: Apache-2.0
 *
 * impute_last.c - the newest fact of the entity, unless it is too old. */
#include <math.h>

#include "base/time.h"
#include "feature/impute.h"

static double value(const ImputeAsk *ask)
{
    bool good =
        ask->last != ODD_TIME_NONE && (double)time_minus(ask->as_of, ask->last) <= ask->argument;
    return good ? ask->last_value : NAN;
}

const Imputer imputer_last = {
    .name = "last", .usage = "last AGE", .wants_span = true, .of_facts = true, .value = value};
