/* SPDX-License-Identifier: Apache-2.0
 *
 * mask.c - what masking costs, on one thread, through the public interface.
 *
 *     mask [FILE...]
 *
 * Each file, and three texts that are made here (words alone; names, times and addresses, but no
 * secret; a secret in every line), is repeated to about 8 MiB and added as lines with the default
 * masks and without, for a second each.  Prints a row for each: the text, megabytes, how many
 * secrets were masked in them, and megabytes a second of masking alone: with masks less without.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <oddball.h>

#define TEXT_BYTES ((size_t)8 << 20)
#define PIECE_BYTES ((size_t)256 << 10) /* As a request has them. */
#define SECONDS 1.0

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* text, repeated: whole ones of it. */
static char *repeated(const char *text, size_t size, size_t *ret_size)
{
    size_t times = size == 0 || size > TEXT_BYTES ? 1 : TEXT_BYTES / size;
    char *all = malloc(times * size + 1);
    for (size_t i = 0; all != NULL && i < times; i++)
        memcpy(all + i * size, text, size);
    *ret_size = times * size;
    return all;
}

/* Seconds to add the text once. */
static double add_seconds(const odd_masks *masks, const char *text, size_t size,
                          uint64_t *ret_masked)
{
    odd_events *events;
    if (odd_events_open(masks, 0, &events) != ODD_OK)
        abort();
    double begin = processor_seconds(), now = begin;
    int rounds = 0;
    for (; now - begin < SECONDS; rounds++, now = processor_seconds()) {
        *ret_masked = 0;
        for (size_t at = 0; at < size; at += PIECE_BYTES) {
            size_t piece = size - at < PIECE_BYTES ? size - at : PIECE_BYTES;
            odd_events_clear(events, 0);
            if (odd_events_lines(events, "bench", 0, text + at, piece) != ODD_OK)
                abort();
            *ret_masked += odd_events_count(events).masked;
        }
    }
    odd_events_close(events);
    return (now - begin) / rounds;
}

static void measure(const odd_masks *masks, const char *name, const char *text, size_t text_size)
{
    size_t size;
    uint64_t masked, none;
    char *all = repeated(text, text_size, &size);
    if (all == NULL || size == 0)
        return;
    double with = add_seconds(masks, all, size, &masked);
    double without = add_seconds(NULL, all, size, &none);
    printf("%-32s %6.1f MB %8llu masked %8.0f MB/s\n", name, (double)size / 1e6,
           (unsigned long long)masked, (double)size / 1e6 / (with - without));
    free(all);
}

static void measure_file(const odd_masks *masks, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(TEXT_BYTES);
    const char *name = strrchr(path, '/');
    if (file != NULL && text != NULL)
        measure(masks, name != NULL ? name + 1 : path, text, fread(text, 1, TEXT_BYTES, file));
    if (file != NULL)
        fclose(file);
    free(text);
}

int main(int count, char **paths)
{
    static const char words[] = "the quick brown fox jumps over the lazy dog and runs away again\n";
    static const char fields[] =
        "2026-11-27T10:42:50.123Z level=info host=web-1 msg=\"GET /api/v1/orders/4711\" "
        "peer=10.0.0.1:8080 took=12ms thread=pool-7@3f2a cache:hit status=200\n";
    static const char secrets[] =
        "2026-11-27T10:42:50.123Z login user=bob@example.com password=hunter2 from 10.0.0.1\n";
    const unsigned char key[16] = {1};
    char problem[256];
    odd_masks *masks;
    if (odd_masks_open(NULL, 0, 1, key, problem, sizeof problem, &masks) != ODD_OK)
        return 1;
    measure(masks, "(words)", words, sizeof words - 1);
    measure(masks, "(fields)", fields, sizeof fields - 1);
    measure(masks, "(two secrets a line)", secrets, sizeof secrets - 1);
    for (int i = 1; i < count; i++)
        measure_file(masks, paths[i]);
    odd_masks_close(masks);
    return 0;
}
