/* SPDX-License-Identifier: Apache-2.0
 *
 * source_texts.c - what sources read besides logs: names of files, places that were kept, and files
 * of the kernel.  The first byte chooses. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "source/print.h"
#include "source/proc.h"
#include "source/rotation.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The live name is no longer, and that of a live log is its own. */
static void name_is_read(const char *name)
{
    char     live[LOG_PATH_SIZE], again[LOG_PATH_SIZE];
    Rotation rotation = rotation_of(name, live);
    assert(strlen(live) <= strlen(name));
    assert(rotation_compare(rotation, rotation) == 0);
    if (rotation.kind == ROTATION_LIVE) {
        rotation_of(live, again);
        assert(strlen(name) >= LOG_PATH_SIZE || strcmp(live, name) == 0);
    }
}

/* What can be read is written again as it was understood. */
static void places_are_read(const char *text)
{
    char   once[PLACES_TEXT_SIZE], twice[PLACES_TEXT_SIZE];
    Places places;
    if (!places_read(text, &places))
        return;
    places_write(&places, once);
    assert(places_read(once, &places));
    places_write(&places, twice);
    assert(strcmp(once, twice) == 0);
}

static void kernel_is_read(char *text, size_t size)
{
    ProcText proc = {.bytes = text, .size = size, .next = text};
    ProcLine line;
    size_t   words = 0;
    while (proc_line(&proc, ':', &line))
        for (size_t i = 0; i < line.count; i++)
            words += strlen(line.words[i]);
    assert(words <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    char *text = calloc(1, size);
    assert(text != NULL);
    memcpy(text, bytes + 1, size - 1);
    switch (bytes[0] % 3) {
    case 0: name_is_read(text); break;
    case 1: places_are_read(text); break;
    default: kernel_is_read(text, size - 1); break;
    }
    free(text);
    return 0;
}
