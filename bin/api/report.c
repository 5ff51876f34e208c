/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/report: what the alarms of a span were worth: how precise each source was by what
 * people said, what was held back and by whom, what is noisiest and which verdict would cure it,
 * and what each source costs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/findings.h"
#include "api/scope.h"

#define SPAN_DEFAULT_NS (7 * 86400 * INT64_C(1000000000))
#define DAYS_BACK_NS (30 * 86400 * INT64_C(1000000000)) /* That a verdict is tried on. */
#define NOISIEST 5
#define TEXT_SIZE 320

typedef struct {
    char id[32], signal[64], source[256], by[64], sentence[TEXT_SIZE];
    bool is_real, is_expected, is_held; /* Said by people; told to nobody. */
} Told;

typedef struct {
    Told  *told;
    size_t count, capacity;
} All;

typedef struct {
    int64_t findings, held, real, expected, differ;
} Sums;

typedef struct {
    size_t  first, count; /* Of the findings, by signal. */
    int64_t noise;        /* Told, and not called real.  */
} Signal;

typedef struct {
    int64_t looked_at, hidden, real, broken;
} Trial;

/* -- what was found ---------------------------------------------------------------------------- */

static bool is_held(const odd_rows *rows)
{
    const char *state = view_text(rows, "state");
    return strcmp(state, "hidden") == 0 || strcmp(state, "expected") == 0;
}

static void told_fill(const odd_rows *rows, Told *ret)
{
    const char *said = view_text(rows, "verdict");
    snprintf(ret->id, sizeof ret->id, "%s", view_text(rows, "id"));
    snprintf(ret->signal, sizeof ret->signal, "%s", view_text(rows, "signal"));
    snprintf(ret->source, sizeof ret->source, "%s", view_text(rows, "source"));
    snprintf(ret->by, sizeof ret->by, "%s", view_text(rows, "hidden_by"));
    snprintf(ret->sentence, sizeof ret->sentence, "%s", view_text(rows, "sentence"));
    ret->is_real = strstr(said, "real") != NULL;
    ret->is_expected = strstr(said, "expected") != NULL;
    ret->is_held = is_held(rows);
}

/* NULL: no memory for it. */
static Told *told_more(All *all)
{
    if (all->count == all->capacity) {
        size_t capacity = all->capacity > 0 ? 2 * all->capacity : 64;
        Told *grown = realloc(all->told, capacity * sizeof *grown);
        if (grown == NULL)
            return NULL;
        all->told = grown;
        all->capacity = capacity;
    }
    return &all->told[all->count++];
}

/* False: the answer is written. */
static bool all_read(const Ask *ask, odd_time since, odd_time until, All *all)
{
    odd_rows *rows = view_rows(ask, &view_findings, since, until);
    bool good = rows != NULL;
    while (good && odd_next(rows) == ODD_ROW) {
        Told *told = told_more(all);
        good = told != NULL;
        if (good)
            told_fill(rows, told);
        else
            ask_failed(ask->response, ODD_NOMEM);
    }
    odd_rows_close(rows);
    return good;
}

static void sums_add(Sums *sums, const Told *told)
{
    sums->findings++;
    sums->held += told->is_held;
    sums->real += told->is_real && !told->is_expected;
    sums->expected += told->is_expected && !told->is_real;
    sums->differ += told->is_real && told->is_expected;
}

static void put_number(Put *put, const char *name, int64_t value)
{
    put_name(put, name);
    put_integer(put, value);
}

static void put_sums(const Sums *sums, Put *put)
{
    int64_t said = sums->real + sums->expected;
    put_number(put, "findings", sums->findings);
    put_number(put, "held_back", sums->held);
    put_number(put, "real", sums->real);
    put_number(put, "expected", sums->expected);
    put_number(put, "disputed", sums->differ);
    put_name(put, "precision");
    if (said > 0)
        put_real(put, (double)sums->real / (double)said);
    else
        put_null(put);
}

