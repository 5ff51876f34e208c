/* SPDX-License-Identifier: Apache-2.0 */
#include "event/skeleton.h"

#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/time.h"
#include "event/utf8.h"

#define KIND_MASK 0x07
#define FLAG_AGAIN 0x08  /* SAMPLES: of a series that has come in this commit. */
#define FLAG_DETAIL 0x10 /* LINES: the line was cut.  SAMPLES: there are ns.  */
#define FLAG_WHOLE 0x20  /* LINES: there is a zone.  SAMPLES: all of it here. */
#define FLAG_SAME_KNOWN 0x40
#define FLAG_SAME_SOURCE 0x80
#define KIND_VERDICT EVENT_POSITION /* Which is not in a skeleton, and three bits hold no 8. */
#define KIND_BATCH EVENT_KEY        /* Likewise. */
#define KIND_ALERT 0                /* No kind has it, and so flags tell more kinds apart. */
#define KIND_MORE_FLAGS (FLAG_DETAIL | FLAG_WHOLE)
#define POSTED_FLAGS FLAG_DETAIL
#define FEATURES_FLAGS FLAG_WHOLE
#define BONE_TIME_SHIFT 4
#define HEAD_BYTES_MAX (64 + 4 * VARINT_BYTES_MAX)
#define SAMPLE_BYTES 16
#define SERIES_MIN 64
#define AHEAD_NS_MAX (60 * NS_PER_S) /* Of the clock; the engine believes more. */

uint64_t skeleton_series(Str source, Str series)
{
    char room[UTF8_SHOWN_BYTES * EVENT_SERIES_BYTES_MAX];
    source = utf8_shown(source, room);
    uint64_t hash = hash_bytes(source.text, source.size, 0);
    series = utf8_shown(series, room);
    return hash_bytes(series.text, series.size, hash) | 1;
}

/* -- writing ----------------------------------------------------------------------------------- */

static bool make_room(Skeleton *s, size_t more)
{
    char *grown = mem_grow(s->mem, s->bytes, &s->capacity, s->size + more, 1);
    if (grown == NULL)
        return false;
    s->bytes = grown;
    return true;
}

static void put_byte(Skeleton *s, int byte)
{
    s->bytes[s->size++] = (char)byte;
}

static void put_number(Skeleton *s, uint64_t number)
{
    s->size += varint_put(s->bytes + s->size, number);
}

static void put_signed(Skeleton *s, int64_t number)
{
    put_number(s, (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0));
}

static void put_bytes(Skeleton *s, Str bytes)
{
    if (bytes.size > 0)
        memcpy(s->bytes + s->size, bytes.text, bytes.size);
    s->size += bytes.size;
}

static void put_text(Skeleton *s, Str text)
{
    put_number(s, text.size);
    put_bytes(s, text);
}

static void put_time(Skeleton *s, odd_time time)
{
    bytes_put_u64(s->bytes + s->size, (uint64_t)time);
    s->size += 8;
}

static int64_t difference(odd_time later, odd_time earlier)
{
    return (int64_t)((uint64_t)later - (uint64_t)earlier);
}

static int kind_number(EventKind kind)
{
    switch (kind) {
    case EVENT_VERDICT:
        return KIND_VERDICT;
    case EVENT_BATCH:
        return KIND_BATCH;
    case EVENT_ALERT:
    case EVENT_POSTED:
    case EVENT_FEATURES:
        return KIND_ALERT;
    default:
        return (int)kind;
    }
}

static EventKind kind_of_flags(int flags)
{
    switch (flags & KIND_MORE_FLAGS) {
    case POSTED_FLAGS:
        return EVENT_POSTED;
    case FEATURES_FLAGS:
        return EVENT_FEATURES;
    default:
        return EVENT_ALERT;
    }
}

static EventKind kind_of(int number, int flags)
{
    switch (number) {
    case KIND_VERDICT:
        return EVENT_VERDICT;
    case KIND_BATCH:
        return EVENT_BATCH;
    case KIND_ALERT:
        return kind_of_flags(flags);
    default:
        return (EventKind)number;
    }
}

/* There is room for it. */
static void put_head(Skeleton *s, const Event *event, int flags)
{
    Str last = {.text = s->bytes + s->source_from, .size = s->source_size};
    bool same_source = s->begun && str_equal(last, event->source);
    bool same_known = s->begun && s->known == event->known;
    put_byte(s, kind_number(event->kind) | flags | (same_source ? FLAG_SAME_SOURCE : 0) |
                    (same_known ? FLAG_SAME_KNOWN : 0));
    if (!same_known)
        put_signed(s, difference(event->known, s->known));
    if (!same_source) {
        put_text(s, event->source);
        s->source_from = s->size - event->source.size;
        s->source_size = event->source.size;
    }
    s->known = event->known;
    s->begun = true;
}

