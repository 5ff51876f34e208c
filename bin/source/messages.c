/* SPDX-License-Identifier: Apache-2.0 */
#include "source/messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool messages_open(Messages *messages)
{
    *messages = (Messages){.bytes = malloc(MESSAGES_ROOM_BYTES)};
    return messages->bytes != NULL;
}

void messages_free(Messages *messages)
{
    free(messages->bytes);
    free(messages->runs);
    *messages = (Messages){0};
}

void messages_clear(Messages *messages)
{
    messages->size = 0;
    messages->run_count = 0;
}

bool messages_are_full(const Messages *messages)
{
    return messages->size >= MESSAGES_BYTES;
}

static MessageRun *run_of(Messages *messages, const char *sender)
{
    if (messages->run_count > 0) {
        MessageRun *last = &messages->runs[messages->run_count - 1];
        if (strcmp(last->sender, sender) == 0)
            return last;
    }
    if (messages->run_count == messages->run_capacity) {
        size_t      capacity = messages->run_capacity == 0 ? 64 : messages->run_capacity * 2;
        MessageRun *grown = realloc(messages->runs, capacity * sizeof *grown);
        if (grown == NULL)
            return NULL;
        messages->runs = grown;
        messages->run_capacity = capacity;
    }
    MessageRun *run = &messages->runs[messages->run_count++];
    *run = (MessageRun){.from = messages->size};
    snprintf(run->sender, sizeof run->sender, "%s", sender);
    return run;
}

bool messages_add(Messages *messages, const char *sender, const char *bytes, size_t size)
{
    while (size > 0 &&
           (bytes[size - 1] == '\n' || bytes[size - 1] == '\r' || bytes[size - 1] == '\0'))
        size--;
    if (size == 0)
        return true;
    if (size > MESSAGE_BYTES_MAX)
        size = MESSAGE_BYTES_MAX; /* One more than is kept, so that the cut is seen. */
    bool        room = messages->size + size + 2 <= MESSAGES_ROOM_BYTES;
    MessageRun *run = room ? run_of(messages, sender) : NULL;
    if (run == NULL)
        return false;
    /* What has no priority would be taken for more lines of the message before. */
    if (bytes[0] != '<') {
        messages->bytes[messages->size++] = '\n';
        run->size++;
    }
    memcpy(messages->bytes + messages->size, bytes, size);
    messages->bytes[messages->size + size] = '\n';
    messages->size += size + 1;
    run->size += size + 1;
    return true;
}

bool messages_fill(void *what, odd_events *events)
{
    const Messages *messages = what;
    for (size_t i = 0; i < messages->run_count; i++) {
        const MessageRun *run = &messages->runs[i];
        char              source[ENDPOINT_TEXT_SIZE + 8];
        odd_decoded       decoded;
        snprintf(source, sizeof source, "syslog:%s", run->sender);
        odd_wire wire = {.source = source, .now = messages->now, .zone_s = messages->zone_s};
        odd_rc rc =
            odd_decode("syslog", &wire, messages->bytes + run->from, run->size, events, &decoded);
        if (rc == ODD_NOMEM || rc == ODD_FULL)
            return false;
    }
    return true;
}
