/* SPDX-License-Identifier: Apache-2.0
 *
 * What Alertmanager answers to those that ask it (Grafana, amtool, karma): GET /api/v2/alerts,
 * alerts/groups, silences, receivers, status.  Open incidents are its alerts, mutes and windows its
 * silences.  An incident that a mute holds back is suppressed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/incident_alert.h"
#include "api/query_text.h"
#include "api/view.h"

#define ALERTS_MAX 512 /* Of more the oldest are left out. */
#define FILTERS_MAX 8
#define ID_SIZE 24
#define SOURCE_SIZE 264
#define SENTENCE_SIZE 1024
#define MUTE_ID_SIZE 80
#define STAYS_NS (300 * INT64_C(1000000000)) /* As long as Prometheus lets one stay. */
#define RECEIVER "oddball"
#define NEVER "9999-12-31T23:59:59Z"

typedef struct {
    char     id[ID_SIZE], source[SOURCE_SIZE], sentence[SENTENCE_SIZE], mute[MUTE_ID_SIZE];
    odd_time time, last_time, first_finding;
    bool     suppressed;
} Alert;

typedef struct {
    Alert  items[ALERTS_MAX];
    size_t count;
} Alerts;

typedef struct {
    bool    active, silenced, any; /* any: of the receiver that is asked for. */
    Matcher filters[FILTERS_MAX];
    size_t  filter_count;
} Wish;

/* -- what is asked ----------------------------------------------------------------------------- */

/* name="value" or name=value, and !=.  False: the answer is written. */
static bool read_filter(const Ask *ask, const char *filter, Wish *wish)
{
    QueryText text = {.at = filter};
    Matcher *matcher = &wish->filters[wish->filter_count];
    if (wish->filter_count == FILTERS_MAX)
        query_fail(&text, "there are more than %d of them", FILTERS_MAX);
    else if (!query_name(&text, matcher->name))
        query_fail(&text, "it begins with the name of a label");
    else if (query_match(&text, &matcher->kind) &&
             (matcher->kind == MATCH_LIKE || matcher->kind == MATCH_UNLIKE))
        query_fail(&text, "only = and != are understood here");
    else if (text.problem[0] == '\0' && *text.at != '"')
        snprintf(matcher->value, sizeof matcher->value, "%s", text.at);
    else if (text.problem[0] == '\0')
        query_value(&text, matcher->value);
    if (text.problem[0] == '\0') {
        wish->filter_count++;
        return true;
    }
    http_problem(ask->response, 400, NULL, "the parameter filter is \"%.64s\": %s", filter,
                 text.problem);
    return false;
}

static bool is_on(const Ask *ask, const char *name)
{
    const char *value = request_query(ask->request, name);
    return value == NULL || strcmp(value, "false") != 0;
}

static bool ask_wish(const Ask *ask, Wish *ret)
{
    const char *receiver = request_query(ask->request, "receiver");
    const HttpField *field;
    if (!ASK_ONLY(ask, "active", "silenced", "inhibited", "muted", "unprocessed", "filter",
                  "receiver"))
        return false;
    *ret = (Wish){.active = is_on(ask, "active"), .silenced = is_on(ask, "silenced")};
    ret->any = receiver == NULL || receiver[0] == '\0' || strcmp(receiver, RECEIVER) == 0 ||
               strcmp(receiver, ".*") == 0 || strcmp(receiver, ".+") == 0;
    for (size_t i = 0; (field = request_query_item(ask->request, i)) != NULL; i++)
        if (strcmp(field->name, "filter") == 0 && !read_filter(ask, field->value, ret))
            return false;
    return true;
}

static bool is_wanted(const Wish *wish, const Alert *alert)
{
    const char *names[INCIDENT_ALERT_LABELS], *values[INCIDENT_ALERT_LABELS];
    size_t count = incident_alert_labels(alert->id, alert->source, names, values);
    if (!wish->any || !(alert->suppressed ? wish->silenced : wish->active))
        return false;
    for (size_t f = 0; f < wish->filter_count; f++) {
        const char *value = "";
        for (size_t i = 0; i < count; i++)
            if (strcmp(names[i], wish->filters[f].name) == 0)
                value = values[i];
        bool same = strcmp(value, wish->filters[f].value) == 0;
        if (same != (wish->filters[f].kind == MATCH_EQUAL))
            return false;
    }
    return true;
}

