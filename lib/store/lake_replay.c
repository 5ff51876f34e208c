/* SPDX-License-Identifier: Apache-2.0
 *
 * lake_replay.c - events once more: skeletons of commits, filled with the rows that they became. */
#include <math.h>

#include "base/bytes.h"
#include "base/names.h"
#include "base/time.h"
#include "event/skeleton.h"
#include "store/stretch.h"

#define SOURCE_OTHER "__other__" /* As the engine names what came of sources beyond the limit. */
#define REPAIRS_MAX 5
#define SAMPLE_BYTES 16
#define SERIES_KEY_BYTES 8

typedef struct {
    Bone bone;
    odd_time until; /* SAMPLES: rows from then on, in us, are of a later event. */
} Piece;

typedef struct {
    odd_lake *lake;
    Stretch stretch;
    Names series;          /* Seen so far: the hash of each, as 8 bytes.         */
    Names series_names;    /* Hash and name of each, in the same order.      */
    odd_time *series_last; /* The newest sample of each.                     */
    size_t series_capacity;
    Piece *pieces; /* Of one commit. */
    size_t piece_count, piece_capacity;
    char *room; /* Where texts and samples of one event are put together. */
    size_t room_capacity;
    odd_events *events;
    odd_lake_replayed counts;
} Replay;

static char *make_room(Replay *r, size_t size)
{
    char *grown = mem_grow(&r->lake->mem, r->room, &r->room_capacity, size + 1, 1);
    if (grown != NULL)
        r->room = grown;
    return grown;
}

/* -- lines and records ------------------------------------------------------------------------- */

/* The next line of a source; NULL: it is gone. */
static const StretchLine *line_next(Replay *r, Str source)
{
    RowGroup *group = stretch_lines(&r->stretch, source);
    if (group == NULL)
        group = stretch_lines(&r->stretch, STR(SOURCE_OTHER));
    const StretchLine *line = group != NULL && group->used < group->count
                                  ? &r->stretch.lines[group->first + group->used++]
                                  : NULL;
    bool lost = line == NULL || line->is_lost;
    r->counts.lines_missing += lost;
    return lost ? NULL : line;
}

static bool add_lines(Replay *r, const Bone *bone)
{
    size_t size = 0;
    for (uint64_t i = 0; i < bone->rows; i++) {
        const StretchLine *line = line_next(r, bone->event.source);
        if (line == NULL)
            continue;
        char *room = make_room(r, size + line->size + 2);
        if (room == NULL)
            return false;
        if (line->size > 0)
            memcpy(room + size, stretch_text(&r->stretch, line->at, line->size).text, line->size);
        size += line->size;
        if (bone->is_cut)
            room[size++] = bone->last;
        room[size++] = '\n';
    }
    Event event = bone->event;
    event.text = (Str){.text = r->room, .size = size};
    return size == 0 || events_copy(r->events, &event);
}

static bool add_record(Replay *r, const Bone *bone)
{
    const StretchLine *line = line_next(r, bone->event.source);
    if (line == NULL)
        return true;
    Event event = bone->event;
    event.text = stretch_text(&r->stretch, line->at, line->size);
    if (bone->moment == BONE_TIME_ROW)
        event.time = line->time;
    if (bone->moment == BONE_TIME_FINER && line->time != ODD_TIME_NONE)
        event.time += line->time;
    return events_copy(r->events, &event);
}

/* -- samples ----------------------------------------------------------------------------------- */

static void put_sample(char *to, odd_time time, double value)
{
    bytes_put_u64(to, (uint64_t)time);
    bytes_put_double(to + 8, value);
}

/* NAME_NONE: it was not seen before. */
static uint32_t series_of(const Replay *r, uint64_t hash)
{
    char key[SERIES_KEY_BYTES];
    bytes_put_u64(key, hash);
    return names_find(&r->series, (Str){.text = key, .size = sizeof key});
}

