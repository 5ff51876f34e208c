/* SPDX-License-Identifier: Apache-2.0
 *
 * crowd.h - all connections of a server: how many, of whom, and until when each may be silent.
 *
 * A deadline is absolute: a byte now and then does not put it off.  When it has passed, the socket
 * is shut down, which whoever reads it sees as the end.
 *
 * OWNERSHIP  The crowd owns its Conns; a Conn lives from crowd_enter to crowd_leave.
 * THREADS    Any; the deadline of a Conn is set without a lock.
 */
#ifndef HTTP_CROWD_H
#define HTTP_CROWD_H
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "http/address.h"

#define CROWD_NEVER INT64_MAX

typedef enum {
    CONN_EARLY = 0, /* Its header is not whole yet.        */
    CONN_BUSY,      /* Body, work, answer.                 */
    CONN_IDLE,      /* Behind an answer, before a request. */
    CONN_SHUT
} ConnPhase;

typedef struct Conn Conn;
struct Conn {
    Conn           *next, *previous;
    int             socket;
    int             listener; /* Number of the listener that it came by. */
    Peer            peer;
    char            peer_text[ADDRESS_TEXT_SIZE];
    bool            reserve;  /* One of the last places: only for what is always answered. */
    _Atomic int64_t deadline_ns;
    _Atomic int     phase;    /* A ConnPhase. */
    int64_t         since_ns; /* When it came. */
    void           *work;     /* What is done on it; guarded by the crowd's lock; NULL: nothing. */
};

typedef struct {
    pthread_mutex_t lock;
    Conn           *first;
    size_t          count, count_max, per_peer_max, reserve;
    _Atomic uint64_t entered, refused, timed_out;
} Crowd;

int64_t monotonic_ns(void);

void crowd_begin(Crowd *crowd, size_t count_max, size_t per_peer_max);
void crowd_end(Crowd *crowd);

/* Whether one more may come at all; if not, the idlest connection is shut down, so ask again. */
bool crowd_has_room(Crowd *crowd);

/* NULL: there is no room for this peer, or no memory; the socket stays open.  Close to the last
 * places, the idlest connection is shut down, and whoever gets one has little time. */
Conn *crowd_enter(Crowd *crowd, int socket, int listener, const Address *from, int64_t deadline_ns);
void  crowd_leave(Crowd *crowd, Conn *conn);

void crowd_work(Crowd *crowd, Conn *conn, void *work);

/* Shuts down what is over its deadline; calls `each` with the work of all others that have some. */
void crowd_sweep(Crowd *crowd, int64_t now_ns, void (*each)(void *work, int64_t now_ns));

/* Shuts down all that are not busy, or all. */
void   crowd_shut(Crowd *crowd, bool all);
size_t crowd_count(Crowd *crowd);

#endif
