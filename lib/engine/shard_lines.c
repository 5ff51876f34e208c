/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_lines.c - lines and records of a shard: laid out, lexed and learnt in batches of one
 * source. */
#include "engine/shard.h"

#include <assert.h>

#include "base/time.h"
#include "engine/shard_row.h"
#include "event/colour.h"
#include "event/level.h"

#define BATCH_ITEMS_MAX 4096
/* Of one event's lines: what a batch needs is ten times that. */
#define SLICE_BYTES_MAX (256u << 10)
#define LATE_NS_MAX (600 * NS_PER_S)  /* Lines may come so late behind others. */

static Str first_line(Str text)
{
    const char *end = memchr(text.text, '\n', text.size);
    return end != NULL ? str_part(text, 0, (size_t)(end - text.text)) : text;
}

/* -- the batch --------------------------------------------------------------------------------- */

static bool origin_add(Shard *shard, size_t number, Origin origin)
{
    Origin *grown = mem_grow(&shard->way_mem, shard->origins, &shard->origin_capacity, number + 1,
                             sizeof *grown);
    if (grown == NULL)
        return false;
    shard->origins = grown;
    grown[number] = origin;
    return true;
}

static bool origins_add_lines(Shard *shard, size_t number, const Event *event)
{
    const char *at = event->text.text, *end = at + event->text.size;
    for (; at < end; number++) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        assert(line_end != NULL);
        Str line = {.text = at, .size = (size_t)(line_end - at)};
        if (line.size > LINE_BYTES_MAX) /* As the batch cuts it. */
            line.size = LINE_BYTES_MAX;
        if (!origin_add(shard, number, (Origin){.text = line, .known = event->known}))
            return false;
        at = line_end + 1;
    }
    assert(number == shard->batch->item_count);
    return true;
}

/* As many whole lines as fit into a slice, one at least. */
static Str next_slice(Str lines)
{
    if (lines.size <= SLICE_BYTES_MAX)
        return lines;
    const char *end = memrchr(lines.text, '\n', SLICE_BYTES_MAX);
    if (end == NULL)
        end = memchr(lines.text, '\n', lines.size);
    return str_part(lines, 0, (size_t)(end + 1 - lines.text));
}

static odd_rc rows_add(Shard *shard, uint32_t source, const Event *event);

/* Slices of a long event are learnt one after the other. */
static odd_rc rows_add_slices(Shard *shard, uint32_t source, const Event *event)
{
    odd_rc rc = ODD_OK;
    for (Str rest = event->text; rc == ODD_OK && rest.size > 0;) {
        Event part = *event;
        part.text = next_slice(rest);
        rest = str_part(rest, part.text.size, rest.size);
        rc = rows_add(shard, source, &part);
        if (rc == ODD_OK)
            rc = shard_rows_flush(shard);
    }
    return rc;
}

/* The layout of the source is known. */
static odd_rc rows_add(Shard *shard, uint32_t source, const Event *event)
{
    odd_batch *batch = shard->batch;
    odd_rc rc = ODD_OK;
    if (event->kind == EVENT_LINES && event->text.size > SLICE_BYTES_MAX &&
        next_slice(event->text).size < event->text.size)
        return rows_add_slices(shard, source, event);
    if (batch->item_count > 0 &&
        (batch->source != (int)source || batch->item_count >= BATCH_ITEMS_MAX))
        rc = shard_rows_flush(shard);
    if (rc != ODD_OK)
        return rc;
    if (batch->item_count == 0)
        batch_clear(batch, (int)source, shard->db->sources[source].counts.rows + 1);
    size_t before = batch->item_count;
    if (event->kind == EVENT_LINES) {
        rc = batch_add_lines(batch, shard->db, event->text);
        return rc == ODD_OK && !origins_add_lines(shard, before, event) ? ODD_NOMEM : rc;
    }
    rc =
        batch_add_record(batch, shard->db, first_line(event->text), event->time, (int)event->level);
    Origin origin = {.text = event->text,
                     .attributes = event->attributes,
                     .known = event->known,
                     .is_record = true};
    return rc == ODD_OK && !origin_add(shard, before, origin) ? ODD_NOMEM : rc;
}

/* The time that a line has if it says none, or none that can be believed: when it came. */
static void item_time(Feed *feed, Item *item, odd_time known)
{
    if (item->time == ODD_TIME_NONE) {
        if (feed->newest == ODD_TIME_NONE && !item->continues)
            feed->untimed = true;
        if (feed->untimed)
            item->time = known;
        return;
    }
    feed->untimed = false;
    if (time_minus(item->time, known) > EARLY_NS_MAX) {
        feed->early++;
        item->time = known;
    }
}

odd_rc shard_rows_flush(Shard *shard)
{
    odd_batch *batch = shard->batch;
    odd_rc rc = ODD_OK;
    while (rc == ODD_OK && batch->next < batch->item_count) {
        Feed *feed = &shard->feeds[batch->source];
        item_time(feed, &batch->items[batch->next], shard->origins[batch->next].known);
        rc = commit_line(shard->db, batch);
    }
    batch_clear(batch, batch->source, 0);
    return rc;
}

