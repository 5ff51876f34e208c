/* SPDX-License-Identifier: Apache-2.0
 *
 * syslog.c - the source that listens for syslog: UDP, TCP in both framings, and TLS.
 *
 * Syslog has no acknowledgement.  Over TCP a sender is slowed down while the intake is full, and
 * what lies between the two at a stop is lost; UDP is best effort: what the kernel drops is
 * counted.  Who can reach the port can send, unless TLS asks for a client's certificate.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "input/clock.h"
#include "source/give.h"
#include "source/senders.h"

#define LISTENER_COUNT 3
#define STOP_MARK 50
#define EVENTS_MAX 64
#define GATHER_MS 50        /* Messages that wait for others at most so long. */
#define IDLE_MS 1000
#define DATAGRAMS_MAX 256   /* At once: a flood must not keep connections from being read. */
#define ACCEPTS_MAX 64
#define TRY_AGAIN_NS NS_PER_S
#define TEXT_SIZE 512

typedef struct {
    const char *kind;       /* "udp", "tcp", "tls" */
    const char *address;    /* As it is set; NULL: off. */
    int         descriptor; /* -1: not yet. */
    bool        stream;
    char        name[ENDPOINT_TEXT_SIZE + 8]; /* "udp 127.0.0.1:514" */
    char        cause[TEXT_SIZE];
    uint32_t    kernel_drops; /* As the kernel counts; it starts again at 2^32. */
} Listener;

typedef struct {
    const SourceContext *context;
    Listener             listeners[LISTENER_COUNT];
    TlsServer           *tls;
    int                  epoll, spare; /* spare: a descriptor to give up when there are no more. */
    Senders              senders;
    Messages             messages;
    int64_t              gathered_ns, tried_ns;
    char                *datagram;     /* SENDER_PIECE_BYTES */
    atomic_uint_fast64_t refusals;
    pthread_mutex_t      lock;         /* Of counts, and of the texts of listeners. */
    SyslogCounts         counts[LISTENER_COUNT], shown[LISTENER_COUNT];
} Syslog;

enum { UDP, TCP, TLS };

/* -- listening ------------------------------------------------------------------------------- */

/* An empty cause: all is well. */
static void listener_fail(Syslog *syslog, Listener *listener, const char *cause)
{
    pthread_mutex_lock(&syslog->lock);
    snprintf(listener->cause, sizeof listener->cause, "%s", cause);
    pthread_mutex_unlock(&syslog->lock);
}

static bool tls_prepare(Syslog *syslog, Listener *listener)
{
    char            problem[TLS_PROBLEM_SIZE];
    const Settings *settings = syslog->context->settings;
    if (syslog->tls != NULL)
        return true;
    TlsFiles files = {.certificate = settings->tls_certificate,
                      .key = settings->tls_key,
                      .client_ca = settings->tls_client_ca};
    syslog->tls = tls_server_open(&files, problem);
    if (syslog->tls == NULL)
        listener_fail(syslog, listener, problem);
    return syslog->tls != NULL;
}

static void listener_open(Syslog *syslog, size_t number)
{
    Listener       *listener = &syslog->listeners[number];
    char            problem[ENDPOINT_PROBLEM_SIZE], bound[ENDPOINT_TEXT_SIZE];
    if (listener->address == NULL || listener->descriptor >= 0 ||
        (number == TLS && !tls_prepare(syslog, listener)))
        return;
    int descriptor = endpoint_open(listener->address, listener->stream, problem);
    if (descriptor < 0) {
        listener_fail(syslog, listener, problem);
        return;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = number};
    epoll_ctl(syslog->epoll, EPOLL_CTL_ADD, descriptor, &event);
    endpoint_bound(descriptor, bound);
    pthread_mutex_lock(&syslog->lock);
    listener->descriptor = descriptor;
    snprintf(listener->name, sizeof listener->name, "%s %s", listener->kind, bound);
    listener->cause[0] = '\0';
    pthread_mutex_unlock(&syslog->lock);
}

static void listeners_try(Syslog *syslog, int64_t now_ns)
{
    if (now_ns - syslog->tried_ns < TRY_AGAIN_NS)
        return;
    syslog->tried_ns = now_ns;
    for (size_t i = 0; i < LISTENER_COUNT; i++)
        listener_open(syslog, i);
    if (syslog->tls != NULL && syslog->listeners[TLS].descriptor >= 0)
        listener_fail(syslog, &syslog->listeners[TLS], tls_server_refresh(syslog->tls));
}

