/* SPDX-License-Identifier: Apache-2.0
 *
 * past_facts.h - facts of features out of the history of a server: its definitions, and its lake
 * and journal once more.
 *
 * OWNERSHIP  The caller closes the events.
 * ERRORS     NULL or false, after a sentence on standard error.
 */
#ifndef CLI_PAST_FACTS_H
#define CLI_PAST_FACTS_H
#include <oddball.h>
#include <stdbool.h>

#include "cli/house.h"
#include "cli/options.h"

/* Those of --definitions, or of the server's folder. */
odd_events *past_definitions(const Options *options, const House *house);

/* Every fact up to the commit (0: all) goes to the join. */
bool past_facts(const House *house, const odd_events *definitions, uint64_t at_most, bool quiet,
                odd_join *join);

#endif
