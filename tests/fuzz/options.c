/* SPDX-License-Identifier: Apache-2.0
 *
 * options.c - any words as a command line (split at NUL or line end): taken, or refused in words. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"

#define WORDS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *words = calloc(1, size + 1);
    assert(words != NULL);
    if (size > 0)
        memcpy(words, bytes, size);
    const char *argv[WORDS_MAX] = {"oddball"}, *rest[WORDS_MAX];
    int argc = 1;
    for (size_t i = 0; i < size && argc < WORDS_MAX; i += strlen(words + i) + 1) {
        words[i + strcspn(words + i, "\n")] = '\0';
        argv[argc++] = words + i;
    }

    Options options;
    Buffer problem = {0};
    bool good = options_parse(argc, argv, rest, &options, &problem);
    assert(good == (problem.size == 0));
    assert(options.argument_count < argc);
    if (good)
        moment_resolve(options.since, INT64_MAX, INT64_MIN);
    buffer_free(&problem);
    free(words);
    return 0;
}
