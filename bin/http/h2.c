/* SPDX-License-Identifier: Apache-2.0 */
#include "http/h2.h"

#include <errno.h>
#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define READ_BYTES 65536
#define READS_AT_ONCE 16 /* Then others have their turn. */
#define BYTES_PER_S 65536 /* A message that comes more slowly is too slow. */

static void call_leave(H2 *h2, Call *call)
{
    if (call->previous != NULL)
        call->previous->next = call->next;
    else
        h2->calls = call->next;
    if (call->next != NULL)
        call->next->previous = call->previous;
    h2->call_count--;
    call->h2 = NULL;
    if (h2->call_count == 0)
        atomic_store(&h2->conn->phase, CONN_IDLE);
    atomic_store(&h2->conn->deadline_ns,
                 h2->call_count > 0 ? CROWD_NEVER
                                    : monotonic_ns() + (int64_t)(h2->shared->options.idle_s * 1e9));
    if (!call->handed)
        call_free(call);
}

/* -- responses --------------------------------------------------------------------------------- */

#define NV(name_text, value_text, size_of_value)                                                  \
    {                                                                                             \
        (uint8_t *)(name_text), (uint8_t *)(value_text), strlen(name_text), (size_of_value),      \
            NGHTTP2_NV_FLAG_NONE                                                                  \
    }

typedef struct {
    char       status[8], message[CALL_MESSAGE_BYTES], details[CALL_DETAILS_BYTES];
    nghttp2_nv fields[8];
    size_t     count;
} Trailers;

static void trailers_add(Trailers *trailers, const char *name, const char *value, size_t size)
{
    trailers->fields[trailers->count++] = (nghttp2_nv)NV(name, value, size);
}

static void trailers_of(const Call *call, Trailers *trailers)
{
    snprintf(trailers->status, sizeof trailers->status, "%d", (int)call->status);
    trailers_add(trailers, "grpc-status", trailers->status, strlen(trailers->status));
    if (call->status == GRPC_OK)
        return;
    trailers_add(trailers, "grpc-message", trailers->message,
                 call_message_text(call, trailers->message));
    if (call->retry_after_s > 0)
        trailers_add(trailers, "grpc-status-details-bin", trailers->details,
                     call_details_text(call, trailers->details));
}

static ssize_t read_response(nghttp2_session *session, int32_t stream, uint8_t *to, size_t size,
                             uint32_t *flags, nghttp2_data_source *source, void *context)
{
    (void)context;
    Call  *call = source->ptr;
    size_t left = call->out_size - call->out_at;
    size_t part = left < size ? left : size;
    memcpy(to, call->out + call->out_at, part);
    call->out_at += part;
    if (part == left) {
        Trailers trailers = {.count = 0};
        trailers_of(call, &trailers);
        *flags |= NGHTTP2_DATA_FLAG_EOF;
        if (nghttp2_submit_trailer(session, stream, trailers.fields, trailers.count) == 0)
            *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
    }
    return (ssize_t)part;
}

/* With a message: headers, data, trailers; without one, or for who speaks no gRPC: headers only. */
void h2_respond(H2 *h2, Call *call)
{
    Trailers all = {.count = 0};
    int      rc;
    call->answered = true;
    if (!call->is_grpc) {
        trailers_add(&all, ":status", "415", 3);
        rc = nghttp2_submit_response(h2->session, call->stream, all.fields, all.count, NULL);
    } else {
        trailers_add(&all, ":status", "200", 3);
        trailers_add(&all, "content-type", "application/grpc", strlen("application/grpc"));
        trailers_add(&all, "grpc-accept-encoding", "identity,gzip,deflate,zstd",
                     strlen("identity,gzip,deflate,zstd"));
        nghttp2_data_provider provider = {{.ptr = call}, read_response};
        if (call->status != GRPC_OK)
            trailers_of(call, &all);
        rc = nghttp2_submit_response(h2->session, call->stream, all.fields, all.count,
                                     call->status == GRPC_OK ? &provider : NULL);
    }
    if (rc != 0)
        h2->dead = true;
}