static void put_all(const All *all, Put *put)
{
    Sums sums = {0};
    for (size_t i = 0; i < all->count; i++)
        sums_add(&sums, &all->told[i]);
    put_name(put, "all");
    put_open(put, '{');
    put_sums(&sums, put);
    put_close(put, '}');
}

/* -- by source --------------------------------------------------------------------------------- */

static Sums sums_of(const All *all, const char *source)
{
    Sums sums = {0};
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->told[i].source, source) == 0)
            sums_add(&sums, &all->told[i]);
    return sums;
}

static int64_t number(const odd_rows *rows, const char *column)
{
    return odd_int(rows, odd_column(rows, column));
}

static int64_t work_of(const odd_rows *rows)
{
    return number(rows, "rows") + number(rows, "samples");
}

static void put_source(const All *all, const odd_rows *rows, int64_t work, Put *put)
{
    Sums sums = sums_of(all, view_text(rows, "source"));
    put_open(put, '{');
    put_named(put, "source", view_text(rows, "source"));
    put_sums(&sums, put);
    put_number(put, "lines", number(rows, "rows"));
    put_number(put, "samples", number(rows, "samples"));
    put_number(put, "bytes", number(rows, "bytes"));
    put_name(put, "share_of_work");
    put_real(put, work > 0 ? (double)work_of(rows) / (double)work : 0);
    put_close(put, '}');
}

/* Of whom nothing is kept but what was found: alerts, models. */
static void put_others(const All *all, const char *known, size_t size, Put *put)
{
    for (size_t i = 0; i < all->count; i++) {
        const char *source = all->told[i].source;
        bool is_new = true;
        for (size_t at = 0; is_new && at < size; at += strlen(known + at) + 1)
            is_new = strcmp(known + at, source) != 0;
        for (size_t k = 0; is_new && k < i; k++)
            is_new = strcmp(all->told[k].source, source) != 0;
        if (!is_new)
            continue;
        Sums sums = sums_of(all, source);
        put_open(put, '{');
        put_named(put, "source", source);
        put_sums(&sums, put);
        put_close(put, '}');
    }
}

static bool put_sources(const Ask *ask, const All *all, Put *put)
{
    HttpResponse names = {0}; /* Each with its NUL. */
    int64_t work = 0;
    odd_rows *rows = view_rows(ask, &view_sources, 0, 0);
    while (rows != NULL && odd_next(rows) == ODD_ROW)
        work += work_of(rows);
    bool good = rows != NULL;
    odd_rows_close(rows);
    rows = good ? view_rows(ask, &view_sources, 0, 0) : NULL;
    good = rows != NULL;
    put_name(put, "sources");
    put_open(put, '[');
    while (good && odd_next(rows) == ODD_ROW) {
        const char *name = view_text(rows, "source");
        put_source(all, rows, work, put);
        response_add(&names, name, strlen(name) + 1);
    }
    put_others(all, names.body, names.body_size, put);
    put_close(put, ']');
    put->response->broken |= names.broken;
    response_clear(&names);
    odd_rows_close(rows);
    return good;
}

/* -- incidents and pages ----------------------------------------------------------------------- */

/* An incident is one message: what was held back as a whole is one that was not sent. */
static bool put_incidents(const Ask *ask, odd_time since, odd_time until, Put *put)
{
    const ApiContext *api = ask->request->context;
    ApiWebhook webhook;
    int64_t shown = 0, held = 0;
    odd_rows *rows = view_rows(ask, &view_incidents, since, until);
    if (rows == NULL)
        return false;
    while (odd_next(rows) == ODD_ROW) {
        bool is_joined = strcmp(view_text(rows, "state"), "joined") == 0;
        held += !is_joined && is_held(rows);
        shown += !is_joined && !is_held(rows);
    }
    odd_rows_close(rows);
    put_name(put, "incidents");
    put_open(put, '{');
    put_number(put, "shown", shown);
    put_number(put, "held_back", held);
    put_close(put, '}');
    put_name(put, "pages");
    put_open(put, '{');
    put_name(put, "sent_since_start");
    if (api->webhook != NULL && api->webhook(api->describe_context, &webhook))
        put_count(put, webhook.sent);
    else
        put_null(put);
    put_number(put, "avoided", held);
    put_close(put, '}');
    return true;
}

