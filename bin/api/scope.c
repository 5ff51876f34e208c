/* SPDX-License-Identifier: Apache-2.0 */
#include "api/scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "settings/finding_kind.h"

#define ABOUT_BYTES_MAX 200
#define PATTERN_BYTES 256

typedef enum {
    SCOPE_THIS,
    SCOPE_SIGNAL,
    SCOPE_LIKE, /* As the library has it. */
    SCOPE_SOURCE,
    SCOPE_EVERYWHERE,
    SCOPE_COUNT
} Scope;
static const char *const scope_words[SCOPE_COUNT] = {"this", "signal", "like", "source",
                                                     "everywhere"};

static const char *const copied[] = {"verdict", "finding", "id",    "signal", "pattern", "source",
                                     "host",    "text",    "kind",  "from",   "until",   "made",
                                     "reason",  "author",  "about", "surprise", "with",
                                     "every",   "zone"};
static const char *const reaching[] = {"signal", "pattern", "source", "host", "text", "kind"};
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool has(const JsonTree *body, const char *name)
{
    return json_tree_kind(json_tree_member(body, name)) != JSON_TREE_ABSENT;
}

static bool read_scope(const Ask *ask, const JsonTree *body, Scope *ret)
{
    const char *word, *verdict = "";
    bool reaches = false;
    for (size_t i = 0; i < COUNT(reaching); i++)
        reaches |= has(body, reaching[i]);
    json_tree_text(json_tree_member(body, "verdict"), &verdict, NULL);
    *ret = reaches || strcmp(verdict, "unsure") == 0 ? SCOPE_THIS : SCOPE_SIGNAL;
    if (!has(body, "scope"))
        return true;
    if (json_tree_text(json_tree_member(body, "scope"), &word, NULL))
        for (int i = 0; i < SCOPE_COUNT; i++)
            if (strcmp(word, scope_words[i]) == 0) {
                *ret = (Scope)i;
                return true;
            }
    http_problem(
        ask->response, 400, NULL,
        "the member scope is this, signal, like, source or everywhere; or leave it out, and name "
        "source, pattern, signal, host, kind or text");
    return false;
}

static void put_member(Put *put, const char *name, const char *text, size_t size)
{
    put_name(put, name);
    put_text(put, text, size);
}

