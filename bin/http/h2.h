/* SPDX-License-Identifier: Apache-2.0
 *
 * h2.h - one HTTP/2 connection, by libnghttp2: bytes of a socket go in and out, in the clear or by
 * TLS, calls come out.
 *
 * LIMITS     H2_STREAMS_MAX calls at a time; a bucket of frames that carry nothing (resets, pings,
 *            settings, priorities), which runs over when they come faster than any honest client
 *            sends them.
 * THREADS    The server's.
 */
#ifndef HTTP_H2_H
#define HTTP_H2_H
#include "http/call.h"
#include "http/tls.h"

#define H2_STREAMS_MAX 128
#define H2_WINDOW_BYTES (4 << 20)        /* Of a connection, and of each of its calls. */
#define H2_FRAME_BYTES_MAX 65536
#define H2_CHEAP_FRAMES_MAX 1000
#define H2_CHEAP_FRAMES_PER_S 200

typedef struct nghttp2_session nghttp2_session; /* Only named here. */

struct H2 {
    CallShared      *shared;
    Conn            *conn;      /* In the crowd. */
    Tls             *tls;       /* NULL: in the clear. */
    bool             read_needs_room, write_needs_bytes; /* Of the socket, before TLS goes on. */
    nghttp2_session *session;
    Call            *calls;
    size_t           call_count;
    bool             wants_write;  /* As epoll was told. */
    bool             dead;         /* To be closed.      */
    double           cheap;        /* Frames in the bucket. */
    int64_t          cheap_ns;     /* When it was last emptied. */
    const uint8_t   *out;          /* Bytes that the socket has not taken yet. */
    size_t           out_size;
    int64_t          written_ns;   /* When it last took some. */
};

/* NULL: no memory.  tls NULL: in the clear. */
H2  *h2_open(CallShared *shared, Conn *conn, TlsServer *tls);
void h2_close(H2 *h2); /* Calls that are handed over are let go.  The socket stays open. */

/* Both give false when the connection is to be closed. */
bool h2_read(H2 *h2);
bool h2_write(H2 *h2);

void h2_respond(H2 *h2, Call *call); /* The call has its response; it is to be written. */
void h2_sweep(H2 *h2, int64_t now_ns); /* Refuses calls that come too slowly. */
void h2_say_goodbye(H2 *h2); /* No new calls, please. */

#endif
