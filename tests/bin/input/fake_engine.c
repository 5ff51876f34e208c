/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct odd_batch {
    int      source;
    uint64_t row;
    char    *bytes;
    size_t   size, at;
    uint64_t rows;
};

odd_db *fake_open(void)
{
    odd_db *db = calloc(1, sizeof *db);
    assert_non_null(db);
    db->full_source = -1;
    for (int i = 0; i < FAKE_SOURCES_MAX; i++)
        db->last_times[i] = ODD_TIME_NONE;
    return db;
}

void fake_close(odd_db *db)
{
    for (int i = 0; i < db->source_count; i++)
        free(db->names[i]);
    text_free(&db->learnt);
    free(db);
}

odd_rc odd_source(odd_db *db, const char *name, const odd_reading *reading, int *source)
{
    for (*source = 0; *source < db->source_count; ++*source)
        if (strcmp(db->names[*source], name) == 0)
            return ODD_OK;
    assert_in_range(db->source_count, 0, FAKE_SOURCES_MAX - 1);
    db->names[db->source_count] = strdup(name);
    db->readings[db->source_count++] = *reading;
    return ODD_OK;
}

odd_rc odd_sample(odd_db *db, int source, const void *bytes, size_t size)
{
    assert_non_null(bytes);
    assert_in_range(size, 0, STREAM_PEEK_BYTES_MAX);
    assert_int_equal(db->sampled[source]++, 0);
    return ODD_OK;
}

odd_rc odd_prepare(const odd_db *db, int source, uint64_t row, const void *bytes, size_t size,
                   odd_batch **batch)
{
    if (source == db->full_source && row > 1)
        return ODD_NOMEM;
    odd_batch *made = calloc(1, sizeof *made);
    if (made == NULL)
        return ODD_NOMEM;
    *made = (odd_batch){.source = source, .row = row, .bytes = malloc(size), .size = size};
    memcpy(made->bytes, bytes, size);
    for (size_t i = 0; i < size; i++)
        made->rows += made->bytes[i] == '\n' || i + 1 == size;
    *batch = made;
    return ODD_OK;
}

static size_t line_size(const odd_batch *batch, size_t at)
{
    const char *end = memchr(batch->bytes + at, '\n', batch->size - at);
    return end != NULL ? (size_t)(end - batch->bytes) - at : batch->size - at;
}

static odd_time line_time(const odd_batch *batch, size_t at)
{
    char   number[16] = {0};
    size_t size = line_size(batch, at);
    if (size == 0 || batch->bytes[at] != 't')
        return ODD_TIME_NONE;
    memcpy(number, batch->bytes + at + 1, size - 1 < 15 ? size - 1 : 15);
    return atoi(number);
}

odd_time odd_batch_time(const odd_batch *batch)
{
    for (size_t at = batch->at; at < batch->size; at += line_size(batch, at) + 1)
        if (line_time(batch, at) != ODD_TIME_NONE)
            return line_time(batch, at);
    return ODD_TIME_NONE;
}

uint64_t odd_batch_rows(const odd_batch *batch)
{
    return batch->rows;
}

void odd_batch_free(odd_batch *batch)
{
    if (batch != NULL)
        free(batch->bytes);
    free(batch);
}

static odd_time head_time(const odd_db *db, const odd_batch *batch)
{
    odd_time own = line_time(batch, batch->at);
    return own != ODD_TIME_NONE ? own : db->last_times[batch->source];
}

odd_rc odd_commit(odd_db *db, odd_batch *const *heads, size_t head_count, size_t *used_up)
{
    assert_in_range(head_count, 1, FAKE_SOURCES_MAX);
    for (;;) {
        size_t first = 0;
        for (size_t i = 1; i < head_count; i++)
            if (head_time(db, heads[i]) < head_time(db, heads[first]))
                first = i;
        odd_batch *batch = heads[first];
        size_t     size = line_size(batch, batch->at);
        char       spot[64];
        db->last_times[batch->source] = head_time(db, batch);
        snprintf(spot, sizeof spot, "%d:%u=", batch->source, (unsigned)batch->row++);
        text_add(&db->learnt, spot, strlen(spot));
        text_add(&db->learnt, batch->bytes + batch->at, size);
        text_add(&db->learnt, "\n", 1);
        batch->at += size + 1;
        if (batch->at >= batch->size) {
            *used_up = first;
            return ODD_OK;
        }
    }
}

odd_rc odd_end(odd_db *db, int source)
{
    db->ended[source]++;
    return ODD_OK;
}

/* It has no tables. */
odd_rc odd_query(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    (void)db;
    (void)question;
    (void)ret_rows;
    return ODD_NOTFOUND;
}

odd_rc odd_next(odd_rows *rows)
{
    (void)rows;
    return ODD_DONE;
}

int odd_column(const odd_rows *rows, const char *name)
{
    (void)rows;
    (void)name;
    return -1;
}

const char *odd_text(const odd_rows *rows, int column)
{
    (void)rows;
    (void)column;
    return "";
}

void odd_rows_close(odd_rows *rows)
{
    (void)rows;
}