static bool is_among(const char *kind, const char *const *kinds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

/* What is expected of one direction is not of the other. */
static bool has_direction(const char *kind)
{
    static const char *const kinds[] = {"less", "silent", "high",   "low",
                                        "gap",  "spread", "season", "shape"};
    return is_among(kind, kinds, COUNT(kinds));
}

static bool is_of_model(const char *kind)
{
    static const char *const kinds[] = {"drift", "errors", "quality", "delay"};
    return is_among(kind, kinds, COUNT(kinds));
}

/* "age of credit 3": all of "* of credit 3". */
static void put_model_reach(Put *put, const odd_rows *finding, Scope scope)
{
    const char *source = view_text(finding, "source"), *text = view_text(finding, "pattern");
    const char *end = NULL;
    char pattern[PATTERN_BYTES];
    for (const char *at = text; (at = strstr(at, " of ")) != NULL; at++)
        if (strncmp(at + strlen(" of "), source, strlen(source)) == 0)
            end = at;
    put_member(put, "source", source, strlen(source));
    if (scope == SCOPE_SOURCE || end == NULL)
        return;
    snprintf(pattern, sizeof pattern, "*%s", end);
    put_member(put, "pattern", pattern, strlen(pattern));
}

static void put_reach(Put *put, const odd_rows *finding, Scope scope, bool is_expected)
{
    const char *source = view_text(finding, "source"), *kind = view_text(finding, "kind");
    bool is_metric = odd_int(finding, odd_column(finding, "metric")) != 0;
    if (scope == SCOPE_SIGNAL || scope == SCOPE_SOURCE)
        put_member(put, "source", source, strlen(source));
    if (scope == SCOPE_SIGNAL || scope == SCOPE_EVERYWHERE)
        put_member(put, is_metric ? "signal" : "pattern", view_text(finding, "signal"),
                   strlen(view_text(finding, "signal")));
    if (scope == SCOPE_SIGNAL && is_expected && has_direction(kind))
        put_member(put, "kind", kind, strlen(kind));
}

static void put_likeness(Put *put, const odd_rows *finding)
{
    bool is_metric = odd_int(finding, odd_column(finding, "metric")) != 0;
    const char *const members[][2] = {{"source", "like_source"},
                                      {is_metric ? "signal" : "pattern", "like_signal"},
                                      {"kind", "like_kind"}};
    for (size_t i = 0; i < COUNT(members); i++) {
        const char *text = view_text(finding, members[i][1]);
        if (text[0] != '\0')
            put_member(put, members[i][0], text, strlen(text));
    }
}

/* Cut where a character ends. */
static size_t about_size(const char *text)
{
    size_t size = 0, step;
    while ((step = response_character(text + size, strlen(text + size))) > 0 &&
           size + step <= ABOUT_BYTES_MAX)
        size += step;
    return size;
}

/* What the body does not say is as the finding has it. */
static void put_finding(Put *put, const JsonTree *body, const odd_rows *finding, Scope scope)
{
    const char *verdict = "", *sentence = view_text(finding, "sentence");
    json_tree_text(json_tree_member(body, "verdict"), &verdict, NULL);
    if (strcmp(verdict, "new-normal") == 0 && is_of_model(view_text(finding, "kind")))
        put_model_reach(put, finding, scope);
    else if (scope == SCOPE_LIKE)
        put_likeness(put, finding);
    else if (scope != SCOPE_THIS)
        put_reach(put, finding, scope, strcmp(verdict, "expected") == 0);
    if (!has(body, "from") && scope != SCOPE_LIKE) { /* What was like it before, too. */
        put_name(put, "from");
        put_time(put, view_time(finding, "time"));
    }
    if (!has(body, "surprise")) {
        put_name(put, "surprise");
        put_real(put, odd_double(finding, odd_column(finding, "surprise")));
    }
    if (!has(body, "about"))
        put_member(put, "about", sentence, about_size(sentence));
}

static void put_copied(const JsonTree *body, Put *put)
{
    for (size_t i = 0; i < COUNT(copied); i++) {
        const JsonTree *value = json_tree_member(body, copied[i]);
        char *text = json_tree_write(value);
        if (text == NULL)
            continue;
        put_name(put, copied[i]);
        put_raw(put, text, strlen(text));
        free(text);
    }
}

static bool check_members(const Ask *ask, const JsonTree *body)
{
    const char *names[COUNT(copied) + 1];
    memcpy(names, copied, sizeof copied);
    names[COUNT(copied)] = "scope";
    const char *stranger = json_tree_stranger(body, names, COUNT(names));
    if (stranger == NULL)
        return true;
    http_problem(ask->response, 400, NULL,
                 "the member \"%.64s\" of a verdict is unknown; there may be verdict, finding, "
                 "scope, until, reason, author, source, pattern, signal, host, kind, text, from, "
                 "surprise, id, about, made, with, every and zone",
                 stranger);
    return false;
}

static bool check_kind(const Ask *ask, const JsonTree *body)
{
    const char *kind = "";
    char problem[FINDING_KIND_PROBLEM_SIZE];
    json_tree_text(json_tree_member(body, "kind"), &kind, NULL);
    if (finding_kind_check(kind, problem))
        return true;
    http_problem(ask->response, 400, NULL, "%s", problem);
    return false;
}

/* A finding, or an incident. */
static bool check_known(const Ask *ask, const JsonTree *body, const char *name)
{
    const ApiContext *api = ask->request->context;
    const char *id;
    odd_rows *rows = NULL;
    if (!json_tree_text(json_tree_member(body, name), &id, NULL))
        return true; /* The library says what is wrong with it. */
    odd_rc rc = live_explain(api->live, id, &rows);
    if (rc == ODD_NOTFOUND)
        rc = live_incident(api->live, id, &rows);
    if (rc == ODD_OK)
        odd_rows_close(rows);
    else if (rc == ODD_NOTFOUND)
        http_problem(ask->response, 404, NULL, "no finding and no incident has the id \"%.80s\"",
                     id);
    else
        ask_failed(ask->response, rc);
    return rc == ODD_OK;
}

static bool check_other(const Ask *ask, const JsonTree *body)
{
    const char *finding, *with;
    if (!json_tree_text(json_tree_member(body, "finding"), &finding, NULL) ||
        !json_tree_text(json_tree_member(body, "with"), &with, NULL) || strcmp(finding, with) != 0)
        return true;
    http_problem(ask->response, 400, NULL, "\"%.80s\" would be linked with itself", finding);
    return false;
}

/* It is of findings and incidents, and reaches no further. */
static bool link_write(const Ask *ask, const JsonTree *body, HttpResponse *json)
{
    Put put = {.response = json, .depth = 1};
    bool is_new = !has(body, "id");
    if (is_new && (!check_known(ask, body, "finding") || !check_known(ask, body, "with") ||
                   !check_other(ask, body)))
        return false;
    response_add(json, "{", 1);
    put_copied(body, &put);
    response_add(json, "}", 1);
    return true;
}

static bool is_link(const JsonTree *body)
{
    const char *verdict = "";
    json_tree_text(json_tree_member(body, "verdict"), &verdict, NULL);
    return strcmp(verdict, "link") == 0 || strcmp(verdict, "unlink") == 0;
}

bool scope_write(const Ask *ask, const JsonTree *body, HttpResponse *json)
{
    Scope scope;
    const char *id;
    odd_rows *finding = NULL;
    if (json_tree_kind(body) != JSON_TREE_OBJECT) {
        http_problem(ask->response, 400, NULL,
                     "a verdict is a JSON object such as "
                     "{\"verdict\":\"expected\",\"finding\":\"ID\",\"reason\":\"...\"}");
        return false;
    }
    if (!check_members(ask, body) || !check_kind(ask, body) || !read_scope(ask, body, &scope))
        return false;
    if (is_link(body))
        return link_write(ask, body, json);
    if (!has(body, "id") && json_tree_text(json_tree_member(body, "finding"), &id, NULL)) {
        finding = list_find(ask, &list_findings, "finding", id);
        if (finding == NULL)
            return false;
    }
    Put put = {.response = json, .depth = 1};
    response_add(json, "{", 1);
    put_copied(body, &put);
    if (finding != NULL)
        put_finding(&put, body, finding, scope);
    response_add(json, "}", 1);
    odd_rows_close(finding);
    return true;
}
