/* SPDX-License-Identifier: Apache-2.0 */
#include "event/events.h"

#include <assert.h>

#include "base/bytes.h"
#include "event/prediction_mask.h"

#define HEAD_BYTES_MAX (1 + 4 * VARINT_BYTES_MAX + 8 + 8 + 4 + 1 + 4)
#define RUN_BYTES_KEPT (16u << 20)

odd_events *events_open(const Masks *masks, odd_time known)
{
    Mem mem = {0};
    odd_events *events = mem_take(&mem, sizeof *events);
    if (events == NULL)
        return NULL;
    events->mem = mem;
    events->mem.bytes_max = 2 * (uint64_t)EVENTS_BYTES_MAX;
    events->masks = masks;
    events->known = known;
    return events;
}

void events_close(odd_events *events)
{
    if (events == NULL)
        return;
    mem_free(&events->mem, events->bytes, events->capacity);
    mask_room_free(&events->room, &events->mem);
    mem_free(&events->mem, events->items, events->item_capacity);
    Mem mem = events->mem;
    mem_free(&mem, events, sizeof *events);
}

void events_clear(odd_events *events)
{
    events->size = 0;
    events->has_source = false;
    events->event_count = 0;
    events->item_count = 0;
    events->counts = (EventCounts){0};
}

EventsMark events_mark(const odd_events *events)
{
    return (EventsMark){.size = events->size,
                        .event_count = events->event_count,
                        .last_source_from = events->last_source_from,
                        .last_source_size = events->last_source_size,
                        .samples_at = events->samples_at,
                        .has_source = events->has_source,
                        .last_known = events->last_known,
                        .counts = events->counts};
}

void events_back_to(odd_events *events, EventsMark mark)
{
    events->size = mark.size;
    events->event_count = mark.event_count;
    events->last_source_from = mark.last_source_from;
    events->last_source_size = mark.last_source_size;
    events->samples_at = mark.samples_at;
    events->has_source = mark.has_source;
    events->last_known = mark.last_known;
    events->counts = mark.counts;
}

/* Room for `more` bytes, or NULL. */
static char *events_room(odd_events *events, size_t more)
{
    if (more > EVENTS_BYTES_MAX || events->size + more > EVENTS_BYTES_MAX)
        return NULL;
    char *grown = mem_grow(&events->mem, events->bytes, &events->capacity, events->size + more, 1);
    if (grown == NULL)
        return NULL;
    events->bytes = grown;
    return grown + events->size;
}

static void put_byte(odd_events *events, int byte)
{
    events->bytes[events->size++] = (char)byte;
}

static void put_time(odd_events *events, odd_time time)
{
    bytes_put_u64(events->bytes + events->size, (uint64_t)time);
    events->size += 8;
}

static void put_text(odd_events *events, Str text)
{
    events->size += varint_put(events->bytes + events->size, text.size);
    if (text.size > 0)
        memcpy(events->bytes + events->size, text.text, text.size);
    events->size += text.size;
}

static Str cut(Str text, size_t size_max)
{
    return text.size > size_max ? str_part(text, 0, size_max) : text;
}

/* Sources are texts that end with a NUL further on, so no two of them may differ behind one. */
Str event_source_cut(Str source)
{
    const char *nul = source.size > 0 ? memchr(source.text, '\0', source.size) : NULL;
    return cut(source, nul != NULL && (size_t)(nul - source.text) < EVENT_NAME_BYTES_MAX
                           ? (size_t)(nul - source.text)
                           : EVENT_NAME_BYTES_MAX);
}

/* Kind, source and moment; the caller has made room. */
static void put_head(odd_events *events, EventKind kind, Str source)
{
    Str last = {.text = events->bytes + events->last_source_from, .size = events->last_source_size};
    bool same_source = events->has_source && str_equal(last, source);
    bool same_known = events->has_source && events->last_known == events->known;
    put_byte(events, (int)kind | (same_source ? EVENT_SAME_SOURCE : 0) |
                         (same_known ? EVENT_SAME_KNOWN : 0));
    if (!same_known)
        put_time(events, events->known);
    if (!same_source) {
        put_text(events, source);
        events->last_source_from = events->size - source.size;
        events->last_source_size = source.size;
    }
    events->has_source = true;
    events->last_known = events->known;
    events->event_count++;
}