odd_rc shard_line(Shard *shard, const Line *line, Judgement judgement)
{
    Feed *feed = &shard->feeds[line->spot.source];
    const Item *item = &shard->batch->items[shard->batch->next - 1];
    const Origin *origin = &shard->origins[shard->batch->next - 1];
    shard_row(shard, line, item, origin);
    odd_rc rc = shard_feature_line(shard, line, origin);
    if (rc != ODD_OK)
        return rc;
    odd_time time = line->spot.time;
    if (time != ODD_TIME_NONE && feed->newest != ODD_TIME_NONE &&
        time_minus(feed->newest, time) > LATE_NS_MAX) {
        feed->late++; /* Learnt and kept, and not judged. */
        return ODD_OK;
    }
    if (time != ODD_TIME_NONE && (feed->newest == ODD_TIME_NONE || time > feed->newest))
        feed->newest = time;
    bool is_faint = judgement.surprise < shard->threshold;
    if (!is_faint || shard_may_raise(shard, judgement.surprise) ||
        shard_may_hint(shard, judgement.surprise,
                       signal_seen(&shard->db->signals.signals[line->signal])))
        shard_line_candidate(shard, line, judgement, origin->text, is_faint);
    shard_see_line(shard, line, judgement, origin->text);
    if (!line->is_frame)
        shard_rates_line(shard, line);
    return ODD_OK;
}

/* -- sources whose layout is not known yet ----------------------------------------------------- */

static bool sample_add(Shard *shard, Feed *feed, Str text)
{
    size_t room = LAYOUT_SAMPLE_BYTES_MAX - feed->sample_size;
    if (text.size > room)
        text.size = room;
    if (text.size == 0)
        return true;
    char *grown = mem_grow(&shard->mem, feed->sample, &feed->sample_capacity,
                           feed->sample_size + text.size, 1);
    if (grown == NULL)
        return false;
    feed->sample = grown;
    memcpy(grown + feed->sample_size, text.text, text.size);
    feed->sample_size += text.size;
    return true;
}

static bool sample_add_event(Shard *shard, Feed *feed, const Event *event)
{
    if (event->kind == EVENT_LINES)
        return sample_add(shard, feed, event->text);
    return sample_add(shard, feed, first_line(event->text)) && sample_add(shard, feed, STR("\n"));
}

static void layout_from_sample(Shard *shard, uint32_t number)
{
    Feed *feed = &shard->feeds[number];
    Source *source = &shard->db->sources[number];
    char bytes[LAYOUT_SAMPLE_BYTES_MAX];
    memcpy(bytes, feed->sample, feed->sample_size);
    Str sample = {.text = bytes, .size = colour_strip(bytes, feed->sample_size)};
    odd_time now = shard->now != ODD_TIME_NONE ? shard->now : source->reading.now;
    source->layout = layout_learn(sample, now, feed->zone_s);
    source->sampled = true;
    feed->sample_learnt = feed->sample_size;
    if (feed->sample_size < LAYOUT_SAMPLE_BYTES_MAX)
        return;
    mem_free(&shard->mem, feed->sample, feed->sample_capacity);
    feed->sample = NULL;
    feed->sample_size = feed->sample_capacity = 0;
}

static odd_rc waiting_learn(Shard *shard, uint32_t number)
{
    layout_from_sample(shard, number);
    odd_events *waiting = shard->feeds[number].waiting;
    shard->feeds[number].waiting = NULL;
    if (waiting == NULL)
        return ODD_OK;
    EventReader reader = {.bytes = {.text = waiting->bytes, .size = waiting->size}};
    Event event;
    odd_rc rc = shard_rows_flush(shard);
    while (rc == ODD_OK && event_next(&reader, &event) == EVENT_READ)
        rc = rows_add(shard, number, &event);
    if (rc == ODD_OK)
        rc = shard_rows_flush(shard); /* Their texts go with `waiting`. */
    events_close(waiting);
    return rc;
}

static odd_rc rows_wait(Shard *shard, uint32_t number, const Event *event)
{
    Feed *feed = &shard->feeds[number];
    if (feed->waiting == NULL)
        feed->waiting = events_open(NULL, event->known);
    if (feed->waiting == NULL || !events_copy(feed->waiting, event) ||
        !sample_add_event(shard, feed, event))
        return ODD_NOMEM;
    return feed->sample_size < LAYOUT_SAMPLE_BYTES_MAX ? ODD_OK : waiting_learn(shard, number);
}

odd_rc shard_rows(Shard *shard, const Event *event)
{
    if (event->kind == EVENT_LINES && event->text.size == 0)
        return ODD_OK;
    uint32_t number = shard_source(shard, event->source, event->known, event->zone_s);
    if (number == NAME_NONE)
        return ODD_NOMEM;
    Feed *feed = &shard->feeds[number];
    feed->known = event->known;
    feed->is_structured = event->kind == EVENT_RECORD;
    if (!shard->db->sources[number].sampled)
        return rows_wait(shard, number, event);
    if (feed->sample != NULL && !sample_add_event(shard, feed, event))
        return ODD_NOMEM;
    return rows_add(shard, number, event);
}

/* A source that has said something by the time of a tick need not say more to be read.  What its
 * layout was learnt from grows, and at each doubling it is learnt anew. */
odd_rc shard_rows_tick(Shard *shard)
{
    odd_rc rc = ODD_OK;
    for (uint32_t i = 0; rc == ODD_OK && i < shard->db->source_count; i++) {
        const Feed *feed = &shard->feeds[i];
        if (!shard->db->sources[i].sampled && feed->sample_size > 0)
            rc = waiting_learn(shard, i);
        else if (feed->sample != NULL && (feed->sample_size >= 2 * feed->sample_learnt ||
                                          feed->sample_size == LAYOUT_SAMPLE_BYTES_MAX))
            layout_from_sample(shard, i);
    }
    return rc;
}
