/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_live.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/rows.h"
#include "fake_features.h"
#include "fake_models.h"

#define START FAKE_START
#define MINUTE FAKE_MINUTE

struct Live {
    LiveListener listeners[LIVE_LISTENERS_MAX];
    void        *contexts[LIVE_LISTENERS_MAX];
    int          listener_count;
    atomic_int   cancelled;
    atomic_int   behind, failed;
};

struct SqlAnswer {
    size_t  rows, columns;
    char    text[4096];
    bool    cut;
};

Live *fake_live_open(void)
{
    return calloc(1, sizeof(Live));
}

void fake_live_close(Live *live)
{
    free(live);
}

static void finding_row(odd_rows *rows, int i)
{
    char text[64];
    snprintf(text, sizeof text, "f%03d", i);
    rows_text(rows, str_of(text));
    rows_int(rows, START + i * MINUTE);
    rows_int(rows, START + i * MINUTE + 5);
    rows_double(rows, 3 + (i * 7) % 100 / 10.0);
    rows_constant(rows, i % 2 == 0 ? "rare" : "burst");
    rows_constant(rows, i % 5 == 0 ? "web" : "db");
    rows_constant(rows, "0123456789abcdef");
    rows_constant(rows, "took <num> ms");
    snprintf(text, sizeof text, "Sentence %d.", i);
    rows_text(rows, str_of(text));
    rows_constant(rows, i == 7 ? "hidden" : i % 3 == 0 ? "resolved" : "new");
    rows_constant(rows, "once in 1,000");
    rows_text(rows, STR("a \"sample\" \xff\x1b"));
    rows_double(rows, i);
    rows_double(rows, 0.0 / 0.0);
    rows_text(rows, i < 3 ? STR("i1") : STR(""));
    rows_constant(rows, "error");
    rows_int(rows, 1);
    rows_constant(rows, i == 7 ? "disks" : "");
    rows_constant(rows, i == 7 ? "real, expected" : "");
    rows_int(rows, 0);
    rows_constant(rows, "");
    rows_constant(rows, "rare");
    rows_constant(rows, "00000000000000aa");
}

static const char *const finding_columns[] = {
    "id",       "time",  "last_time", "surprise", "kind", "source",   "signal",   "pattern",
    "sentence", "state", "how_rare",  "sample",   "seen", "expected", "incident", "level",
    "repeats",  "hidden_by", "verdict", "metric", "like_source", "like_kind", "like_signal", NULL};

static odd_rows *findings(const odd_question *question)
{
    odd_rows *rows = rows_open(finding_columns);
    for (int i = 0; i < FAKE_FINDINGS; i++) {
        odd_time time = START + i * MINUTE;
        if (time >= question->since && (question->until == 0 || time < question->until))
            finding_row(rows, i);
    }
    return rows;
}

static odd_rows *questions(const odd_question *question)
{
    static const char *const columns[] = {"id",       "time",   "surprise", "kind",
                                          "source",   "signal", "sentence", "incident",
                                          "reason",   "like",   "days",     "real",
                                          "examples", NULL};
    odd_rows *rows = rows_open(columns);
    for (int i = 0; i < (question->row_count_max == 1 ? 1 : 2); i++) {
        rows_constant(rows, i == 0 ? "f003" : "f004");
        rows_int(rows, START);
        rows_double(rows, 3.5);
        rows_constant(rows, "rare");
        rows_constant(rows, "web");
        rows_constant(rows, "took <num> ms");
        rows_constant(rows, "It is slow.");
        rows_constant(rows, "");
        rows_constant(rows, i == 0 ? "chance" : "most");
        rows_int(rows, 4 - 3 * i);
        rows_int(rows, 2 - i);
        rows_double(rows, 0.25);
        rows_constant(rows, i == 0 ? "f005 It is slow.\nf006 So is this." : "");
    }
    return rows;
}

static odd_rows *precision(void)
{
    static const char *const columns[] = {"answers", "real", "estimate", "lower", "upper", NULL};
    odd_rows *rows = rows_open(columns);
    rows_int(rows, 4);
    rows_int(rows, 1);
    rows_double(rows, 0.25);
    rows_double(rows, 0.05);
    rows_double(rows, 0.7);
    return rows;
}

