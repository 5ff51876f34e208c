/* SPDX-License-Identifier: Apache-2.0 */
#include "api/hub.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GREETING "retry: 5000\n\n" /* Sent at once, so that a client knows that it is heard. */

typedef struct {
    int    holders;
    size_t size;
    char   text[];
} Frame;

typedef struct Listener Listener;
struct Listener {
    Hub         *hub;
    HttpRequest *request;
    uint64_t     next;  /* Number of the event to come. */
    Frame       *frame; /* What is being sent; NULL: nothing. */
    size_t       sent;
    Listener    *following;
};

struct Hub {
    pthread_mutex_t lock;
    uint64_t        run; /* Names this run, so that ids of another one are not mistaken. */
    uint64_t        count; /* Of all events; the last ones are in `frames`. */
    Frame          *frames[HUB_FRAMES_MAX];
    Listener       *listeners;
    size_t          listener_count;
};

Hub *hub_open(void)
{
    Hub *hub = calloc(1, sizeof *hub);
    struct timespec now;
    if (hub == NULL)
        return NULL;
    clock_gettime(CLOCK_REALTIME, &now);
    hub->run = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
    pthread_mutex_init(&hub->lock, NULL);
    return hub;
}

/* The hub's lock is held. */
static void frame_release(Frame *frame)
{
    if (frame != NULL && --frame->holders == 0)
        free(frame);
}

void hub_close(Hub *hub)
{
    if (hub == NULL)
        return;
    for (size_t i = 0; i < HUB_FRAMES_MAX; i++)
        frame_release(hub->frames[i]);
    pthread_mutex_destroy(&hub->lock);
    free(hub);
}

/* The body of `text` as a frame, which its maker holds. */
static Frame *frame_of(HttpResponse *text)
{
    Frame *frame = text->broken ? NULL : malloc(sizeof *frame + text->body_size);
    if (frame != NULL) {
        *frame = (Frame){.holders = 1, .size = text->body_size};
        memcpy(frame->text, text->body, text->body_size);
    }
    response_clear(text);
    return frame;
}

/* Every line of the data has its own "data:", as a line end ends a field. */
static void add_data(HttpResponse *text, const char *data)
{
    while (true) {
        size_t size = strcspn(data, "\r\n");
        response_print(text, "data: %.*s\n", (int)size, data);
        if (data[size] == '\0')
            break;
        data += size + 1;
    }
    response_print(text, "\n");
}

void hub_tell(Hub *hub, const char *event, const char *data)
{
    pthread_mutex_lock(&hub->lock);
    HttpResponse text = {0};
    uint64_t number = hub->count;
    response_print(&text, "id: %016" PRIx64 "-%" PRIu64 "\nevent: %s\n", hub->run, number, event);
    add_data(&text, data != NULL ? data : "");
    text.broken |= data == NULL;
    Frame **place = &hub->frames[number % HUB_FRAMES_MAX];
    frame_release(*place);
    *place = frame_of(&text); /* Without memory it is one that all have missed. */
    hub->count++;
    for (Listener *listener = hub->listeners; listener != NULL; listener = listener->following)
        http_wake(listener->request);
    pthread_mutex_unlock(&hub->lock);
}

static Frame *frame_of_missed(uint64_t count)
{
    HttpResponse text = {0};
    response_print(&text, "event: missed\ndata: {\"missed\":%" PRIu64 "}\n\n", count);
    return frame_of(&text);
}

/* What the listener is to be sent next; false: nothing now. */
static bool listener_advance(Listener *listener)
{
    Hub *hub = listener->hub;
    uint64_t oldest = hub->count > HUB_FRAMES_MAX ? hub->count - HUB_FRAMES_MAX : 0;
    uint64_t missed = listener->next < oldest ? oldest - listener->next : 0;
    listener->sent = 0;
    listener->next += missed;
    if (missed > 0) {
        listener->frame = frame_of_missed(missed);
    } else if (listener->next < hub->count) {
        listener->frame = hub->frames[listener->next++ % HUB_FRAMES_MAX];
        if (listener->frame != NULL)
            listener->frame->holders++;
        else
            listener->frame = frame_of_missed(1);
    } else {
        return false;
    }
    return listener->frame != NULL;
}

static size_t listener_more(void *context, char *to, size_t size)
{
    Listener *listener = context;
    size_t made = 0;
    pthread_mutex_lock(&listener->hub->lock);
    while (made < size && (listener->frame != NULL || listener_advance(listener))) {
        size_t left = listener->frame->size - listener->sent;
        size_t part = left < size - made ? left : size - made;
        memcpy(to + made, listener->frame->text + listener->sent, part);
        made += part;
        listener->sent += part;
        if (listener->sent == listener->frame->size) {
            frame_release(listener->frame);
            listener->frame = NULL;
        }
    }
    pthread_mutex_unlock(&listener->hub->lock);
    return made;
}

static void listener_gone(void *context)
{
    Listener *listener = context;
    Hub *hub = listener->hub;
    pthread_mutex_lock(&hub->lock);
    Listener **link = &hub->listeners;
    while (*link != listener)
        link = &(*link)->following;
    *link = listener->following;
    hub->listener_count--;
    frame_release(listener->frame);
    pthread_mutex_unlock(&hub->lock);
    free(listener);
}

/* Behind the event with that id, or at the end. */
static uint64_t first_of(const Hub *hub, const char *last)
{
    uint64_t run, number;
    if (last == NULL || sscanf(last, "%16" SCNx64 "-%" SCNu64, &run, &number) != 2 ||
        run != hub->run || number >= hub->count)
        return hub->count;
    return number + 1;
}

HttpReply hub_listen(Hub *hub, HttpRequest *request, HttpResponse *response, const char *last)
{
    Listener *listener = calloc(1, sizeof *listener);
    HttpResponse greeting = {0};
    response_print(&greeting, GREETING);
    pthread_mutex_lock(&hub->lock);
    bool full = hub->listener_count >= HUB_LISTENERS_MAX;
    Frame *frame = frame_of(&greeting);
    if (listener == NULL || frame == NULL || full) {
        frame_release(frame);
        pthread_mutex_unlock(&hub->lock);
        free(listener);
        response_header(response, "Retry-After", "5");
        return http_problem(response, 503, NULL, "%s; come again after Retry-After seconds",
                            full ? "too many listen already" : "memory is short");
    }
    *listener = (Listener){.hub = hub,
                           .request = request,
                           .next = first_of(hub, last),
                           .frame = frame,
                           .following = hub->listeners};
    hub->listeners = listener;
    hub->listener_count++;
    pthread_mutex_unlock(&hub->lock);
    return response_stream(response, "text/event-stream",
                           (HttpStream){.more = listener_more,
                                        .gone = listener_gone,
                                        .context = listener,
                                        .heartbeat = ": keep-alive\n\n"});
}
