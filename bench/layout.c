/* SPDX-License-Identifier: Apache-2.0
 *
 * layout.c - how well and how fast headers are cut off, for each Loghub 2k set:
 *   layout [--show N] [SET...]
 * prints the share of lines whose message equals the published one, from raw lines and from the
 * published messages themselves (in brackets: the least share when the sample is taken elsewhere,
 * every 100 rows), then the cost of a raw line beside that of hashing its bytes.
 * --show prints the first N lines of each set that differ.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "event/layout.h"
#include "loghub.h"

#define ROUNDS 40

static double least(double a, double b)
{
    return a < b ? a : b;
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void print_cost(const Loghub *loghub)
{
    static char buffer[1 << 18];
    Str all = {.text = loghub->raw_bytes, .size = strlen(loghub->raw_bytes)};
    Layout layout = layout_learn(all, 0, 0);
    double parse_ns = 0, hash_ns = 0;
    uint64_t kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double t0 = now_ns();
        for (size_t i = 0; i < loghub->count; i++)
            kept += layout_parse(&layout, loghub->raw[i], buffer).message.size;
        double t1 = now_ns();
        for (size_t i = 0; i < loghub->count; i++)
            kept += hash_bytes(loghub->raw[i].text, loghub->raw[i].size, kept);
        parse_ns += t1 - t0;
        hash_ns += now_ns() - t1;
    }
    double lines = (double)loghub->count * ROUNDS;
    printf("  parse %6.1f ns, hash %5.1f ns%s", parse_ns / lines, hash_ns / lines, kept == 1 ? "." : "");
}

static void print_layout(const Loghub *loghub)
{
    static const char *const names[] = {"?",     "TIME",   "STAMP", "UPTIME", "LEVEL", "GLUED", "NUMBER", "BRACKET",
                                        "PUNCT", "TAG", "FIELD", "CLOSED", "HOST",  "NAME",   "WORD"};
    Str all = {.text = loghub->raw_bytes, .size = strlen(loghub->raw_bytes)};
    Layout layout = layout_learn(all, 0, 0);
    printf("  %s:", layout_kind_name(&layout));
    for (int i = 0; i < layout.column_count; i++)
        printf(" %s", names[layout.columns[i]]);
}

static void print_set(const char *set, int shown)
{
    static Loghub loghub;
    if (!loghub_open(set, &loghub)) {
        printf("%-12s skipped: no data\n", set);
        return;
    }
    double raw = loghub_share(&loghub, true, 0, shown);
    double alone = loghub_share(&loghub, false, 0, shown);
    double raw_least = 1, alone_least = 1;
    for (size_t row = 0; row < loghub.count; row += 100) {
        raw_least = least(raw_least, loghub_share(&loghub, true, row, 0));
        alone_least = least(alone_least, loghub_share(&loghub, false, row, 0));
    }
    printf("%-12s raw %6.4f (%6.4f)  message-only %6.4f (%6.4f)", set, raw, raw_least, alone, alone_least);
    print_cost(&loghub);
    print_layout(&loghub);
    printf("\n");
    loghub_close(&loghub);
}

int main(int argc, char **argv)
{
    int from = 1, shown = 0;
    if (argc > 2 && strcmp(argv[1], "--show") == 0) {
        shown = atoi(argv[2]);
        from = 3;
    }
    for (int i = from; i < argc; i++)
        print_set(argv[i], shown);
    for (int i = 0; from >= argc && i < LOGHUB_SET_COUNT; i++)
        print_set(loghub_sets[i], shown);
    return 0;
}
