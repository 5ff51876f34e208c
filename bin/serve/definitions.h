/* SPDX-License-Identifier: Apache-2.0
 *
 * definitions.h - the feature definitions of a server's folder, given to what learns.
 *
 * They become an event of the journal, so that a replay knows them too.
 *
 * ERRORS     False, after each mistake was said: the definitions stay as they were.
 */
#ifndef SERVE_DEFINITIONS_H
#define SERVE_DEFINITIONS_H
#include "intake/intake.h"
#include "live/live.h"
#include "settings/settings.h"

typedef void (*DefinitionsSay)(void *context, const char *sentence);

bool definitions_give(Intake *intake, Live *live, const Settings *settings, DefinitionsSay say,
                      void *context);

#endif
