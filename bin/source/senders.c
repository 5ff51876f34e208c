/* SPDX-License-Identifier: Apache-2.0 */
#include "source/senders.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "source/give.h"

#define SWEEP_NS NS_PER_S

bool senders_open(Senders *senders, int epoll)
{
    *senders = (Senders){.places = calloc(SENDERS_MAX, sizeof(Sender)),
                         .epoll = epoll,
                         .piece = malloc(SENDER_PIECE_BYTES)};
    for (size_t i = 0; senders->places != NULL && i < SENDERS_MAX; i++)
        senders->places[i].descriptor = -1;
    return senders->places != NULL && senders->piece != NULL;
}

static void sender_end(Senders *senders, Sender *sender)
{
    tls_end(sender->tls);
    odd_framing_close(sender->framing);
    close(sender->descriptor); /* Which takes it out of the epoll set. */
    *sender = (Sender){.descriptor = -1};
    senders->count--;
}

void senders_close(Senders *senders)
{
    for (size_t i = 0; senders->places != NULL && i < SENDERS_MAX; i++)
        if (senders->places[i].descriptor >= 0)
            sender_end(senders, &senders->places[i]);
    free(senders->places);
    free(senders->piece);
    *senders = (Senders){0};
}

/* A place for one more: a free one, or that of the one that is silent for longest. */
static Sender *place_for(Senders *senders, const char *name, int64_t now_ns)
{
    Sender *best = NULL, *silent = NULL;
    size_t  same = 0;
    for (size_t i = 0; i < SENDERS_MAX; i++) {
        Sender *sender = &senders->places[i];
        if (sender->descriptor < 0) {
            best = best == NULL ? sender : best;
            continue;
        }
        same += strcmp(sender->name, name) == 0;
        if (!sender->torn && (silent == NULL || sender->used_ns < silent->used_ns))
            silent = sender;
    }
    if (same >= SENDERS_OF_ONE_MAX)
        return NULL;
    if (best == NULL && silent != NULL && now_ns - silent->used_ns > SENDER_SILENT_S * NS_PER_S) {
        sender_end(senders, silent);
        best = silent;
    }
    return best;
}

void senders_add(Senders *senders, int descriptor, const Address *from, TlsServer *tls,
                 int listener, int64_t now_ns)
{
    char name[ENDPOINT_TEXT_SIZE];
    int  yes = 1;
    endpoint_sender(from, name);
    Sender *sender = place_for(senders, name, now_ns);
    if (sender == NULL) {
        senders->refused++;
        close(descriptor);
        return;
    }
    *sender = (Sender){.descriptor = descriptor, .listener = listener, .used_ns = now_ns};
    memcpy(sender->name, name, sizeof name);
    senders->count++;
    setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
    struct epoll_event event = {
        .events = EPOLLIN, .data.u64 = SENDERS_FIRST + (uint64_t)(sender - senders->places)};
    bool good = odd_framing_open(&sender->framing) == ODD_OK;
    if (tls != NULL) {
        sender->tls = tls_begin(tls, descriptor);
        sender->handshaking = true;
        good = good && sender->tls != NULL;
    }
    if (!good || epoll_ctl(senders->epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
        senders->refused++;
        sender_end(senders, sender);
    }
}

static void message_put(Sender *sender, const char *message, size_t size, Messages *messages,
                        SyslogCounts *counts)
{
    SyslogCounts *count = &counts[sender->listener];
    if (messages_add(messages, sender->name, message, size)) {
        count->messages++;
        count->bytes += size;
    } else {
        count->dropped++; /* Without memory: there is room for all of one piece. */
    }
}

/* What is held of a last message, at the end or after a long silence. */
static void torn_put(Sender *sender, Messages *messages, SyslogCounts *counts)
{
    const char *message;
    size_t      size;
    if (odd_framing_end(sender->framing, &message, &size) == ODD_ROW)
        message_put(sender, message, size, messages, counts);
    sender->torn = false;
}

/* Waiting for room to write is for the handshake alone: else a socket that is nearly always
 * writable would keep us awake. */
static void wait_for(Senders *senders, Sender *sender, TlsAnswer answer)
{
    struct epoll_event event = {
        .events = answer == TLS_WAIT_WRITE ? EPOLLIN | EPOLLOUT : EPOLLIN,
        .data.u64 = SENDERS_FIRST + (uint64_t)(sender - senders->places)};
    epoll_ctl(senders->epoll, EPOLL_CTL_MOD, sender->descriptor, &event);
}

/* Bytes that came; 0: none now; -1: no more to come. */
static ssize_t piece_read(Senders *senders, Sender *sender)
{
    if (sender->tls == NULL) {
        ssize_t got = read(sender->descriptor, senders->piece, SENDER_PIECE_BYTES);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return 0;
        return got > 0 ? got : -1;
    }
    size_t    size = 0;
    TlsAnswer answer = tls_read(sender->tls, senders->piece, SENDER_PIECE_BYTES, &size);
    if (answer == TLS_CLOSED)
        return -1;
    if (sender->handshaking) {
        sender->handshaking = !tls_is_ready(sender->tls);
        wait_for(senders, sender, answer);
    }
    return answer == TLS_BYTES ? (ssize_t)size : 0;
}

void senders_read(Senders *senders, size_t place, Messages *messages, SyslogCounts *counts,
                  int64_t now_ns)
{
    assert(place < SENDERS_MAX);
    Sender *sender = &senders->places[place];
    if (sender->descriptor < 0 || messages_are_full(messages))
        return; /* It went while its event waited; or epoll tells of it again. */
    ssize_t got = piece_read(senders, sender);
    if (got < 0) {
        torn_put(sender, messages, counts);
        sender_end(senders, sender);
    }
    if (got <= 0)
        return;
    const char *bytes = senders->piece, *message;
    size_t      size = (size_t)got, message_size;
    sender->used_ns = now_ns;
    sender->torn = bytes[size - 1] != '\n';
    while (odd_framing_next(sender->framing, &bytes, &size, &message, &message_size) == ODD_ROW)
        message_put(sender, message, message_size, messages, counts);
}

void senders_sweep(Senders *senders, Messages *messages, SyslogCounts *counts, int64_t now_ns)
{
    if (now_ns - senders->swept_ns < SWEEP_NS)
        return;
    senders->swept_ns = now_ns;
    for (size_t i = 0; i < SENDERS_MAX; i++) {
        Sender *sender = &senders->places[i];
        if (sender->descriptor < 0 || messages_are_full(messages))
            continue;
        int64_t silent_ns = now_ns - sender->used_ns;
        if (sender->handshaking && silent_ns > SENDER_HANDSHAKE_S * NS_PER_S)
            sender_end(senders, sender);
        else if (sender->torn && silent_ns > SENDER_SILENT_S * NS_PER_S)
            torn_put(sender, messages, counts);
    }
}
