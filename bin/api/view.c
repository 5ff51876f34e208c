/* SPDX-License-Identifier: Apache-2.0 */
#include "api/view.h"

#include <limits.h>
#include <string.h>

#include "api/api.h"

static const Field findings[] = {
    {"id", FIELD_TEXT},        {"time", FIELD_TIME},      {"last_time", FIELD_TIME},
    {"surprise", FIELD_REAL},  {"kind", FIELD_TEXT},      {"source", FIELD_TEXT},
    {"signal", FIELD_TEXT},    {"pattern", FIELD_MAYBE},  {"sentence", FIELD_TEXT},
    {"state", FIELD_TEXT},     {"how_rare", FIELD_MAYBE}, {"sample", FIELD_MAYBE},
    {"seen", FIELD_REAL},      {"expected", FIELD_REAL},  {"incident", FIELD_MAYBE},
    {"level", FIELD_MAYBE},    {"repeats", FIELD_INT},   {"hidden_by", FIELD_MAYBE},
    {"verdict", FIELD_MAYBE},
};
static const Field incidents[] = {
    {"id", FIELD_TEXT},       {"time", FIELD_TIME},  {"last_time", FIELD_TIME},
    {"surprise", FIELD_REAL}, {"sentence", FIELD_TEXT}, {"state", FIELD_TEXT},
    {"findings", FIELD_INT},  {"hidden", FIELD_INT}, {"cause", FIELD_MAYBE},
    {"again", FIELD_MAYBE},   {"times", FIELD_INT},
};
static const Field story[] = {
    {"part", FIELD_TEXT},     {"role", FIELD_MAYBE},    {"state", FIELD_MAYBE},
    {"rank", FIELD_COUNT},    {"id", FIELD_TEXT},       {"time", FIELD_TIME},
    {"surprise", FIELD_REAL}, {"sentence", FIELD_TEXT}, {"why", FIELD_MAYBE},
    {"signals", FIELD_INT},
};
static const Field checked[] = {
    {"sentence", FIELD_TEXT}, {"state", FIELD_TEXT}, {"signals", FIELD_INT},
    {"surprise", FIELD_REAL},
};
static const Field similar[] = {
    {"id", FIELD_TEXT},       {"time", FIELD_TIME}, {"state", FIELD_TEXT},
    {"surprise", FIELD_REAL}, {"sentence", FIELD_TEXT}, {"why", FIELD_TEXT},
};
static const Field changes[] = {
    {"id", FIELD_TEXT},       {"time", FIELD_TIME},    {"what", FIELD_TEXT},
    {"service", FIELD_MAYBE}, {"host", FIELD_MAYBE},   {"version", FIELD_MAYBE},
    {"title", FIELD_MAYBE},   {"author", FIELD_MAYBE}, {"link", FIELD_MAYBE},
    {"source", FIELD_MAYBE},  {"seen", FIELD_BOOL},
};
static const Field verdicts[] = {
    {"id", FIELD_TEXT},       {"verdict", FIELD_TEXT},  {"finding", FIELD_MAYBE},
    {"signal", FIELD_MAYBE},  {"pattern", FIELD_MAYBE}, {"source", FIELD_MAYBE},
    {"host", FIELD_MAYBE},    {"text", FIELD_MAYBE},    {"kind", FIELD_MAYBE},
    {"from", FIELD_TIME},     {"until", FIELD_TIME},    {"lasts", FIELD_TEXT},
    {"made", FIELD_TIME},     {"surprise", FIELD_REAL}, {"reason", FIELD_MAYBE},
    {"author", FIELD_MAYBE},  {"about", FIELD_MAYBE},   {"with", FIELD_MAYBE},
    {"every", FIELD_MAYBE},   {"zone", FIELD_MAYBE},    {"hidden", FIELD_INT},
    {"real", FIELD_INT},      {"broken", FIELD_INT},
};
static const Field asked[] = {
    {"id", FIELD_TEXT},      {"time", FIELD_TIME},      {"surprise", FIELD_REAL},
    {"kind", FIELD_TEXT},    {"source", FIELD_TEXT},    {"signal", FIELD_TEXT},
    {"sentence", FIELD_TEXT}, {"incident", FIELD_MAYBE}, {"reason", FIELD_TEXT},
    {"like", FIELD_INT},     {"days", FIELD_INT},       {"real", FIELD_REAL},
};
static const Field precision[] = {
    {"answers", FIELD_INT}, {"real", FIELD_INT},   {"estimate", FIELD_REAL},
    {"lower", FIELD_REAL},  {"upper", FIELD_REAL},
};
static const Field trials[] = {
    {"id", FIELD_TEXT},    {"verdict", FIELD_TEXT}, {"looked_at", FIELD_INT}, {"fits", FIELD_INT},
    {"hidden", FIELD_INT}, {"real", FIELD_INT},     {"broken", FIELD_INT},
};
static const Field patterns[] = {
    {"signal", FIELD_TEXT},   {"source", FIELD_TEXT},     {"pattern", FIELD_TEXT},
    {"count", FIELD_INT},     {"records", FIELD_INT},     {"first_time", FIELD_TIME},
    {"last_time", FIELD_TIME}, {"level", FIELD_MAYBE},
};
static const Field sources[] = {
    {"source", FIELD_TEXT},   {"kind", FIELD_TEXT},       {"rows", FIELD_INT},
    {"records", FIELD_INT},   {"samples", FIELD_INT},     {"bytes", FIELD_INT},
    {"cut_rows", FIELD_INT},  {"late_rows", FIELD_INT},   {"early_rows", FIELD_INT},
    {"series", FIELD_INT},    {"watched", FIELD_INT},     {"judged", FIELD_INT},
    {"refused", FIELD_INT},   {"first_time", FIELD_TIME},
    {"last_time", FIELD_TIME}, {"known", FIELD_TIME},
};
static const Field series[] = {
    {"series", FIELD_TEXT},     {"source", FIELD_TEXT},    {"samples", FIELD_INT},
    {"first_time", FIELD_TIME}, {"last_time", FIELD_TIME}, {"last_value", FIELD_REAL},
    {"surprise", FIELD_REAL},   {"watched", FIELD_BOOL},
    {"class", FIELD_MAYBE},     {"season", FIELD_MAYBE},
};