/* -- receiving ------------------------------------------------------------------------------- */

static void flush(Syslog *syslog)
{
    odd_time now = clock_now();
    syslog->messages.now = now;
    syslog->messages.zone_s = syslog->context->zone_s(now);
    if (syslog->messages.size > 0)
        give(syslog->context, now, messages_fill, &syslog->messages, &syslog->refusals);
    messages_clear(&syslog->messages);
    syslog->gathered_ns = 0;
    pthread_mutex_lock(&syslog->lock);
    memcpy(syslog->shown, syslog->counts, sizeof syslog->shown);
    pthread_mutex_unlock(&syslog->lock);
}

static void drops_count(Syslog *syslog, struct msghdr *header)
{
    Listener *listener = &syslog->listeners[UDP];
    for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part != NULL;
         part = CMSG_NXTHDR(header, part)) {
        uint32_t drops;
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SO_RXQ_OVFL)
            continue;
        memcpy(&drops, CMSG_DATA(part), sizeof drops);
        syslog->counts[UDP].dropped += drops - listener->kernel_drops;
        listener->kernel_drops = drops;
    }
}

static void datagrams_read(Syslog *syslog)
{
    char sender[ENDPOINT_TEXT_SIZE];
    for (int i = 0; i < DATAGRAMS_MAX && !messages_are_full(&syslog->messages); i++) {
        Address from = {.size = sizeof from.bytes};
        _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(uint32_t))];
        struct iovec  into = {.iov_base = syslog->datagram, .iov_len = SENDER_PIECE_BYTES};
        struct msghdr header = {.msg_name = &from.bytes,
                                .msg_namelen = from.size,
                                .msg_iov = &into,
                                .msg_iovlen = 1,
                                .msg_control = control,
                                .msg_controllen = sizeof control};
        ssize_t       size = recvmsg(syslog->listeners[UDP].descriptor, &header, 0);
        if (size < 0 && errno != EINTR)
            return;
        if (size <= 0)
            continue;
        drops_count(syslog, &header);
        endpoint_sender(&from, sender);
        if (messages_add(&syslog->messages, sender, syslog->datagram, (size_t)size)) {
            syslog->counts[UDP].messages++;
            syslog->counts[UDP].bytes += (uint64_t)size;
        } else {
            syslog->counts[UDP].dropped++;
        }
    }
}

