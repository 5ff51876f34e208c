/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/db.h"
#include "event/colour.h"

#define SLICE_BYTES_MAX (1u << 20)

/* Room for one more source, its family and its name; NULL: no memory. */
static char *source_make_room(odd_db *db, Str name)
{
    Source *grown =
        mem_grow(&db->mem, db->sources, &db->source_capacity, db->source_count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    db->sources = grown;
    Family *families = mem_grow(&db->mem, db->families, &db->family_capacity, db->source_count + 1,
                                sizeof *families);
    if (families == NULL)
        return NULL;
    db->families = families;
    if (!source_index_make_room(&db->sources_by_name, &db->mem, db->sources) ||
        !source_index_make_room(&db->sources_by_family, &db->mem, db->sources))
        return NULL;
    return mem_take(&db->mem, name.size + 1);
}

static odd_rc source_add(odd_db *db, Str name, const odd_reading *reading)
{
    char *copy = source_make_room(db, name);
    if (copy == NULL)
        return ODD_NOMEM;
    memcpy(copy, name.text, name.size);
    uint32_t number = (uint32_t)db->source_count++;
    uint32_t family = source_index_find(&db->sources_by_family, db->sources, name);
    db->sources[number] =
        (Source){.name = copy,
                 .name_size = name.size,
                 .family = family != SOURCE_NONE ? family : number,
                 .reading = reading != NULL ? *reading : (odd_reading){0},
                 .last_time = ODD_TIME_NONE,
                 .counts = {.first_time = ODD_TIME_NONE, .last_time = ODD_TIME_NONE}};
    source_index_add(&db->sources_by_name, db->sources, number);
    if (family == SOURCE_NONE)
        source_index_add(&db->sources_by_family, db->sources, number);
    return ODD_OK;
}

odd_rc odd_source(odd_db *db, const char *name, const odd_reading *reading, int *ret_source)
{
    uint32_t known = source_index_find(&db->sources_by_name, db->sources, str_of(name));
    if (known != SOURCE_NONE) {
        *ret_source = (int)known;
        return ODD_OK;
    }
    if (source_add(db, str_of(name), reading) != ODD_OK)
        return problem_say(&db->problem, ODD_NOMEM, "no memory left to add the source %.100s",
                           name);
    *ret_source = (int)db->source_count - 1;
    db->book.compares |= reading != NULL && reading->reference != 0;
    return ODD_OK;
}

/* NULL, and the story told, if there is none. */
static Source *source_of(odd_db *db, int source)
{
    if (source >= 0 && (size_t)source < db->source_count)
        return &db->sources[source];
    problem_say(&db->problem, ODD_NOTFOUND, "there is no source number %d: odd_source gives one",
                source);
    return NULL;
}

/* Whether it is a table of series is asked first: no log is one.  False: memory is short. */
static bool table_sample(odd_db *db, int source_number, Str sample)
{
    const odd_reading *reading = &db->sources[source_number].reading;
    Sheet sheet;
    if (reading->kind == ODD_KIND_LOG ||
        !sheet_learn(sample, time_frame(reading->now, reading->zone_s),
                     reading->kind == ODD_KIND_SERIES, db->book.mem, &sheet))
        return true;
    if (series_book_add_source(&db->book, (uint32_t)source_number, sheet))
        return true;
    sheet_close(&sheet, db->book.mem);
    return false;
}

/* The first bytes, as many as there may be, up to the end of a line. */
static Str first_lines(Str sample, size_t bytes_max)
{
    if (sample.size <= bytes_max)
        return sample;
    const char *last = memrchr(sample.text, '\n', bytes_max);
    sample.size = last != NULL ? (size_t)(last + 1 - sample.text) : bytes_max;
    return sample;
}

static void source_sample(Source *source, Str sample)
{
    char bytes[LAYOUT_SAMPLE_BYTES_MAX];
    sample = first_lines(sample, sizeof bytes);
    if (sample.size > 0)
        memcpy(bytes, sample.text, sample.size);
    sample = (Str){.text = bytes, .size = colour_strip(bytes, sample.size)};
    source->layout = layout_learn(sample, source->reading.now, source->reading.zone_s);
    source->sampled = true;
}

static odd_rc sample_learn(odd_db *db, int source_number, Str sample)
{
    source_sample(&db->sources[source_number], sample);
    if (table_sample(db, source_number, first_lines(sample, sheet_sample_wanted(sample))))
        return ODD_OK;
    return problem_say(&db->problem, ODD_NOMEM, "no memory left for the columns of %.100s",
                       db->sources[source_number].name);
}

odd_rc odd_sample(odd_db *db, int source_number, const void *bytes, size_t size)
{
    Source *source = source_of(db, source_number);
    if (source == NULL)
        return ODD_NOTFOUND;
    if (source->sampled)
        return problem_say(&db->problem, ODD_MISUSE, "the layout of %.100s is learnt already",
                           source->name);
    return sample_learn(db, source_number, (Str){.text = bytes, .size = size});
}

static odd_rc learn_bytes(odd_db *db, int source_number, Str bytes)
{
    odd_batch *batch;
    BookSource *table = series_book_source(&db->book, (uint32_t)source_number);
    uint64_t before = table != NULL ? table->lines : db->sources[source_number].counts.rows;
    odd_rc rc = odd_prepare(db, source_number, before + 1, bytes.text, bytes.size, &batch);
    if (rc != ODD_OK)
        return problem_say(&db->problem, rc, "reading %zu bytes of %.100s: %s", bytes.size,
                           db->sources[source_number].name, odd_strerror(rc));
    odd_batch *heads[] = {batch};
    size_t used_up;
    rc = odd_commit(db, (odd_batch *const *)heads, 1, &used_up);
    if (table != NULL)
        table->lines += odd_batch_rows(batch);
    odd_batch_free(batch);
    return rc;
}

/* Adds to the torn line what fits.  Of an endless line a byte more than the limit is kept, which
 * tells that it was cut; the rest is dropped. */
static odd_rc torn_add(odd_db *db, Source *source, Str bytes)
{
    bool is_table = series_book_source(&db->book, (uint32_t)(source - db->sources)) != NULL;
    size_t most = is_table ? SHEET_LINE_BYTES_MAX : LINE_BYTES_MAX + 1;
    size_t room = most > source->torn_size ? most - source->torn_size : 0;
    if (source->sampled && bytes.size > room && memchr(bytes.text, '\n', bytes.size) == NULL)
        bytes.size = room;
    char *grown =
        mem_grow(&db->mem, source->torn, &source->torn_capacity, source->torn_size + bytes.size, 1);
    if (bytes.size > 0 && grown == NULL)
        return problem_say(&db->problem, ODD_NOMEM, "no memory left for a line of %.100s",
                           source->name);
    if (bytes.size > 0) {
        memcpy(grown + source->torn_size, bytes.text, bytes.size);
        source->torn = grown;
        source->torn_size += bytes.size;
    }
    return ODD_OK;
}

static odd_rc torn_learn(odd_db *db, int source_number)
{
    Source *source = &db->sources[source_number];
    if (source->torn_size == 0)
        return ODD_OK;
    Str torn = {.text = source->torn, .size = source->torn_size};
    source->torn_size = 0;
    return learn_bytes(db, source_number, torn);
}

/* Until the layout is learnt, bytes wait; then all whole lines among them are learnt at once. */
static odd_rc put_sample(odd_db *db, int source_number, bool at_end)
{
    Source *source = &db->sources[source_number];
    Str beginning = {.text = source->torn, .size = source->torn_size};
    if (!at_end &&
        (beginning.size < SHEET_SAMPLE_BYTES || beginning.size < sheet_sample_wanted(beginning)))
        return ODD_OK;
    odd_rc rc = sample_learn(db, source_number, beginning);
    if (rc != ODD_OK)
        return rc;
    const char *last = memrchr(source->torn, '\n', source->torn_size);
    if (last == NULL)
        return ODD_OK;
    size_t whole = (size_t)(last + 1 - source->torn);
    rc = learn_bytes(db, source_number, (Str){.text = source->torn, .size = whole});
    memmove(source->torn, source->torn + whole, source->torn_size - whole);
    source->torn_size -= whole;
    return rc;
}

static odd_rc put_slice(odd_db *db, int source_number, Str rest)
{
    Source *source = &db->sources[source_number];
    odd_rc rc = ODD_OK;
    if (!source->sampled) {
        rc = torn_add(db, source, rest);
        return rc == ODD_OK ? put_sample(db, source_number, false) : rc;
    }
    const char *end = source->torn_size > 0 ? memchr(rest.text, '\n', rest.size) : NULL;
    if (end != NULL) {
        size_t used = (size_t)(end + 1 - rest.text);
        rc = torn_add(db, source, str_part(rest, 0, used));
        if (rc == ODD_OK)
            rc = torn_learn(db, source_number);
        rest = str_part(rest, used, rest.size);
    }
    const char *last = rest.size > 0 && rc == ODD_OK ? memrchr(rest.text, '\n', rest.size) : NULL;
    if (last != NULL) {
        size_t whole = (size_t)(last + 1 - rest.text);
        rc = learn_bytes(db, source_number, str_part(rest, 0, whole));
        rest = str_part(rest, whole, rest.size);
    }
    return rc == ODD_OK ? torn_add(db, source, rest) : rc;
}

odd_rc odd_put(odd_db *db, int source_number, const void *bytes, size_t size)
{
    const Source *source = source_of(db, source_number);
    if (source == NULL)
        return ODD_NOTFOUND;
    if (source->ended)
        return problem_say(&db->problem, ODD_MISUSE, "%.100s has ended: there can be no more bytes",
                           source->name);
    Str all = {.text = bytes, .size = size};
    odd_rc rc = ODD_OK;
    for (size_t at = 0; rc == ODD_OK && at < size; at += SLICE_BYTES_MAX) {
        size_t to = size - at > SLICE_BYTES_MAX ? at + SLICE_BYTES_MAX : size;
        rc = put_slice(db, source_number, str_part(all, at, to));
    }
    return rc;
}

odd_rc odd_end(odd_db *db, int source_number)
{
    Source *source = source_of(db, source_number);
    if (source == NULL)
        return ODD_NOTFOUND;
    odd_rc rc = ODD_OK;
    if (!source->sampled && source->torn_size > 0)
        rc = put_sample(db, source_number, true);
    if (rc == ODD_OK)
        rc = torn_learn(db, source_number);
    source->ended = true;
    return rc;
}