static odd_rows *incidents(void)
{
    static const char *const columns[] = {"id",       "time",  "last_time", "surprise",
                                          "sentence", "state", "findings",  "hidden",
                                          "cause",    "again", "times",     NULL};
    odd_rows *rows = rows_open(columns);
    rows_constant(rows, "i1");
    rows_int(rows, START);
    rows_int(rows, START + MINUTE);
    rows_double(rows, 6.25);
    rows_constant(rows, "Something began.");
    rows_constant(rows, "ongoing");
    rows_int(rows, 3);
    rows_int(rows, 1);
    rows_constant(rows, "c1");
    rows_constant(rows, "");
    rows_int(rows, 0);
    return rows;
}

static odd_rows *patterns(void)
{
    static const char *const columns[] = {"signal",  "source",     "pattern",   "count",
                                          "records", "first_time", "last_time", "level", NULL};
    odd_rows *rows = rows_open(columns);
    for (int i = 0; i < 3; i++) {
        char id[20];
        snprintf(id, sizeof id, "%016x", i + 1);
        rows_text(rows, str_of(id));
        rows_constant(rows, i == 1 ? "web" : "db");
        rows_constant(rows, "took <num> ms");
        rows_int(rows, 10 + i);
        rows_int(rows, 10);
        rows_int(rows, START);
        rows_int(rows, i == 0 ? ODD_TIME_NONE : START + i);
        rows_constant(rows, "");
    }
    return rows;
}

static odd_rows *sources(void)
{
    static const char *const columns[] = {"source",   "kind",       "rows",      "records",
                                          "samples",  "bytes",      "cut_rows",  "late_rows",
                                          "first_time", "last_time", "known",    NULL};
    odd_rows *rows = rows_open(columns);
    static const char *const names[] = {"/var/log/\"odd\"", "torn \xe2\x82 \xff"};
    for (int k = 0; k < 2; k++) {
        rows_constant(rows, names[k]);
        rows_constant(rows, "plain");
        for (int i = 0; i < 6; i++)
            rows_int(rows, 100 + i);
        for (int i = 0; i < 3; i++)
            rows_int(rows, START + i);
    }
    return rows;
}

static odd_rows *series(void)
{
    static const char *const columns[] = {"series",     "source",    "samples",
                                          "first_time", "last_time", "last_value",
                                          "surprise", "watched",
                                          "class",     "season",     NULL};
    static const char *const names[] = {"up{job=\"node\"}", "cpu{a=\"x,b=\\\"1\",cpu=\"0/1\"}",
                                        "cpu{cpu=\"2\"}"};
    odd_rows *rows = rows_open(columns);
    for (int i = 0; i < 3; i++) {
        rows_constant(rows, names[i]);
        rows_constant(rows, "host");
        rows_int(rows, 5 - i);
        rows_int(rows, START);
        rows_int(rows, START + i);
        rows_double(rows, i / 4.0);
        rows_double(rows, i);
        rows_int(rows, i != 2);
        rows_constant(rows, i != 2 ? "gauge" : "");
        rows_constant(rows, i == 0 ? "week" : "");
    }
    return rows;
}

static odd_rows *notes(void)
{
    static const char *const columns[] = {"topic", "sentence", NULL};
    odd_rows *rows = rows_open(columns);
    rows_constant(rows, "memory");
    rows_constant(rows, "memory is short");
    return rows;
}

static odd_rows *verdicts(void)
{
    static const char *const columns[] = {
        "id",     "verdict", "finding", "signal", "pattern", "source", "host",
        "text",   "kind",    "from",    "until",  "lasts",   "made",   "surprise",
        "reason", "author",  "about",   "with",   "every",   "zone",   "hidden",
        "real",   "broken",  NULL};
    odd_rows *rows = rows_open(columns);
    rows_constant(rows, "disks");
    rows_constant(rows, "mute");
    for (int i = 0; i < 3; i++)
        rows_constant(rows, "");
    rows_constant(rows, "db*");
    for (int i = 0; i < 3; i++)
        rows_constant(rows, "");
    rows_int(rows, START);
    rows_int(rows, ODD_TIME_NONE);
    rows_constant(rows, "worse");
    rows_int(rows, START);
    rows_double(rows, 4.5);
    rows_constant(rows, "they are replaced");
    for (int i = 0; i < 5; i++)
        rows_constant(rows, "");
    rows_int(rows, 1);
    rows_int(rows, 1);
    rows_int(rows, 0);
    return rows;
}

