/* SPDX-License-Identifier: Apache-2.0
 *
 * systemd-journal-upload: POST /upload, the journal export format in a body that ends only when the
 * sender has caught up with its journal.
 *
 * Whole entries are committed as they come, while the next ones are read; when the slice behind the
 * one that is being committed is full, the sender waits.  The answer at the end says that all of it
 * is durable: then the sender writes down its place.  When a slice is refused, so is the rest, and
 * the sender begins again at its last place. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/receive.h"

#define CODEC "journal_export"
#define SLICE_BYTES (1u << 20)          /* So much waits behind a commit.              */
#define ENTRY_BYTES_MAX (64u << 20)     /* Of one entry, with core dumps and all.      */

typedef struct {
    pthread_mutex_t lock;
    int             references;  /* The request's, and that of a commit under way.     */
    HttpRequest    *request;
    HttpResponse   *response;
    ApiContext     *api;
    char           *bytes;       /* Not yet given to the intake.                        */
    size_t          size, capacity;
    bool            committing;
    bool            waiting;     /* For the commit, with the next piece.                */
    bool            ending;      /* All pieces came.                                    */
    size_t          looked_at;   /* No entry ends in so many bytes.                     */
    IntakeResult    outcome;     /* Of the first commit that failed.                    */
    bool            failed;
    char            problem[300]; /* "": none.  Bytes that are no journal. */
} Upload;

static void upload_release(Upload *upload)
{
    pthread_mutex_lock(&upload->lock);
    bool last = --upload->references == 0;
    pthread_mutex_unlock(&upload->lock);
    if (!last)
        return;
    pthread_mutex_destroy(&upload->lock);
    free(upload->bytes);
    free(upload);
}

static Upload *upload_of(HttpRequest *request, HttpResponse *response)
{
    if (request->state != NULL)
        return request->state;
    Upload *upload = calloc(1, sizeof *upload);
    if (upload == NULL)
        return NULL;
    pthread_mutex_init(&upload->lock, NULL);
    upload->references = 1;
    upload->request = request;
    upload->response = response;
    upload->api = request->context;
    request->state = upload;
    request->state_free = (void (*)(void *))upload_release;
    return upload;
}

static bool upload_add(Upload *upload, const char *bytes, size_t size)
{
    if (upload->size + size > upload->capacity) {
        size_t capacity = upload->capacity == 0 ? SLICE_BYTES : upload->capacity * 2;
        while (capacity < upload->size + size)
            capacity *= 2;
        char *more = realloc(upload->bytes, capacity);
        if (more == NULL)
            return false;
        upload->bytes = more;
        upload->capacity = capacity;
    }
    memcpy(upload->bytes + upload->size, bytes, size);
    upload->size += size;
    return true;
}

/* How many bytes are to be decoded now.  A long entry is not looked through with each piece. */
static size_t upload_whole(Upload *upload)
{
    if (upload->ending)
        return upload->size;
    if (upload->looked_at > SLICE_BYTES && upload->size < upload->looked_at + upload->looked_at / 4)
        return 0;
    size_t whole = odd_decode_whole(CODEC, upload->bytes, upload->size);
    upload->looked_at = whole == 0 ? upload->size : 0;
    if (whole == 0 && upload->size > ENTRY_BYTES_MAX)
        snprintf(upload->problem, sizeof upload->problem,
                 "an entry is larger than 64 MiB; let that journal keep core dumps outside");
    return whole;
}

/* Decodes what is whole; NULL: there is nothing to commit, or `problem` says why. */
static odd_events *upload_cut(Upload *upload)
{
    size_t      whole = upload_whole(upload);
    odd_events *events = NULL;
    odd_decoded decoded = {0};
    odd_wire    wire = {.source = "journal", .subject = "remote", .now = receive_now()};
    if (whole == 0)
        return NULL;
    odd_rc rc = odd_events_open(intake_masks(upload->api->intake), wire.now, &events);
    if (rc == ODD_OK)
        rc = odd_decode(CODEC, &wire, upload->bytes, whole, events, &decoded);
    if (events != NULL)
        tally_request(&upload->api->tallies, CODEC, rc, &decoded, odd_events_count(events));
    if (rc != ODD_OK) {
        snprintf(upload->problem, sizeof upload->problem, "%s",
                 decoded.message[0] != '\0' ? decoded.message : odd_strerror(rc));
        odd_events_close(events);
        return NULL;
    }
    upload->size -= whole;
    memmove(upload->bytes, upload->bytes + whole, upload->size);
    return events;
}

