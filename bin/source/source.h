/* SPDX-License-Identifier: Apache-2.0
 *
 * source.h - what every source of data is that the server fetches or listens for by itself.
 *
 * One file, one kind of source: bin/source/NAME.c holds `const SourceKind source_NAME`, and the
 * list in bin/source/meson.build has one line for it.
 *
 * OWNERSHIP  The context outlives the source.
 * THREADS    run has a thread of its own and returns soon (within a second) once `stop` is true and
 *            stop_descriptor is readable; describe may be called on any thread meanwhile.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H
#include <oddball.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "intake/intake.h"
#include "settings/settings.h"

typedef struct {
    Intake            *intake;
    const Settings    *settings;
    const atomic_bool *stop;
    int                stop_descriptor; /* Readable once stop is true: for poll. */
    int32_t          (*zone_s)(odd_time time); /* Seconds east of UTC of this machine, then. */
} SourceContext;

typedef enum { WATCH_GOOD = 0, WATCH_REFUSED, WATCH_BROKEN } WatchState;

typedef struct {          /* One thing that a source watches, or would. */
    const char *name;     /* "/var/log/syslog", "journal", "udp 127.0.0.1:514" */
    const char *source;   /* What its events are from, where that is not its name; else NULL. */
    WatchState  state;
    const char *cause;    /* Why it cannot, in words; NULL: it can. */
    const char *cure;     /* The command that would allow it; NULL: none known. */
    uint64_t    events, bytes, dropped; /* Since the start. */
    double      lag_s;    /* How far behind, as far as known; else 0. */
} Watch;

typedef struct {
    const char *name;     /* "files", "journal", "host", "scrape", "syslog" */
    const char *summary;  /* Half a line, for doctor and the documents. */
    void *(*open)(const SourceContext *context); /* NULL: nothing to do, as the settings say. */
    void (*run)(void *self);
    void (*describe)(void *self, void (*tell)(void *context, const Watch *watch), void *context);
    void (*close)(void *self);
} SourceKind;

extern const SourceKind *const source_kinds[]; /* Written by the build. */
extern const size_t            source_kinds_count;

#endif
