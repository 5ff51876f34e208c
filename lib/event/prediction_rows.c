/* SPDX-License-Identifier: Apache-2.0 */
#include "event/prediction_rows.h"

#include <math.h>
#include <stdio.h>

#include "event/json.h"
#include "event/prediction_build.h"
#include "event/timestamp.h"

#define GROUPS_MAX 1024 /* Models and versions in one request. */
#define NAME_ROOM (2 * BATCH_NAME_BYTES_MAX)

/* What a row may have. */
typedef enum {
    MEMBER_MODEL,
    MEMBER_VERSION,
    MEMBER_ID,
    MEMBER_TIME,
    MEMBER_FEATURES,
    MEMBER_PREDICTION,
    MEMBER_PROBABILITY,
    MEMBER_PROBABILITIES,
    MEMBER_SEGMENTS,
    MEMBER_OUTCOME,
    MEMBER_COUNT,
    MEMBER_OUTPUT = MEMBER_COUNT, /* Other names of two of them. */
    MEMBER_TRUTH,
    NAME_COUNT
} Member;

static const char *const names[NAME_COUNT] = {
    [MEMBER_MODEL] = "model",
    [MEMBER_VERSION] = "version",
    [MEMBER_ID] = "id",
    [MEMBER_TIME] = "time",
    [MEMBER_FEATURES] = "features",
    [MEMBER_PREDICTION] = "prediction",
    [MEMBER_PROBABILITY] = "probability",
    [MEMBER_PROBABILITIES] = "probabilities",
    [MEMBER_SEGMENTS] = "segments",
    [MEMBER_OUTCOME] = "outcome",
    [MEMBER_OUTPUT] = "output",
    [MEMBER_TRUTH] = "truth",
};

typedef struct {
    const JsonNode *of[NAME_COUNT]; /* NULL: it is not there. */
} Row;

typedef struct {
    BatchWhat        what;
    const odd_wire  *wire;
    odd_events      *events;
    odd_decoded     *decoded;
    Mem              mem;
    TimeFrame        frame;
    TimeFormat       format; /* Of the last time that was a text. */
    Row              around; /* Stands for what a row lacks. */
    PredictionBuild *groups;
    size_t           group_count, group_capacity, last;
    uint64_t         row; /* From 1, for sentences. */
    odd_rc           rc;
} Reading;

/* False, to be given on. */
static bool refuse(Reading *r, const char *why)
{
    decoded_refuse(r->decoded, 1, "row %llu: %s", (unsigned long long)r->row, why);
    return false;
}

static bool is_filled(const JsonNode *node)
{
    return json_kind(node) > NODE_NULL;
}

static const JsonNode *either(const JsonNode *node, const JsonNode *other)
{
    return is_filled(node) ? node : other;
}

static Member member_called(Str name)
{
    size_t member = 0;
    while (member < NAME_COUNT && !str_equal(name, str_of(names[member])))
        member++;
    return (Member)member;
}

#define UNKNOWN_BYTES 240
#define UNKNOWN_SHOWN 64

static bool unknown(Str name, char problem[UNKNOWN_BYTES])
{
    int size = (int)(name.size < UNKNOWN_SHOWN ? name.size : UNKNOWN_SHOWN);
    snprintf(problem, UNKNOWN_BYTES,
             "the member \"%.*s\" is unknown; there may be model, version, id, time, features, "
             "prediction, probability, probabilities, segments and outcome",
             size, name.text);
    return false;
}

/* The members of an object, but that of the name `rows`; false: one of them is unknown. */
static bool members_of(const JsonNode *object, Str rows, Row *ret, char problem[UNKNOWN_BYTES])
{
    JsonWalk walk = json_walk(object);
    Str name;
    const JsonNode *node;
    *ret = (Row){.of = {NULL}};
    while (json_walk_next(&walk, &name, &node)) {
        Member member = member_called(name);
        if (member < NAME_COUNT)
            ret->of[member] = node;
        else if (!str_equal(name, rows))
            return unknown(name, problem);
    }
    ret->of[MEMBER_PREDICTION] = either(ret->of[MEMBER_PREDICTION], ret->of[MEMBER_OUTPUT]);
    ret->of[MEMBER_OUTCOME] = either(ret->of[MEMBER_OUTCOME], ret->of[MEMBER_TRUTH]);
    return true;
}