/* Every text that is stored comes through here: masked, and then cut, as half an address would not
 * be seen as one. */
static bool text_for_store(odd_events *events, Str text, size_t size_max, Str *ret)
{
    events->counts.bytes += text.size;
    if (events->masks != NULL && !masks_apply(events->masks, &events->mem, &events->room, text,
                                              &text, events->counts.masked))
        return false;
    *ret = cut(text, size_max);
    events->counts.cut += text.size > size_max;
    return true;
}

static bool put_event(odd_events *events, EventKind kind, Str source, Str text)
{
    source = event_source_cut(source);
    if (events_room(events, HEAD_BYTES_MAX + source.size + text.size) == NULL)
        return false;
    put_head(events, kind, source);
    put_text(events, text);
    return true;
}

/* The line ends count too, so that a limit of a line is not one of a text of many lines.  A line
 * that is cut keeps its line end. */
static bool put_lines(odd_events *events, Str source, int32_t zone_s, Str lines)
{
    source = event_source_cut(source);
    bool ends = lines.text[lines.size - 1] == '\n';
    if (events_room(events, HEAD_BYTES_MAX + source.size + lines.size + 1) == NULL)
        return false;
    put_head(events, EVENT_LINES, source);
    bytes_put_u32(events->bytes + events->size, (uint32_t)zone_s);
    events->size += 4;
    events->size += varint_put(events->bytes + events->size, lines.size + !ends);
    memcpy(events->bytes + events->size, lines.text, lines.size);
    events->size += lines.size;
    if (!ends)
        put_byte(events, '\n');
    return true;
}

