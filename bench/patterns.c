/* SPDX-License-Identifier: Apache-2.0
 *
 * patterns.c - what lexing and learning a message costs, and what 100,000 patterns weigh.
 *
 * usage: patterns FILE...      (plain or gzip; each line is a message)
 *
 * For each file: bytes a line, and ns a line of a walk over the bytes (the baseline), of lex, and
 * of lex with pattern_learn.  Then: patterns made of lines of random words, what they weigh.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "base/hash.h"
#include "pattern/pattern.h"

#define BYTES_MAX (64u << 20)
#define REPEAT_BYTES (200u << 20)
#define SEED 42

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

typedef uint64_t Work(Str line, PatternTable *table, Value *values, Lexed *lexed);

static uint64_t work_walk(Str line, PatternTable *table, Value *values, Lexed *lexed)
{
    (void)table;
    (void)values;
    (void)lexed;
    uint64_t sum = 0;
    for (size_t i = 0; i < line.size; i++)
        sum = sum * 31 + (unsigned char)line.text[i];
    return sum;
}

static uint64_t work_lex(Str line, PatternTable *table, Value *values, Lexed *lexed)
{
    (void)table;
    lex(line, SEED, values, lexed);
    return lexed->key;
}

static uint64_t work_learn(Str line, PatternTable *table, Value *values, Lexed *lexed)
{
    bool is_new;
    lex(line, SEED, values, lexed);
    return pattern_learn(table, line, lexed, &is_new);
}

static double measure(const char *bytes, size_t size, Work *work, PatternTable *table,
                      size_t *ret_lines)
{
    static Value values[LEX_VALUES_MAX];
    Lexed lexed;
    uint64_t keep = 0;
    size_t lines = 0;
    double from = now_ns();
    for (size_t round = 0; round < 1 + REPEAT_BYTES / (size + 1) / 8; round++) {
        for (size_t at = 0; at < size; lines++) {
            const char *end = memchr(bytes + at, '\n', size - at);
            size_t stop = end != NULL ? (size_t)(end - bytes) : size;
            keep += work((Str){.text = bytes + at, .size = stop - at}, table, values, &lexed);
            at = stop + 1;
        }
    }
    *ret_lines = lines + (keep == 1); /* So that the work is not optimised away. */
    return (now_ns() - from) / (double)lines;
}

static int bench_file(const char *path)
{
    gzFile file = gzopen(path, "rb");
    char *bytes = malloc(BYTES_MAX);
    if (file == NULL || bytes == NULL)
        return 1;
    int n = gzread(file, bytes, BYTES_MAX);
    gzclose(file);
    if (n <= 0)
        return 1;
    size_t size = (size_t)n, lines;
    Mem mem = {0};
    PatternTable *table = pattern_table_open(&mem, SEED, 0);
    double walk = measure(bytes, size, work_walk, table, &lines);
    double lexing = measure(bytes, size, work_lex, table, &lines);
    double learning = measure(bytes, size, work_learn, table, &lines);
    const char *name = strrchr(path, '/');
    printf("%-24s %8.0f %8.0f %8.0f %8.0f\n", name != NULL ? name + 1 : path,
           (double)size * (double)(1 + REPEAT_BYTES / (size + 1) / 8) / (double)lines, walk, lexing,
           learning);
    pattern_table_close(table);
    free(bytes);
    return 0;
}

/* Lines of ten random words out of many, no two alike. */
static void bench_memory(size_t wanted)
{
    Mem mem = {0};
    PatternTable *table = pattern_table_open(&mem, SEED, 0);
    static Value values[LEX_VALUES_MAX];
    Lexed lexed;
    double from = now_ns();
    for (uint64_t i = 0; pattern_count(table) < wanted; i++) {
        char line[256];
        size_t size = 0;
        for (uint64_t w = 0; w < 10; w++) {
            uint64_t r = hash_add(i, w) % 20000 + 1;
            for (; r != 0; r /= 26)
                line[size++] = (char)('a' + r % 26);
            line[size++] = w % 3 == i % 3 ? ':' : ' ';
        }
        bool is_new;
        Str text = {.text = line, .size = size};
        lex(text, SEED, values, &lexed);
        pattern_learn(table, text, &lexed, &is_new);
    }
    printf("%zu patterns: %.1f MiB, peak %.1f MiB, %.0f ns each\n", pattern_count(table),
           (double)mem.bytes / (1 << 20), (double)mem.bytes_peak / (1 << 20),
           (now_ns() - from) / (double)wanted);
    pattern_table_close(table);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        printf("%-24s %8s %8s %8s %8s\n", "file", "bytes", "walk", "lex", "learn");
    for (int i = 1; i < argc; i++)
        if (bench_file(argv[i]) != 0)
            return 2;
    bench_memory(1000);
    bench_memory(10000);
    bench_memory(100000);
    return 0;
}
