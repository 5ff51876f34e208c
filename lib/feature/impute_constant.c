/* SPDX-License-Identifier: Apache-2.0
 *
 * impute_constant.c - a number of the definition. */
#include "feature/impute.h"

static double value(const ImputeAsk *ask)
{
    return ask->argument;
}

const Imputer imputer_constant = {
    .name = "constant", .usage = "constant NUMBER", .wants_number = true, .value = value};