static bool series_add(Replay *r, uint64_t hash, Str name)
{
    char key[SERIES_KEY_BYTES], named[SERIES_KEY_BYTES + EVENT_SERIES_BYTES_MAX];
    bool is_new;
    bytes_put_u64(key, hash);
    bytes_put_u64(named, hash);
    if (name.size > EVENT_SERIES_BYTES_MAX)
        name.size = EVENT_SERIES_BYTES_MAX;
    if (name.size > 0)
        memcpy(named + SERIES_KEY_BYTES, name.text, name.size);
    Str text = {.text = named, .size = SERIES_KEY_BYTES + name.size};
    odd_time *grown = mem_grow(&r->lake->mem, r->series_last, &r->series_capacity,
                               r->series.count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    r->series_last = grown;
    grown[r->series.count] = ODD_TIME_NONE;
    return names_add(&r->series, (Str){.text = key, .size = sizeof key}, &is_new) != NAME_NONE &&
           names_add(&r->series_names, text, &is_new) != NAME_NONE;
}

static bool series_seen(Replay *r, const Event *event, uint64_t hash)
{
    if (series_of(r, hash) == NAME_NONE && !series_add(r, hash, event->series))
        return false;
    odd_time *last = &r->series_last[series_of(r, hash)];
    for (size_t i = 0; i < event->sample_count; i++) {
        odd_time time = event_sample(event, i).time;
        if (time_minus(time, event->known) <= 0 && time > *last)
            *last = time;
    }
    return true;
}

/* Of a sample that came before there is no row: one that is late says as much, and no more. */
static bool add_without_rows(Replay *r, const Bone *bone)
{
    char late[SAMPLE_BYTES];
    Event event = bone->event;
    uint32_t number = series_of(r, bone->series);
    if (number != NAME_NONE) {
        Str name = names_text(&r->series_names, number);
        put_sample(late, r->series_last[number], 0);
        event.series = str_part(name, SERIES_KEY_BYTES, name.size);
        event.samples = (Str){.text = late, .size = sizeof late};
        event.sample_count = 1;
    } else {
        r->counts.samples_missing += bone->rows;
    }
    return events_copy(r->events, &event);
}

static bool add_whole(Replay *r, const Bone *bone)
{
    return series_seen(r, &bone->event, bone->series) && events_copy(r->events, &bone->event);
}

/* How many of the next rows of a group are of this event. */
static size_t rows_of(const Replay *r, const RowGroup *group, const Piece *piece)
{
    size_t count = 0, left = group != NULL ? group->count - group->used : 0;
    while (count < left && count < piece->bone.rows &&
           r->stretch.samples[group->first + group->used + count].time / SKELETON_US_NS <
               piece->until)
        count++;
    return count;
}

static bool add_samples(Replay *r, const Piece *piece, uint64_t position)
{
    const Bone *bone = &piece->bone;
    if (bone->whole)
        return add_whole(r, bone);
    RowGroup *group = stretch_samples(&r->stretch, bone->series, position);
    size_t count = rows_of(r, group, piece);
    if (count == 0)
        return add_without_rows(r, bone);
    Event event = bone->event;
    event.series = stretch_text(&r->stretch, group->at, group->size);
    char *room = make_room(r, count * SAMPLE_BYTES);
    if (room == NULL)
        return false;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        Sample sample = r->stretch.samples[group->first + group->used++];
        uint64_t finer = 0;
        if (bone->finer.size > 0)
            varint_get(bone->finer.text, bone->finer.size, &at, &finer);
        put_sample(room + i * SAMPLE_BYTES, sample.time + (odd_time)finer, sample.value);
    }
    event.samples = (Str){.text = room, .size = count * SAMPLE_BYTES};
    event.sample_count = count;
    return series_seen(r, &event, bone->series) && events_copy(r->events, &event);
}

/* -- rows of samples that the skeleton has whole ----------------------------------------------- */

static bool same_sample(Sample a, Sample b)
{
    bool both_missing = a.value != a.value && b.value != b.value;
    return a.time / SKELETON_US_NS == b.time / SKELETON_US_NS &&
           (both_missing || a.value == b.value);
}

/* Where a series has more rows than its other events need, some are of those. */
static void group_without(Replay *r, RowGroup *group, Sample sample)
{
    Sample *rows = r->stretch.samples + group->first;
    for (size_t i = 0; group->count > group->needed && i < group->count; i++) {
        if (!same_sample(rows[i], sample))
            continue;
        memmove(&rows[i], &rows[i + 1], (group->count - i - 1) * sizeof *rows);
        group->count--;
        return;
    }
}

/* Which rows of samples are of which event. */
static void share_rows(Replay *r, uint64_t position)
{
    bool any_whole = false;
    for (size_t i = 0; i < r->piece_count; i++) {
        Bone *bone = &r->pieces[i].bone;
        if (bone->event.kind != EVENT_SAMPLES)
            continue;
        any_whole |= bone->whole;
        RowGroup *group = bone->whole ? NULL : stretch_samples(&r->stretch, bone->series, position);
        if (group == NULL)
            continue;
        if (group->last_event > 0 && bone->begins != ODD_TIME_NONE)
            r->pieces[group->last_event - 1].until = bone->begins;
        group->last_event = i + 1;
        group->needed += (size_t)bone->rows;
    }
    for (size_t i = 0; any_whole && i < r->piece_count; i++) {
        const Bone *bone = &r->pieces[i].bone;
        bool whole = bone->event.kind == EVENT_SAMPLES && bone->whole;
        RowGroup *group = whole ? stretch_samples(&r->stretch, bone->series, position) : NULL;
        for (size_t k = 0; group != NULL && k < bone->event.sample_count; k++)
            group_without(r, group, event_sample(&bone->event, k));
    }
}

/* -- commits ----------------------------------------------------------------------------------- */

