/* SPDX-License-Identifier: Apache-2.0 */
#include "input/reader.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "input/lanes.h"

#define START_ROWS_MAX 64 /* Rows looked at for the first time. */
#define WIDE_LINE_BYTES 4096                   /* From here on a table may have rows that are ... */
#define WIDE_LINE_BYTES_MAX ((4 << 20) + 1)    /* ... longer than any line of a log may be.       */
#define DESCRIPTORS_ASIDE 16
#define BLOCK_BYTES_MIN (64 << 10)
#define BLOCKS_BYTES_MAX (16 << 20) /* One block of each open input. */

typedef struct {
    const Input *input;
    bool         reference;
    bool         refused;
    int          source;
    odd_time     first_time;
    uint64_t     start_rows; /* Up to the first row with a time. */
    Stream      *stream;     /* NULL: not open.                  */
    Lane        *lane;
    bool         is_wide;    /* A table with long rows.      */
    bool         started;    /* The merge is past its start rows. */
} Feed;

typedef struct {
    odd_db              *db;
    const ReaderOptions *options;
    StreamOptions        stream_options;
    Notes               *notes;
    ReaderCounts         counts;
    Feed                *feeds; /* In the order of their sources. */
    size_t               feed_count;
    Feed               **order; /* Those still to be opened, by first time. */
    size_t               order_next, order_count;
    Feed                *open[OPEN_STREAMS_MAX]; /* In the order of their sources. */
    size_t               open_count;
    size_t               open_max;
    bool                 full_noted;
    Lanes               *lanes;
} Reader;

static bool reader_stopped(const Reader *reader)
{
    const atomic_bool *stop = reader->options->stream.stop;
    return stop != NULL && atomic_load(stop);
}

/* -- before the first row is learnt: names, layouts, first times --------------------------- */

/* The same name may stand among the known good and the others: then they are two sources. */
static odd_rc feed_register(Reader *reader, Feed *feed)
{
    odd_reading reading = {.now = reader->options->now,
                           .zone_s = reader->options->zone_s,
                           .reference = feed->reference,
                           .kind = reader->options->kind};
    char       *name = NULL;
    bool        again = false;
    if (reading.now == 0)
        reading.now = feed->input->changed_ns;
    if (!feed->reference)
        for (const Feed *other = reader->feeds; other < feed && other->reference; other++)
            again = again || strcmp(other->input->name, feed->input->name) == 0;
    if (asprintf(&name, "%s%s", feed->input->name, again ? " (2)" : "") < 0)
        return ODD_NOMEM;
    odd_rc rc = odd_source(reader->db, name, &reading, &feed->source);
    free(name);
    return rc;
}

/* Counts the rows up to the first one with a time. */
static odd_rc feed_find_start(Reader *reader, Feed *feed, const char *bytes, size_t size)
{
    size_t at = 0;
    feed->first_time = ODD_TIME_NONE;
    feed->start_rows = 1;
    for (uint64_t row = 1; row <= START_ROWS_MAX && at < size; row++) {
        const char *line_end = memchr(bytes + at, '\n', size - at);
        size_t      next = line_end != NULL ? (size_t)(line_end - bytes) + 1 : size;
        odd_batch  *batch;
        odd_rc      rc = odd_prepare(reader->db, feed->source, row, bytes + at, next - at, &batch);
        if (rc != ODD_OK)
            return rc;
        feed->first_time = odd_batch_time(batch);
        odd_batch_free(batch);
        if (feed->first_time != ODD_TIME_NONE) {
            feed->start_rows = row;
            break;
        }
        at = next;
    }
    return ODD_OK;
}

/* Counts an input that cannot be read at all. */
static void feed_refuse(Reader *reader, Feed *feed)
{
    feed->refused = true;
    reader->counts.input_refused_count++;
    if (!feed->input->found)
        reader->counts.input_failed_count++;
    else if (input_is_lost(feed->input))
        reader->counts.input_lost_count++;
}