/* -- what was said ----------------------------------------------------------------------------- */

static bool put_verdicts(const Ask *ask, const All *all, Put *put)
{
    odd_rows *rows = view_rows(ask, &view_verdicts, 0, 0);
    bool good = rows != NULL;
    put_name(put, "hiding");
    put_open(put, '[');
    while (good && odd_next(rows) == ODD_ROW) {
        const char *id = view_text(rows, "id"), *verdict = view_text(rows, "verdict");
        if (strcmp(verdict, "real") == 0 || strcmp(verdict, "unsure") == 0)
            continue;
        int64_t hidden = 0;
        for (size_t i = 0; i < all->count; i++)
            hidden += strcmp(all->told[i].by, id) == 0;
        put_open(put, '{');
        put_named(put, "id", id);
        put_named(put, "verdict", verdict);
        put_number(put, "hid", hidden);
        put_named(put, "about", view_text(rows, "about"));
        put_named(put, "source", view_text(rows, "source"));
        put_named(put, "reason", view_text(rows, "reason"));
        put_named(put, "author", view_text(rows, "author"));
        put_close(put, '}');
    }
    put_close(put, ']');
    odd_rows_close(rows);
    return good;
}

/* -- what is noisiest -------------------------------------------------------------------------- */

static int by_signal(const void *left, const void *right)
{
    const Told *a = left, *b = right;
    int order = strcmp(a->source, b->source);
    order = order != 0 ? order : strcmp(a->signal, b->signal);
    return order != 0 ? order : strcmp(a->id, b->id);
}

static Signal signal_at(const All *all, size_t first)
{
    Signal signal = {.first = first};
    const Told *one = &all->told[first];
    for (size_t i = first; i < all->count && strcmp(all->told[i].signal, one->signal) == 0 &&
                           strcmp(all->told[i].source, one->source) == 0;
         i++) {
        signal.count++;
        signal.noise += !all->told[i].is_held && !all->told[i].is_real;
    }
    return signal;
}

/* The noisiest first; of equals, as they are sorted. */
static size_t find_noisiest(const All *all, Signal best[NOISIEST])
{
    size_t count = 0;
    for (size_t at = 0; at < all->count;) {
        Signal signal = signal_at(all, at);
        at += signal.count;
        if (signal.noise == 0 || (count == NOISIEST && best[count - 1].noise >= signal.noise))
            continue;
        size_t place = count < NOISIEST ? count++ : count - 1;
        for (; place > 0 && best[place - 1].noise < signal.noise; place--)
            best[place] = best[place - 1];
        best[place] = signal;
    }
    return count;
}

/* False: it cannot be tried; nothing is written. */
static bool try_verdict(const Ask *ask, const char *body, Trial *ret)
{
    char problem[128];
    const ApiContext *api = ask->request->context;
    HttpResponse json = {0};
    odd_events *events = NULL;
    odd_rows *rows = NULL;
    odd_decoded decoded;
    odd_wire wire = {.source = "", .now = ask->now};
    JsonTree *tree = json_tree_read(body, strlen(body), problem, sizeof problem);
    bool good =
        tree != NULL && scope_write(ask, tree, &json) && !json.broken &&
        odd_events_open(NULL, ask->now, &events) == ODD_OK &&
        odd_decode("verdict", &wire, json.body, json.body_size, events, &decoded) == ODD_OK &&
        live_try(api->live, events, ask->now - DAYS_BACK_NS, &rows) == ODD_OK &&
        odd_next(rows) == ODD_ROW;
    if (good)
        *ret = (Trial){number(rows, "looked_at"), number(rows, "hidden"), number(rows, "real"),
                       number(rows, "broken")};
    odd_rows_close(rows);
    odd_events_close(events);
    response_clear(&json);
    json_tree_free(tree);
    return good;
}