/* -- open incidents ---------------------------------------------------------------------------- */

static bool is_open(const char *state)
{
    static const char *const over[] = {"resolved", "joined", "expected"};
    for (size_t i = 0; i < sizeof over / sizeof over[0]; i++)
        if (strcmp(state, over[i]) == 0)
            return false;
    return true;
}

/* Room for one that began at `time`; NULL: all that are there are newer. */
static Alert *take_room(Alerts *alerts, odd_time time)
{
    if (alerts->count < ALERTS_MAX)
        return &alerts->items[alerts->count++];
    Alert *oldest = &alerts->items[0];
    for (size_t i = 1; i < alerts->count; i++)
        if (alerts->items[i].time < oldest->time)
            oldest = &alerts->items[i];
    return oldest->time < time ? oldest : NULL;
}

static void read_incidents(odd_rows *rows, Alerts *alerts)
{
    while (odd_next(rows) == ODD_ROW) {
        const char *state = view_text(rows, "state");
        Alert *alert = is_open(state) ? take_room(alerts, view_time(rows, "time")) : NULL;
        if (alert == NULL)
            continue;
        *alert = (Alert){.time = view_time(rows, "time")};
        alert->last_time = view_time(rows, "last_time");
        alert->suppressed = strcmp(state, "hidden") == 0;
        snprintf(alert->id, sizeof alert->id, "%s", view_text(rows, "id"));
        snprintf(alert->sentence, sizeof alert->sentence, "%s", view_text(rows, "sentence"));
    }
}

/* The source of the first finding of each, and the mute that holds back one of them. */
static void read_findings(odd_rows *rows, Alerts *alerts)
{
    while (odd_next(rows) == ODD_ROW) {
        const char *id = view_text(rows, "incident");
        odd_time time = view_time(rows, "time");
        for (size_t i = 0; id[0] != '\0' && i < alerts->count; i++) {
            Alert *alert = &alerts->items[i];
            if (strcmp(alert->id, id) != 0)
                continue;
            if (alert->source[0] == '\0' || time < alert->first_finding) {
                alert->first_finding = time;
                snprintf(alert->source, sizeof alert->source, "%s", view_text(rows, "source"));
            }
            if (alert->suppressed && alert->mute[0] == '\0')
                snprintf(alert->mute, sizeof alert->mute, "%s", view_text(rows, "hidden_by"));
            break;
        }
    }
}

static int by_source(const void *a, const void *b)
{
    const Alert *left = a, *right = b;
    int order = strcmp(left->source, right->source);
    if (order == 0 && left->time != right->time)
        order = left->time > right->time ? -1 : 1;
    return order != 0 ? order : strcmp(left->id, right->id);
}

/* By source, the newest first.  To be freed; NULL: the answer is written. */
static Alerts *alerts_of(const Ask *ask)
{
    Alerts *alerts = calloc(1, sizeof *alerts);
    if (alerts == NULL) {
        ask_failed(ask->response, ODD_NOMEM);
        return NULL;
    }
    odd_rows *incidents = view_rows(ask, &view_incidents, 0, 0);
    odd_rows *findings = incidents != NULL ? view_rows(ask, &view_findings, 0, 0) : NULL;
    if (findings == NULL) {
        odd_rows_close(incidents);
        free(alerts);
        return NULL;
    }
    read_incidents(incidents, alerts);
    read_findings(findings, alerts);
    odd_rows_close(findings);
    odd_rows_close(incidents);
    qsort(alerts->items, alerts->count, sizeof alerts->items[0], by_source);
    return alerts;
}

/* -- as JSON ----------------------------------------------------------------------------------- */

static void put_receiver(Put *put)
{
    put_open(put, '{');
    put_named(put, "name", RECEIVER);
    put_close(put, '}');
}

