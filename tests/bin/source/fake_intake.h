/* SPDX-License-Identifier: Apache-2.0
 *
 * fake_intake.h - an intake that keeps what it gets in memory, and refuses when it is told to.
 *
 * A source's text holds its lines as they are; records as "<level> text attributes\n"; samples as
 * "series value\n".
 *
 * OWNERSHIP  fake_intake_free.  fake_text and fake_sources belong to the caller: free them.
 * THREADS    All may be called on any thread.
 */
#ifndef TESTS_FAKE_INTAKE_H
#define TESTS_FAKE_INTAKE_H
#include "source/source.h"

Intake *fake_intake_new(void);
void    fake_intake_free(Intake *intake);

/* The next `times` hand-overs are refused so. */
void fake_refuse(Intake *intake, int times, IntakeStatus status);

char   *fake_text(Intake *intake, const char *source);
char   *fake_sources(Intake *intake); /* One a line, by name. */
int     fake_given(Intake *intake);   /* Hand-overs that were stored. */
int32_t fake_zone(Intake *intake, const char *source); /* Of its last lines. */

/* A context over it, with a stop of its own. */
typedef struct {
    SourceContext context;
    Settings      settings;
    atomic_bool   stop;
    Intake       *intake;
} FakeServer;
void fake_server_open(FakeServer *server); /* Settings are all zero, but for positive times. */
void fake_server_stop(FakeServer *server);
void fake_server_close(FakeServer *server);

/* A source running on a thread of its own. */
typedef struct {
    const SourceKind *kind;
    void             *self;
    unsigned long     thread;
} FakeRun;
FakeRun fake_run(FakeServer *server, const SourceKind *kind); /* self NULL: nothing to do. */
void    fake_run_end(FakeServer *server, FakeRun *run);       /* Stops, waits, closes. */

/* Waits, at most 10 s, until the source's text holds it. */
bool fake_wait(Intake *intake, const char *source, const char *text);

/* All Watches of a source as text: "name|state|cause|cure|events|dropped\n". */
char *fake_watches(const SourceKind *kind, void *self);

#endif