static void put_cure(const char *command, const Trial *trial, Put *put)
{
    put_named(put, "cure", command);
    put_number(put, "would_hide", trial->hidden);
    put_number(put, "of_findings", trial->looked_at);
    put_number(put, "that_were_real", trial->real);
}

/* That it is expected; or, where most of it is too odd for that, that nobody wants to hear it. */
static void put_noise(const Ask *ask, const All *all, const Signal *signal, Put *put)
{
    const Told *one = &all->told[signal->first];
    for (size_t i = 0; i < signal->count; i++)
        if (!all->told[signal->first + i].is_held && !all->told[signal->first + i].is_real)
            one = &all->told[signal->first + i];
    char body[128], command[96];
    Trial mild = {0}, strong = {0};
    put_open(put, '{');
    put_named(put, "signal", one->signal);
    put_named(put, "source", one->source);
    put_number(put, "findings", signal->noise);
    put_named(put, "finding", one->id);
    put_named(put, "sentence", one->sentence);
    snprintf(body, sizeof body, "{\"verdict\":\"expected\",\"finding\":\"%s\"}", one->id);
    bool has_mild = try_verdict(ask, body, &mild);
    snprintf(body, sizeof body, "{\"verdict\":\"mute\",\"until\":\"forever\",\"finding\":\"%s\"}",
             one->id);
    bool has_strong = has_mild && mild.broken > mild.hidden && try_verdict(ask, body, &strong);
    snprintf(command, sizeof command,
             has_strong ? "oddball mute %s --forever" : "oddball mark %s expected", one->id);
    if (has_mild)
        put_cure(command, has_strong ? &strong : &mild, put);
    put_close(put, '}');
}

static void put_noisiest(const Ask *ask, All *all, Put *put)
{
    Signal best[NOISIEST];
    if (all->count > 1)
        qsort(all->told, all->count, sizeof *all->told, by_signal);
    size_t count = find_noisiest(all, best);
    put_name(put, "noisiest");
    put_open(put, '[');
    for (size_t i = 0; i < count; i++)
        put_noise(ask, all, &best[i], put);
    put_close(put, ']');
}

/* -- the route --------------------------------------------------------------------------------- */

static HttpReply report(HttpRequest *request, HttpResponse *response)
{
    Ask ask = ask_of(request, response);
    odd_time since = 0, until = 0;
    All all = {0};
    HttpResponse json = {0};
    Put put = {.response = &json};
    if (!ASK_ONLY(&ask, "since", "until") || !ask_span_of_time(&ask, &since, &until))
        return HTTP_NOW;
    since = since != 0 ? since : ask.now - SPAN_DEFAULT_NS;
    put_open(&put, '{');
    put_name(&put, "since");
    put_time(&put, since);
    put_name(&put, "until");
    put_time(&put, until != 0 ? until : ask.now);
    bool good = all_read(&ask, since, until, &all);
    if (good)
        put_all(&all, &put);
    good = good && put_incidents(&ask, since, until, &put) && put_sources(&ask, &all, &put) &&
           put_verdicts(&ask, &all, &put);
    if (good) {
        put_noisiest(&ask, &all, &put);
        put_close(&put, '}');
        response_clear(response); /* What could not be tried is left out. */
        response_add(response, json.body, json.body_size);
        response->broken |= json.broken;
        response_end(response, 200, "application/json");
    }
    response_clear(&json);
    free(all.told);
    return HTTP_NOW;
}

static const Route report_routes[] = {
    {"GET", "/api/v1/report", report, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_report = ROUTE_GROUP("report", report_routes);
