/* SPDX-License-Identifier: Apache-2.0
 *
 * gate.h - who may ask: form of the header, name of the host, origin of a page, token.
 *
 * Pure but for the lock-out: strings in, a verdict out.
 *
 * THREADS    A Lockout may be used on any thread; the rest has no state.
 */
#ifndef HTTP_GATE_H
#define HTTP_GATE_H
#include <pthread.h>

#include "http/address.h"
#include "http/http.h"

/* What of a header decides about its form; counted while it is walked through. */
typedef struct {
    unsigned    lengths, encodings, hosts; /* Content-Length, Transfer-Encoding, Host. */
    unsigned    odd_names;
    const char *length, *encoding, *host, *origin, *site, *authorization, *expect, *type;
    bool        modern; /* HTTP/1.1 */
} HeaderForm;
void gate_note(HeaderForm *form, const char *name, const char *value);

/* NULL: well formed; else the sentence for 400.  Two ways to say how long a body is are one too
 * many: what stands before us might have believed the other one. */
const char *gate_form(const HeaderForm *form);

/* Whether "NAME", "NAME:PORT" names this machine: localhost, 127.0.0.1, [::1], or one of `names`
 * (NULL at its end; itself NULL: none). */
bool gate_host_is_ours(const char *host, const char *const *names);

/* Whether the Origin of a page is the host that it asks. */
bool gate_origin_is(const char *origin, const char *host);

/* What a token allows; HTTP_SCOPE_OPEN: nothing.  authorization: "Bearer TOKEN" or NULL.  Takes the
 * same time however much of it is right. */
HttpScope gate_scope(const char *authorization, const char *token, const char *ingest_token);

/* Peers that guess tokens. */
#define LOCKOUT_PEERS 256
#define LOCKOUT_TRIES 10
#define LOCKOUT_S 60
typedef struct {
    pthread_mutex_t lock;
    struct {
        Peer    peer;
        int     tries;
        int64_t until_ns; /* When all is forgotten. */
    } peers[LOCKOUT_PEERS];
} Lockout;
void lockout_begin(Lockout *lockout);
void lockout_end(Lockout *lockout);
bool lockout_holds(Lockout *lockout, Peer peer, int64_t now_ns);
void lockout_failed(Lockout *lockout, Peer peer, int64_t now_ns); /* One wrong token more. */

#endif
