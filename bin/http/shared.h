/* SPDX-License-Identifier: Apache-2.0
 *
 * shared.h - what all requests of a server share: its options, its limits, its counts.
 *
 * OWNERSHIP  Counted references: who promised to answer later may do so behind the server's end.
 */
#ifndef HTTP_SHARED_H
#define HTTP_SHARED_H
#include "http/body.h"
#include "http/crowd.h"
#include "http/desk.h"
#include "http/gate.h"
#include "http/server.h"

typedef struct {
    HttpOptions  options; /* Without zeros; texts and lists are the caller's. */
    bool         loopback[HTTP_LISTENERS_MAX];
    BodyBudget   budget;
    Crowd        crowd;
    Lockout      lockout;
    Desk         desk;
    atomic_bool  stopping; /* Nobody new; all that is long should end. */
    atomic_bool  ending;   /* Nothing is suspended any more.           */
    atomic_int   references;
    _Atomic uint64_t requests, requests_refused, body_bytes, body_bytes_unpacked;
} Shared;

void shared_hold(Shared *shared);
void shared_release(Shared *shared); /* The last one frees it. */

#endif