/* -- frames that come -------------------------------------------------------------------------- */

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *context)
{
    H2 *h2 = context;
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
        return 0;
    Call *call = call_open(h2->shared, h2, h2->conn->peer, frame->hd.stream_id);
    if (call == NULL)
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    call->next = h2->calls;
    if (h2->calls != NULL)
        h2->calls->previous = call;
    h2->calls = call;
    h2->call_count++;
    atomic_store(&h2->conn->phase, CONN_BUSY);
    atomic_store(&h2->conn->deadline_ns, CROWD_NEVER);
    nghttp2_session_set_stream_user_data(session, call->stream, call);
    return 0;
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_size, const uint8_t *value, size_t value_size, uint8_t flags,
                     void *context)
{
    (void)flags;
    (void)context;
    Call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    if (call == NULL || call->answered)
        return 0;
    call->header_bytes += name_size + value_size + 32; /* As RFC 9113 counts. */
    if (call->header_bytes > CALL_HEADER_BYTES_MAX)
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE; /* The stream is reset. */
    call_header(call, (const char *)name, (const char *)value, value_size);
    return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *bytes,
                   size_t size, void *context)
{
    (void)flags;
    H2   *h2 = context;
    Call *call = nghttp2_session_get_stream_user_data(session, stream);
    if (call != NULL && !call->answered && !call_data(call, bytes, size))
        h2_respond(h2, call);
    return 0;
}

/* Frames that cost us something and carry nothing; false: the bucket runs over. */
static bool cheap_frame(H2 *h2, unsigned type)
{
    if (type != NGHTTP2_RST_STREAM && type != NGHTTP2_PING && type != NGHTTP2_SETTINGS &&
        type != NGHTTP2_PRIORITY)
        return true;
    int64_t now_ns = monotonic_ns();
    h2->cheap -= (double)(now_ns - h2->cheap_ns) / 1e9 * H2_CHEAP_FRAMES_PER_S;
    h2->cheap = h2->cheap > 0 ? h2->cheap + 1 : 1;
    h2->cheap_ns = now_ns;
    return h2->cheap < H2_CHEAP_FRAMES_MAX;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *context)
{
    H2 *h2 = context;
    if (!cheap_frame(h2, frame->hd.type)) {
        nghttp2_session_terminate_session(session, NGHTTP2_ENHANCE_YOUR_CALM);
        return 0;
    }
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA)
        return 0;
    Call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    if (call == NULL || call->answered)
        return 0;
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST &&
        (!call->is_grpc || !call_admit(call))) {
        h2_respond(h2, call);
        return 0;
    }
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0 && !call_end(call))
        h2_respond(h2, call);
    return 0;
}

static int on_stream_close(nghttp2_session *session, int32_t stream, uint32_t error, void *context)
{
    (void)error; /* Whoever ended it. */
    Call *call = nghttp2_session_get_stream_user_data(session, stream);
    if (call == NULL)
        return 0;
    nghttp2_session_set_stream_user_data(session, stream, NULL);
    call_leave(context, call);
    return 0;
}

/* -- the connection ---------------------------------------------------------------------------- */

static int session_open(H2 *h2)
{
    nghttp2_session_callbacks *callbacks;
    nghttp2_option            *option;
    if (nghttp2_session_callbacks_new(&callbacks) != 0)
        return NGHTTP2_ERR_NOMEM;
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
    int rc = nghttp2_option_new(&option);
    if (rc == 0) {
        nghttp2_option_set_no_closed_streams(option, 1); /* Priorities of the dead take memory. */
        rc = nghttp2_session_server_new2(&h2->session, callbacks, h2, option);
        nghttp2_option_del(option);
    }
    nghttp2_session_callbacks_del(callbacks);
    return rc;
}

static int session_greet(H2 *h2)
{
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, H2_STREAMS_MAX},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, H2_WINDOW_BYTES},
        {NGHTTP2_SETTINGS_MAX_FRAME_SIZE, H2_FRAME_BYTES_MAX},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, CALL_HEADER_BYTES_MAX}};
    int rc = nghttp2_submit_settings(h2->session, NGHTTP2_FLAG_NONE, settings,
                                     sizeof settings / sizeof settings[0]);
    return rc != 0 ? rc
                   : nghttp2_session_set_local_window_size(h2->session, NGHTTP2_FLAG_NONE, 0,
                                                           H2_WINDOW_BYTES);
}

H2 *h2_open(CallShared *shared, Conn *conn, TlsServer *tls)
{
    H2 *h2 = calloc(1, sizeof *h2);
    if (h2 == NULL)
        return NULL;
    h2->shared = shared;
    h2->conn = conn;
    h2->cheap_ns = h2->written_ns = monotonic_ns();
    h2->tls = tls != NULL ? tls_begin(tls, conn->socket) : NULL;
    if ((tls != NULL && h2->tls == NULL) || session_open(h2) != 0 || session_greet(h2) != 0) {
        nghttp2_session_del(h2->session);
        tls_end(h2->tls);
        free(h2);
        return NULL;
    }
    return h2;
}