static void upload_committed(void *context, IntakeResult result);

/* Begins a commit if there is something and none under way; true: one is under way. */
static bool upload_begin(Upload *upload)
{
    pthread_mutex_lock(&upload->lock);
    bool busy = upload->committing;
    bool idle = !busy && !upload->failed && upload->problem[0] == '\0';
    pthread_mutex_unlock(&upload->lock);
    odd_events *events = idle ? upload_cut(upload) : NULL;
    if (events == NULL)
        return busy;
    pthread_mutex_lock(&upload->lock);
    upload->committing = true;
    upload->references++;
    pthread_mutex_unlock(&upload->lock);
    intake_give(upload->api->intake, events, upload_committed, upload);
    return true;
}

/* What has been refused so far; false: nothing. */
static bool upload_refused(Upload *upload)
{
    pthread_mutex_lock(&upload->lock);
    bool         failed = upload->failed;
    IntakeResult outcome = upload->outcome;
    pthread_mutex_unlock(&upload->lock);
    if (upload->problem[0] != '\0')
        http_refuse(upload->request, upload->response, 400, upload->problem);
    else if (failed)
        receive_outcome(upload->request, upload->response, outcome);
    return failed || upload->problem[0] != '\0';
}

/* All pieces came and no commit is under way: commits the rest, then answers. */
static void upload_finish(Upload *upload)
{
    if (upload_begin(upload))
        return;
    if (!upload_refused(upload)) {
        response_print(upload->response, "OK.\n");
        response_end(upload->response, 200, "text/plain");
    }
    http_complete(upload->request);
}

static void upload_committed(void *context, IntakeResult result)
{
    Upload *upload = context;
    pthread_mutex_lock(&upload->lock);
    upload->committing = false;
    if (result.status != INTAKE_STORED && result.status != INTAKE_KNOWN && !upload->failed) {
        upload->failed = true;
        upload->outcome = result;
    }
    bool waiting = upload->waiting, ending = upload->ending;
    upload->waiting = false;
    pthread_mutex_unlock(&upload->lock);
    if (ending)
        upload_finish(upload);
    else if (waiting)
        http_complete(upload->request);
    upload_release(upload);
}

static HttpReply refuse_memory(HttpRequest *request, HttpResponse *response)
{
    response_header(response, "Retry-After", "1");
    return http_refuse(request, response, 503,
                       "memory is short; send it again after Retry-After seconds");
}

static HttpReply upload_piece(HttpRequest *request, HttpResponse *response, const char *bytes,
                              size_t size)
{
    Upload *upload = upload_of(request, response);
    if (upload == NULL || !upload_add(upload, bytes, size))
        return refuse_memory(request, response);
    upload_begin(upload);
    if (upload_refused(upload))
        return HTTP_NOW;
    pthread_mutex_lock(&upload->lock);
    upload->waiting = upload->committing && upload->size > SLICE_BYTES;
    bool waiting = upload->waiting;
    pthread_mutex_unlock(&upload->lock);
    return waiting ? HTTP_LATER : HTTP_MORE;
}

static HttpReply upload_end(HttpRequest *request, HttpResponse *response)
{
    Upload *upload = upload_of(request, response);
    if (upload == NULL)
        return refuse_memory(request, response);
    pthread_mutex_lock(&upload->lock);
    upload->ending = true;
    upload->references++;
    bool busy = upload->committing;
    pthread_mutex_unlock(&upload->lock);
    if (!busy)
        upload_finish(upload);
    upload_release(upload);
    return HTTP_LATER;
}

static const Route journal_routes[] = {
    {"POST", "/upload", upload_end, HTTP_SCOPE_INGEST, 0, upload_piece},
};
const RouteGroup routes_journal_upload = ROUTE_GROUP("journal_upload", journal_routes);