static bool has_long_line(const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        const char *end = memchr(bytes + at, '\n', size - at);
        size_t      next = end != NULL ? (size_t)(end - bytes) + 1 : size;
        if (next - at > WIDE_LINE_BYTES)
            return true;
        at = next;
    }
    return false;
}

static bool is_table(odd_db *db, int source)
{
    odd_rows *rows;
    bool      found = false;
    if (odd_query(db, &(odd_question){.view = ODD_SOURCES}, &rows) != ODD_OK)
        return false;
    for (int i = 0; odd_next(rows) == ODD_ROW && i <= source; i++)
        found = i == source && strcmp(odd_text(rows, odd_column(rows, "kind")), "series") == 0;
    odd_rows_close(rows);
    return found;
}

/* Its notes come when it is read in full. */
static odd_rc feed_look(Reader *reader, Feed *feed)
{
    const char *bytes;
    if (!stream_open(feed->input, &reader->stream_options, reader->notes, &feed->stream)) {
        feed_refuse(reader, feed);
        return ODD_OK;
    }
    if (stream_look(feed->stream) == LOOK_PACKED) {
        input_note_packed(feed->input, reader->notes);
        stream_close(feed->stream);
        feed->stream = NULL;
        feed_refuse(reader, feed);
        return ODD_OK;
    }
    size_t size = stream_peek(feed->stream, &bytes);
    odd_rc rc = odd_sample(reader->db, feed->source, bytes, size);
    feed->is_wide =
        rc == ODD_OK && has_long_line(bytes, size) && is_table(reader->db, feed->source);
    if (rc == ODD_OK)
        rc = feed_find_start(reader, feed, bytes, size);
    if (feed->input->regular) {
        stream_close(feed->stream);
        feed->stream = NULL;
    }
    return rc;
}

static odd_rc reader_look(Reader *reader)
{
    odd_rc rc = ODD_OK;
    for (size_t i = 0; i < reader->feed_count && rc == ODD_OK; i++)
        rc = feed_register(reader, &reader->feeds[i]);
    for (size_t i = 0; i < reader->feed_count && rc == ODD_OK && !reader_stopped(reader); i++)
        rc = feed_look(reader, &reader->feeds[i]);
    return rc;
}

/* -- the merge ------------------------------------------------------------------------------ */

/* What was read of it is learnt, all of it. */
static void feed_finish(Reader *reader, Feed *feed)
{
    StreamCounts counts = stream_counts(feed->stream);
    char         left_out[SIZE_TEXT_SIZE];
    reader->counts.cut_lines += counts.lines.cut_lines;
    reader->counts.cut_bytes += counts.lines.cut_bytes;
    reader->counts.nul_bytes += counts.lines.nul_bytes;
    reader->counts.input_done_count++;
    if (counts.lines.cut_lines > 0)
        notes_add(reader->notes, "%s: %" PRIu64 " line%s longer than %zu kB %s cut, %s left out",
                  feed->input->name, counts.lines.cut_lines, counts.lines.cut_lines == 1 ? "" : "s",
                  (size_t)STREAM_LINE_BYTES / 1024, counts.lines.cut_lines == 1 ? "was" : "were",
                  size_text(counts.lines.cut_bytes, left_out));
    notes_move(reader->notes, stream_notes(feed->stream));
    if (counts.broken && counts.lines.rows == 0 && !feed->input->found)
        reader->counts.input_failed_count++;
    if (counts.lines.torn_lines > 0 && counts.broken)
        notes_add(reader->notes, "%s: the last, torn line was left out", feed->input->name);
    else
        reader->counts.torn_lines += counts.lines.torn_lines;
    stream_close(feed->stream);
    feed->stream = NULL;
}

