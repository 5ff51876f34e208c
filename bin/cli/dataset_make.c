/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/dataset_make.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/csv.h"
#include "cli/label_file.h"
#include "cli/past_facts.h"
#include "input/clock.h"
#include "lake/library.h"
#include "settings/nearest.h"

#define KINDS_MAX 16
#define FEATURES_MAX 512
#define PATH_SIZE 4096
#define WRITE_BYTES (1u << 20)
#define NS_PER_S 1e9
#define COLUMNS_MAX (LABEL_COLUMNS_MAX + 3 * FEATURES_MAX)

typedef struct {
    const Options *options;
    House          house;
    odd_events    *definitions;
    odd_join      *join;
    LabelFile      labels;
    int            time_column;
    int            kind_columns[KINDS_MAX]; /* Of the labels; -1: all together, or not asked for. */
    size_t         kind_count;
    bool           wanted[FEATURES_MAX];
    size_t         feature_count;
    odd_time       newest_label;
    size_t        *label_rows; /* By number of the label in the join. */
    size_t         label_count, future;
    FILE          *out;
    Buffer         text;
    char           csv[PATH_SIZE];
} Making;

/* -- what is asked for ------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static bool check_options(const Options *options)
{
    if (options->labels == NULL || options->learn.to_file == NULL) {
        complain("dataset make wants --labels FILE and --out FILE: oddball dataset make --labels "
                 "labels.csv --features errors_5m --out train.parquet");
        return false;
    }
    if (ends_with(options->learn.to_file, ".csv") || ends_with(options->learn.to_file, ".parquet"))
        return true;
    complain("--out %s must end with .csv or .parquet, which tells what is written",
             options->learn.to_file);
    return false;
}

static bool want_name(Making *m, const char *name, size_t size)
{
    const char *names[FEATURES_MAX], *feature;
    char word[128];
    for (size_t i = 0; (feature = odd_join_feature(m->join, i)) != NULL; i++) {
        names[i] = feature;
        if (strlen(feature) == size && strncmp(feature, name, size) == 0)
            return m->wanted[i] = true;
    }
    snprintf(word, sizeof word, "%.*s", (int)size, name);
    const char *near = nearest_word(word, names, m->feature_count);
    complain("there is no feature %s%s%s%s", word, near != NULL ? "; did you mean " : "",
             near != NULL ? near : "", near != NULL ? "?" : "");
    return false;
}

static bool want_features(Making *m)
{
    while (odd_join_feature(m->join, m->feature_count) != NULL)
        m->feature_count++;
    if (m->options->features == NULL) {
        memset(m->wanted, true, sizeof m->wanted);
        return true;
    }
    bool good = true;
    for (const char *at = m->options->features; good && *at != '\0';) {
        size_t size = strcspn(at, ",");
        good = size == 0 || want_name(m, at, size);
        at += size + (at[size] == ',');
    }
    return good;
}

static bool find_column(const Making *m, const char *name, const char *why, int *ret)
{
    *ret = label_file_column(&m->labels, name);
    if (*ret >= 0)
        return true;
    const char *near =
        nearest_word(name, (const char *const *)m->labels.names, m->labels.column_count);
    complain("%s has no column %s, %s%s%s%s", m->options->labels, name, why,
             near != NULL ? "; is it " : "", near != NULL ? near : "", near != NULL ? "?" : "");
    return false;
}

/* Whether a feature that is asked for is of it. */
static bool is_wanted(const Making *m, size_t kind)
{
    for (size_t i = 0; i < m->feature_count; i++)
        if (m->wanted[i] && odd_join_feature_kind(m->join, i) == kind)
            return true;
    return false;
}

static bool find_columns(Making *m)
{
    const char *kind;
    if (!find_column(m, "time", "which says when a row would have been asked for", &m->time_column))
        return false;
    for (; (kind = odd_join_kind(m->join, m->kind_count)) != NULL; m->kind_count++) {
        m->kind_columns[m->kind_count] = -1;
        if (kind[0] != '\0' && is_wanted(m, m->kind_count) &&
            !find_column(m, kind, "which features are of", &m->kind_columns[m->kind_count]))
            return false;
    }
    return true;
}

/* -- labels ------------------------------------------------------------------------------------ */

