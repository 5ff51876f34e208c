/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/dataset_findings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/csv.h"
#include "cli/saying.h"

#define PAGES_MAX 10000
#define NS_PER_S INT64_C(1000000000)
#define HOUR_S 3600
#define DAY_S 86400
#define DAYS_OF_1970 3 /* It began on a Thursday; weeks begin on Monday. */

typedef struct {
    const char *name;
    char        kind; /* As write_parquet takes it. */
} Column;
static const Column columns[] = {
    {"time", 't'},     {"finding", 's'}, {"kind", 's'},     {"source", 's'},  {"pattern", 's'},
    {"level", 's'},    {"surprise", 'n'}, {"seen", 'n'},    {"expected", 'n'}, {"ratio", 'n'},
    {"repeats", 'n'},  {"lasted_s", 'n'}, {"hour", 'n'},    {"weekday", 'n'}, {"incident", 's'},
    {"findings", 'n'}, {"role", 's'},     {"rank", 'n'},    {"verdict", 's'}, {"real", 'n'}};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

typedef struct {
    const Options *options;
    JsonTree     **pages; /* The newest first. */
    size_t         page_count;
    JsonTree      *incident; /* That was asked for last. */
    char           incident_id[128];
    Buffer         text;
    size_t         rows;
} Judged;

static bool read_pages(Judged *judged)
{
    Buffer path = {0};
    const char *cursor = "";
    bool good = true;
    do {
        buffer_clear(&path);
        buffer_puts(&path, "/api/v1/findings?limit=1000&order=newest");
        if (cursor[0] != '\0')
            buffer_format(&path, "&cursor=%s", cursor);
        JsonTree *page = judged->page_count < PAGES_MAX
                             ? saying_ask(judged->options, "GET", buffer_text(&path), NULL)
                             : NULL;
        good = page != NULL;
        if (good) {
            judged->pages[judged->page_count++] = page;
            cursor = tree_text(page, "next");
        }
    } while (good && cursor[0] != '\0');
    buffer_free(&path);
    return good;
}

/* -- a row ------------------------------------------------------------------------------------- */

static double real_of(const JsonTree *item, const char *name)
{
    double value = NAN;
    json_tree_real(json_tree_member(item, name), &value);
    return value;
}

static odd_time time_of(const JsonTree *item, const char *name)
{
    odd_time time = ODD_TIME_NONE;
    const char *text = tree_text(item, name);
    return odd_time_read(text, strlen(text), 0, 0, &time) == ODD_OK ? time : ODD_TIME_NONE;
}

/* What the finding is in its incident; NULL: it is in none, or that has been forgotten. */
static const JsonTree *part_of(Judged *judged, const JsonTree *item)
{
    char path[256];
    const char *id = tree_text(item, "incident");
    if (id[0] == '\0')
        return NULL;
    if (strcmp(judged->incident_id, id) != 0) {
        snprintf(judged->incident_id, sizeof judged->incident_id, "%s", id);
        snprintf(path, sizeof path, "/api/v1/incidents/%s", judged->incident_id);
        json_tree_free(judged->incident);
        judged->incident = saying_ask(judged->options, "GET", path, NULL);
    }
    const JsonTree *story = json_tree_member(judged->incident, "story");
    for (size_t i = 0; i < json_tree_count(story); i++) {
        const JsonTree *part = json_tree_item(story, i);
        if (strcmp(tree_text(part, "id"), tree_text(item, "id")) == 0)
            return part;
    }
    return NULL;
}

static double is_real(const char *verdict)
{
    if (strcmp(verdict, "real") == 0)
        return 1;
    return strcmp(verdict, "expected") == 0 || strcmp(verdict, "new-normal") == 0 ? 0 : NAN;
}

static void put_text(Csv *csv, const JsonTree *item, const char *name)
{
    const char *text = tree_text(item, name);
    csv_text(csv, text, strlen(text));
}

static void put_times(Csv *csv, const JsonTree *item, odd_time time)
{
    odd_time last = time_of(item, "last_time");
    int64_t s = time / NS_PER_S;
    bool known = time != ODD_TIME_NONE;
    double lasted = known && last != ODD_TIME_NONE ? (double)(last - time) / (double)NS_PER_S : NAN;
    csv_number(csv, lasted);
    csv_number(csv, known ? (double)(s / HOUR_S % 24) : NAN);
    csv_number(csv, known ? (double)((s / DAY_S + DAYS_OF_1970) % 7) : NAN);
}

static void put_row(Judged *judged, const JsonTree *item)
{
    Csv csv = {.out = &judged->text};
    odd_time time = time_of(item, "time");
    double seen = real_of(item, "seen"), expected = real_of(item, "expected");
    const JsonTree *part = part_of(judged, item);
    csv_time(&csv, time);
    put_text(&csv, item, "id");
    put_text(&csv, item, "kind");
    put_text(&csv, item, "source");
    put_text(&csv, item, "pattern");
    put_text(&csv, item, "level");
    csv_number(&csv, real_of(item, "surprise"));
    csv_number(&csv, seen);
    csv_number(&csv, expected);
    csv_number(&csv, expected != 0 ? seen / expected : NAN);
    csv_number(&csv, real_of(item, "repeats"));
    put_times(&csv, item, time);
    put_text(&csv, item, "incident");
    csv_number(&csv, part != NULL ? real_of(judged->incident, "findings") : NAN);
    put_text(&csv, part, "role");
    csv_number(&csv, real_of(part, "rank"));
    put_text(&csv, item, "verdict");
    csv_number(&csv, is_real(tree_text(item, "verdict")));
    csv_end(&csv);
    judged->rows++;
}

static void put_all(Judged *judged)
{
    Csv csv = {.out = &judged->text};
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        csv_text(&csv, columns[i].name, strlen(columns[i].name));
    csv_end(&csv);
    for (size_t page = judged->page_count; page-- > 0;) {
        const JsonTree *items = json_tree_member(judged->pages[page], "items");
        for (size_t i = json_tree_count(items); i-- > 0;)
            if (tree_text(json_tree_item(items, i), "verdict")[0] != '\0')
                put_row(judged, json_tree_item(items, i));
    }
}

static int write_all(Judged *judged, const RegistryHome *home)
{
    char kinds[COLUMN_COUNT + 1] = "";
    const char *path = judged->options->learn.to_file;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        kinds[i] = columns[i].kind;
    int status = table_write(home, &judged->text, kinds, path);
    if (status == STATUS_FINE && path != NULL && !judged->options->quiet)
        complain("%s: %zu judged %s", path, judged->rows,
                 judged->rows == 1 ? "finding" : "findings");
    return status;
}

int dataset_findings(const Options *options, const RegistryHome *home)
{
    Judged judged = {.options = options};
    int status = STATUS_ERROR;
    judged.pages = calloc(PAGES_MAX, sizeof(JsonTree *));
    if (judged.pages == NULL) {
        complain("no memory for the findings");
    } else if (read_pages(&judged)) {
        put_all(&judged);
        status = write_all(&judged, home);
    }
    for (size_t i = 0; i < judged.page_count; i++)
        json_tree_free(judged.pages[i]);
    free((void *)judged.pages);
    json_tree_free(judged.incident);
    buffer_free(&judged.text);
    return status;
}
