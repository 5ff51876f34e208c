/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/feed.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/buffer.h"

#define PAUSE_FIRST_S 0.5
#define PAUSE_MOST_S 10.0
#define ASK_EVERY_S 2.0 /* Where there are no events. */
#define NEWEST_PATH "/api/v1/findings?order=newest&state=shown&limit=100"
#define EVENTS_PATH "/api/v1/events"

typedef struct {
    Remote           *remote;
    Remote            asker; /* While the other one listens. */
    const FeedReader *reader;
    uint64_t          ids[FEED_IDS_MAX]; /* A ring. */
    size_t            id_count;          /* Of all so far. */
    Buffer            event, data;       /* Of the event that is being read. */
    char              last_id[128], next_id[128];
    bool              connected; /* To the events.                */
    bool              enough, in_trouble;
} Feed;

static bool stopped(const Feed *feed)
{
    return feed->enough || (feed->remote->stop && atomic_load(feed->remote->stop));
}

static void trouble(Feed *feed, const char *sentence)
{
    if (sentence ? feed->in_trouble : !feed->in_trouble)
        return;
    feed->in_trouble = sentence != NULL;
    feed->reader->trouble(feed->reader->context, sentence);
}

static void pause_for(const Feed *feed, double seconds)
{
    const struct timespec step = {.tv_nsec = 100000000};
    for (double waited = 0; waited < seconds && !stopped(feed); waited += 0.1)
        nanosleep(&step, NULL);
}

/* FNV-1a: the ids are hashes already. */
static uint64_t id_hash(const char *id)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *id; id++)
        hash = (hash ^ (unsigned char)*id) * 0x100000001b3u;
    return hash;
}

/* Whether it was not there before; it is from now on. */
static bool id_is_new(Feed *feed, const JsonTree *finding)
{
    const char *id;
    if (!json_tree_text(json_tree_member(finding, "id"), &id, NULL))
        return true;
    uint64_t hash = id_hash(id);
    for (size_t i = 0; i < feed->id_count && i < FEED_IDS_MAX; i++)
        if (feed->ids[i] == hash)
            return false;
    feed->ids[feed->id_count++ % FEED_IDS_MAX] = hash;
    return true;
}

/* By a verdict or a rule; it is told when it is not any more. */
static bool is_held_back(const JsonTree *finding)
{
    const char *state = "";
    json_tree_text(json_tree_member(finding, "state"), &state, NULL);
    return strcmp(state, "hidden") == 0 || strcmp(state, "expected") == 0;
}

static void finding_tell(Feed *feed, const JsonTree *finding)
{
    if (is_held_back(finding))
        return;
    if (id_is_new(feed, finding) && !feed->enough)
        feed->enough = !feed->reader->finding(feed->reader->context, finding);
}

/* -- by asking ------------------------------------------------------------------------------- */

/* The newest findings, the oldest of them first; those of before are only remembered. */
static bool newest_ask(Feed *feed, bool is_first)
{
    JsonTree *tree = remote_get(&feed->asker, NEWEST_PATH);
    if (!tree)
        return false;
    const JsonTree *items = json_tree_member(tree, "items");
    for (size_t i = json_tree_count(items); i > 0; i--) {
        if (is_first)
            id_is_new(feed, json_tree_item(items, i - 1));
        else
            finding_tell(feed, json_tree_item(items, i - 1));
    }
    json_tree_free(tree);
    return true;
}

/* -- by events ------------------------------------------------------------------------------- */

/* "name: value"; the value's first blank is not part of it. */
static const char *field_value(const char *line, size_t size, const char *name, size_t *ret_size)
{
    size_t name_size = strlen(name);
    if (size < name_size || strncmp(line, name, name_size) != 0 ||
        (size > name_size && line[name_size] != ':'))
        return NULL;
    size_t at = size > name_size ? name_size + 1 : name_size;
    if (at < size && line[at] == ' ')
        at++;
    *ret_size = size - at;
    return line + at;
}

static void event_end(Feed *feed)
{
    char problem[128];
    if (feed->data.size > 0 && strcmp(buffer_text(&feed->event), "finding") == 0) {
        JsonTree *finding =
            json_tree_read(feed->data.text, feed->data.size, problem, sizeof problem);
        if (finding)
            finding_tell(feed, finding);
        json_tree_free(finding);
    } else if (strcmp(buffer_text(&feed->event), "missed") == 0) {
        newest_ask(feed, false); /* If it fails, the next connection asks. */
    }
    if (feed->next_id[0])
        memcpy(feed->last_id, feed->next_id, sizeof feed->last_id);
    buffer_clear(&feed->event);
    buffer_clear(&feed->data);
}

static bool on_line(void *context, const char *line, size_t size)
{
    Feed       *feed = context;
    size_t      value_size;
    const char *value;
    trouble(feed, NULL);
    if (!feed->connected) {
        feed->connected = true;
        newest_ask(feed, false); /* What came before the server heard us. */
    }
    if (size == 0) {
        event_end(feed);
    } else if ((value = field_value(line, size, "event", &value_size)) != NULL) {
        buffer_clear(&feed->event);
        buffer_add(&feed->event, value, value_size);
    } else if ((value = field_value(line, size, "data", &value_size)) != NULL) {
        if (feed->data.size > 0)
            buffer_puts(&feed->data, "\n");
        buffer_add(&feed->data, value, value_size);
    } else if ((value = field_value(line, size, "id", &value_size)) != NULL) {
        snprintf(feed->next_id, sizeof feed->next_id, "%.*s", (int)value_size, value);
    }
    return !feed->enough;
}

/* One connection until it ends.  false: the server has no events. */
static bool events_follow(Feed *feed)
{
    buffer_clear(&feed->event);
    buffer_clear(&feed->data);
    feed->connected = false;
    int status = remote_stream(feed->remote, EVENTS_PATH, feed->last_id, on_line, feed);
    return status != 404 && status != 405 && status != 501;
}

static void ask_until_stopped(Feed *feed)
{
    while (!stopped(feed)) {
        if (newest_ask(feed, false))
            trouble(feed, NULL);
        else if (!stopped(feed))
            trouble(feed, feed->asker.problem);
        pause_for(feed, ASK_EVERY_S);
    }
}

/* Connections, one after the other, and longer pauses as long as they fail. */
static void events_until_stopped(Feed *feed)
{
    double pause_s = PAUSE_FIRST_S;
    while (!stopped(feed)) {
        if (!events_follow(feed)) {
            ask_until_stopped(feed);
            return;
        }
        if (stopped(feed))
            return;
        const char *why = feed->remote->problem;
        trouble(feed, why[0] ? why : "the server ended the connection");
        pause_for(feed, pause_s);
        pause_s = feed->connected             ? PAUSE_FIRST_S
                  : pause_s * 2 < PAUSE_MOST_S ? pause_s * 2
                                               : PAUSE_MOST_S;
    }
}

bool feed_run(Remote *remote, const FeedReader *reader)
{
    Feed *feed = calloc(1, sizeof *feed);
    if (!feed) {
        snprintf(remote->problem, sizeof remote->problem, "there is no memory to watch");
        return false;
    }
    feed->remote = remote;
    feed->reader = reader;
    bool good = remote_again(remote, &feed->asker) && newest_ask(feed, true);
    if (good)
        events_until_stopped(feed);
    else
        memcpy(remote->problem, feed->asker.problem, sizeof remote->problem);
    remote_close(&feed->asker);
    buffer_free(&feed->event);
    buffer_free(&feed->data);
    free(feed);
    return good;
}
