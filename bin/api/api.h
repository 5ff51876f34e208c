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
#include "api/tally.h"
#include "http/grpc.h"
#include "http/server.h"
#include "intake/intake.h"
#include "live/live.h"
#include "settings/settings.h"
#include "source/source.h"

typedef void (*ApiTell)(void *context, const char *kind, const Watch *watch);

typedef struct {
    uint64_t sent;            /* Findings that were taken.                           */
    uint64_t attempts_failed; /* That were not taken.                                */
    uint64_t retried;         /* Attempts that were not the first of their finding.  */
    uint64_t refused;         /* Findings that the receiver does not want.           */
    uint64_t dropped;         /* Findings beyond those that may wait.                */
    uint64_t past;            /* Findings of before the start, which are only listed. */
    size_t   waiting;
    char     trouble[400];    /* Why the last attempt failed; "": it did not.        */
} ApiWebhook;

typedef struct {
    Intake         *intake;
    const odd_store *store;   /* To tell what was found damaged in it; NULL: nothing. */
    Live           *live;     /* NULL: nothing is learnt here; only in tests. */
    const Settings *settings;
    int32_t       (*zone_s)(odd_time time); /* Seconds east of UTC of this machine, then. */
    /* What all sources watch, told one by one, on any thread; NULL: there are none. */
    void          (*describe)(void *context, ApiTell tell, void *tell_context);
    /* How posting of findings goes; false: none are posted.  NULL: likewise. */
    bool          (*webhook)(void *context, ApiWebhook *ret);
    void           *describe_context; /* Of both. */
    odd_time        started;        /* When the program was; 0: not known. */
    HttpServer     *_Atomic server; /* Whose counts are told; NULL: it is not open yet. */
    GrpcServer     *_Atomic grpc;   /* Likewise.     */
    struct Hub     *hub;            /* See api_open. */
    struct Predictors *predictors;  /* See api_open. */
    odd_alerts     *alerts;         /* That came just now; NULL: each repeat is stored too. */
    Tallies         tallies;        /* Of what was received. */
    _Atomic uint64_t grpc_records;  /* Stored, of what came by gRPC. */
} ApiContext;

/* Makes the hub of findings and lets it listen to `live`, if there is one; false: no memory, or
 * too many listen to it.  api_close: when the server is closed and live tells nothing more. */
bool api_open(ApiContext *api);
void api_close(ApiContext *api);

extern const RouteGroup *const route_groups[]; /* Written by the build. */
extern const size_t            route_groups_count;

#endif
