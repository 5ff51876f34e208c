/* SPDX-License-Identifier: Apache-2.0
 *
 * keepers.h - the sources of a server while they run: each kind on a thread of its own.
 *
 * OWNERSHIP  The settings outlive the keepers.
 * THREADS    open and close on one thread; describe on any.
 */
#ifndef SERVE_KEEPERS_H
#define SERVE_KEEPERS_H
#include "source/source.h"

typedef struct Keepers Keepers;

Keepers *keepers_open(Intake *intake, const Settings *settings); /* NULL: no memory. */
void     keepers_close(Keepers *keepers); /* Within about a second.  NULL is a no-op. */

/* Everything that is watched, or would be; `kind` is the name of its kind. */
void keepers_describe(Keepers *keepers,
                      void (*tell)(void *context, const char *kind, const Watch *watch),
                      void *context);

#endif