/* As if each fitted fourteen. */
odd_rc live_try(Live *live, const odd_events *events, odd_time since, odd_rows **ret)
{
    (void)live;
    (void)since;
    odd_fold *fold;
    odd_rows *tried;
    assert(odd_fold_open(NULL, &fold) == ODD_OK);
    assert(odd_fold_try(fold, events, 0, &tried) == ODD_OK);
    static const char *const columns[] = {"id",     "verdict", "looked_at", "fits",
                                          "hidden", "real",    "broken",    NULL};
    odd_rows *rows = rows_open(columns);
    while (odd_next(tried) == ODD_ROW) {
        rows_text(rows, str_of(odd_text(tried, 0)));
        rows_text(rows, str_of(odd_text(tried, 1)));
        rows_int(rows, FAKE_FINDINGS);
        rows_int(rows, 14);
        rows_int(rows, 13);
        rows_int(rows, 0);
        rows_int(rows, 1);
    }
    odd_rows_close(tried);
    odd_fold_close(fold);
    return rows_finish(rows, ret);
}

odd_rc live_explain(Live *live, const char *finding, odd_rows **ret)
{
    (void)live;
    static const char *const columns[] = {"name", "value", "text", NULL};
    odd_rows *rows = rows_open(columns);
    rows_constant(rows, "seen");
    rows_double(rows, 3);
    rows_missing(rows);
    rows_constant(rows, "expected");
    rows_double(rows, 0.0 / 0.0);
    rows_missing(rows);
    if (strcmp(finding, "f007") == 0) {
        rows_constant(rows, "hides");
        rows_missing(rows);
        rows_constant(rows, "disks");
    }
    return rows_finish(rows, ret);
}

odd_rc live_incident(Live *live, const char *incident, odd_rows **ret)
{
    (void)live;
    (void)incident; /* There is but one. */
    static const char *const columns[] = {"part", "role",     "state",    "rank", "id",
                                          "time", "surprise", "sentence", "why",  "signals", NULL};
    static const char *const parts[][6] = {
        {"finding", "failure", "new", "f000", "A pattern came.", "the same service: shop"},
        {"change", "cause", "", "c1", "deploy of shop 1.2.3", "sent"},
        {"checked", "", "innocent", "", "memory", ""},
        {"like", "", "resolved", "i0", "Something else.", "60 % alike"},
    };
    odd_rows *rows = rows_open(columns);
    for (int i = 0; i < 4; i++) {
        rows_constant(rows, parts[i][0]);
        rows_constant(rows, parts[i][1]);
        rows_constant(rows, parts[i][2]);
        rows_int(rows, i < 2 ? 2 - i : 0);
        rows_constant(rows, parts[i][3]);
        rows_int(rows, i == 2 ? ODD_TIME_NONE : START - i);
        rows_double(rows, i == 1 ? 0.0 / 0.0 : 4.5);
        rows_constant(rows, parts[i][4]);
        rows_constant(rows, parts[i][5]);
        rows_int(rows, 7);
    }
    return rows_finish(rows, ret);
}

static odd_rows *changes(void)
{
    static const char *const columns[] = {"id",    "time",   "what", "service", "host", "version",
                                          "title", "author", "link", "source",  "seen", NULL};
    odd_rows *rows = rows_open(columns);
    for (int i = 0; i < 2; i++) {
        rows_constant(rows, i == 0 ? "c2" : "c1");
        rows_int(rows, START - i);
        rows_constant(rows, i == 0 ? "restart" : "deploy");
        rows_constant(rows, "shop");
        rows_constant(rows, "");
        rows_constant(rows, i == 0 ? "" : "1.2.3");
        for (int k = 0; k < 4; k++)
            rows_constant(rows, "");
        rows_int(rows, i == 0);
    }
    return rows;
}

odd_rc live_query(Live *live, const odd_question *question, odd_rows **ret)
{
    (void)live; /* It always knows the same. */
    odd_rows *rows = NULL;
    switch (question->view) {
    case ODD_FINDINGS:
        rows = findings(question);
        break;
    case ODD_INCIDENTS:
        rows = incidents();
        break;
    case ODD_CHANGES:
        rows = changes();
        break;
    case ODD_PATTERNS:
        rows = patterns();
        break;
    case ODD_SOURCES:
        rows = sources();
        break;
    case ODD_SERIES:
        rows = series();
        break;
    case ODD_VERDICTS:
        rows = verdicts();
        break;
    case ODD_QUESTIONS:
        rows = questions(question);
        break;
    case ODD_PRECISION:
        rows = precision();
        break;
    case ODD_NOTES:
        rows = notes();
        break;
    case ODD_FEATURES:
        rows = fake_features();
        break;
    case ODD_MODELS:
    case ODD_MODEL_FEATURES:
    case ODD_MODEL_DRIFT:
    case ODD_MODEL_COURSE:
    case ODD_MODEL_GROUPS:
    case ODD_MODEL_CURVE:
    case ODD_MODEL_QUESTIONS:
    case ODD_MODEL_LABELS:
        rows = fake_models(question);
        break;
    default:
        return ODD_NOTFOUND;
    }
    return rows_finish(rows, ret);
}

