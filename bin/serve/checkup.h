/* SPDX-License-Identifier: Apache-2.0
 *
 * checkup.h - what a server would watch on this machine, found out by its own sources, which are
 * given nothing to store into: they look, and are refused.
 *
 * ERRORS     false: problem (of SETTINGS_PROBLEM_SIZE) says why nothing could be looked at.
 */
#ifndef SERVE_CHECKUP_H
#define SERVE_CHECKUP_H
#include "source/source.h"

/* Takes about `seconds`.  Listeners of the settings are opened for that time. */
bool checkup_sources(const Settings *settings, double seconds,
                     void (*tell)(void *context, const char *kind, const Watch *watch),
                     void *context, char *problem);

#endif
