/* SPDX-License-Identifier: Apache-2.0
 *
 * journal.c - the source that follows this machine's systemd journal.
 *
 * Entries become records as those that come over the network in the journal export format do.
 * The position is the cursor of the last entry, kept under the name "journal".
 */
#include "input/journal.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input/clock.h"
#include "source/denial.h"
#include "source/give.h"
#include "source/journal_source.h"

#define JOURNAL_SOURCE "journal"
#define BATCH_BYTES (1u << 20)
#define BATCH_ENTRIES 10000
#define LOOK_MS 1000
#define TRY_AGAIN_NS (30 * NS_PER_S)
#define S_PER_DAY 86400
#define GATHER_NS (25 * NS_PER_MS)

const char *journal_source_folder;

typedef struct {
    const SourceContext *context;
    JournalReader       *reader;  /* NULL: it could not be opened.  Of the thread that runs. */
    char                *bytes;   /* Entries on their way, in the export format. */
    size_t               size, capacity;
    char                *cursor;  /* Of the last of them. */
    odd_time             now;
    uint64_t             entries; /* Of the batch. */
    atomic_uint_fast64_t given, given_bytes, damaged, refusals;
    pthread_mutex_t      lock;    /* Of the cause. */
    char                 cause[512];
} JournalSource;

static void *journal_open(const SourceContext *context)
{
    if (!context->settings->journal)
        return NULL;
    JournalSource *source = calloc(1, sizeof *source);
    if (source == NULL)
        return NULL;
    source->context = context;
    pthread_mutex_init(&source->lock, NULL);
    return source;
}

/* What the notes say is why it, or a part of it, cannot be read. */
static void explain(JournalSource *source, Notes *notes)
{
    pthread_mutex_lock(&source->lock);
    snprintf(source->cause, sizeof source->cause, "%s",
             notes->count > 0 ? notes->sentences[0] : "");
    pthread_mutex_unlock(&source->lock);
    notes_free(notes);
}

static bool reader_open(JournalSource *source)
{
    Notes notes = {0};
    char *position = intake_reader_position(source->context->intake, JOURNAL_SOURCE);
    if (position == NULL)
        return false;
    double       days = source->context->settings->backfill_days;
    int64_t      back_ns = (int64_t)(days * S_PER_DAY) * NS_PER_S;
    JournalQuery query = {.folder = journal_source_folder, .since_ns = clock_now() - back_ns};
    if (query.since_ns < 0)
        query.since_ns = 0;
    source->reader = journal_reader_open(&query, position, &notes);
    free(position);
    explain(source, &notes);
    return source->reader != NULL;
}

static bool fill(void *what, odd_events *events)
{
    const JournalSource *source = what;
    odd_decoded          decoded;
    odd_wire             wire = {.source = JOURNAL_SOURCE,
                                 .now = source->now,
                                 .zone_s = source->context->zone_s(source->now)};
    odd_rc rc = odd_decode("journal_export", &wire, source->bytes, source->size, events, &decoded);
    if (rc == ODD_NOMEM || rc == ODD_FULL)
        return false;
    return odd_events_position(events, JOURNAL_SOURCE, source->cursor) == ODD_OK;
}

/* Entries up to a batch.  Below 0: the journal cannot be read on; 1: there may be more. */
static int gather(JournalSource *source)
{
    int rc = 1;
    source->size = 0;
    source->entries = 0;
    while (source->size < BATCH_BYTES && source->entries < BATCH_ENTRIES && rc == 1) {
        rc = journal_reader_next(source->reader, &source->bytes, &source->size, &source->capacity);
        if (rc == 1) {
            char *cursor = journal_reader_cursor(source->reader);
            if (cursor == NULL)
                return -ENOMEM;
            free(source->cursor);
            source->cursor = cursor;
            source->entries++;
        }
    }
    return rc;
}

/* False: stop. */
static bool hand_over(JournalSource *source)
{
    if (source->entries == 0)
        return true;
    source->now = clock_now();
    if (!give(source->context, source->now, fill, source, &source->refusals))
        return false;
    atomic_fetch_add(&source->given, source->entries);
    atomic_fetch_add(&source->given_bytes, source->size);
    atomic_store(&source->damaged, journal_reader_damaged(source->reader));
    return true;
}

/* It begins anew from the position that is durable: what was gathered meanwhile comes again. */
static void reader_lose(JournalSource *source, int error)
{
    Notes notes = {0};
    notes_add(&notes,
              "cannot read on in the journal: %s; journalctl --verify names what is damaged",
              strerror(-error));
    journal_reader_close(source->reader);
    source->reader = NULL;
    explain(source, &notes);
}

static bool wait_for_more(JournalSource *source)
{
    struct pollfd wakers[] = {{.fd = source->context->stop_descriptor, .events = POLLIN},
                              {.fd = journal_reader_descriptor(source->reader), .events = POLLIN}};
    if (poll(wakers, 2, LOOK_MS) > 0 && give_pause(source->context, GATHER_NS))
        return false;
    int rc = journal_reader_wake(source->reader);
    if (rc < 0)
        reader_lose(source, rc);
    return !give_stopped(source->context);
}

static void journal_run(void *self)
{
    JournalSource *source = self;
    while (!give_stopped(source->context)) {
        if (source->reader == NULL && !reader_open(source)) {
            if (give_pause(source->context, TRY_AGAIN_NS))
                break;
            continue;
        }
        int rc = gather(source);
        if (!hand_over(source))
            break;
        if (rc < 0) {
            reader_lose(source, rc);
            if (give_pause(source->context, TRY_AGAIN_NS))
                break;
        } else if (rc == 0 && !wait_for_more(source)) {
            break;
        }
    }
    journal_reader_close(source->reader); /* libsystemd wants it to be this thread. */
    source->reader = NULL;
}

static void journal_describe(void *self, void (*tell)(void *context, const Watch *watch),
                             void *context)
{
    JournalSource *source = self;
    Denial         denial;
    Watch          watch = {.name = JOURNAL_SOURCE,
                            .events = atomic_load(&source->given),
                            .bytes = atomic_load(&source->given_bytes),
                            .dropped = atomic_load(&source->damaged)};
    pthread_mutex_lock(&source->lock);
    if (source->cause[0] != '\0') {
        bool denied = strstr(source->cause, "permission denied") != NULL;
        watch.state = denied ? WATCH_REFUSED : WATCH_BROKEN;
        watch.cause = source->cause;
        if (denied) {
            denial_group(&denial, "systemd-journal");
            watch.cure = denial.cure;
        }
    }
    tell(context, &watch);
    pthread_mutex_unlock(&source->lock);
}

static void journal_close(void *self)
{
    JournalSource *source = self;
    pthread_mutex_destroy(&source->lock);
    free(source->bytes);
    free(source->cursor);
    free(source);
}

const SourceKind source_journal = {.name = "journal",
                                   .summary = "the systemd journal of this machine",
                                   .open = journal_open,
                                   .run = journal_run,
                                   .describe = journal_describe,
                                   .close = journal_close};