static bool take_label(Making *m, size_t row, const char **cells)
{
    odd_time    time;
    const char *text = cells[m->time_column], *entities[KINDS_MAX];
    if (odd_time_read(text, strlen(text), clock_now(), m->options->zone_s, &time) != ODD_OK) {
        complain("%s, row %zu: \"%s\" is no time; write it as 2026-11-28T10:00:00Z",
                 m->options->labels, row + 1, text);
        return false;
    }
    for (size_t i = 0; i < m->kind_count; i++)
        entities[i] = m->kind_columns[i] >= 0 ? cells[m->kind_columns[i]] : "all";
    if (time > clock_now()) {
        m->future++;
        return true;
    }
    if (odd_join_label(m->join, time, entities) != ODD_OK) {
        complain("no memory for the labels");
        return false;
    }
    m->label_rows[m->label_count++] = row;
    return true;
}

static bool take_labels(Making *m)
{
    const char *cells[LABEL_COLUMNS_MAX];
    bool good = true;
    m->label_rows = calloc(m->labels.row_count + 1, sizeof *m->label_rows);
    for (size_t row = 0; good && m->label_rows != NULL && row < m->labels.row_count; row++) {
        char *room = malloc(label_file_room(&m->labels, row) + LABEL_COLUMNS_MAX);
        good = room != NULL;
        if (good && !label_file_cells(&m->labels, row, room, cells)) {
            complain("%s, row %zu has more cells than there are columns", m->options->labels,
                     row + 1);
            good = false;
        }
        good = good && take_label(m, row, cells);
        free(room);
    }
    if (m->label_rows == NULL)
        complain("no memory for the labels");
    if (good && m->future > 0)
        complain("%zu of %zu labels lie in the future and are left out: what they could know is "
                 "not known yet",
                 m->future, m->labels.row_count);
    if (good && m->label_count == 0)
        complain("%s has no label that can be answered", m->options->labels);
    return good && m->label_rows != NULL && m->label_count > 0;
}

/* -- rows -------------------------------------------------------------------------------------- */

static bool flush(Making *m, size_t at_least)
{
    size_t size = m->text.size;
    if (size < at_least || size == 0)
        return true;
    bool good = fwrite(buffer_text(&m->text), 1, size, m->out) == size;
    buffer_clear(&m->text);
    return good;
}

static void put_header(Making *m)
{
    Csv csv = {.out = &m->text};
    char name[256];
    for (size_t i = 0; i < m->labels.column_count; i++)
        csv_text(&csv, m->labels.names[i], strlen(m->labels.names[i]));
    for (size_t i = 0; i < m->feature_count; i++) {
        if (!m->wanted[i])
            continue;
        const char *feature = odd_join_feature(m->join, i);
        csv_text(&csv, feature, strlen(feature));
        for (int k = 0; k < 2 && !m->options->plain; k++) {
            snprintf(name, sizeof name, "%s.%s", feature, k == 0 ? "was_missing" : "age_s");
            csv_text(&csv, name, strlen(name));
        }
    }
    csv_end(&csv);
}

static void put_value(Csv *csv, const Making *m, odd_time time, const odd_feature_value *value)
{
    csv_number(csv, value->value);
    if (m->options->plain)
        return;
    csv_integer(csv, value->was_missing != 0);
    csv_number(csv, value->time != ODD_TIME_NONE ? (double)(time - value->time) / NS_PER_S : NAN);
}

static int put_row(void *context, size_t label, odd_time time, const odd_feature_value *values)
{
    Making *m = context;
    const char *cells[LABEL_COLUMNS_MAX];
    size_t row = m->label_rows[label];
    Csv csv = {.out = &m->text};
    char *room = malloc(label_file_room(&m->labels, row) + LABEL_COLUMNS_MAX);
    if (room == NULL)
        return 0;
    label_file_cells(&m->labels, row, room, cells);
    for (size_t i = 0; i < m->labels.column_count; i++)
        csv_text(&csv, cells[i], strlen(cells[i]));
    for (size_t i = 0; i < m->feature_count; i++)
        if (m->wanted[i])
            put_value(&csv, m, time, &values[i]);
    csv_end(&csv);
    free(room);
    return flush(m, WRITE_BYTES);
}

/* -- the file ---------------------------------------------------------------------------------- */

static bool refuse(const Making *m)
{
    complain("cannot write %s: %s; nothing of it is left", m->options->learn.to_file,
             strerror(errno));
    return false;
}

