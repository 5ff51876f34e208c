/* SPDX-License-Identifier: Apache-2.0 */
#include "http/crowd.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CROWD_RESERVE 16
#define CROWD_YOUNG_NS INT64_C(1000000000) /* Too young to be sent away. */
#define CROWD_RESERVE_NS INT64_C(2000000000) /* For the header, in one of the last places. */

int64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void crowd_begin(Crowd *crowd, size_t count_max, size_t per_peer_max)
{
    memset(crowd, 0, sizeof *crowd);
    pthread_mutex_init(&crowd->lock, NULL);
    crowd->count_max = count_max;
    crowd->per_peer_max = per_peer_max;
    crowd->reserve = count_max / 4 < CROWD_RESERVE ? count_max / 4 : CROWD_RESERVE;
}

void crowd_end(Crowd *crowd)
{
    while (crowd->first != NULL)
        crowd_leave(crowd, crowd->first);
    pthread_mutex_destroy(&crowd->lock);
}

static void shut(Conn *conn)
{
    shutdown(conn->socket, SHUT_RDWR);
    atomic_store(&conn->deadline_ns, CROWD_NEVER); /* Once is enough. */
    atomic_store(&conn->phase, CONN_SHUT);
}

/* Makes room: whoever has been silent behind an answer for longest; else whoever has not yet sent a
 * request for longest. */
static void shut_idlest(Crowd *crowd, int64_t now_ns)
{
    Conn *found = NULL;
    for (Conn *conn = crowd->first; conn != NULL; conn = conn->next) {
        int phase = atomic_load(&conn->phase);
        if ((phase != CONN_EARLY && phase != CONN_IDLE) || now_ns - conn->since_ns < CROWD_YOUNG_NS)
            continue;
        int found_phase = found != NULL ? atomic_load(&found->phase) : CONN_SHUT;
        if (found == NULL || (phase == CONN_IDLE && found_phase == CONN_EARLY) ||
            (phase == found_phase &&
             atomic_load(&conn->deadline_ns) < atomic_load(&found->deadline_ns)))
            found = conn;
    }
    if (found != NULL)
        shut(found);
}

static size_t count_of(const Crowd *crowd, Peer peer)
{
    size_t count = 0;
    for (const Conn *conn = crowd->first; conn != NULL; conn = conn->next)
        count += memcmp(&conn->peer, &peer, sizeof peer) == 0;
    return count;
}

bool crowd_has_room(Crowd *crowd)
{
    pthread_mutex_lock(&crowd->lock);
    bool room = crowd->count < crowd->count_max;
    if (!room)
        shut_idlest(crowd, monotonic_ns());
    pthread_mutex_unlock(&crowd->lock);
    return room;
}

Conn *crowd_enter(Crowd *crowd, int socket, int listener, const Address *from, int64_t deadline_ns)
{
    Conn *conn = calloc(1, sizeof *conn);
    if (conn == NULL)
        return NULL;
    conn->socket = socket;
    conn->listener = listener;
    conn->peer = address_peer(from);
    conn->since_ns = monotonic_ns();
    address_text(from, conn->peer_text);
    atomic_store(&conn->deadline_ns, deadline_ns);
    pthread_mutex_lock(&crowd->lock);
    bool near = crowd->count + crowd->reserve >= crowd->count_max;
    if (near)
        shut_idlest(crowd, conn->since_ns);
    bool room = crowd->count < crowd->count_max &&
                (address_is_loopback(from) || count_of(crowd, conn->peer) < crowd->per_peer_max);
    if (room) {
        conn->reserve = near;
        if (near && deadline_ns > conn->since_ns + CROWD_RESERVE_NS)
            atomic_store(&conn->deadline_ns, conn->since_ns + CROWD_RESERVE_NS);
        conn->next = crowd->first;
        if (crowd->first != NULL)
            crowd->first->previous = conn;
        crowd->first = conn;
        crowd->count++;
    }
    pthread_mutex_unlock(&crowd->lock);
    atomic_fetch_add(room ? &crowd->entered : &crowd->refused, 1);
    if (room)
        return conn;
    free(conn);
    return NULL;
}

void crowd_leave(Crowd *crowd, Conn *conn)
{
    pthread_mutex_lock(&crowd->lock);
    if (conn->previous != NULL)
        conn->previous->next = conn->next;
    else
        crowd->first = conn->next;
    if (conn->next != NULL)
        conn->next->previous = conn->previous;
    crowd->count--;
    pthread_mutex_unlock(&crowd->lock);
    free(conn);
}

void crowd_work(Crowd *crowd, Conn *conn, void *work)
{
    pthread_mutex_lock(&crowd->lock);
    conn->work = work;
    pthread_mutex_unlock(&crowd->lock);
}

void crowd_sweep(Crowd *crowd, int64_t now_ns, void (*each)(void *work, int64_t now_ns))
{
    pthread_mutex_lock(&crowd->lock);
    for (Conn *conn = crowd->first; conn != NULL; conn = conn->next) {
        if (atomic_load(&conn->deadline_ns) <= now_ns) {
            shut(conn);
            atomic_fetch_add(&crowd->timed_out, 1);
        } else if (conn->work != NULL) {
            each(conn->work, now_ns);
        }
    }
    pthread_mutex_unlock(&crowd->lock);
}

void crowd_shut(Crowd *crowd, bool all)
{
    pthread_mutex_lock(&crowd->lock);
    for (Conn *conn = crowd->first; conn != NULL; conn = conn->next) {
        if (all || atomic_load(&conn->phase) != CONN_BUSY)
            shut(conn);
    }
    pthread_mutex_unlock(&crowd->lock);
}

size_t crowd_count(Crowd *crowd)
{
    pthread_mutex_lock(&crowd->lock);
    size_t count = crowd->count;
    pthread_mutex_unlock(&crowd->lock);
    return count;
}
