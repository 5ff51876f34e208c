/* SPDX-License-Identifier: Apache-2.0
 *
 * replay.c - runs a fuzz target over the files of its corpus, where libFuzzer is not linked.
 *
 *     fuzz_NAME FOLDER
 *
 * A file is given as a block of exactly its size, so that a sanitizer sees the first byte read
 * behind it.  An empty folder is a failure: a target without a corpus tests nothing.
 */
#include <assert.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert(file != NULL);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    assert(size >= 0);

    uint8_t *bytes = malloc((size_t)size);
    assert(bytes != NULL || size == 0);
    size_t got = size == 0 ? 0 : fread(bytes, 1, (size_t)size, file);
    assert(got == (size_t)size);
    fclose(file);

    LLVMFuzzerTestOneInput(bytes, got);
    free(bytes);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int count, char **arguments)
{
    struct dirent **entries = NULL;
    int entry_count = count == 2 ? scandir(arguments[1], &entries, is_visible, alphasort) : -1;
    for (int i = 0; i < entry_count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", arguments[1], entries[i]->d_name);
        printf("[ RUN      ] %s\n", entries[i]->d_name);
        fflush(stdout);
        replay(path);
        printf("[       OK ] %s\n", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return entry_count > 0 ? 0 : 1;
}
