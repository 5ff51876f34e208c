/* SPDX-License-Identifier: Apache-2.0
 *
 * senders.h - connections that send messages of syslog: framed, in plain or over TLS, each with its
 * own small room.
 *
 * A sender that is slow, or sends nothing, costs a descriptor and no more; who has been silent for
 * longest goes when there are too many.  A connection is read one piece at a time, in turn.
 *
 * OWNERSHIP  senders_close closes all.
 * THREADS    One.
 */
#ifndef SOURCE_SENDERS_H
#define SOURCE_SENDERS_H
#include "http/tls.h"
#include "source/messages.h"

#define SENDERS_MAX 1024
#define SENDERS_OF_ONE_MAX 128   /* With the same address. */
#define SENDER_PIECE_BYTES 65536
#define SENDER_SILENT_S 60       /* Then it may go for another; and a torn message is given. */
#define SENDER_HANDSHAKE_S 10

typedef struct {
    int          descriptor;   /* -1: a free place. */
    Tls         *tls;          /* NULL: plain. */
    odd_framing *framing;
    int          listener;     /* Which one it came by, for the counts. */
    int64_t      used_ns;      /* When it last sent. */
    bool         torn;         /* A part of a message may be held. */
    bool         handshaking;
    char         name[ENDPOINT_TEXT_SIZE]; /* Without the port. */
} Sender;

typedef struct {
    Sender  *places; /* SENDERS_MAX */
    size_t   count;
    int      epoll;
    int64_t  swept_ns;
    char    *piece;  /* SENDER_PIECE_BYTES */
    uint64_t refused; /* Connections, as there were too many. */
} Senders;

typedef struct { /* Of one listener. */
    uint64_t messages, bytes, dropped;
} SyslogCounts;

bool senders_open(Senders *senders, int epoll); /* False: no memory. */
void senders_close(Senders *senders);

/* Takes the descriptor over, whatever comes of it.  mark: for epoll, behind it the place. */
void senders_add(Senders *senders, int descriptor, const Address *from, TlsServer *tls,
                 int listener, int64_t now_ns);

/* One piece of what came, if the messages are not full. */
void senders_read(Senders *senders, size_t place, Messages *messages, SyslogCounts *counts,
                  int64_t now_ns);

/* Torn messages of the silent are given, unfinished handshakes end. */
void senders_sweep(Senders *senders, Messages *messages, SyslogCounts *counts, int64_t now_ns);

/* How epoll tells a sender from a listener: its data is the place, counted from here. */
#define SENDERS_FIRST 100

#endif