static size_t lines_in(Str lines)
{
    size_t count = lines.text[lines.size - 1] != '\n';
    const char *end = lines.text + lines.size;
    for (const char *at = lines.text; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        count++;
    return count;
}

static bool has_long_line(Str lines)
{
    const char *at = lines.text, *end = lines.text + lines.size;
    while ((size_t)(end - at) > EVENT_LINE_BYTES_MAX) {
        const char *line_end = memchr(at, '\n', EVENT_LINE_BYTES_MAX + 1);
        if (line_end == NULL)
            return true;
        at = line_end + 1;
    }
    return false;
}

/* Line by line, each cut, but for one byte more than is allowed: so the engine sees it, and counts
 * it for its source.  Slow, and rare. */
static bool put_long_lines(odd_events *events, Str source, int32_t zone_s, Str lines)
{
    EventsMark mark = events_mark(events);
    while (lines.size > 0) {
        const char *end = memchr(lines.text, '\n', lines.size);
        size_t size = end != NULL ? (size_t)(end - lines.text) : lines.size;
        bool is_long = size > EVENT_LINE_BYTES_MAX;
        size_t kept = is_long ? EVENT_LINE_BYTES_MAX + 1 : size;
        events->counts.cut += is_long;
        Str line =
            is_long ? str_part(lines, 0, kept) : str_part(lines, 0, end != NULL ? size + 1 : size);
        if (!put_lines(events, source, zone_s, line.size > 0 ? line : STR("\n"))) {
            events_back_to(events, mark);
            return false;
        }
        lines = str_part(lines, end != NULL ? size + 1 : size, lines.size);
    }
    return true;
}

bool events_lines(odd_events *events, Str source, int32_t zone_s, Str lines)
{
    if (lines.size == 0)
        return true;
    EventsMark mark = events_mark(events);
    Str kept;
    if (!text_for_store(events, lines, EVENTS_BYTES_MAX, &kept))
        return false;
    events->counts.lines += lines_in(kept);
    bool good = has_long_line(kept) ? put_long_lines(events, source, zone_s, kept)
                                    : put_lines(events, source, zone_s, kept);
    if (!good)
        events_back_to(events, mark);
    return good;
}

bool events_record(odd_events *events, Str source, odd_time time, Level level, Str text,
                   Str attributes)
{
    EventsMark mark = events_mark(events);
    source = event_source_cut(source);
    size_t more = HEAD_BYTES_MAX + source.size;
    Str kept;
    if (!text_for_store(events, text, EVENT_LINE_BYTES_MAX, &kept) ||
        events_room(events, more + kept.size) == NULL) {
        events_back_to(events, mark);
        return false;
    }
    put_head(events, EVENT_RECORD, source);
    put_time(events, time);
    put_byte(events, (int)level);
    put_text(events, kept);
    if (attributes.size > EVENT_LINE_BYTES_MAX) {
        attributes.size = 0; /* A part of an object is none. */
        events->counts.cut++;
    }
    if (!text_for_store(events, attributes, EVENT_LINE_BYTES_MAX, &kept) ||
        events_room(events, VARINT_BYTES_MAX + kept.size) == NULL) {
        events_back_to(events, mark);
        return false;
    }
    put_text(events, kept);
    events->counts.records++;
    return true;
}

bool events_change(odd_events *events, Str source, odd_time time, Str text)
{
    EventsMark mark = events_mark(events);
    source = event_source_cut(source);
    Str kept;
    if (!text_for_store(events, text, EVENT_LINE_BYTES_MAX, &kept) ||
        events_room(events, HEAD_BYTES_MAX + source.size + kept.size) == NULL) {
        events_back_to(events, mark);
        return false;
    }
    put_head(events, EVENT_CHANGE, source);
    put_time(events, time);
    put_text(events, kept);
    events->counts.changes++;
    return true;
}

bool events_posted(odd_events *events, Str name, odd_time time, Str object)
{
    EventsMark mark = events_mark(events);
    name = event_source_cut(name);
    Str kept;
    if (!text_for_store(events, object, EVENTS_BYTES_MAX, &kept) ||
        kept.size > EVENT_LINE_BYTES_MAX ||
        events_room(events, HEAD_BYTES_MAX + name.size + kept.size) == NULL) {
        events_back_to(events, mark);
        return false;
    }
    put_head(events, EVENT_POSTED, name);
    put_time(events, time);
    put_text(events, kept);
    events->counts.posted++;
    return true;
}

bool events_features(odd_events *events, Str text)
{
    return put_event(events, EVENT_FEATURES, STR(""), text);
}

bool events_alert(odd_events *events, Str source, Str text)
{
    EventsMark mark = events_mark(events);
    Str kept;
    bool good = text_for_store(events, text, EVENT_LINE_BYTES_MAX, &kept) &&
                put_event(events, EVENT_ALERT, source, kept);
    if (!good)
        events_back_to(events, mark);
    events->counts.alerts += good;
    return good;
}

bool events_tick(odd_events *events)
{
    if (events_room(events, HEAD_BYTES_MAX) == NULL)
        return false;
    put_head(events, EVENT_TICK, STR(""));
    return true;
}

bool events_verdict(odd_events *events, Str text)
{
    return text.size <= EVENT_LINE_BYTES_MAX && put_event(events, EVENT_VERDICT, STR(""), text);
}

bool events_position(odd_events *events, Str source, Str text)
{
    return put_event(events, EVENT_POSITION, source, cut(text, EVENT_LINE_BYTES_MAX));
}

bool events_key(odd_events *events, Str key)
{
    return put_event(events, EVENT_KEY, STR(""), cut(key, EVENT_NAME_BYTES_MAX));
}

static void count_batch(EventCounts *counts, const PredictionBatch *batch)
{
    *(batch->what == BATCH_OUTCOMES ? &counts->outcomes : &counts->predictions) += batch->rows;
    counts->bytes += batch->bytes.size;
}

bool events_batch(odd_events *events, const PredictionBatch *batch)
{
    Str bytes = batch->bytes;
    MaskedBatch masked = {.text = NULL};
    if (events->masks != NULL && !batch_mask(batch, events, &masked))
        return false;
    if (masked.text != NULL)
        bytes = (Str){.text = masked.text, .size = masked.size};
    bool good = put_event(events, EVENT_BATCH, batch->model, bytes);
    mem_free(&events->mem, masked.text, masked.capacity);
    if (good)
        count_batch(&events->counts, batch);
    return good;
}

static void put_sample(odd_events *events, odd_time time, double value)
{
    put_time(events, time);
    bytes_put_double(events->bytes + events->size, value);
    events->size += 8;
    char *count = events->bytes + events->samples_at;
    bytes_put_u32(count, bytes_get_u32(count) + 1);
    events->counts.samples++;
    events->counts.bytes += EVENT_SAMPLE_BYTES;
}

bool events_series(odd_events *events, Str source, Str series, odd_time time, double value)
{
    source = event_source_cut(source);
    series = cut(series, EVENT_SERIES_BYTES_MAX);
    if (events_room(events, HEAD_BYTES_MAX + source.size + series.size + EVENT_SAMPLE_BYTES) ==
        NULL)
        return false;
    put_head(events, EVENT_SAMPLES, source);
    put_text(events, series);
    events->samples_at = events->size;
    bytes_put_u32(events->bytes + events->size, 0);
    events->size += 4;
    put_sample(events, time, value);
    return true;
}

bool events_sample(odd_events *events, odd_time time, double value)
{
    assert(events->samples_at > 0);
    if (events_room(events, EVENT_SAMPLE_BYTES) == NULL)
        return false;
    put_sample(events, time, value);
    return true;
}

static void put_event_parts(odd_events *events, const Event *event)
{
    char *to = events->bytes;
    switch (event->kind) {
    case EVENT_LINES:
        bytes_put_u32(to + events->size, (uint32_t)event->zone_s);
        events->size += 4;
        put_text(events, event->text);
        return;
    case EVENT_RECORD:
        put_time(events, event->time);
        put_byte(events, (int)event->level);
        put_text(events, event->text);
        put_text(events, event->attributes);
        return;
    case EVENT_SAMPLES:
        put_text(events, event->series);
        bytes_put_u32(to + events->size, (uint32_t)event->sample_count);
        events->size += 4;
        memcpy(to + events->size, event->samples.text, event->samples.size);
        events->size += event->samples.size;
        return;
    case EVENT_CHANGE:
    case EVENT_POSTED:
        put_time(events, event->time);
        put_text(events, event->text);
        return;
    case EVENT_POSITION:
    case EVENT_KEY:
    case EVENT_VERDICT:
    case EVENT_BATCH:
    case EVENT_ALERT:
    case EVENT_FEATURES:
        put_text(events, event->text);
        return;
    case EVENT_TICK:
    case EVENT_KIND_COUNT:
        return;
    }
}

bool events_copy(odd_events *events, const Event *event)
{
    size_t more = HEAD_BYTES_MAX + event->source.size + event->text.size + event->attributes.size +
                  event->series.size + event->samples.size;
    if (events_room(events, more) == NULL)
        return false;
    events->known = event->known;
    put_head(events, event->kind, event->source);
    put_event_parts(events, event);
    return true;
}

bool events_append(odd_events *events, const odd_events *more)
{
    if (more->size == 0)
        return true;
    char *room = events_room(events, more->size);
    if (room == NULL)
        return false;
    memcpy(room, more->bytes, more->size);
    events->size += more->size;
    events->has_source = false;
    events->event_count += more->event_count;
    events->counts.lines += more->counts.lines;
    events->counts.records += more->counts.records;
    events->counts.samples += more->counts.samples;
    events->counts.changes += more->counts.changes;
    events->counts.predictions += more->counts.predictions;
    events->counts.outcomes += more->counts.outcomes;
    events->counts.posted += more->counts.posted;
    events->counts.cut += more->counts.cut;
    for (int kind = 0; kind < ODD_MASK_KIND_COUNT; kind++)
        events->counts.masked[kind] += more->counts.masked[kind];
    events->counts.bytes += more->counts.bytes;
    return true;
}

char *events_run(odd_events *events, size_t size)
{
    events_clear(events);
    if (events->capacity > RUN_BYTES_KEPT && size <= RUN_BYTES_KEPT) {
        mem_free(&events->mem, events->bytes, events->capacity); /* The last one was very large. */
        events->bytes = NULL;
        events->capacity = 0;
    }
    if (events_room(events, size) == NULL)
        return NULL;
    events->size = size;
    return events->bytes;
}

/* What is added behind such a run names its source: has_source stays false. */
bool events_count_run(odd_events *events)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    EventRead read;
    while ((read = event_next(&reader, &event)) == EVENT_READ) {
        events->event_count++;
        events->counts.records += event.kind == EVENT_RECORD;
        events->counts.changes += event.kind == EVENT_CHANGE;
        events->counts.alerts += event.kind == EVENT_ALERT;
        events->counts.posted += event.kind == EVENT_POSTED;
        events->counts.samples += event.sample_count;
    }
    return read == EVENT_END;
}