/* A text, or a number as it is written. */
static bool text_of(const JsonNode *node, Str *ret)
{
    if (json_kind(node) == NODE_NUMBER) {
        *ret = (Str){.text = node->of.text, .size = node->size};
        return true;
    }
    return json_kind(node) == NODE_STRING && json_as_str(node, ret);
}

/* -- groups -------------------------------------------------------------------------------- */

static bool is_group(const PredictionBuild *build, Str model, Str version)
{
    return str_equal((Str){.text = build->model, .size = build->model_size}, model) &&
           str_equal((Str){.text = build->version, .size = build->version_size}, version);
}

static PredictionBuild *group_of(Reading *r, Str model, Str version)
{
    if (r->last < r->group_count && is_group(&r->groups[r->last], model, version))
        return &r->groups[r->last];
    for (r->last = 0; r->last < r->group_count; r->last++)
        if (is_group(&r->groups[r->last], model, version))
            return &r->groups[r->last];
    PredictionBuild *grown =
        mem_grow(&r->mem, r->groups, &r->group_capacity, r->group_count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    r->groups = grown;
    bool is_reference =
        r->wire->subject != NULL && str_equal(str_of(r->wire->subject), STR("reference"));
    build_begin(&grown[r->group_count], &r->mem, r->what, model, version, is_reference);
    return &grown[r->group_count++];
}

static bool full(Reading *r)
{
    r->rc = ODD_FULL;
    return false;
}

/* The group of a row; NULL: the row is refused, or there is no room. */
static PredictionBuild *find_group(Reading *r, const Row *row)
{
    Str model, version = STR("");
    const JsonNode *said = row->of[MEMBER_VERSION];
    if (!text_of(row->of[MEMBER_MODEL], &model) || model.size == 0 ||
        model.size > BATCH_NAME_BYTES_MAX || memchr(model.text, '\0', model.size) != NULL) {
        refuse(r, "it has no member \"model\" that is a name of at most 256 bytes");
        return NULL;
    }
    if (is_filled(said) && (!text_of(said, &version) || version.size > BATCH_NAME_BYTES_MAX)) {
        refuse(r, "its \"version\" is neither a text of at most 256 bytes nor a number");
        return NULL;
    }
    PredictionBuild *build = group_of(r, model, version);
    if (build == NULL || (r->group_count > GROUPS_MAX) ||
        (build_is_full(build) && !build_write(build, r->events))) {
        full(r);
        return NULL;
    }
    return build;
}

/* -- cells --------------------------------------------------------------------------------- */

static bool put_value(Reading *r, PredictionBuild *build, BatchRole role, Str name,
                      const JsonNode *node)
{
    Str text;
    double number;
    bool good = true;
    switch (json_kind(node)) {
    case NODE_NUMBER:
        if (json_as_real(node, &number))
            good = build_number(build, role, name, number);
        break;
    case NODE_STRING:
        if (json_as_str(node, &text))
            good = build_text(build, role, name, text);
        break;
    case NODE_BOOL:
        good = build_text(build, role, name, node->yes ? STR("true") : STR("false"));
        break;
    case NODE_NULL:
    case NODE_ARRAY:
    case NODE_OBJECT:
        good = build_number(build, role, name, NAN); /* Missing, of a column that is there. */
        break;
    case NODE_NONE:
        break;
    }
    return good || full(r);
}

static bool put_all(Reading *r, PredictionBuild *build, BatchRole role, const JsonNode *object,
                    const char *before)
{
    char room[NAME_ROOM];
    JsonWalk walk = json_walk(object);
    Str name;
    const JsonNode *node;
    while (json_walk_next(&walk, &name, &node)) {
        if (name.size == 0 || name.size + strlen(before) > BATCH_NAME_BYTES_MAX)
            continue;
        if (before[0] != '\0') {
            int size = snprintf(room, sizeof room, "%s%.*s", before, (int)name.size, name.text);
            name = (Str){.text = room, .size = (size_t)size};
        }
        if (!put_value(r, build, role, name, node))
            return false;
    }
    return true;
}

static bool time_of(Reading *r, const JsonNode *node, odd_time *ret)
{
    Str text;
    if (json_kind(node) != NODE_STRING || !json_as_str(node, &text))
        return json_as_i64(node, ret) && *ret > 0;
    if (r->format != TIME_FORMAT_NONE &&
        timestamp_read(r->format, &r->frame, text, 0, ret) == text.size)
        return true;
    r->format = timestamp_guess(&r->frame, text, 0);
    return r->format != TIME_FORMAT_NONE &&
           timestamp_read(r->format, &r->frame, text, 0, ret) == text.size;
}

/* When, and which one. */
static bool put_place(Reading *r, PredictionBuild *build, const Row *row, odd_time time)
{
    Str id;
    if (time != ODD_TIME_NONE && !build_time(build, time))
        return full(r);
    if (text_of(row->of[MEMBER_ID], &id) && id.size > 0 &&
        !build_text(build, BATCH_ID, STR("id"), id))
        return full(r);
    return true;
}

/* -- rows ---------------------------------------------------------------------------------- */

static bool row_time(Reading *r, const Row *row, odd_time *ret)
{
    const JsonNode *node = row->of[MEMBER_TIME];
    *ret = ODD_TIME_NONE;
    return !is_filled(node) || time_of(r, node, ret) ||
           refuse(r, "its \"time\" is none; write it as 2026-11-27T10:00:00Z, or in ns since 1970");
}

static bool read_prediction(Reading *r, const Row *row)
{
    const JsonNode *features = row->of[MEMBER_FEATURES];
    const JsonNode *said = row->of[MEMBER_PREDICTION];
    const JsonNode *probability = row->of[MEMBER_PROBABILITY];
    odd_time time;
    if (json_count(features) == 0 && !is_filled(said) && !is_filled(probability))
        return refuse(r, "it has neither \"features\" nor \"prediction\" nor \"probability\"");
    if (is_filled(features) && json_kind(features) != NODE_OBJECT)
        return refuse(r, "its \"features\" are no JSON object such as {\"age\":41}");
    if (is_filled(probability) && json_kind(probability) != NODE_NUMBER)
        return refuse(r, "its \"probability\" is no number");
    PredictionBuild *build = row_time(r, row, &time) ? find_group(r, row) : NULL;
    if (build == NULL)
        return false;
    build_row(build);
    return put_place(r, build, row, time) &&
           put_value(r, build, BATCH_OUTPUT, STR("prediction"), said) &&
           put_value(r, build, BATCH_PROBABILITY, STR("probability"), probability) &&
           put_value(r, build, BATCH_OUTCOME, STR("outcome"), row->of[MEMBER_OUTCOME]) &&
           put_all(r, build, BATCH_FEATURE, features, "") &&
           put_all(r, build, BATCH_FEATURE, row->of[MEMBER_PROBABILITIES], "probabilities.") &&
           put_all(r, build, BATCH_SEGMENT, row->of[MEMBER_SEGMENTS], "");
}

static bool read_outcome(Reading *r, const Row *row)
{
    const JsonNode *truth = row->of[MEMBER_OUTCOME];
    NodeKind kind = json_kind(truth);
    odd_time time;
    Str id;
    if (!text_of(row->of[MEMBER_ID], &id) || id.size == 0)
        return refuse(r, "it has no \"id\" of a prediction");
    if (kind != NODE_NUMBER && kind != NODE_STRING && kind != NODE_BOOL)
        return refuse(r, "it has no \"outcome\" that is a text, a number, true or false");
    PredictionBuild *build = row_time(r, row, &time) ? find_group(r, row) : NULL;
    if (build == NULL)
        return false;
    build_row(build);
    return put_place(r, build, row, time) &&
           put_value(r, build, BATCH_OUTCOME, STR("outcome"), truth);
}

static void read_row(Reading *r, const JsonNode *node)
{
    char problem[UNKNOWN_BYTES] = "it is no JSON object";
    Row row;
    r->row++;
    if (json_kind(node) != NODE_OBJECT || !members_of(node, STR(""), &row, problem)) {
        refuse(r, problem);
        return;
    }
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        if (!is_filled(row.of[i]) && is_filled(r->around.of[i]))
            row.of[i] = r->around.of[i];
    r->decoded->accepted +=
        r->what == BATCH_OUTCOMES ? read_outcome(r, &row) : read_prediction(r, &row);
}

/* A row, an array of them, or an object around such an array. */
static odd_rc read_tree(Reading *r, const JsonNode *root)
{
    const char *name = r->what == BATCH_OUTCOMES ? "outcomes" : "predictions";
    const JsonNode *rows = json_kind(root) == NODE_ARRAY ? root : json_member(root, name), *row;
    char problem[UNKNOWN_BYTES];
    if (json_kind(root) != NODE_OBJECT && json_kind(root) != NODE_ARRAY)
        return decoded_fail(r->decoded, "the body is neither a JSON object nor an array of them");
    if (json_kind(rows) != NODE_ARRAY) {
        read_row(r, root);
        return r->rc;
    }
    if (rows != root && !members_of(root, str_of(name), &r->around, problem))
        return decoded_fail(r->decoded, "%s", problem);
    JsonWalk walk = json_walk(rows);
    Str unused;
    while (r->rc == ODD_OK && json_walk_next(&walk, &unused, &row))
        read_row(r, row);
    return r->rc;
}

/* -- bodies -------------------------------------------------------------------------------- */

static Str trimmed(Str text)
{
    while (text.size > 0 && (unsigned char)text.text[0] <= ' ')
        text = str_part(text, 1, text.size);
    while (text.size > 0 && (unsigned char)text.text[text.size - 1] <= ' ')
        text.size--;
    return text;
}

static Str first_line(Str text)
{
    const char *end = text.size > 0 ? memchr(text.text, '\n', text.size) : NULL;
    return str_part(text, 0, end != NULL ? (size_t)(end - text.text) : text.size);
}

/* Its first line is an object by itself, and is not all. */
static bool has_lines(Str body)
{
    Str line = first_line(body);
    if (line.size == body.size)
        return false;
    line = trimmed(line);
    return line.size > 1 && line.text[0] == '{' && line.text[line.size - 1] == '}';
}

/* A line that is no JSON is refused, and the others count. */
static odd_rc read_lines(Reading *r, Str body)
{
    char problem[JSON_PROBLEM_SIZE];
    while (r->rc == ODD_OK && body.size > 0) {
        Str line = first_line(body);
        body = str_part(body, line.size + (line.size < body.size), body.size);
        line = trimmed(line);
        JsonNode *root = NULL;
        odd_rc rc = line.size > 0 ? json_read(line, &root, problem) : ODD_DONE;
        if (rc == ODD_OK)
            read_row(r, root);
        r->row += rc == ODD_SYNTAX;
        if (rc == ODD_SYNTAX)
            refuse(r, problem);
        else if (rc != ODD_OK && rc != ODD_DONE)
            r->rc = rc;
        json_free(root);
    }
    return r->rc;
}

static odd_rc read_whole(Reading *r, Str body)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    odd_rc rc = json_read(body, &root, problem);
    if (rc == ODD_SYNTAX)
        return decoded_fail(r->decoded, "%s", problem);
    if (rc != ODD_OK) {
        decoded_fail(r->decoded, "%s", problem);
        return rc;
    }
    rc = read_tree(r, root);
    json_free(root);
    return rc;
}

odd_rc prediction_rows(BatchWhat what, const odd_wire *wire, Str bytes, odd_events *events,
                       odd_decoded *ret)
{
    Reading r = {.what = what,
                 .wire = wire,
                 .events = events,
                 .decoded = ret,
                 .frame = time_frame(wire->now, wire->zone_s)};
    Str body = trimmed(bytes);
    odd_rc rc = body.size == 0     ? ODD_OK
                : has_lines(body) ? read_lines(&r, body)
                                  : read_whole(&r, body);
    for (size_t i = 0; i < r.group_count; i++) {
        if (rc == ODD_OK && !build_write(&r.groups[i], events))
            rc = ODD_FULL;
        build_close(&r.groups[i]);
    }
    mem_free(&r.mem, r.groups, r.group_capacity * sizeof *r.groups);
    if (rc == ODD_FULL && ret->message[0] == '\0')
        snprintf(ret->message, sizeof ret->message, "the request holds more than is taken at once");
    return rc;
}
