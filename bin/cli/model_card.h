/* SPDX-License-Identifier: Apache-2.0
 *
 * model_card.h - the card of a trained model for a person: text, JSON, or a page.
 */
#ifndef CLI_MODEL_CARD_H
#define CLI_MODEL_CARD_H
#include "cli/out.h"
#include "cli/table_feed.h"

/* The exit status; false sentences are on standard error. */
int model_card(const Options *options, RegistryHome *home, const char *model);

#endif