static odd_rc feed_open(Reader *reader, Feed *feed)
{
    if (feed->stream == NULL &&
        !stream_open(feed->input, &reader->stream_options, reader->notes, &feed->stream)) {
        feed_refuse(reader, feed);
        return ODD_OK;
    }
    if (feed->is_wide)
        stream_widen(feed->stream, WIDE_LINE_BYTES_MAX);
    feed->lane = lane_open(reader->lanes, feed->stream, feed->source, feed->start_rows);
    if (feed->lane == NULL)
        return ODD_NOMEM;
    size_t at = reader->open_count++;
    for (; at > 0 && reader->open[at - 1] > feed; at--)
        reader->open[at] = reader->open[at - 1];
    reader->open[at] = feed;
    return ODD_OK;
}

static odd_rc feed_close(Reader *reader, size_t at)
{
    Feed *feed = reader->open[at];
    lane_close(reader->lanes, feed->lane);
    feed->lane = NULL;
    feed_finish(reader, feed);
    reader->open_count--;
    memmove(&reader->open[at], &reader->open[at + 1], (reader->open_count - at) * sizeof(Feed *));
    return odd_end(reader->db, feed->source);
}

/* After a stop nothing is opened any more; pipes that are open already may hold bytes that were
 * read when their beginning was looked at. */
static void skip_unread(Reader *reader)
{
    while (reader_stopped(reader) && reader->order_next < reader->order_count &&
           reader->order[reader->order_next]->stream == NULL) {
        reader->order_next++;
        reader->counts.input_unread_count++;
    }
}

/* Of the open inputs at most one has not been reached by the merge.  When it is reached, the next
 * in line must be opened before anything else is learnt: its first record belongs among the
 * heads. */
static bool another_is_due(Reader *reader)
{
    if (reader->order_next == reader->order_count)
        return false;
    for (size_t i = 0; i < reader->open_count; i++)
        if (!reader->open[i]->started)
            return false;
    if (reader->open_count < reader->open_max)
        return true;
    if (!reader->full_noted)
        notes_add(reader->notes,
                  "more than %zu inputs overlap in time: some are read later than their time says; "
                  "read fewer at once to have them in order",
                  reader->open_max);
    reader->full_noted = true;
    return false;
}

