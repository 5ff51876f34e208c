/* SPDX-License-Identifier: Apache-2.0
 *
 * files.c - the source that follows log files: those that the settings name, and /var/log.
 *
 * At the very first start it learns from the past: logs that are not older than backfill_days are
 * read from their beginning, rotated ones first.  See follow.h.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "input/clock.h"
#include "source/follow.h"
#include "source/give.h"

#define DISCOVERED "/var/log"
#define REST_MS 1000 /* Between two looks at what nobody tells us of. */
#define GATHER_MS 25 /* Of what is written, so that each line is not made durable by itself. */
#define TORN_WAIT_S 60
#define ROTATED_WAIT_S 60
#define S_PER_DAY 86400

/* Of /var/log: kept by others in forms of their own, or no log. */
static const char *const undiscovered[] = {"/var/log/journal", "/var/log/lastlog", "/var/log/wtmp*",
                                           "/var/log/btmp*", "/var/log/faillog", "*.journal",
                                           "*.journal~", "README*"};

typedef struct {
    const SourceContext *context;
    Follow              *follow;
    TextList             names, exclude; /* The lists are ours, their texts are not. */
} Files;

static void files_close(void *self)
{
    Files *files = self;
    follow_close(files->follow);
    free(files->names.items);
    free(files->exclude.items);
    free(files);
}

/* `more` are constants, which TextList does not know to be so: nobody writes to them. */
static bool list_with(const TextList *list, const char *const *more, size_t count, TextList *ret)
{
    ret->items = calloc(list->count + count + 1, sizeof(char *));
    if (ret->items == NULL)
        return false;
    for (size_t i = 0; i < list->count; i++)
        ret->items[ret->count++] = list->items[i];
    for (size_t i = 0; i < count; i++)
        ret->items[ret->count++] = (char *)more[i];
    return true;
}

static void *files_open(const SourceContext *context)
{
    static const char *const discovered[] = {DISCOVERED};
    const Settings          *settings = context->settings;
    if (!settings->discovery && settings->files.count == 0)
        return NULL;
    Files *files = calloc(1, sizeof *files);
    if (files == NULL)
        return NULL;
    files->context = context;
    size_t more = settings->discovery ? 1 : 0;
    size_t without = settings->discovery ? sizeof undiscovered / sizeof undiscovered[0] : 0;
    if (list_with(&settings->files, discovered, more, &files->names) &&
        list_with(&settings->files_exclude, undiscovered, without, &files->exclude)) {
        FollowOptions options = {
            .names = files->names,
            .exclude = files->exclude,
            .backfill_ns = (int64_t)(settings->backfill_days * S_PER_DAY) * NS_PER_S,
            .torn_wait_ns = TORN_WAIT_S * NS_PER_S,
            .rest_ns = ROTATED_WAIT_S * NS_PER_S};
        files->follow = follow_open(context, &options);
    }
    if (files->follow == NULL) {
        files_close(files);
        return NULL;
    }
    return files;
}

static void files_run(void *self)
{
    Files        *files = self;
    struct pollfd wakers[] = {{.fd = files->context->stop_descriptor, .events = POLLIN},
                              {.fd = follow_descriptor(files->follow), .events = POLLIN}};
    while (!give_stopped(files->context)) {
        FollowNow    now = {.wall = clock_now(), .monotonic_ns = monotonic_now()};
        FollowAnswer answer = follow_round(files->follow, now);
        if (answer == FOLLOW_STOPPED)
            return;
        if (answer == FOLLOW_REST && poll(wakers, 2, REST_MS) > 0)
            give_pause(files->context, GATHER_MS * NS_PER_MS);
    }
}

static void files_describe(void *self, void (*tell)(void *context, const Watch *watch),
                           void *context)
{
    follow_describe(((Files *)self)->follow, tell, context);
}

const SourceKind source_files = {.name = "files",
                                 .summary = "log files as they grow: /var/log, and what is named",
                                 .open = files_open,
                                 .run = files_run,
                                 .describe = files_describe,
                                 .close = files_close};