void h2_close(H2 *h2)
{
    while (h2->calls != NULL)
        call_leave(h2, h2->calls);
    nghttp2_session_del(h2->session);
    tls_end(h2->tls);
    free(h2);
}

/* -- bytes ------------------------------------------------------------------------------------- */

typedef enum { MOVED, NOT_NOW, OVER } Moved;

static Moved moved_plain(ssize_t count, size_t *ret_size)
{
    if (count > 0) {
        *ret_size = (size_t)count;
        return MOVED;
    }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? NOT_NOW : OVER;
}

static Moved take(H2 *h2, uint8_t *to, size_t size, size_t *ret_size)
{
    if (h2->tls == NULL)
        return moved_plain(recv(h2->conn->socket, to, size, 0), ret_size);
    TlsAnswer answer = tls_read(h2->tls, to, size, ret_size);
    h2->read_needs_room = answer == TLS_WAIT_WRITE;
    return answer == TLS_BYTES ? MOVED : answer == TLS_CLOSED ? OVER : NOT_NOW;
}

static Moved give(H2 *h2, const uint8_t *bytes, size_t size, size_t *ret_size)
{
    if (h2->tls == NULL)
        return moved_plain(send(h2->conn->socket, bytes, size, MSG_NOSIGNAL), ret_size);
    TlsAnswer answer = tls_write(h2->tls, bytes, size, ret_size);
    h2->write_needs_bytes = answer == TLS_WAIT_READ;
    return answer == TLS_BYTES ? MOVED : answer == TLS_CLOSED ? OVER : NOT_NOW;
}

/* A record of TLS is read as a whole, so nothing stays behind that the socket does not show. */
bool h2_read(H2 *h2)
{
    uint8_t bytes[READ_BYTES];
    for (int i = 0; i < READS_AT_ONCE && !h2->dead; i++) {
        size_t size;
        Moved  moved = take(h2, bytes, sizeof bytes, &size);
        if (moved != MOVED)
            return moved == NOT_NOW;
        if (nghttp2_session_mem_recv(h2->session, bytes, size) < 0)
            h2->dead = true; /* But it may say why first. */
        if (h2->tls == NULL && size < sizeof bytes)
            break;
    }
    return true;
}

bool h2_write(H2 *h2)
{
    for (;;) {
        size_t size;
        if (h2->out_size == 0) {
            ssize_t made = nghttp2_session_mem_send(h2->session, &h2->out);
            if (made < 0)
                return false;
            if (made == 0)
                break;
            h2->out_size = (size_t)made;
        }
        Moved moved = give(h2, h2->out, h2->out_size, &size);
        if (moved != MOVED)
            return moved == NOT_NOW;
        h2->out += size;
        h2->out_size -= size;
        h2->written_ns = monotonic_ns();
    }
    h2->written_ns = monotonic_ns();
    return !h2->dead && (nghttp2_session_want_read(h2->session) != 0 ||
                         nghttp2_session_want_write(h2->session) != 0);
}

void h2_say_goodbye(H2 *h2)
{
    nghttp2_submit_goaway(h2->session, NGHTTP2_FLAG_NONE,
                          nghttp2_session_get_last_proc_stream_id(h2->session), NGHTTP2_NO_ERROR,
                          NULL, 0);
}

void h2_sweep(H2 *h2, int64_t now_ns)
{
    const GrpcOptions *options = &h2->shared->options;
    for (Call *call = h2->calls; call != NULL; call = call->next) {
        int64_t patience_ns =
            (int64_t)(options->body_s * 1e9) + (int64_t)(call->received / BYTES_PER_S) * 1000000000;
        if (call->handed || now_ns - call->since_ns < patience_ns)
            continue;
        if (!call->answered) {
            call->is_grpc = true;
            call_refuse(call, GRPC_DEADLINE_EXCEEDED, 0, "the call came too slowly");
            h2_respond(h2, call);
            call->since_ns = now_ns;
        } else if (now_ns - call->since_ns > 2 * patience_ns) {
            nghttp2_submit_rst_stream(h2->session, NGHTTP2_FLAG_NONE, call->stream, NGHTTP2_CANCEL);
        }
    }
    if (h2->out_size > 0 && now_ns - h2->written_ns > (int64_t)(options->answer_s * 1e9))
        h2->dead = true;
}
