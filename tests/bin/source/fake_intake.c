/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_intake.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "event/events.h"

#define SOURCES_MAX 512
#define WAIT_MS 10000

typedef struct {
    char   *name, *position, *text;
    size_t  size, capacity;
    int32_t zone_s;
} Kept;

struct Intake {
    pthread_mutex_t lock;
    Kept            kept[SOURCES_MAX];
    size_t          count;
    int             refusals, given;
    IntakeStatus    refusal;
};

Intake *fake_intake_new(void)
{
    Intake *intake = calloc(1, sizeof *intake);
    assert(intake != NULL);
    pthread_mutex_init(&intake->lock, NULL);
    return intake;
}

void fake_intake_free(Intake *intake)
{
    for (size_t i = 0; i < intake->count; i++) {
        free(intake->kept[i].name);
        free(intake->kept[i].position);
        free(intake->kept[i].text);
    }
    pthread_mutex_destroy(&intake->lock);
    free(intake);
}

static Kept *kept_of(Intake *intake, const char *name, size_t size)
{
    for (size_t i = 0; i < intake->count; i++)
        if (strlen(intake->kept[i].name) == size && memcmp(intake->kept[i].name, name, size) == 0)
            return &intake->kept[i];
    assert(intake->count < SOURCES_MAX);
    Kept *kept = &intake->kept[intake->count++];
    *kept = (Kept){.name = strndup(name, size), .text = calloc(1, 1), .capacity = 1};
    return kept;
}

static void kept_add(Kept *kept, const char *bytes, size_t size)
{
    if (kept->size + size + 1 > kept->capacity) {
        kept->capacity = (kept->size + size + 1) * 2;
        kept->text = realloc(kept->text, kept->capacity);
        assert(kept->text != NULL);
    }
    if (size > 0)
        memcpy(kept->text + kept->size, bytes, size);
    kept->size += size;
    kept->text[kept->size] = '\0';
}

static void keep(Intake *intake, const Event *event)
{
    char  row[8192];
    Kept *kept = kept_of(intake, event->source.text, event->source.size);
    switch (event->kind) {
    case EVENT_LINES:
        kept_add(kept, event->text.text, event->text.size);
        kept->zone_s = event->zone_s;
        break;
    case EVENT_RECORD:
        kept_add(kept, row,
                 (size_t)snprintf(row, sizeof row, "%d %.*s %.*s\n", event->level,
                                  (int)event->text.size, event->text.text,
                                  (int)event->attributes.size, event->attributes.text));
        break;
    case EVENT_SAMPLES:
        for (size_t i = 0; i < event->sample_count; i++)
            kept_add(kept, row,
                     (size_t)snprintf(row, sizeof row, "%.*s %.17g\n", (int)event->series.size,
                                      event->series.text, event_sample(event, i).value));
        break;
    case EVENT_POSITION:
        free(kept->position);
        kept->position = strndup(event->text.text, event->text.size);
        break;
    default: break;
    }
}

IntakeResult intake_wait(Intake *intake, odd_events *events)
{
    IntakeResult result = {.status = INTAKE_STORED};
    pthread_mutex_lock(&intake->lock);
    if (intake->refusals > 0) {
        intake->refusals--;
        result.status = intake->refusal;
    } else {
        EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
        Event       event;
        EventRead   read;
        while ((read = event_next(&reader, &event)) == EVENT_READ)
            keep(intake, &event);
        assert(read == EVENT_END);
        intake->given++;
    }
    pthread_mutex_unlock(&intake->lock);
    events_close(events);
    return result;
}

void intake_give(Intake *intake, odd_events *events, IntakeDone done, void *context)
{
    done(context, intake_wait(intake, events));
}

bool intake_has_room(const Intake *intake)
{
    return intake->refusals == 0;
}

const odd_masks *intake_masks(const Intake *intake)
{
    (void)intake; /* Nothing is masked here. */
    return NULL;
}

char *intake_reader_position(Intake *intake, const char *source)
{
    pthread_mutex_lock(&intake->lock);
    const char *position = kept_of(intake, source, strlen(source))->position;
    char       *copy = strdup(position != NULL ? position : "");
    pthread_mutex_unlock(&intake->lock);
    return copy;
}

void fake_refuse(Intake *intake, int times, IntakeStatus status)
{
    pthread_mutex_lock(&intake->lock);
    intake->refusals = times;
    intake->refusal = status;
    pthread_mutex_unlock(&intake->lock);
}

char *fake_text(Intake *intake, const char *source)
{
    pthread_mutex_lock(&intake->lock);
    const Kept *kept = kept_of(intake, source, strlen(source));
    char       *copy = malloc(kept->size + 1);
    assert(copy != NULL);
    memcpy(copy, kept->text, kept->size + 1);
    pthread_mutex_unlock(&intake->lock);
    return copy;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const Kept *)a)->name, ((const Kept *)b)->name);
}