static uint64_t lines_of(Str text)
{
    uint64_t count = 0;
    const char *end = text.text + text.size;
    for (const char *at = text.text; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        count++;
    return count;
}

static void add_lines(Skeleton *s, const Event *event)
{
    bool is_cut = event->text.size == EVENT_LINE_BYTES_MAX + 2 &&
                  memchr(event->text.text, '\n', EVENT_LINE_BYTES_MAX + 1) == NULL;
    put_head(s, event, (is_cut ? FLAG_DETAIL : 0) | (event->zone_s != 0 ? FLAG_WHOLE : 0));
    if (event->zone_s != 0)
        put_signed(s, event->zone_s);
    if (is_cut)
        put_byte(s, event->text.text[EVENT_LINE_BYTES_MAX]);
    else
        put_number(s, lines_of(event->text));
}

static int64_t finer_of(odd_time time)
{
    int64_t finer = time % SKELETON_US_NS;
    return finer < 0 ? finer + SKELETON_US_NS : finer;
}

static odd_time us_of(odd_time time)
{
    return time / SKELETON_US_NS - (time % SKELETON_US_NS < 0);
}

/* A time that may not be believed is not that of the row. */
static BoneTime moment_of(const Event *event)
{
    if (event->time == ODD_TIME_NONE)
        return BONE_TIME_NONE;
    if (time_minus(event->time, event->known) > AHEAD_NS_MAX)
        return BONE_TIME_OWN;
    return finer_of(event->time) != 0 ? BONE_TIME_FINER : BONE_TIME_ROW;
}

static void add_record(Skeleton *s, const Event *event)
{
    BoneTime moment = moment_of(event);
    put_head(s, event, 0);
    put_byte(s, (int)event->level | (int)moment << BONE_TIME_SHIFT);
    if (moment == BONE_TIME_FINER)
        put_number(s, (uint64_t)finer_of(event->time));
    if (moment == BONE_TIME_OWN)
        put_time(s, event->time);
}

/* -- samples ----------------------------------------------------------------------------------- */

static SkeletonSeries *series_slot(const Skeleton *s, uint64_t hash)
{
    size_t slot = (size_t)hash & (s->series_capacity - 1);
    while (s->series[slot].series != 0 && s->series[slot].series != hash)
        slot = (slot + 1) & (s->series_capacity - 1);
    return &s->series[slot];
}

static bool series_more(Skeleton *s)
{
    if (2 * (s->series_count + 1) <= s->series_capacity)
        return true;
    Skeleton grown = {.mem = s->mem,
                      .series_capacity =
                          s->series_capacity > 0 ? 2 * s->series_capacity : SERIES_MIN};
    grown.series = mem_take(s->mem, grown.series_capacity * sizeof *grown.series);
    if (grown.series == NULL)
        return false;
    for (size_t i = 0; i < s->series_capacity; i++)
        if (s->series[i].series != 0)
            *series_slot(&grown, s->series[i].series) = s->series[i];
    mem_free(s->mem, s->series, s->series_capacity * sizeof *s->series);
    s->series = grown.series;
    s->series_capacity = grown.series_capacity;
    return true;
}

/* Whether rows, sorted by time, give the samples back: each has a value and a moment of its own
 * that is believed, behind those that the series has already in this commit. */
static bool rows_suffice(const Event *event, odd_time last, odd_time *ret_last, bool *ret_finer)
{
    *ret_finer = false;
    odd_time before = last;
    for (size_t i = 0; i < event->sample_count; i++) {
        Sample sample = event_sample(event, i);
        if (sample.time == ODD_TIME_NONE || sample.value != sample.value ||
            time_minus(sample.time, event->known) > AHEAD_NS_MAX)
            return false;
        odd_time us = us_of(sample.time);
        if (before != ODD_TIME_NONE && us <= before)
            return false;
        *ret_finer |= finer_of(sample.time) != 0;
        before = us;
    }
    *ret_last = before;
    return event->sample_count > 0;
}

static odd_time first_time(const Event *event)
{
    return event_sample(event, 0).time;
}

static bool add_samples(Skeleton *s, const Event *event)
{
    if (!series_more(s))
        return false;
    uint64_t hash = skeleton_series(event->source, event->series);
    SkeletonSeries *series = series_slot(s, hash);
    if (series->series == 0) {
        *series = (SkeletonSeries){.series = hash, .last = ODD_TIME_NONE};
        s->series_count++;
    }
    bool finer = false, again = series->last != ODD_TIME_NONE;
    series->whole = series->whole || !utf8_is_valid(event->series) ||
                    !rows_suffice(event, series->last, &series->last, &finer);
    if (series->whole) {
        put_head(s, event, FLAG_WHOLE);
        put_text(s, event->series);
        put_number(s, event->sample_count);
        put_bytes(s, event->samples);
        return true;
    }
    put_head(s, event, (finer ? FLAG_DETAIL : 0) | (again ? FLAG_AGAIN : 0));
    put_time(s, (odd_time)hash);
    put_number(s, event->sample_count);
    if (again)
        put_signed(s, difference(us_of(event->known), us_of(first_time(event))));
    for (size_t i = 0; finer && i < event->sample_count; i++)
        put_number(s, (uint64_t)finer_of(event_sample(event, i).time));
    return true;
}

/* -- all of it --------------------------------------------------------------------------------- */

/* The lake is written more slowly than a fast model predicts. */
static bool keeps(Skeleton *s, const Event *event)
{
    if (event->kind != EVENT_BATCH)
        return true;
    if (s->batch_bytes + event->text.size > SKELETON_BATCH_BYTES_MAX) {
        s->batches_left_out++;
        return false;
    }
    s->batch_bytes += event->text.size;
    return true;
}

bool skeleton_add(Skeleton *s, const Event *event)
{
    size_t more = HEAD_BYTES_MAX + event->source.size + event->series.size + event->samples.size;
    if (event->kind == EVENT_KEY || event->kind == EVENT_POSITION || !keeps(s, event))
        return true;
    if (event->kind != EVENT_LINES && event->kind != EVENT_RECORD)
        more += event->text.size;
    if (!make_room(s, more))
        return false;
    switch (event->kind) {
    case EVENT_LINES:
        add_lines(s, event);
        break;
    case EVENT_RECORD:
        add_record(s, event);
        break;
    case EVENT_SAMPLES:
        return add_samples(s, event);
    case EVENT_CHANGE:
        put_head(s, event, 0);
        put_time(s, event->time);
        put_text(s, event->text);
        break;
    case EVENT_POSTED:
        put_head(s, event, POSTED_FLAGS);
        put_time(s, event->time);
        put_text(s, event->text);
        break;
    case EVENT_VERDICT:
    case EVENT_BATCH:
    case EVENT_ALERT:
        put_head(s, event, 0);
        put_text(s, event->text);
        break;
    case EVENT_FEATURES:
        put_head(s, event, FEATURES_FLAGS);
        put_text(s, event->text);
        break;
    case EVENT_TICK:
        put_head(s, event, 0);
        break;
    case EVENT_POSITION:
    case EVENT_KEY:
    case EVENT_KIND_COUNT:
        break;
    }
    return true;
}

void skeleton_clear(Skeleton *s)
{
    if (s->series_count > 0)
        memset(s->series, 0, s->series_capacity * sizeof *s->series);
    s->series_count = s->size = s->source_from = s->source_size = s->batch_bytes = 0;
    s->known = 0;
    s->begun = false;
}

void skeleton_close(Skeleton *s)
{
    mem_free(s->mem, s->bytes, s->capacity);
    mem_free(s->mem, s->series, s->series_capacity * sizeof *s->series);
    *s = (Skeleton){.mem = s->mem};
}

/* -- reading ----------------------------------------------------------------------------------- */

static bool get_byte(SkeletonReader *reader, int *ret)
{
    if (reader->at >= reader->bytes.size)
        return false;
    *ret = (unsigned char)reader->bytes.text[reader->at++];
    return true;
}

static bool get_number(SkeletonReader *reader, uint64_t *ret)
{
    return varint_get(reader->bytes.text, reader->bytes.size, &reader->at, ret);
}

static bool get_signed(SkeletonReader *reader, int64_t *ret)
{
    uint64_t number;
    if (!get_number(reader, &number))
        return false;
    *ret = (int64_t)(number >> 1 ^ (0 - (number & 1)));
    return true;
}

static bool get_bytes(SkeletonReader *reader, uint64_t size, Str *ret)
{
    if (size > reader->bytes.size - reader->at)
        return false;
    *ret = str_part(reader->bytes, reader->at, reader->at + (size_t)size);
    reader->at += (size_t)size;
    return true;
}

static bool get_text(SkeletonReader *reader, Str *ret)
{
    uint64_t size;
    return get_number(reader, &size) && get_bytes(reader, size, ret);
}

static bool get_time(SkeletonReader *reader, odd_time *ret)
{
    Str bytes;
    if (!get_bytes(reader, 8, &bytes))
        return false;
    *ret = (odd_time)bytes_get_u64(bytes.text);
    return true;
}

static bool get_lines(SkeletonReader *reader, int flags, Bone *bone)
{
    int64_t zone = 0;
    int last = 0;
    if ((flags & FLAG_WHOLE) && (!get_signed(reader, &zone) || zone != (int32_t)zone))
        return false;
    bone->event.zone_s = (int32_t)zone;
    bone->is_cut = (flags & FLAG_DETAIL) != 0;
    bone->rows = 1;
    if (!bone->is_cut)
        return get_number(reader, &bone->rows);
    bool good = get_byte(reader, &last);
    bone->last = (char)last;
    return good;
}

static bool get_record(SkeletonReader *reader, Bone *bone)
{
    int byte;
    uint64_t finer = 0;
    if (!get_byte(reader, &byte) || (byte & ((1 << BONE_TIME_SHIFT) - 1)) >= LEVEL_COUNT ||
        byte >> BONE_TIME_SHIFT > BONE_TIME_OWN)
        return false;
    bone->rows = 1;
    bone->event.level = (Level)(byte & ((1 << BONE_TIME_SHIFT) - 1));
    bone->moment = (BoneTime)(byte >> BONE_TIME_SHIFT);
    if (bone->moment == BONE_TIME_OWN)
        return get_time(reader, &bone->event.time);
    if (bone->moment == BONE_TIME_FINER && (!get_number(reader, &finer) || finer >= SKELETON_US_NS))
        return false;
    if (bone->moment == BONE_TIME_FINER)
        bone->event.time = (odd_time)finer;
    return true;
}

static bool get_samples(SkeletonReader *reader, int flags, Bone *bone)
{
    bone->whole = (flags & FLAG_WHOLE) != 0;
    if (bone->whole) {
        Event *event = &bone->event;
        if (!get_text(reader, &event->series) || !get_number(reader, &bone->rows) ||
            bone->rows > reader->bytes.size / SAMPLE_BYTES ||
            !get_bytes(reader, bone->rows * SAMPLE_BYTES, &event->samples))
            return false;
        event->sample_count = (size_t)bone->rows;
        bone->series = skeleton_series(event->source, event->series);
        return true;
    }
    odd_time hash;
    if (!get_time(reader, &hash) || !get_number(reader, &bone->rows))
        return false;
    bone->series = (uint64_t)hash;
    bone->begins = ODD_TIME_NONE;
    int64_t before;
    if ((flags & FLAG_AGAIN) && !get_signed(reader, &before))
        return false;
    if (flags & FLAG_AGAIN)
        bone->begins = difference(us_of(bone->event.known), before);
    size_t from = reader->at;
    uint64_t finer;
    for (uint64_t i = 0; (flags & FLAG_DETAIL) && i < bone->rows; i++)
        if (!get_number(reader, &finer) || finer >= SKELETON_US_NS)
            return false;
    bone->finer = str_part(reader->bytes, from, reader->at);
    return true;
}

static bool get_parts(SkeletonReader *reader, int flags, Bone *bone)
{
    switch (bone->event.kind) {
    case EVENT_LINES:
        return get_lines(reader, flags, bone);
    case EVENT_RECORD:
        return get_record(reader, bone);
    case EVENT_SAMPLES:
        return get_samples(reader, flags, bone);
    case EVENT_CHANGE:
    case EVENT_POSTED:
        return get_time(reader, &bone->event.time) && get_text(reader, &bone->event.text);
    case EVENT_VERDICT:
    case EVENT_BATCH:
    case EVENT_ALERT:
    case EVENT_FEATURES:
        return get_text(reader, &bone->event.text);
    case EVENT_TICK:
        return true;
    case EVENT_POSITION:
    case EVENT_KEY:
    case EVENT_KIND_COUNT:
        break;
    }
    return false;
}

EventRead skeleton_next(SkeletonReader *reader, Bone *ret)
{
    int head;
    int64_t later = 0;
    if (!get_byte(reader, &head))
        return EVENT_END;
    if (!(head & FLAG_SAME_KNOWN) && !get_signed(reader, &later))
        return EVENT_TORN;
    reader->known = (odd_time)((uint64_t)reader->known + (uint64_t)later);
    if (!(head & FLAG_SAME_SOURCE) && !get_text(reader, &reader->source))
        return EVENT_TORN;
    Bone bone = {.event = {.kind = kind_of(head & KIND_MASK, head),
                           .source = reader->source,
                           .known = reader->known,
                           .time = ODD_TIME_NONE}};
    if (reader->source.size > EVENT_NAME_BYTES_MAX || !get_parts(reader, head, &bone))
        return EVENT_TORN;
    *ret = bone;
    return EVENT_READ;
}
