/* SPDX-License-Identifier: Apache-2.0
 *
 * record.h - one line as an event: what its header said, and the message that is left.
 *
 * OWNERSHIP  All Str point into the line or into the buffer that the parser was given.
 */
#ifndef EVENT_RECORD_H
#define EVENT_RECORD_H
#include <oddball.h>

#include "base/str.h"

typedef enum {
    LEVEL_NONE = 0, /* Not said. */
    LEVEL_TRACE,
    LEVEL_DEBUG,
    LEVEL_INFO,
    LEVEL_NOTICE,
    LEVEL_WARN,
    LEVEL_ERROR,
    LEVEL_FATAL, /* And critical, alert, emergency, panic. */
    LEVEL_COUNT
} Level;

typedef struct {
    odd_time time; /* ODD_TIME_NONE: not said or not readable. */
    Level    level;
    bool     continues; /* Belongs to the record of the line before (a stack frame, say). */
    Str      host;      /* Each empty if not said. */
    Str      component;
    Str      message; /* What patterns are made of; for JSON and logfmt: the message and then
                         name=value of the rest, in their order. */
} Record;

#endif
