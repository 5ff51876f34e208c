/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/session_feed.h"

#include <assert.h>

#include "base/hash.h"

typedef struct {
    uint64_t row;
    odd_time time;
    uint32_t symbol;
    uint32_t from, size; /* In the text of the sample. */
    uint8_t  level;
    bool     reference;
} Kept;

typedef enum { FEED_SAMPLES, FEED_SORTS, FEED_IDLES } FeedState;

struct SessionFeed {
    Mem              *mem;
    uint64_t          seed;
    SessionTake      *take;
    void             *context;
    SessionTable     *table;
    SessionKeyFinder *finder;
    SessionKey        key;
    FeedState         state;
    Kept             *kept;
    size_t            kept_capacity, kept_count;
    char             *text;
    size_t            text_capacity, text_size;
    uint64_t          lost;
};

static void sample_free(SessionFeed *feed)
{
    session_key_finder_close(feed->finder);
    mem_free(feed->mem, feed->kept, feed->kept_capacity * sizeof *feed->kept);
    mem_free(feed->mem, feed->text, feed->text_capacity);
    feed->finder = NULL;
    feed->kept = NULL;
    feed->text = NULL;
    feed->kept_capacity = feed->kept_count = feed->text_capacity = feed->text_size = 0;
}

SessionFeed *session_feed_open(Mem *mem, uint64_t seed, const char *key, SessionTake *take,
                               void *context)
{
    assert(take != NULL);
    SessionFeed *feed = mem_take(mem, sizeof *feed);
    if (feed == NULL)
        return NULL;
    feed->mem = mem;
    feed->seed = seed;
    feed->take = take;
    feed->context = context;
    feed->table = session_table_open(mem, seed, SESSION_COUNT_MAX);
    feed->state = FEED_SAMPLES;
    if (key != NULL && key[0] != '\0') {
        feed->key = session_key_of(str_of(key));
        feed->state = feed->key.kind == SESSION_KEY_NONE ? FEED_IDLES : FEED_SORTS;
    } else {
        feed->finder = session_key_finder_open(mem, seed);
    }
    if (feed->table != NULL && (feed->finder != NULL || feed->state != FEED_SAMPLES))
        return feed;
    session_feed_close(feed);
    return NULL;
}

void session_feed_close(SessionFeed *feed)
{
    if (feed == NULL)
        return;
    sample_free(feed);
    session_table_close(feed->table);
    mem_free(feed->mem, feed, sizeof *feed);
}

SessionKey session_feed_key(const SessionFeed *feed)
{
    return feed->key;
}

uint64_t session_feed_lost(const SessionFeed *feed)
{
    return feed->lost + session_lost(feed->table);
}

static Str line_head(Str text)
{
    return str_part(text, 0,
                    text.size < SESSION_LINE_BYTES_MAX ? text.size : SESSION_LINE_BYTES_MAX);
}

static bool hash_is_new(uint64_t *hashes, size_t *count, uint64_t hash)
{
    for (size_t i = 0; i < *count; i++)
        if (hashes[i] == hash)
            return false;
    hashes[(*count)++] = hash;
    return true;
}

static void line_sort(SessionFeed *feed, const SessionLine *line)
{
    uint64_t hashes[SESSION_LINE_KEYS_MAX];
    size_t count = 0, at = 0;
    Str text = line_head(line->text);
    while (count < SESSION_LINE_KEYS_MAX) {
        Str value = session_key_next(&feed->key, text, &at);
        if (value.size == 0)
            return;
        if (!hash_is_new(hashes, &count, hash_bytes(value.text, value.size, feed->seed)))
            continue;
        SessionJudgement ended;
        SessionEvent event = {.key = value,
                              .row = line->row,
                              .time = line->time,
                              .symbol = line->symbol,
                              .level = line->level,
                              .reference = line->reference};
        if (session_put(feed->table, &event, &ended))
            feed->take(feed->context, &ended);
    }
}

/* -- the sample ---------------------------------------------------------------------------- */

static bool sample_keep(SessionFeed *feed, const SessionLine *line, Str text)
{
    char *bytes =
        mem_grow(feed->mem, feed->text, &feed->text_capacity, feed->text_size + text.size + 1, 1);
    if (bytes == NULL)
        return false;
    feed->text = bytes;
    Kept *kept =
        mem_grow(feed->mem, feed->kept, &feed->kept_capacity, feed->kept_count + 1, sizeof *kept);
    if (kept == NULL)
        return false;
    feed->kept = kept;
    kept[feed->kept_count++] = (Kept){.row = line->row,
                                      .time = line->time,
                                      .symbol = line->symbol,
                                      .from = (uint32_t)feed->text_size,
                                      .size = (uint32_t)text.size,
                                      .level = line->level,
                                      .reference = line->reference};
    if (text.size > 0)
        memcpy(bytes + feed->text_size, text.text, text.size);
    feed->text_size += text.size;
    return true;
}

static void sample_decide(SessionFeed *feed)
{
    double worth;
    feed->key = session_key_found(feed->finder, &worth);
    feed->state = feed->key.kind == SESSION_KEY_NONE ? FEED_IDLES : FEED_SORTS;
    for (size_t i = 0; feed->state == FEED_SORTS && i < feed->kept_count; i++) {
        const Kept *kept = &feed->kept[i];
        line_sort(feed, &(SessionLine){.text = {feed->text + kept->from, kept->size},
                                       .row = kept->row,
                                       .time = kept->time,
                                       .symbol = kept->symbol,
                                       .level = kept->level,
                                       .reference = kept->reference});
    }
    sample_free(feed);
}

static void sample_add(SessionFeed *feed, const SessionLine *line)
{
    Str text = line_head(line->text);
    session_key_look(feed->finder, text, line->symbol);
    if (!sample_keep(feed, line, text)) {
        feed->lost++;
        sample_decide(feed);
        return;
    }
    if (feed->kept_count == SESSION_SAMPLE_LINES_MAX ||
        feed->text_size + SESSION_LINE_BYTES_MAX > SESSION_SAMPLE_BYTES_MAX)
        sample_decide(feed);
}

/* -- the stream ---------------------------------------------------------------------------- */

void session_feed_line(SessionFeed *feed, const SessionLine *line)
{
    switch (feed->state) {
    case FEED_SAMPLES:
        sample_add(feed, line);
        return;
    case FEED_SORTS:
        line_sort(feed, line);
        return;
    case FEED_IDLES:
        return;
    }
}

void session_feed_merge(SessionFeed *feed, uint32_t from, uint32_t into)
{
    session_merge(feed->table, from, into);
}

void session_feed_end(SessionFeed *feed)
{
    if (feed->state == FEED_SAMPLES)
        sample_decide(feed);
    feed->state = FEED_IDLES;
    SessionJudgement ended;
    while (session_end(feed->table, &ended))
        feed->take(feed->context, &ended);
}