bool live_is_behind(const Live *live)
{
    return atomic_load(&live->behind);
}

bool live_has_failed(const Live *live)
{
    return atomic_load(&live->failed);
}

void fake_live_health(Live *live, bool behind, bool failed)
{
    atomic_store(&live->behind, behind);
    atomic_store(&live->failed, failed);
}

LiveCounts live_counts(Live *live)
{
    (void)live;
    return (LiveCounts){.journal_position = 12,
                        .fold_position = 11,
                        .findings = FAKE_FINDINGS,
                        .lag_s = 0.25,
                        .last_checkpoint = START,
                        .caught_up = true};
}

static bool slept(Live *live, double seconds, const atomic_bool *cancel)
{
    for (int i = 0; i < (int)(seconds * 100); i++) {
        if (atomic_load(cancel)) {
            atomic_fetch_add(&live->cancelled, 1);
            return false;
        }
        usleep(10000);
    }
    return true;
}

odd_rc live_sql(Live *live, const char *sql, double seconds, const atomic_bool *cancel,
                SqlAnswer **ret_answer, char **ret_problem)
{
    (void)seconds;
    if (strncmp(sql, "fail ", 5) == 0) {
        *ret_problem = strdup(sql + 5);
        return ODD_SYNTAX;
    }
    if (strcmp(sql, "late") == 0 ||
        (strncmp(sql, "sleep ", 6) == 0 && !slept(live, atof(sql + 6), cancel)))
        return ODD_LATE;
    SqlAnswer *answer = calloc(1, sizeof *answer);
    bool many = strncmp(sql, "many ", 5) == 0, none = strstr(sql, "'ffffffff") != NULL;
    answer->rows = many ? (size_t)atol(sql + 5) : none ? 0 : 1;
    answer->columns = strncmp(sql, "SELECT epoch_ns", 15) == 0 ? 11 : 4;
    answer->cut = many;
    snprintf(answer->text, sizeof answer->text, "%s", sql);
    *ret_answer = answer;
    return ODD_OK;
}

bool live_listen(Live *live, LiveListener listener, void *context)
{
    if (live->listener_count == LIVE_LISTENERS_MAX)
        return false;
    live->listeners[live->listener_count] = listener;
    live->contexts[live->listener_count++] = context;
    return true;
}

void fake_live_tell(Live *live, int number)
{
    odd_rows *rows = rows_open(finding_columns);
    finding_row(rows, number);
    if (rows_finish(rows, &rows) != ODD_OK)
        return;
    odd_next(rows);
    for (int i = 0; i < live->listener_count; i++)
        live->listeners[i](live->contexts[i], rows, START);
    odd_rows_close(rows);
}

int fake_live_cancelled(Live *live)
{
    return atomic_load(&live->cancelled);
}

size_t sql_answer_columns(const SqlAnswer *answer)
{
    return answer->columns;
}

const char *sql_answer_column(const SqlAnswer *answer, size_t column)
{
    static const char *const names[] = {"asked", "number", "real", "nothing", "more"};
    (void)answer;
    return names[column];
}

size_t sql_answer_rows(const SqlAnswer *answer)
{
    return answer->rows;
}

/* Of a history: a step, and numbers. */
static SqlCell history_cell(const SqlAnswer *answer, size_t column)
{
    if (column > 0)
        return (SqlCell){.kind = SQL_INT, .integer = 7};
    return (SqlCell){.kind = SQL_INT, .integer = START / atoll(strstr(answer->text, "//") + 3)};
}

SqlCell sql_answer_cell(const SqlAnswer *answer, size_t row, size_t column)
{
    if (answer->columns == 11)
        return history_cell(answer, column);
    switch (column) {
    case 0:
        return (SqlCell){.kind = SQL_TEXT, .text = answer->text, .size = strlen(answer->text)};
    case 1:
        return (SqlCell){.kind = SQL_INT, .integer = INT64_MAX - (int64_t)row};
    case 2:
        return (SqlCell){.kind = SQL_REAL, .real = 0.1};
    default:
        return (SqlCell){.kind = SQL_MISSING};
    }
}

bool sql_answer_cut(const SqlAnswer *answer)
{
    return answer->cut;
}

const char *sql_answer_note(const SqlAnswer *answer)
{
    (void)answer;
    return "";
}

void sql_answer_free(SqlAnswer *answer)
{
    free(answer);
}