/* No descriptor is left: one is kept for this, so that the queue does not stay full for ever. */
static void turn_away(Syslog *syslog, int listener)
{
    if (syslog->spare >= 0)
        close(syslog->spare);
    int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (descriptor >= 0)
        close(descriptor);
    syslog->senders.refused++;
    syslog->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void connections_accept(Syslog *syslog, int number, int64_t now_ns)
{
    int listener = syslog->listeners[number].descriptor;
    for (int i = 0; i < ACCEPTS_MAX; i++) {
        Address from = {.size = sizeof from.bytes};
        int descriptor = accept4(listener, (struct sockaddr *)&from.bytes, &from.size,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0)
            senders_add(&syslog->senders, descriptor, &from, number == TLS ? syslog->tls : NULL,
                        number, now_ns);
        else if (errno == EMFILE || errno == ENFILE)
            turn_away(syslog, listener);
        else if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

static void take(Syslog *syslog, uint64_t mark, int64_t now_ns)
{
    if (mark == UDP)
        datagrams_read(syslog);
    else if (mark < LISTENER_COUNT)
        connections_accept(syslog, (int)mark, now_ns);
    else if (mark >= SENDERS_FIRST)
        senders_read(&syslog->senders, (size_t)(mark - SENDERS_FIRST), &syslog->messages,
                     syslog->counts, now_ns);
}

static void syslog_run(void *self)
{
    Syslog            *syslog = self;
    struct epoll_event events[EVENTS_MAX];
    sigset_t           pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE); /* TLS answers on connections that may be gone. */
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);
    while (!give_stopped(syslog->context)) {
        int     wait_ms = syslog->messages.size > 0 ? GATHER_MS : IDLE_MS;
        int     count = epoll_wait(syslog->epoll, events, EVENTS_MAX, wait_ms);
        int64_t now_ns = monotonic_now();
        for (int i = 0; i < count; i++)
            take(syslog, events[i].data.u64, now_ns);
        senders_sweep(&syslog->senders, &syslog->messages, syslog->counts, now_ns);
        listeners_try(syslog, now_ns);
        if (syslog->gathered_ns == 0)
            syslog->gathered_ns = now_ns;
        if (messages_are_full(&syslog->messages) ||
            now_ns - syslog->gathered_ns >= GATHER_MS * NS_PER_MS)
            flush(syslog);
    }
    flush(syslog);
}

/* -- the source ------------------------------------------------------------------------------ */

static void syslog_close(void *self)
{
    Syslog *syslog = self;
    senders_close(&syslog->senders);
    messages_free(&syslog->messages);
    for (size_t i = 0; i < LISTENER_COUNT; i++)
        if (syslog->listeners[i].descriptor >= 0)
            close(syslog->listeners[i].descriptor);
    tls_server_close(syslog->tls);
    if (syslog->spare >= 0)
        close(syslog->spare);
    if (syslog->epoll >= 0)
        close(syslog->epoll);
    free(syslog->datagram);
    pthread_mutex_destroy(&syslog->lock);
    free(syslog);
}

static void listener_set(Syslog *syslog, size_t number, const char *kind, const char *address)
{
    Listener *listener = &syslog->listeners[number];
    *listener = (Listener){.kind = kind, .descriptor = -1, .stream = number != UDP};
    if (endpoint_is_off(address))
        return;
    listener->address = address;
    snprintf(listener->name, sizeof listener->name, "%s %.80s", kind, address);
}

static void *syslog_open(const SourceContext *context)
{
    const Settings *settings = context->settings;
    if (endpoint_is_off(settings->syslog_udp) && endpoint_is_off(settings->syslog_tcp) &&
        endpoint_is_off(settings->syslog_tls))
        return NULL;
    Syslog *syslog = calloc(1, sizeof *syslog);
    if (syslog == NULL)
        return NULL;
    pthread_mutex_init(&syslog->lock, NULL);
    syslog->context = context;
    syslog->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    syslog->epoll = epoll_create1(EPOLL_CLOEXEC);
    listener_set(syslog, UDP, "udp", settings->syslog_udp);
    listener_set(syslog, TCP, "tcp", settings->syslog_tcp);
    listener_set(syslog, TLS, "tls", settings->syslog_tls);
    syslog->datagram = malloc(SENDER_PIECE_BYTES);
    struct epoll_event stop = {.events = EPOLLIN, .data.u64 = STOP_MARK};
    if (!messages_open(&syslog->messages) || !senders_open(&syslog->senders, syslog->epoll) ||
        syslog->datagram == NULL || syslog->epoll < 0 ||
        epoll_ctl(syslog->epoll, EPOLL_CTL_ADD, context->stop_descriptor, &stop) != 0) {
        syslog_close(syslog);
        return NULL;
    }
    for (size_t i = 0; i < LISTENER_COUNT; i++)
        listener_open(syslog, i);
    syslog->tried_ns = monotonic_now();
    return syslog;
}

static void syslog_describe(void *self, void (*tell)(void *context, const Watch *watch),
                            void *context)
{
    Syslog *syslog = self;
    pthread_mutex_lock(&syslog->lock);
    for (size_t i = 0; i < LISTENER_COUNT; i++) {
        const Listener     *listener = &syslog->listeners[i];
        const SyslogCounts *counts = &syslog->shown[i];
        if (listener->address == NULL)
            continue;
        bool good = listener->cause[0] == '\0';
        tell(context, &(Watch){.name = listener->name,
                               .state = good ? WATCH_GOOD : WATCH_BROKEN,
                               .cause = good ? NULL : listener->cause,
                               .events = counts->messages,
                               .bytes = counts->bytes,
                               .dropped = counts->dropped});
    }
    pthread_mutex_unlock(&syslog->lock);
}

const SourceKind source_syslog = {.name = "syslog",
                                  .summary = "syslog over UDP, TCP and TLS",
                                  .open = syslog_open,
                                  .run = syslog_run,
                                  .describe = syslog_describe,
                                  .close = syslog_close};
