/* SPDX-License-Identifier: Apache-2.0
 *
 * watches.h - what all running sources say of themselves, at one moment.
 *
 * OWNERSHIP  A copy: its texts live until watches_free.
 */
#ifndef API_WATCHES_H
#define API_WATCHES_H
#include "api/api.h"

#define WATCHES_MAX 4096 /* Further ones are left out. */

typedef struct {
    const char *kind; /* Of the source; static. */
    Watch       watch;
    bool        used;  /* For the caller. */
} WatchRow;

typedef struct {
    WatchRow *rows;
    size_t    count, capacity;
    bool      failed; /* There was no memory for all. */
} Watches;

Watches watches_take(const ApiContext *api);
void    watches_free(Watches *watches);

const char *watch_state_name(WatchState state);

#endif
