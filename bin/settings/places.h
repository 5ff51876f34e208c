/* SPDX-License-Identifier: Apache-2.0
 *
 * places.h - where settings, data and secrets are when nobody says it.
 *
 * OWNERSHIP  Texts and lists belong to the caller, who frees them.
 * ERRORS     NULL or false: no memory, or (data) no folder to be found.
 */
#ifndef SETTINGS_PLACES_H
#define SETTINGS_PLACES_H
#include "settings/settings.h"

/* $STATE_DIRECTORY (systemd); of root /var/lib/oddball; else $XDG_STATE_HOME/oddball or
 * ~/.local/state/oddball. */
char *place_data(void);

/* Candidates for oddball.yaml, the weaker first: $CONFIGURATION_DIRECTORY or /etc/oddball; of all
 * but root also $XDG_CONFIG_HOME/oddball or ~/.config/oddball. */
bool places_config(TextList *ret);

/* conf.d/NAME.yaml beside the file, by name.  No such folder: none.  *ret_problem: errno of a
 * folder that cannot be read. */
bool places_drop_ins(const char *file, TextList *ret, int *ret_problem);

char *place_credential(const char *name);                /* NULL: systemd gave none. */
char *place_beside(const char *file, const char *path);  /* path, relative to the file's folder. */

#endif