static void put_status(Put *put, const Alert *alert)
{
    static const char *const lists[] = {"inhibitedBy", "mutedBy", "silencedBy"};
    put_name(put, "status");
    put_open(put, '{');
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        put_name(put, lists[i]);
        put_open(put, '[');
        if (i == 2 && alert->mute[0] != '\0')
            put_word(put, alert->mute);
        put_close(put, ']');
    }
    put_named(put, "state", alert->suppressed ? "suppressed" : "active");
    put_close(put, '}');
}

static void put_alert(Put *put, const Alert *alert, odd_time now)
{
    put_open(put, '{');
    put_name(put, "annotations");
    put_open(put, '{');
    put_named(put, "summary", alert->sentence);
    put_close(put, '}');
    put_name(put, "endsAt");
    put_time(put, now + STAYS_NS);
    put_named(put, "fingerprint", alert->id);
    put_name(put, "receivers");
    put_open(put, '[');
    put_receiver(put);
    put_close(put, ']');
    put_name(put, "startsAt");
    put_time(put, alert->time);
    put_status(put, alert);
    put_name(put, "updatedAt");
    put_time(put, alert->last_time);
    put_named(put, "generatorURL", "");
    incident_alert_labels_put(put, alert->id, alert->source);
    put_close(put, '}');
}

static HttpReply alerts(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    Wish wish;
    Alerts *all = ask_wish(&ask, &wish) ? alerts_of(&ask) : NULL;
    if (all == NULL)
        return HTTP_NOW;
    Put put = {.response = response};
    put_open(&put, '[');
    for (size_t i = 0; i < all->count; i++)
        if (is_wanted(&wish, &all->items[i]))
            put_alert(&put, &all->items[i], ask.now);
    put_close(&put, ']');
    free(all);
    return response_end(response, 200, "application/json");
}

static void put_group_begin(Put *put, const char *source)
{
    put_open(put, '{');
    put_name(put, "labels");
    put_open(put, '{');
    if (source[0] != '\0')
        put_named(put, "source", source);
    put_close(put, '}');
    put_name(put, "receiver");
    put_receiver(put);
    put_name(put, "alerts");
    put_open(put, '[');
}

static void put_group_end(Put *put)
{
    put_close(put, ']');
    put_close(put, '}');
}

/* Those of a source together. */
static HttpReply groups(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    Wish wish;
    Alerts *all = ask_wish(&ask, &wish) ? alerts_of(&ask) : NULL;
    if (all == NULL)
        return HTTP_NOW;
    const Alert *last = NULL;
    Put put = {.response = response};
    put_open(&put, '[');
    for (size_t i = 0; i < all->count; i++) {
        const Alert *alert = &all->items[i];
        if (!is_wanted(&wish, alert))
            continue;
        bool begins = last == NULL || strcmp(last->source, alert->source) != 0;
        if (begins && last != NULL)
            put_group_end(&put);
        if (begins)
            put_group_begin(&put, alert->source);
        put_alert(&put, alert, ask.now);
        last = alert;
    }
    if (last != NULL)
        put_group_end(&put);
    put_close(&put, ']');
    free(all);
    return response_end(response, 200, "application/json");
}

/* -- mutes ------------------------------------------------------------------------------------- */

/* '*' stands for any rest in ours; Alertmanager has regular expressions for that. */
static void put_matcher(Put *put, const char *name, const char *value)
{
    HttpResponse expression = {0};
    bool is_wide = strchr(value, '*') != NULL;
    for (const char *at = value; is_wide && *at != '\0'; at++)
        if (*at == '*')
            response_print(&expression, ".*");
        else
            response_print(&expression, "%s%c", strchr("\\.+?()[]{}|^$", *at) != NULL ? "\\" : "",
                           *at);
    put_open(put, '{');
    put_named(put, "name", name);
    put_named(put, "value", is_wide && !expression.broken ? expression.body : value);
    put_name(put, "isRegex");
    put_bool(put, is_wide);
    put_name(put, "isEqual");
    put_bool(put, true);
    put_close(put, '}');
    response_clear(&expression);
}