static const Field models[] = {
    {"model", FIELD_TEXT},        {"version", FIELD_TEXT},     {"state", FIELD_TEXT},
    {"task", FIELD_MAYBE},        {"predictions", FIELD_INT},  {"reference_rows", FIELD_INT},
    {"features", FIELD_INT},      {"drifting", FIELD_INT},     {"outcomes", FIELD_INT},
    {"joined", FIELD_INT},        {"waiting", FIELD_INT},      {"early", FIELD_INT},
    {"repeated", FIELD_INT},      {"doubled", FIELD_INT},      {"without_id", FIELD_INT},
    {"expired", FIELD_INT},       {"unknown", FIELD_INT},      {"sampled_out", FIELD_INT},
    {"unlearnt", FIELD_INT},      {"delay_s", FIELD_REAL},     {"first_time", FIELD_TIME},
    {"last_time", FIELD_TIME},    {"known", FIELD_TIME},       {"verdict", FIELD_MAYBE},
    {"reason", FIELD_MAYBE},      {"new_normal", FIELD_MAYBE},
};
static const Field features[] = {
    {"version", FIELD_TEXT}, {"feature", FIELD_TEXT}, {"role", FIELD_TEXT},
    {"kind", FIELD_TEXT},    {"state", FIELD_TEXT},   {"surprise", FIELD_REAL},
    {"rows", FIELD_INT},     {"effect", FIELD_REAL},  {"harm", FIELD_REAL},
    {"harmful", FIELD_BOOL}, {"since", FIELD_TIME},   {"together", FIELD_MAYBE},
};
static const Field drift[] = {
    {"time", FIELD_TIME},  {"step_s", FIELD_INT}, {"rows", FIELD_INT},   {"effect", FIELD_REAL},
    {"lower", FIELD_REAL}, {"upper", FIELD_REAL}, {"shift", FIELD_REAL}, {"missing", FIELD_REAL},
};
static const Field course[] = {
    {"version", FIELD_TEXT},        {"metric", FIELD_TEXT},
    {"time", FIELD_TIME},           {"step_s", FIELD_INT},
    {"rows", FIELD_INT},            {"labelled", FIELD_INT},
    {"estimate", FIELD_REAL},       {"lower", FIELD_REAL},
    {"upper", FIELD_REAL},          {"realised", FIELD_REAL},
    {"realised_lower", FIELD_REAL}, {"realised_upper", FIELD_REAL},
    {"trust", FIELD_TEXT},
};

static const Field groups[] = {
    {"version", FIELD_TEXT},        {"segment", FIELD_TEXT},
    {"metric", FIELD_TEXT},         {"state", FIELD_TEXT},
    {"rows", FIELD_INT},            {"labelled", FIELD_INT},
    {"estimate", FIELD_REAL},       {"lower", FIELD_REAL},
    {"upper", FIELD_REAL},          {"realised", FIELD_REAL},
    {"realised_lower", FIELD_REAL}, {"realised_upper", FIELD_REAL},
    {"reference", FIELD_REAL},      {"all", FIELD_REAL},
    {"all_reference", FIELD_REAL},
};

static const Field curve[] = {
    {"version", FIELD_TEXT},        {"probability", FIELD_REAL},    {"rows", FIELD_INT},
    {"reference", FIELD_REAL},      {"realised", FIELD_REAL},       {"realised_lower", FIELD_REAL},
    {"realised_upper", FIELD_REAL},
};
static const Field questions[] = {
    {"version", FIELD_TEXT}, {"id", FIELD_TEXT}, {"time", FIELD_TIME}, {"probability", FIELD_REAL},
    {"reason", FIELD_TEXT},
};
static const Field labels[] = {
    {"version", FIELD_TEXT},  {"metric", FIELD_TEXT}, {"labels", FIELD_INT}, {"rows", FIELD_INT},
    {"from", FIELD_TIME},     {"until", FIELD_TIME},  {"estimate", FIELD_REAL},
    {"lower", FIELD_REAL},    {"upper", FIELD_REAL},  {"plain", FIELD_REAL},
};

