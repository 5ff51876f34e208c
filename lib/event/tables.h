/* SPDX-License-Identifier: Apache-2.0
 *
 * tables.h - the columns of the lake's tables, as the engine writes them and the lake reads them.
 *
 * The line of a row of logs: the bytes of raw where they are not missing; else head, then
 * gaps[0] vars[0] gaps[1] vars[1] ... gaps[n] of its template, which has one gap more than there
 * are vars.  A row is one physical line without its line end (a CR before that belongs to the last
 * gap).  doc/lake.md says the same to those who read the files.
 */
#ifndef EVENT_TABLES_H
#define EVENT_TABLES_H
#include "event/table.h"

static const TableColumn table_logs_columns[] = {
    {"time", CELL_TIME},       /* When it happened; missing where the line does not say. */
    {"known", CELL_TIME},      /* When it came here.                                     */
    {"source", CELL_TEXT},     {"seq", CELL_INT}, /* Of the line in its source, from 1.  */
    {"level", CELL_TEXT},      {"pattern", CELL_HASH}, /* Its id when the line was learnt. */
    {"template", CELL_HASH},   {"head", CELL_TEXT},
    {"vars", CELL_TEXTS},      {"raw", CELL_BLOB},
    {"attributes", CELL_TEXT}, {"position", CELL_INT}, /* Commit of the journal.         */
};

static const TableColumn table_samples_columns[] = {
    {"time", CELL_TIME},
    {"source", CELL_TEXT},
    {"series", CELL_TEXT},
    {"value", CELL_REAL},
    {"expected", CELL_REAL}, /* Missing, as those that follow: it was not judged.  Of ... */
    {"lower", CELL_REAL},    /* ... the value, or of the growth a second of a counter. */
    {"upper", CELL_REAL},
    {"surprise", CELL_REAL},
    {"class", CELL_TEXT},    /* Of the series (detect/series_kind.h), as it was taken then. */
    {"position", CELL_INT},
};

/* How many lines of a pattern came in a minute.  One in which nothing came and nothing was missed
 * has no row. */
static const TableColumn table_rates_columns[] = {
    {"time", CELL_TIME},     /* When the minute began. */
    {"source", CELL_TEXT},
    {"pattern", CELL_HASH},  /* Its id when the minute was over. */
    {"lines", CELL_INT},
    {"expected", CELL_REAL}, /* Missing, as those that follow: it was not judged. */
    {"lower", CELL_REAL},
    {"upper", CELL_REAL},
    {"surprise", CELL_REAL},
    {"position", CELL_INT},
};

/* Of models; a row without a time has that when it came. */
static const TableColumn table_predictions_columns[] = {
    {"time", CELL_TIME},        {"known", CELL_TIME},
    {"model", CELL_TEXT},       {"version", CELL_TEXT},
    {"id", CELL_TEXT},          {"prediction", CELL_TEXT}, /* A class, or a number. */
    {"probability", CELL_REAL}, {"features", CELL_TEXT},   /* And segments, as JSON. */
    {"reference", CELL_INT},    {"position", CELL_INT},    /* reference: 1: said to be of it. */
};

static const TableColumn table_outcomes_columns[] = {
    {"time", CELL_TIME},    {"known", CELL_TIME}, {"model", CELL_TEXT},
    {"version", CELL_TEXT}, {"id", CELL_TEXT},    {"outcome", CELL_TEXT},
    {"position", CELL_INT},
};

static const TableColumn table_commits_columns[] = {
    {"position", CELL_INT},
    {"known", CELL_TIME},    /* When its last event came. */
    {"skeleton", CELL_BLOB}, /* See skeleton.h.           */
};

static const TableColumn table_templates_columns[] = {
    {"template", CELL_HASH},
    {"pattern", CELL_HASH}, /* Its pattern's id today, after merges. */
    {"gaps", CELL_TEXTS},
};

static const TableColumn table_patterns_columns[] = {
    {"pattern", CELL_HASH},   {"source", CELL_TEXT},    {"text", CELL_TEXT},  {"lines", CELL_INT},
    {"first_time", CELL_TIME}, {"last_time", CELL_TIME}, {"level", CELL_TEXT},
};

static const TableColumn table_findings_columns[] = {
    {"id", CELL_TEXT},       {"time", CELL_TIME},     {"last_time", CELL_TIME},
    {"surprise", CELL_REAL}, {"kind", CELL_TEXT},     {"source", CELL_TEXT},
    {"pattern", CELL_HASH},  {"sentence", CELL_TEXT}, {"state", CELL_TEXT},
    {"how_rare", CELL_TEXT}, {"sample", CELL_TEXT},   {"seen", CELL_REAL},
    {"expected", CELL_REAL}, {"incident", CELL_TEXT},
};

static const TableColumn table_incidents_columns[] = {
    {"id", CELL_TEXT},       {"time", CELL_TIME},     {"last_time", CELL_TIME},
    {"surprise", CELL_REAL}, {"sentence", CELL_TEXT}, {"state", CELL_TEXT},
    {"findings", CELL_INT},
};

static const TableColumn table_sources_columns[] = {
    {"source", CELL_TEXT}, {"kind", CELL_TEXT},      {"rows", CELL_INT},  {"records", CELL_INT},
    {"samples", CELL_INT}, {"bytes", CELL_INT},      {"first_time", CELL_TIME},
    {"last_time", CELL_TIME}, {"known", CELL_TIME},  {"late", CELL_INT},  {"cut", CELL_INT},
};

typedef struct {
    const char        *name;
    const TableColumn *columns;
    size_t             column_count;
} TableShape;

#define TABLE_SHAPE(name)                                                                          \
    {                                                                      \
#name, table_##name##_columns,                                     \
            sizeof table_##name##_columns / sizeof *table_##name##_columns \
    }

/* By odd_table. */
static const TableShape table_shapes[ODD_TABLE_COUNT] = {
    [ODD_TABLE_LOGS] = TABLE_SHAPE(logs),           [ODD_TABLE_SAMPLES] = TABLE_SHAPE(samples),
    [ODD_TABLE_COMMITS] = TABLE_SHAPE(commits),     [ODD_TABLE_RATES] = TABLE_SHAPE(rates),
    [ODD_TABLE_PREDICTIONS] = TABLE_SHAPE(predictions),
    [ODD_TABLE_OUTCOMES] = TABLE_SHAPE(outcomes),
    [ODD_TABLE_TEMPLATES] = TABLE_SHAPE(templates), [ODD_TABLE_PATTERNS] = TABLE_SHAPE(patterns),
    [ODD_TABLE_FINDINGS] = TABLE_SHAPE(findings),   [ODD_TABLE_INCIDENTS] = TABLE_SHAPE(incidents),
    [ODD_TABLE_SOURCES] = TABLE_SHAPE(sources),
};

#undef TABLE_SHAPE

#endif
