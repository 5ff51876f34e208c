/* SPDX-License-Identifier: Apache-2.0
 *
 * framing.c - the first byte says in what pieces the rest comes: the messages are the same as when
 * it comes whole.
 */
#include "event/framing.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

typedef struct {
    char *text; /* All messages, each with its size before it. */
    size_t size;
} Got;

static void got_message(Got *got, Str message)
{
    assert(message.size <= FRAMING_BYTES_MAX);
    memcpy(got->text + got->size, &message.size, sizeof message.size);
    memcpy(got->text + got->size + sizeof message.size, message.text, message.size);
    got->size += sizeof message.size + message.size;
}

/* A message has a byte at least, so this holds them all. */
static Got run(Str bytes, size_t piece)
{
    Got got = {.text = malloc(bytes.size * (1 + sizeof(size_t)) + sizeof(size_t))};
    odd_framing *framing = framing_open();
    assert(got.text != NULL && framing != NULL);
    Str message;
    for (size_t at = 0; at < bytes.size; at += piece) {
        size_t to = bytes.size - at < piece ? bytes.size : at + piece;
        Str rest = str_part(bytes, at, to);
        while (framing_next(framing, &rest, &message))
            got_message(&got, message);
        assert(rest.size == 0);
    }
    if (framing_end(framing, &message))
        got_message(&got, message);
    framing_close(framing);
    return got;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    Str stream = {.text = (const char *)bytes + 1, .size = size - 1};
    Got whole = run(stream, size), pieces = run(stream, 1 + (size_t)bytes[0]);
    assert(whole.size == pieces.size && memcmp(whole.text, pieces.text, whole.size) == 0);
    free(whole.text);
    free(pieces.text);
    return 0;
}
