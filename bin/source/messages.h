/* SPDX-License-Identifier: Apache-2.0
 *
 * messages.h - messages of syslog on their way to the intake: gathered, by who sent them.
 *
 * OWNERSHIP  messages_free.
 * ERRORS     A message without room is refused: messages_add is false.  While messages_are_full is
 *            false there is room for all messages that 64 KiB end or hold.
 */
#ifndef SOURCE_MESSAGES_H
#define SOURCE_MESSAGES_H
#include <oddball.h>
#include <stdbool.h>

#include "source/endpoint.h"

#define MESSAGES_BYTES (256u << 10) /* Given at once, about. */
#define MESSAGE_BYTES_MAX (65536 + 1)
#define MESSAGES_ROOM_BYTES \
    (MESSAGES_BYTES + 4 * MESSAGE_BYTES_MAX) /* A piece beyond, see below. */

typedef struct { /* Messages that one sender sent one after the other. */
    char   sender[ENDPOINT_TEXT_SIZE];
    size_t from, size;
} MessageRun;

typedef struct {
    char       *bytes; /* MESSAGES_ROOM_BYTES */
    size_t      size;
    MessageRun *runs;
    size_t      run_count, run_capacity;
    odd_time    now;   /* When they came. */
    int32_t     zone_s;
} Messages;

bool messages_open(Messages *messages); /* False: no memory. */
void messages_free(Messages *messages);
void messages_clear(Messages *messages);

/* Line ends at its end go; an empty one is nothing. */
bool messages_add(Messages *messages, const char *sender, const char *bytes, size_t size);
bool messages_are_full(const Messages *messages);

bool messages_fill(void *messages, odd_events *events); /* As GiveFill. */

#endif