static void put_matchers(Put *put, const odd_rows *rows)
{
    static const char *const names[] = {"signal", "pattern", "source", "host",
                                        "text",   "kind",    "finding"};
    bool any = false;
    put_name(put, "matchers");
    put_open(put, '[');
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = view_text(rows, names[i]);
        bool needed = strcmp(names[i], "finding") != 0 || !any; /* What else it was said of. */
        if (value[0] != '\0' && needed)
            put_matcher(put, names[i], value);
        any = any || value[0] != '\0';
    }
    put_close(put, ']');
}

static void put_silence(Put *put, const odd_rows *rows, odd_time now)
{
    odd_time from = view_time(rows, "from"), until = view_time(rows, "until");
    const char *author = view_text(rows, "author");
    put_open(put, '{');
    put_named(put, "id", view_text(rows, "id"));
    put_name(put, "status");
    put_open(put, '{');
    put_named(put, "state",
              until != ODD_TIME_NONE && until <= now ? "expired"
              : from != ODD_TIME_NONE && from > now  ? "pending"
                                                     : "active");
    put_close(put, '}');
    put_name(put, "updatedAt");
    put_time(put, view_time(rows, "made"));
    put_named(put, "comment", view_text(rows, "reason"));
    put_named(put, "createdBy", author[0] != '\0' ? author : RECEIVER);
    put_name(put, "startsAt");
    put_time(put, from != ODD_TIME_NONE ? from : view_time(rows, "made"));
    put_name(put, "endsAt");
    if (until != ODD_TIME_NONE)
        put_time(put, until);
    else
        put_word(put, NEVER);
    put_matchers(put, rows);
    put_close(put, '}');
}

static HttpReply silences(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    odd_rows *rows = ask_only(&ask, NULL, 0) ? view_rows(&ask, &view_verdicts, 0, 0) : NULL;
    if (rows == NULL)
        return HTTP_NOW;
    Put put = {.response = response};
    put_open(&put, '[');
    while (odd_next(rows) == ODD_ROW)
        if (strcmp(view_text(rows, "verdict"), "mute") == 0 ||
            strcmp(view_text(rows, "verdict"), "window") == 0)
            put_silence(&put, rows, ask.now);
    put_close(&put, ']');
    odd_rows_close(rows);
    return response_end(response, 200, "application/json");
}

/* -- the rest ---------------------------------------------------------------------------------- */

static HttpReply receivers(HttpRequest *request, HttpResponse *response)
{
    (void)request; /* There is but one. */
    Put put = {.response = response};
    put_open(&put, '[');
    put_receiver(&put);
    put_close(&put, ']');
    return response_end(response, 200, "application/json");
}

static HttpReply status(HttpRequest *request, HttpResponse *response)
{
    static const char *const unknown[] = {"revision", "branch", "buildUser", "buildDate",
                                          "goVersion"};
    const ApiContext *api = request->context;
    Put put = {.response = response};
    put_open(&put, '{');
    put_name(&put, "cluster");
    put_open(&put, '{');
    put_named(&put, "status", "disabled");
    put_name(&put, "peers");
    put_open(&put, '[');
    put_close(&put, ']');
    put_close(&put, '}');
    put_name(&put, "versionInfo");
    put_open(&put, '{');
    put_named(&put, "version", odd_version());
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        put_named(&put, unknown[i], "");
    put_close(&put, '}');
    put_name(&put, "config");
    put_open(&put, '{');
    put_named(&put, "original",
              "route:\n  receiver: " RECEIVER "\nreceivers:\n- name: " RECEIVER "\n");
    put_close(&put, '}');
    put_name(&put, "uptime");
    put_time(&put, api->started > 0 ? api->started : ask_of(request, response).now);
    put_close(&put, '}');
    return response_end(response, 200, "application/json");
}

static const Route alertmanager_routes[] = {
    {"GET", "/api/v2/alerts", alerts, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v2/alerts/groups", groups, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v2/silences", silences, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
    {"GET", "/api/v2/receivers", receivers, HTTP_SCOPE_ALL, 0, NULL},
    {"GET", "/api/v2/status", status, HTTP_SCOPE_ALL, 0, NULL},
};
const RouteGroup routes_alertmanager = ROUTE_GROUP("alertmanager", alertmanager_routes);
