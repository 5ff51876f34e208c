/* SPDX-License-Identifier: Apache-2.0
 *
 * fake_engine.h - stands in for the library where a test asks what the reader feeds it, and when.
 *
 * A line's time is the number behind a leading 't'; a line without it has none.  What is learnt is
 * written down: "source:row=line", one a line.
 */
#ifndef TESTS_FAKE_ENGINE_H
#define TESTS_FAKE_ENGINE_H
#include <oddball.h>

#include "fixture.h"

#define FAKE_SOURCES_MAX 256

struct odd_db {
    char       *names[FAKE_SOURCES_MAX];
    odd_reading readings[FAKE_SOURCES_MAX];
    odd_time    last_times[FAKE_SOURCES_MAX];
    int         sampled[FAKE_SOURCES_MAX], ended[FAKE_SOURCES_MAX];
    int         source_count;
    int         full_source; /* Preparing a batch of it fails; -1: none. */
    Text        learnt;
};

odd_db *fake_open(void);
void    fake_close(odd_db *db);

#endif
