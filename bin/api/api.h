/* SPDX-License-Identifier: Apache-2.0
 *
 * api.h - what the routes work with, and the table of them.
 *
 * One file, one group of routes: bin/api/NAME.c holds `const RouteGroup routes_NAME`, and the list
 * in bin/api/meson.build has one line for it.  request->context is an ApiContext.
 *
 * OWNERSHIP  The context and all in it outlive the server.
 */
#ifndef API_API_H
#define API_API_H
#include "http/http.h"
#include "intake/intake.h"
#include "live/live.h"
#include "settings/settings.h"

typedef struct {
    Intake         *intake;
    Live           *live;     /* NULL: nothing is learnt here; only in tests. */
    const Settings *settings;
    int32_t       (*zone_s)(odd_time time); /* Seconds east of UTC of this machine, then. */
} ApiContext;

extern const RouteGroup *const route_groups[]; /* Written by the build. */
extern const size_t            route_groups_count;

#endif
