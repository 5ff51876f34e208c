/* SPDX-License-Identifier: Apache-2.0
 *
 * hook.c - the webhook in the hands of a shell; see webhook.py.
 *
 *     hook URL SECRET [public|plain]
 *
 * Each line of standard input is given to it; "stand KEY JSON" stands from then on, and "over KEY
 * JSON" no longer (plain: every 50 ms); the line "wait N" waits until N were delivered,
 * refused or dropped; "counts" prints the counts.  At the end: how long closing took. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "serve/webhook.h"

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void counts_show(Webhook *webhook)
{
    WebhookCounts counts = webhook_counts(webhook);
    printf("%llu\t%llu\t%llu\t%llu\t%zu\t%llu\t%s\n", (unsigned long long)counts.delivered,
           (unsigned long long)counts.refused, (unsigned long long)counts.dropped,
           (unsigned long long)counts.attempts_failed, counts.waiting,
           (unsigned long long)counts.retried, counts.trouble);
    fflush(stdout);
}

static void wait_for(Webhook *webhook, uint64_t wanted)
{
    WebhookCounts counts;
    double        begin = now_s();
    do {
        usleep(5000);
        counts = webhook_counts(webhook);
    } while (counts.delivered + counts.refused < wanted && now_s() - begin < 30);
}

/* words: the key, a blank, and what is said. */
static void stand(Webhook *webhook, char *words, bool over)
{
    char *json = strchr(words, ' ');
    if (json == NULL)
        exit(2);
    *json = '\0';
    webhook_stand(webhook, words, json + 1, over);
}

int main(int argc, char **argv)
{
    char           problem[SETTINGS_PROBLEM_SIZE], line[65536];
    WebhookOptions options = {.url = argv[1],
                              .secret = argv[2],
                              .public_only = argc > 3 && strcmp(argv[3], "public") == 0,
                              .is_plain = argc > 3 && strcmp(argv[3], "plain") == 0,
                              .again_s = 0.05,
                              .retry_first_s = 0.02,
                              .retry_most_s = 0.2};
    Webhook       *webhook = webhook_open(&options, problem);
    if (webhook == NULL) {
        puts(problem);
        return 2;
    }
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "wait ", 5) == 0)
            wait_for(webhook, (uint64_t)atol(line + 5));
        else if (strncmp(line, "sleep ", 6) == 0)
            usleep((useconds_t)(atof(line + 6) * 1e6));
        else if (strncmp(line, "stand ", 6) == 0)
            stand(webhook, line + 6, false);
        else if (strncmp(line, "over ", 5) == 0)
            stand(webhook, line + 5, true);
        else if (strcmp(line, "counts") == 0)
            counts_show(webhook);
        else
            webhook_give(webhook, line);
    }
    double begin = now_s();
    WebhookCounts counts = webhook_close(webhook);
    printf("closed\t%.3f\t%llu\t%llu\n", now_s() - begin, (unsigned long long)counts.delivered,
           (unsigned long long)counts.dropped);
    return 0;
}