char *fake_sources(Intake *intake)
{
    Kept names = {.text = calloc(1, 1), .capacity = 1};
    pthread_mutex_lock(&intake->lock);
    qsort(intake->kept, intake->count, sizeof(Kept), by_name);
    for (size_t i = 0; i < intake->count; i++) {
        if (intake->kept[i].size == 0)
            continue;
        kept_add(&names, intake->kept[i].name, strlen(intake->kept[i].name));
        kept_add(&names, "\n", 1);
    }
    pthread_mutex_unlock(&intake->lock);
    return names.text;
}

int fake_given(Intake *intake)
{
    pthread_mutex_lock(&intake->lock);
    int given = intake->given;
    pthread_mutex_unlock(&intake->lock);
    return given;
}

int32_t fake_zone(Intake *intake, const char *source)
{
    pthread_mutex_lock(&intake->lock);
    int32_t zone_s = kept_of(intake, source, strlen(source))->zone_s;
    pthread_mutex_unlock(&intake->lock);
    return zone_s;
}

static int32_t zone_of(odd_time time)
{
    (void)time; /* Summer and winter. */
    return 7200;
}

void fake_server_open(FakeServer *server)
{
    memset(server, 0, sizeof *server);
    server->intake = fake_intake_new();
    server->settings.scrape_interval_s = server->settings.host_interval_s = 0.2;
    server->settings.backfill_days = 7;
    server->settings.syslog_udp = server->settings.syslog_tcp = server->settings.syslog_tls = "off";
    server->settings.tls_certificate = server->settings.tls_key = "";
    server->settings.tls_client_ca = "";
    server->context = (SourceContext){.intake = server->intake,
                                      .settings = &server->settings,
                                      .stop = &server->stop,
                                      .stop_descriptor = eventfd(0, EFD_CLOEXEC),
                                      .zone_s = zone_of};
    assert(server->context.stop_descriptor >= 0);
}

void fake_server_stop(FakeServer *server)
{
    uint64_t one = 1;
    atomic_store(&server->stop, true);
    ssize_t written = write(server->context.stop_descriptor, &one, sizeof one);
    assert(written == sizeof one);
}

void fake_server_close(FakeServer *server)
{
    close(server->context.stop_descriptor);
    fake_intake_free(server->intake);
}

static void *thread_run(void *what)
{
    FakeRun *run = what;
    run->kind->run(run->self);
    free(run);
    return NULL;
}

FakeRun fake_run(FakeServer *server, const SourceKind *kind)
{
    FakeRun   run = {.kind = kind, .self = kind->open(&server->context)};
    FakeRun  *own = malloc(sizeof *own);
    pthread_t thread;
    if (run.self == NULL) {
        free(own);
        return run;
    }
    assert(own != NULL);
    *own = run;
    int rc = pthread_create(&thread, NULL, thread_run, own);
    assert(rc == 0);
    run.thread = thread;
    return run;
}

void fake_run_end(FakeServer *server, FakeRun *run)
{
    uint64_t count;
    fake_server_stop(server);
    if (run->self != NULL) {
        pthread_join(run->thread, NULL);
        run->kind->close(run->self);
    }
    run->self = NULL;
    atomic_store(&server->stop, false);
    ssize_t got = read(server->context.stop_descriptor, &count, sizeof count);
    assert(got == sizeof count);
}

bool fake_wait(Intake *intake, const char *source, const char *text)
{
    for (int i = 0; i < WAIT_MS / 10; i++) {
        char *all = fake_text(intake, source);
        bool  found = strstr(all, text) != NULL;
        free(all);
        if (found)
            return true;
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    char *all = fake_text(intake, source);
    fprintf(stderr, "waited in vain for \"%s\" in %s: %.2000s\n", text, source, all);
    free(all);
    return false;
}

static void watch_add(void *context, const Watch *watch)
{
    static const char *const states[] = {"good", "refused", "broken"};
    char                     row[8192];
    int size = snprintf(row, sizeof row, "%s|%s|%s|%s|%" PRIu64 "|%" PRIu64 "\n", watch->name,
                        states[watch->state], watch->cause != NULL ? watch->cause : "",
                        watch->cure != NULL ? watch->cure : "", watch->events, watch->dropped);
    kept_add(context, row, (size_t)size);
}

char *fake_watches(const SourceKind *kind, void *self)
{
    Kept all = {.text = calloc(1, 1), .capacity = 1};
    kind->describe(self, watch_add, &all);
    return all.text;
}