static bool add_piece(Replay *r, const Piece *piece, uint64_t position)
{
    const Bone *bone = &piece->bone;
    switch (bone->event.kind) {
    case EVENT_LINES:
        return add_lines(r, bone);
    case EVENT_RECORD:
        return add_record(r, bone);
    case EVENT_SAMPLES:
        return add_samples(r, piece, position);
    case EVENT_CHANGE:
    case EVENT_VERDICT:
    case EVENT_BATCH:
    case EVENT_ALERT:
    case EVENT_POSTED:
    case EVENT_FEATURES:
    case EVENT_TICK:
        return events_copy(r->events, &bone->event);
    case EVENT_POSITION:
    case EVENT_KEY:
    case EVENT_KIND_COUNT:
        break;
    }
    return true;
}

static bool take_apart(Replay *r, Str skeleton)
{
    SkeletonReader reader = {.bytes = skeleton};
    EventRead read;
    r->piece_count = 0;
    for (Bone bone; (read = skeleton_next(&reader, &bone)) == EVENT_READ;) {
        Piece *grown = mem_grow(&r->lake->mem, r->pieces, &r->piece_capacity, r->piece_count + 1,
                                sizeof *grown);
        if (grown == NULL)
            return false;
        r->pieces = grown;
        grown[r->piece_count++] = (Piece){.bone = bone, .until = INT64_MAX};
    }
    r->counts.torn += read == EVENT_TORN;
    return true;
}

static odd_rc commit_again(Replay *r, const StretchCommit *commit)
{
    events_clear(r->events);
    bool good = take_apart(r, stretch_text(&r->stretch, commit->at, commit->size));
    if (good)
        share_rows(r, commit->position);
    for (size_t i = 0; good && i < r->piece_count; i++)
        good = add_piece(r, &r->pieces[i], commit->position);
    r->counts.commits++;
    return good ? ODD_OK
                : problem_say(&r->lake->problem, ODD_NOMEM,
                              "no memory for the events of commit "
                              "%llu",
                              (unsigned long long)commit->position);
}

/* Files may be replaced by tidying, again and again. */
static odd_rc load(Replay *r, uint64_t after, uint64_t last)
{
    odd_rc rc = stretch_load(&r->stretch, r->lake, after, last);
    for (int i = 0; (rc == ODD_IO || rc == ODD_SYNTAX) && i < REPAIRS_MAX; i++) {
        rc = lake_repair(r->lake, rc);
        if (rc != ODD_OK)
            return rc;
        rc = stretch_load(&r->stretch, r->lake, after, last);
    }
    return rc;
}

static odd_rc run(Replay *r, uint64_t after, uint64_t last, odd_lake_take take, void *context)
{
    odd_rc rc = ODD_OK;
    while (rc == ODD_OK && after < last) {
        rc = load(r, after, last);
        if (rc != ODD_OK || r->stretch.commit_count == 0)
            return rc;
        for (size_t i = 0; rc == ODD_OK && i < r->stretch.commit_count; i++) {
            rc = commit_again(r, &r->stretch.commits[i]);
            after = r->stretch.commits[i].position;
            if (rc == ODD_OK)
                rc = take(context, r->events, after);
        }
    }
    return rc;
}

odd_rc odd_lake_replay(odd_lake *lake, uint64_t after, uint64_t last, odd_lake_take take,
                       void *context, odd_lake_replayed *ret_counts)
{
    odd_rc rc = lake_ready(lake);
    if (rc != ODD_OK)
        return rc;
    Replay r = {.lake = lake,
                .stretch = {.mem = &lake->mem},
                .series = {.mem = &lake->mem},
                .series_names = {.mem = &lake->mem},
                .events = events_open(NULL, 0)};
    if (r.events == NULL)
        return problem_say(&lake->problem, ODD_NOMEM, "no memory for events");
    rc = run(&r, after, last, take, context);
    events_close(r.events);
    stretch_close(&r.stretch);
    names_close(&r.series);
    names_close(&r.series_names);
    mem_free(&lake->mem, r.pieces, r.piece_capacity * sizeof *r.pieces);
    mem_free(&lake->mem, r.series_last, r.series_capacity * sizeof *r.series_last);
    mem_free(&lake->mem, r.room, r.room_capacity);
    if (rc != ODD_OK)
        return rc;
    lake_note(lake);
    *ret_counts = r.counts;
    return ODD_OK;
}

odd_rc odd_lake_span(odd_lake *lake, uint64_t *ret_first, uint64_t *ret_last)
{
    odd_rc rc = lake_ready(lake);
    if (rc != ODD_OK)
        return rc;
    Draft sql = {.mem = &lake->mem};
    draft_format(&sql, "SELECT min(position), max(position) FROM stored_commits");
    DuckAnswer *answer;
    rc = lake_select(lake, &sql, "looking for commits", &answer);
    if (rc != ODD_OK)
        return rc;
    rc = duck_answer_next(answer);
    if (rc == ODD_ROW) {
        *ret_first = (uint64_t)duck_answer_cell(answer, 0).integer;
        *ret_last = (uint64_t)duck_answer_cell(answer, 1).integer;
    }
    duck_answer_close(answer);
    return rc == ODD_ROW ? ODD_OK : lake_duck_failed(lake, rc, "looking for commits");
}
