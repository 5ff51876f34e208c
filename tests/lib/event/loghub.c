/* SPDX-License-Identifier: Apache-2.0 */
#include "loghub.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "event/layout.h"

#define FILE_BYTES_MAX (4 << 20)

const char *const loghub_sets[LOGHUB_SET_COUNT] = {
    "Android", "Apache",  "BGL",       "HDFS",  "HPC",         "Hadoop",  "HealthApp", "Linux",
    "Mac",     "OpenSSH", "OpenStack", "Proxifier", "Spark", "Thunderbird", "Windows", "Zookeeper"};

static char *read_file(const char *set, const char *name, size_t *ret_size)
{
    const char *root = getenv("ODDBALL_DATA");
    char path[1024];
    for (int packed = 0; packed <= 1; packed++) {
        snprintf(path, sizeof path, "%s/logs/loghub2k/%s/%s%s", root != NULL ? root : ODDBALL_DATA_DEFAULT,
                 set, name, packed ? ".gz" : "");
        gzFile file = gzopen(path, "rb");
        if (file == NULL)
            continue;
        char *bytes = malloc(FILE_BYTES_MAX + 1);
        assert(bytes != NULL);
        int size = gzread(file, bytes, FILE_BYTES_MAX);
        gzclose(file);
        assert(size >= 0);
        bytes[size] = '\0';
        *ret_size = (size_t)size;
        return bytes;
    }
    return NULL;
}

static size_t split(char *bytes, size_t size, Str lines[LOGHUB_LINES_MAX])
{
    size_t count = 0;
    for (size_t at = 0; at < size && count < LOGHUB_LINES_MAX;) {
        char *end = memchr(bytes + at, '\n', size - at);
        size_t to = end == NULL ? size : (size_t)(end - bytes);
        size_t cut = to > at && bytes[to - 1] == '\r' ? to - 1 : to;
        lines[count++] = (Str){.text = bytes + at, .size = cut - at};
        at = to + 1;
    }
    return count;
}

/* Reads one CSV cell in place; gives where the next one starts. */
static size_t cell(char *bytes, size_t size, size_t at, Str *ret_cell, bool *ret_is_last)
{
    size_t out = at;
    ret_cell->text = bytes + at;
    bool quoted = at < size && bytes[at] == '"';
    at += quoted;
    for (; at < size; at++) {
        char c = bytes[at];
        if (quoted && c == '"') {
            if (at + 1 < size && bytes[at + 1] == '"')
                at++;
            else {
                quoted = false;
                continue;
            }
        } else if (!quoted && (c == ',' || c == '\n')) {
            break;
        }
        bytes[out++] = c;
    }
    ret_cell->size = (size_t)(bytes + out - ret_cell->text);
    *ret_is_last = at >= size || bytes[at] == '\n';
    return at + 1;
}

static size_t read_content(char *bytes, size_t size, Str *content)
{
    size_t at = 0, row = 0, wanted = 0;
    while (at < size && row <= LOGHUB_LINES_MAX) {
        bool is_last = false;
        for (size_t column = 0; !is_last; column++) {
            Str text;
            at = cell(bytes, size, at, &text, &is_last);
            if (row == 0 && str_equal(text, STR("Content")))
                wanted = column;
            if (row > 0 && column == wanted)
                content[row - 1] = text;
        }
        row++;
    }
    return row - 1;
}

bool loghub_open(const char *set, Loghub *ret_loghub)
{
    char log_name[64];
    snprintf(log_name, sizeof log_name, "%s_2k.log", set);
    size_t raw_size, table_size;
    char *raw = read_file(set, log_name, &raw_size);
    if (raw == NULL)
        return false;
    char *table = read_file(set, "structured_corrected.csv", &table_size);
    assert(table != NULL);
    ret_loghub->raw_bytes = raw;
    ret_loghub->table_bytes = table;
    ret_loghub->count = split(raw, raw_size, ret_loghub->raw);
    size_t rows = read_content(table, table_size, ret_loghub->content);
    if (rows < ret_loghub->count)
        ret_loghub->count = rows;
    return true;
}

void loghub_close(Loghub *loghub)
{
    free(loghub->raw_bytes);
    free(loghub->table_bytes);
}

static Str trimmed(Str s)
{
    while (s.size > 0 && memchr(" \t\r", s.text[s.size - 1], 3) != NULL)
        s.size--;
    while (s.size > 0 && memchr(" \t\r", s.text[0], 3) != NULL)
        s = str_part(s, 1, s.size);
    return s;
}

static Str sample_of(const Str *lines, size_t count, char *buffer)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        if (size + lines[i].size + 1 > LAYOUT_SAMPLE_BYTES_MAX)
            break;
        memcpy(buffer + size, lines[i].text, lines[i].size);
        size += lines[i].size;
        buffer[size++] = '\n';
    }
    return (Str){.text = buffer, .size = size};
}

double loghub_share(const Loghub *loghub, bool is_raw, size_t first_row, int shown)
{
    static char sample[LAYOUT_SAMPLE_BYTES_MAX];
    const Str *lines = is_raw ? loghub->raw : loghub->content;
    Layout layout = layout_learn(sample_of(lines + first_row, loghub->count - first_row, sample), 0, 0);
    size_t equal = 0;
    for (size_t i = 0; i < loghub->count; i++) {
        char *buffer = malloc(layout_buffer_bytes(lines[i].size));
        assert(buffer != NULL);
        Record record = layout_parse(&layout, lines[i], buffer);
        bool same = str_equal(trimmed(record.message), trimmed(loghub->content[i]));
        equal += same;
        if (!same && shown-- > 0)
            printf("  %.*s\n    published: %.*s\n    ours:      %.*s\n", (int)lines[i].size, lines[i].text,
                   (int)loghub->content[i].size, loghub->content[i].text, (int)record.message.size,
                   record.message.text);
        free(buffer);
    }
    return loghub->count == 0 ? 0 : (double)equal / (double)loghub->count;
}
