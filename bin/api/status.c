/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /api/v1/status: how the server is, in one answer. */
#include "api/health.h"
#include "api/process.h"
#include "api/view.h"

#include "api/api.h"

static void put_live(const LiveCounts *counts, Put *put)
{
    const struct {
        const char *name;
        uint64_t    value;
    } all[] = {
        {"journal_position", counts->journal_position}, {"fold_position", counts->fold_position},
        {"fold_bytes", counts->fold_bytes},             {"hot_bytes", counts->hot_bytes},
        {"findings", counts->findings},                 {"ticks", counts->ticks},
        {"checkpoints", counts->checkpoints},
        {"checkpoint_failures", counts->checkpoint_failures},
        {"lake_failures", counts->lake_failures},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        put_name(put, all[i].name);
        put_count(put, all[i].value);
    }
    put_name(put, "lag_s");
    put_real(put, counts->lag_s);
    put_name(put, "caught_up");
    put_bool(put, counts->caught_up);
    put_name(put, "last_checkpoint");
    put_time(put, counts->last_checkpoint > 0 ? counts->last_checkpoint : ODD_TIME_NONE);
    put_name(put, "trouble");
    put_word(put, counts->trouble[0] != '\0' ? counts->trouble : NULL);
}

/* Secrets since the start, by what they are. */
static void put_masked(const ApiContext *api, Put *put)
{
    IntakeCounts counts = intake_counts(api->intake);
    put_name(put, "masked");
    put_open(put, '{');
    for (int kind = 0; kind < ODD_MASK_KIND_COUNT; kind++) {
        put_name(put, odd_mask_kind_name((odd_mask_kind)kind));
        put_count(put, counts.masked[kind]);
    }
    put_close(put, '}');
}

static void put_webhook(const ApiContext *api, Put *put)
{
    ApiWebhook webhook;
    put_name(put, "webhook");
    if (api->webhook == NULL || !api->webhook(api->describe_context, &webhook)) {
        put_null(put);
        return;
    }
    const struct {
        const char *name;
        uint64_t    value;
    } all[] = {{"sent", webhook.sent},         {"retried", webhook.retried},
               {"refused", webhook.refused},   {"dropped", webhook.dropped},
               {"past", webhook.past},         {"waiting", webhook.waiting}};
    put_open(put, '{');
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        put_name(put, all[i].name);
        put_count(put, all[i].value);
    }
    put_name(put, "trouble");
    put_word(put, webhook.trouble[0] != '\0' ? webhook.trouble : NULL);
    put_close(put, '}');
}

/* What a person should know: the fold's notes. */
static void put_notes(const ApiContext *api, Put *put)
{
    odd_question question = {.view = ODD_NOTES};
    odd_rows *rows = NULL;
    put_name(put, "notes");
    put_open(put, '[');
    if (live_query(api->live, &question, &rows) == ODD_OK) {
        while (odd_next(rows) == ODD_ROW) {
            put_open(put, '{');
            put_name(put, "topic");
            put_word(put, view_text(rows, "topic"));
            put_name(put, "sentence");
            put_word(put, view_text(rows, "sentence"));
            put_close(put, '}');
        }
        odd_rows_close(rows);
    }
    put_close(put, ']');
}

/* What was found at the start; it does not change any more. */
static void put_damages(const ApiContext *api, Put *put)
{
    odd_damage damage;
    put_name(put, "damages");
    put_open(put, '[');
    for (size_t i = 0; api->store != NULL && odd_store_damage(api->store, i, &damage); i++) {
        put_open(put, '{');
        put_name(put, "file");
        put_word(put, damage.file[0] != '\0' ? damage.file : NULL);
        put_name(put, "first_commit");
        damage.first > 0 ? put_count(put, damage.first) : put_null(put);
        put_name(put, "last_commit");
        damage.last > 0 ? put_count(put, damage.last) : put_null(put);
        put_name(put, "sentence");
        put_word(put, damage.sentence);
        put_close(put, '}');
    }
    put_close(put, ']');
}

static HttpReply status(HttpRequest *request, HttpResponse *response)
{
    const ApiContext *api = request->context;
    Ask ask = ask_of(request, response);
    if (!ask_only(&ask, NULL, 0))
        return HTTP_NOW;
    LiveCounts counts = live_counts(api->live);
    const char *reason = health_reason(request);
    Put put = {.response = response};
    put_open(&put, '{');
    put_name(&put, "version");
    put_word(&put, odd_version());
    put_name(&put, "ready");
    put_bool(&put, reason == NULL);
    put_name(&put, "reason");
    put_word(&put, reason);
    put_name(&put, "started");
    put_time(&put, api->started > 0 ? api->started : ODD_TIME_NONE);
    put_name(&put, "resident_bytes");
    put_count(&put, process_now().resident_bytes);
    put_live(&counts, &put);
    put_masked(api, &put);
    put_webhook(api, &put);
    put_damages(api, &put);
    put_notes(api, &put);
    put_close(&put, '}');
    return response_end(response, 200, "application/json");
}

static const Route status_routes[] = {
    {"GET", "/api/v1/status", status, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_status = ROUTE_GROUP("status", status_routes);
