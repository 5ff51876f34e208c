/* SPDX-License-Identifier: Apache-2.0
 *
 * ask.c - the HTTP client in the hands of a shell; see client.py.
 *
 *     ask [--body TEXT] [--header LINE] [--limit N] [--total S] [--idle S] [--public] [--lines N]
 *         [--stop S] URL...
 *
 * One line for each URL, tabs between: status, size, seconds, type, retry_after, hopeless, stopped,
 * problem, body.  With --lines, a line "> TEXT" for each line that streams in, N at most. */
#include <oddball.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "http/client.h"

static atomic_bool stop;
static double      stop_after_s;
static int         lines_left;

static void *stop_later(void *none)
{
    usleep((useconds_t)(stop_after_s * 1e6));
    atomic_store(&stop, true);
    return none;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool line_show(void *context, const char *line, size_t size)
{
    (void)context; /* All goes to standard output. */
    printf("> %.*s\n", (int)size, line);
    fflush(stdout);
    return --lines_left > 0;
}

static void answer_show(Client *client, const ClientRequest *request)
{
    ClientAnswer answer;
    double       begin = now_s();
    if (lines_left > 0)
        client_stream(client, request, line_show, NULL, &answer);
    else
        client_ask(client, request, &answer);
    printf("%d\t%zu\t%.3f\t%s\t%g\t%d\t%d\t%s\t%.200s\n", answer.status, answer.size,
           now_s() - begin, answer.type, answer.retry_after_s, answer.hopeless, answer.stopped,
           answer.problem, answer.body);
    client_answer_free(&answer);
}

int main(int argc, char **argv)
{
    const char   *headers[8];
    ClientRequest request = {.headers = headers, .stop = &stop};
    Client       *client = client_open();
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--body") == 0) {
            request.body = argv[++i];
            request.body_size = strlen(argv[i]);
        } else if (strcmp(word, "--header") == 0) {
            headers[request.header_count++] = argv[++i];
        } else if (strcmp(word, "--limit") == 0) {
            request.answer_bytes = (size_t)atol(argv[++i]);
        } else if (strcmp(word, "--total") == 0) {
            request.total_s = atof(argv[++i]);
        } else if (strcmp(word, "--idle") == 0) {
            request.idle_s = atof(argv[++i]);
        } else if (strcmp(word, "--public") == 0) {
            request.reach = REACH_PUBLIC;
        } else if (strcmp(word, "--lines") == 0) {
            lines_left = atoi(argv[++i]);
        } else if (strcmp(word, "--stop") == 0) {
            pthread_t thread;
            stop_after_s = atof(argv[++i]);
            if (pthread_create(&thread, NULL, stop_later, NULL) == 0)
                pthread_detach(thread);
        } else {
            request.url = word;
            answer_show(client, &request);
        }
    }
    client_close(client);
    return 0;
}