static void column_types(const Making *m, odd_parquet_column *columns, size_t *ret_count)
{
    size_t count = 0;
    for (size_t i = 0; i < m->kind_count; i++)
        if (m->kind_columns[i] >= 0)
            columns[count++] = (odd_parquet_column){m->labels.names[m->kind_columns[i]], "VARCHAR"};
    for (size_t i = 0; i < m->feature_count; i++)
        if (m->wanted[i])
            columns[count++] = (odd_parquet_column){odd_join_feature(m->join, i), "DOUBLE"};
    *ret_count = count;
}

static bool write_parquet(const Making *m, const char *to)
{
    char library[LIBRARY_PATH_MAX], problem[1024] = "", *story = NULL;
    odd_parquet_column columns[COLUMNS_MAX];
    size_t count;
    odd_parquet *parquet = NULL;
    column_types(m, columns, &count);
    if (!library_find(m->house.settings.duckdb, library, sizeof library, &story)) {
        complain("cannot write %s: %s; write .csv instead", to,
                 story != NULL ? story : "no memory");
        free(story);
        return false;
    }
    odd_rc rc = odd_parquet_open(library, 0, &parquet, problem, sizeof problem);
    if (rc == ODD_OK) {
        rc = odd_parquet_write(parquet, m->csv, to, columns, count);
        snprintf(problem, sizeof problem, "%s", odd_parquet_errmsg(parquet));
    }
    odd_parquet_close(parquet);
    if (rc != ODD_OK)
        complain("cannot write %s: %s", to, problem[0] != '\0' ? problem : odd_strerror(rc));
    return rc == ODD_OK;
}

/* Under its name once it is whole. */
static bool finish(Making *m)
{
    char part[PATH_SIZE + 8];
    bool is_parquet = ends_with(m->options->learn.to_file, ".parquet");
    snprintf(part, sizeof part, "%s%s", m->csv, is_parquet ? "p" : "");
    bool good = !is_parquet || write_parquet(m, part);
    if (is_parquet)
        unlink(m->csv);
    if (good && rename(part, m->options->learn.to_file) != 0)
        good = refuse(m);
    if (!good)
        unlink(part);
    return good;
}

static bool write_rows(Making *m)
{
    snprintf(m->csv, sizeof m->csv, "%s.part", m->options->learn.to_file);
    m->out = fopen(m->csv, "wbe");
    if (m->out == NULL)
        return refuse(m);
    put_header(m);
    odd_rc rc = odd_join_run(m->join, put_row, m);
    bool good = rc == ODD_OK && flush(m, 0);
    int error = errno;
    good = fclose(m->out) == 0 && good;
    if (good)
        return finish(m);
    unlink(m->csv);
    if (rc != ODD_OK && rc != ODD_MISUSE) {
        complain("%s", odd_join_errmsg(m->join));
        return false;
    }
    errno = error;
    return refuse(m);
}

static bool make(Making *m)
{
    m->definitions = past_definitions(m->options, &m->house);
    if (m->definitions == NULL || !label_file_read(m->options->labels, &m->labels))
        return false;
    const char *folder = m->house.settings.data;
    odd_rc rc = odd_join_open(m->definitions, m->options->by_event,
                              access(folder, W_OK) == 0 ? folder : "/tmp",
                              m->house.settings.memory_bytes / 2, &m->join);
    if (rc != ODD_OK) {
        complain("there are no features: %s", odd_strerror(rc));
        return false;
    }
    return want_features(m) && find_columns(m) && take_labels(m) &&
           past_facts(&m->house, m->definitions, 0, m->options->quiet, m->join) && write_rows(m);
}

int dataset_make(const Options *options, int count, const char *const *arguments)
{
    if (count > 0) {
        complain("dataset make takes no argument (%s); --labels and --out name its files",
                 arguments[0]);
        return STATUS_ERROR;
    }
    Making *m = calloc(1, sizeof *m);
    if (m == NULL || !check_options(options)) {
        free(m);
        return STATUS_ERROR;
    }
    m->options = options;
    bool good = house_open(options, &m->house);
    if (good) {
        good = make(m);
        house_close(&m->house);
    }
    if (good && !options->quiet)
        complain("%s: %zu rows, as of what had %s", options->learn.to_file, m->label_count,
                 options->by_event ? "happened" : "come");
    odd_events_close(m->definitions);
    odd_join_close(m->join);
    label_file_close(&m->labels);
    buffer_free(&m->text);
    free(m->label_rows);
    free(m);
    return good ? STATUS_FINE : STATUS_ERROR;
}
