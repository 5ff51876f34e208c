/* SPDX-License-Identifier: Apache-2.0
 *
 * model_card.h - the card of a trained model for a person: text, JSON, or a page.
 *
 * ERRORS     The exit status says so, after a sentence on standard error.
 */
#ifndef CLI_MODEL_CARD_H
#define CLI_MODEL_CARD_H
#include "cli/table_feed.h"

int model_card(const Options *options, RegistryHome *home, const char *model);

#endif