/* The heads of all open inputs; those that are at their end are closed on the way. */
static odd_rc gather_heads(Reader *reader, odd_batch **heads)
{
    for (size_t i = 0; i < reader->open_count;) {
        odd_rc rc = lane_head(reader->lanes, reader->open[i]->lane, &heads[i]);
        if (rc == ODD_OK && heads[i] == NULL)
            rc = feed_close(reader, i);
        else
            i++;
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}

static odd_rc commit_some(Reader *reader, odd_batch *const *heads)
{
    size_t used_up;
    odd_rc rc = odd_commit(reader->db, heads, reader->open_count, &used_up);
    if (rc != ODD_OK)
        return rc;
    assert(used_up < reader->open_count);
    Feed *feed = reader->open[used_up];
    reader->counts.rows += odd_batch_rows(heads[used_up]);
    reader->counts.bytes_done = lanes_bytes_read(reader->lanes);
    feed->started = true;
    lane_step(reader->lanes, feed->lane);
    if (reader->options->step == NULL)
        return ODD_OK;
    return reader->options->step(reader->options->context, &reader->counts);
}

static odd_rc reader_merge(Reader *reader)
{
    odd_batch *heads[OPEN_STREAMS_MAX];
    for (;;) {
        odd_rc rc = ODD_OK;
        skip_unread(reader);
        while (rc == ODD_OK && another_is_due(reader)) {
            rc = feed_open(reader, reader->order[reader->order_next++]);
            skip_unread(reader);
        }
        if (rc == ODD_OK)
            rc = gather_heads(reader, heads);
        if (rc != ODD_OK)
            return rc;
        if (another_is_due(reader)) /* One was empty. */
            continue;
        if (reader->open_count == 0)
            return ODD_OK;
        rc = commit_some(reader, heads);
        if (rc != ODD_OK)
            return rc;
    }
}

/* -- all of it ------------------------------------------------------------------------------ */

static int by_first_time(const void *a, const void *b)
{
    const Feed *one = *(Feed *const *)a, *other = *(Feed *const *)b;
    if (one->first_time != other->first_time)
        return one->first_time < other->first_time ? -1 : 1;
    return (one > other) - (one < other);
}

/* One of the two groups: those that are known good, or the others. */
static odd_rc reader_merge_group(Reader *reader, bool reference)
{
    reader->order_next = reader->order_count = 0;
    for (size_t i = 0; i < reader->feed_count; i++)
        if (reader->feeds[i].reference == reference && !reader->feeds[i].refused)
            reader->order[reader->order_count++] = &reader->feeds[i];
    qsort(reader->order, reader->order_count, sizeof *reader->order, by_first_time);
    return reader_merge(reader);
}

static void reader_take(Reader *reader, const Inputs *inputs, bool reference)
{
    for (size_t i = 0; inputs != NULL && i < inputs->count; i++) {
        reader->feeds[reader->feed_count++] =
            (Feed){.input = &inputs->items[i], .reference = reference, .start_rows = 1};
        reader->counts.bytes_total += inputs->items[i].size_bytes;
        reader->counts.input_count++;
    }
}

static size_t block_bytes_for(size_t input_count)
{
    size_t open = input_count < OPEN_STREAMS_MAX ? input_count : OPEN_STREAMS_MAX;
    size_t bytes = open > 0 ? BLOCKS_BYTES_MAX / open : STREAM_BLOCK_BYTES;
    if (bytes > STREAM_BLOCK_BYTES)
        return STREAM_BLOCK_BYTES;
    return bytes > BLOCK_BYTES_MIN ? bytes : BLOCK_BYTES_MIN;
}

/* As many as there are descriptors, some aside for what else is open. */
static size_t open_streams_max(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
        limit.rlim_cur >= OPEN_STREAMS_MAX + DESCRIPTORS_ASIDE)
        return OPEN_STREAMS_MAX;
    return limit.rlim_cur > DESCRIPTORS_ASIDE ? limit.rlim_cur - DESCRIPTORS_ASIDE : 1;
}

static int thread_count(int wanted)
{
    if (wanted > 0)
        return wanted;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors > 0 ? (int)processors : 1;
}

static void reader_close(Reader *reader)
{
    lanes_close(reader->lanes);
    for (size_t i = 0; i < reader->feed_count; i++)
        if (reader->feeds[i].stream != NULL) {
            notes_move(reader->notes, stream_notes(reader->feeds[i].stream));
            stream_close(reader->feeds[i].stream);
        }
    free(reader->feeds);
    free(reader->order);
}

odd_rc reader_feed(odd_db *db, const Inputs *reference, const Inputs *inputs,
                   const ReaderOptions *options, Notes *notes, ReaderCounts *ret_counts)
{
    assert(db != NULL);
    assert(options != NULL);
    size_t count = (reference != NULL ? reference->count : 0) + inputs->count;
    Reader reader = {.db = db,
                     .options = options,
                     .stream_options = options->stream,
                     .notes = notes,
                     .open_max = open_streams_max(),
                     .feeds = calloc(count + 1, sizeof(Feed)),
                     .order = calloc(count + 1, sizeof(Feed *)),
                     .lanes = lanes_open(db, thread_count(options->threads))};
    if (options->stream.block_bytes == 0)
        reader.stream_options.block_bytes = block_bytes_for(count);
    odd_rc rc = ODD_NOMEM;
    if (reader.feeds != NULL && reader.order != NULL && reader.lanes != NULL) {
        reader_take(&reader, reference, true);
        reader_take(&reader, inputs, false);
        rc = reader_look(&reader);
    }
    if (rc == ODD_OK)
        rc = reader_merge_group(&reader, true);
    if (rc == ODD_OK)
        rc = reader_merge_group(&reader, false);
    reader_close(&reader);
    *ret_counts = reader.counts;
    return rc;
}