static const Field defined[] = {
    {"name", FIELD_TEXT},   {"version", FIELD_TEXT},    {"from", FIELD_TEXT},
    {"entity", FIELD_MAYBE}, {"aggregate", FIELD_MAYBE}, {"window_s", FIELD_REAL},
    {"step_s", FIELD_REAL}, {"unit", FIELD_MAYBE},      {"owner", FIELD_MAYBE},
    {"description", FIELD_MAYBE},
};

#define VIEW(odd, fields)                                   \
    {                                                       \
        (odd), (fields), sizeof(fields) / sizeof(fields)[0] \
    }
const View view_findings = VIEW(ODD_FINDINGS, findings);
const View view_incidents = VIEW(ODD_INCIDENTS, incidents);
const View view_story = VIEW(0, story);
const View view_checked = VIEW(0, checked);
const View view_similar = VIEW(0, similar);
const View view_defined = VIEW(ODD_FEATURES, defined);
const View view_changes = VIEW(ODD_CHANGES, changes);
const View view_verdicts = VIEW(ODD_VERDICTS, verdicts);
const View view_asked = VIEW(ODD_QUESTIONS, asked);
const View view_precision = VIEW(ODD_PRECISION, precision);
const View view_trials = VIEW(0, trials);
const View view_patterns = VIEW(ODD_PATTERNS, patterns);
const View view_sources = VIEW(ODD_SOURCES, sources);
const View view_series = VIEW(ODD_SERIES, series);
const View view_models = VIEW(ODD_MODELS, models);
const View view_features = VIEW(ODD_MODEL_FEATURES, features);
const View view_drift = VIEW(ODD_MODEL_DRIFT, drift);
const View view_groups = VIEW(ODD_MODEL_GROUPS, groups);
const View view_curve = VIEW(ODD_MODEL_CURVE, curve);
const View view_questions = VIEW(ODD_MODEL_QUESTIONS, questions);
const View view_labels = VIEW(ODD_MODEL_LABELS, labels);
const View view_course = VIEW(ODD_MODEL_COURSE, course);

odd_rows *view_ask(const Ask *ask, const odd_question *question)
{
    const ApiContext *api = ask->request->context;
    odd_rows *rows = NULL;
    odd_rc rc = live_query(api->live, question, &rows);
    if (rc == ODD_OK)
        return rows;
    ask_failed(ask->response, rc);
    return NULL;
}

odd_rows *view_rows(const Ask *ask, const View *view, odd_time since, odd_time until)
{
    return view_ask(
        ask, &(odd_question){
                 .view = view->view, .since = since, .until = until, .row_count_max = INT_MAX});
}

static void put_field(Put *put, const odd_rows *rows, int column, FieldKind kind)
{
    switch (kind) {
    case FIELD_MAYBE:
        if (odd_text_size(rows, column) == 0) {
            put_null(put);
            return;
        }
        /* fallthrough */
    case FIELD_TEXT:
        put_text(put, odd_text(rows, column), odd_text_size(rows, column));
        return;
    case FIELD_TIME:
        put_time(put, odd_int(rows, column));
        return;
    case FIELD_INT:
        put_integer(put, odd_int(rows, column));
        return;
    case FIELD_COUNT:
        if (odd_int(rows, column) > 0)
            put_integer(put, odd_int(rows, column));
        else
            put_null(put);
        return;
    case FIELD_BOOL:
        put_bool(put, odd_int(rows, column) != 0);
        return;
    case FIELD_REAL:
        put_real(put, odd_double(rows, column));
        return;
    }
}

void view_members_or(const View *view, const odd_rows *rows, const char *name, const char *text,
                     Put *put)
{
    for (size_t i = 0; i < view->count; i++) {
        const Field *field = &view->fields[i];
        int column = odd_column(rows, field->name);
        if (column < 0)
            continue;
        put_name(put, field->name);
        if (text != NULL && strcmp(field->name, name) == 0 && odd_text_size(rows, column) == 0)
            put_word(put, text);
        else
            put_field(put, rows, column, field->kind);
    }
}

void view_members(const View *view, const odd_rows *rows, Put *put)
{
    view_members_or(view, rows, "", NULL, put);
}

void view_object(const View *view, const odd_rows *rows, HttpResponse *json)
{
    Put put = {.response = json, .depth = 1};
    response_add(json, "{", 1);
    view_members(view, rows, &put);
    response_add(json, "}", 1);
}

const char *view_text(const odd_rows *rows, const char *column)
{
    int number = odd_column(rows, column);
    return number < 0 ? "" : odd_text(rows, number);
}

odd_time view_time(const odd_rows *rows, const char *column)
{
    int number = odd_column(rows, column);
    return number < 0 ? ODD_TIME_NONE : odd_int(rows, number);
}
