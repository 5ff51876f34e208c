/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /metrics: all counters, for Prometheus. */
#include <stdlib.h>

#include "api/exposition.h"
#include "api/process.h"
#include "api/view.h"
#include "api/watches.h"

#define SOURCES_MAX 1000 /* Further ones would be a burden; the sum is in the other counters. */

typedef struct {
    const char *name, *help;
    MetricKind  kind;
    double      value;
} Number;

static void add_numbers(Exposition *exposition, const Number *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        exposition_number(exposition, numbers[i].name, numbers[i].kind, numbers[i].help,
                          numbers[i].value);
}
#define ADD(exposition, numbers)                                                                   \
    add_numbers(exposition, numbers, sizeof(numbers) / sizeof(numbers)[0])

static void add_live(Exposition *exposition, const LiveCounts *c)
{
    const Number numbers[] = {
        {"oddball_journal_commits_total", "Commits that are durable.", METRIC_COUNTER,
         (double)c->journal_position},
        {"oddball_fold_commits_total", "Commits that are learnt.", METRIC_COUNTER,
         (double)c->fold_position},
        {"oddball_fold_lag_seconds", "From a commit to what was learnt of it.", METRIC_GAUGE,
         c->lag_s},
        {"oddball_fold_bytes", "Memory of what is learnt.", METRIC_GAUGE, (double)c->fold_bytes},
        {"oddball_fold_ticks_total", "Ticks that were learnt.", METRIC_COUNTER, (double)c->ticks},
        {"oddball_findings_total", "Findings so far.", METRIC_COUNTER, (double)c->findings},
        {"oddball_lake_hot_bytes", "Rows that are not in the lake yet.", METRIC_GAUGE,
         (double)c->hot_bytes},
        {"oddball_lake_failures_total", "Writes to the lake that failed.", METRIC_COUNTER,
         (double)c->lake_failures},
        {"oddball_checkpoints_total", "Checkpoints that were made.", METRIC_COUNTER,
         (double)c->checkpoints},
        {"oddball_checkpoint_failures_total", "Checkpoints that failed.", METRIC_COUNTER,
         (double)c->checkpoint_failures},
        {"oddball_checkpoint_timestamp_seconds", "When the last checkpoint was made.", METRIC_GAUGE,
         (double)c->last_checkpoint / 1e9},
        {"oddball_caught_up", "1: what the run before had stored is learnt.", METRIC_GAUGE,
         c->caught_up},
    };
    ADD(exposition, numbers);
}

static void add_intake(Exposition *exposition, const IntakeCounts *c)
{
    const Number numbers[] = {
        {"oddball_intake_commits_total", "Commits since the start.", METRIC_COUNTER,
         (double)c->commits},
        {"oddball_intake_events_total", "Records, samples and runs of lines that were stored.",
         METRIC_COUNTER, (double)c->events},
        {"oddball_intake_bytes_total", "Bytes that were stored, before compression.",
         METRIC_COUNTER, (double)c->bytes},
        {"oddball_intake_cut_total", "Texts that were longer than allowed.", METRIC_COUNTER,
         (double)c->cut},
        {"oddball_intake_known_total", "Requests that were stored before.", METRIC_COUNTER,
         (double)c->known},
        {"oddball_intake_ticks_total", "Ticks that were stored.", METRIC_COUNTER, (double)c->ticks},
        {"oddball_intake_queue_bytes", "What waits to be stored.", METRIC_GAUGE,
         (double)c->queue_bytes},
        {"oddball_intake_kept_bytes", "What waits in memory to be learnt.", METRIC_GAUGE,
         (double)c->kept_bytes},
    };
    const struct {
        const char *reason;
        uint64_t    count;
    } refusals[] = {{"full", c->full}, {"no_space", c->no_space}, {"failed", c->failed},
                    {"stopped", c->stopped}};
    const struct {
        const char *quantile;
        double      ms;
    } times[] = {{"0.5", c->commit_ms_median}, {"0.99", c->commit_ms_p99}, {"1", c->commit_ms_max}};
    ADD(exposition, numbers);
    exposition_family(exposition, "oddball_intake_masked_total", METRIC_COUNTER,
                      "Secrets that were masked, by what they are.");
    for (int kind = 0; kind < ODD_MASK_KIND_COUNT; kind++)
        exposition_sample(
            exposition, (double)c->masked[kind],
            (const char *const[]){"kind", odd_mask_kind_name((odd_mask_kind)kind), NULL});
    exposition_family(exposition, "oddball_intake_refused_total", METRIC_COUNTER,
                      "Requests of which nothing was taken.");
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        exposition_sample(exposition, (double)refusals[i].count,
                          (const char *const[]){"reason", refusals[i].reason, NULL});
    exposition_family(exposition, "oddball_intake_commit_seconds", METRIC_SUMMARY,
                      "From handing a commit to the disk until it is there.");
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        exposition_sample(exposition, times[i].ms / 1e3,
                          (const char *const[]){"quantile", times[i].quantile, NULL});
}

static void add_http(Exposition *exposition, const HttpCounts *c)
{
    const Number numbers[] = {
        {"oddball_http_connections_total", "Connections that were taken.", METRIC_COUNTER,
         (double)c->connections},
        {"oddball_http_connections_refused_total", "Connections over the limits.", METRIC_COUNTER,
         (double)c->connections_refused},
        {"oddball_http_connections_timed_out_total", "Connections that were too slow.",
         METRIC_COUNTER, (double)c->connections_timed_out},
        {"oddball_http_connections_open", "Connections now.", METRIC_GAUGE,
         (double)c->connections_open},
        {"oddball_http_requests_total", "Requests.", METRIC_COUNTER, (double)c->requests},
        {"oddball_http_requests_refused_total",
         "Requests refused for their form, their size or their token.", METRIC_COUNTER,
         (double)c->requests_refused},
        {"oddball_http_body_bytes_total", "Bytes of bodies, as they came.", METRIC_COUNTER,
         (double)c->body_bytes},
        {"oddball_http_body_unpacked_bytes_total", "Bytes of bodies, unpacked.", METRIC_COUNTER,
         (double)c->body_bytes_unpacked},
    };
    ADD(exposition, numbers);
}

static void add_grpc(Exposition *exposition, const GrpcCounts *c, uint64_t records)
{
    const Number numbers[] = {
        {"oddball_grpc_connections_total", "Connections that were taken.", METRIC_COUNTER,
         (double)c->connections},
        {"oddball_grpc_connections_refused_total", "Connections over the limits.", METRIC_COUNTER,
         (double)c->connections_refused},
        {"oddball_grpc_connections_timed_out_total", "Connections that were too slow.",
         METRIC_COUNTER, (double)c->connections_timed_out},
        {"oddball_grpc_connections_open", "Connections now.", METRIC_GAUGE,
         (double)c->connections_open},
        {"oddball_grpc_calls_total", "Calls.", METRIC_COUNTER, (double)c->calls},
        {"oddball_grpc_message_bytes_total", "Bytes of messages, as they came.", METRIC_COUNTER,
         (double)c->message_bytes},
        {"oddball_grpc_records_total", "Log records and points of metrics that were stored.",
         METRIC_COUNTER, (double)records},
    };
    ADD(exposition, numbers);
    exposition_family(exposition, "oddball_grpc_calls_refused_total", METRIC_COUNTER,
                      "Calls that were refused, by their status.");
    for (int status = GRPC_OK + 1; status < GRPC_STATUS_COUNT; status++) {
        const char *reason = grpc_status_name((GrpcStatus)status);
        if (reason != NULL)
            exposition_sample(exposition, (double)c->refused[status],
                              (const char *const[]){"reason", reason, NULL});
    }
}

static void add_webhook(Exposition *exposition, const ApiContext *api)
{
    ApiWebhook webhook;
    if (api->webhook == NULL || !api->webhook(api->describe_context, &webhook))
        return;
    const Number numbers[] = {
        {"oddball_webhook_sent_total", "Findings that were taken.", METRIC_COUNTER,
         (double)webhook.sent},
        {"oddball_webhook_attempts_failed_total", "Attempts that were not taken.", METRIC_COUNTER,
         (double)webhook.attempts_failed},
        {"oddball_webhook_retried_total", "Attempts that were not the first of their finding.",
         METRIC_COUNTER, (double)webhook.retried},
        {"oddball_webhook_past_total", "Findings of before the start, which are not posted.",
         METRIC_COUNTER, (double)webhook.past},
        {"oddball_webhook_waiting", "Findings that wait.", METRIC_GAUGE, (double)webhook.waiting},
    };
    const struct {
        const char *reason;
        uint64_t    count;
    } failed[] = {{"refused", webhook.refused}, {"dropped", webhook.dropped}};
    ADD(exposition, numbers);
    exposition_family(exposition, "oddball_webhook_failed_total", METRIC_COUNTER,
                      "Findings that will not be sent any more.");
    for (size_t i = 0; i < sizeof failed / sizeof failed[0]; i++)
        exposition_sample(exposition, (double)failed[i].count,
                          (const char *const[]){"reason", failed[i].reason, NULL});
}

/* What came in each format. */
static void add_tallies(Exposition *exposition, const Tallies *tallies)
{
    const struct {
        const char *name, *help;
        size_t      offset; /* Of its number in a Tally. */
    } all[] = {
        {"oddball_received_requests_total", "Requests of a format.", offsetof(Tally, requests)},
        {"oddball_received_malformed_total", "Requests that are not of their format.",
         offsetof(Tally, malformed)},
        {"oddball_received_events_total", "Lines, records, samples and changes that could be read.",
         offsetof(Tally, events)},
        {"oddball_received_rejected_total", "Lines, records, samples and changes that could not.",
         offsetof(Tally, rejected)},
        {"oddball_received_cut_total", "Texts that were longer than allowed.",
         offsetof(Tally, cut)},
        {"oddball_received_masked_total", "Secrets that were replaced.", offsetof(Tally, masked)},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        exposition_family(exposition, all[i].name, METRIC_COUNTER, all[i].help);
        for (size_t format = 0; format < TALLY_FORMATS; format++) {
            const char *tally = (const char *)&tallies->formats[format];
            const _Atomic uint64_t *number =
                (const _Atomic uint64_t *)(const void *)(tally + all[i].offset);
            exposition_sample(exposition, (double)atomic_load(number),
                              (const char *const[]){"format", tally_formats[format], NULL});
        }
    }
}

static void add_process(Exposition *exposition, const ApiContext *api)
{
    Process process = process_now();
    const Number numbers[] = {
        {"process_resident_memory_bytes", "Memory of this process.", METRIC_GAUGE,
         (double)process.resident_bytes},
        {"process_virtual_memory_bytes", "Its address space.", METRIC_GAUGE,
         (double)process.virtual_bytes},
        {"process_cpu_seconds_total", "Its time on processors.", METRIC_COUNTER, process.cpu_s},
        {"process_open_fds", "Its open files.", METRIC_GAUGE, (double)process.open_files},
        {"process_max_fds", "How many there may be.", METRIC_GAUGE, (double)process.open_files_max},
        {"process_threads", "Its threads.", METRIC_GAUGE, (double)process.threads},
        {"process_start_time_seconds", "When it was started.", METRIC_GAUGE,
         (double)api->started / 1e9},
    };
    ADD(exposition, numbers);
    exposition_family(exposition, "oddball_build_info", METRIC_GAUGE, "The version.");
    exposition_sample(exposition, 1, (const char *const[]){"version", odd_version(), NULL});
}

/* One column of the view of sources, a sample for each. */
static bool add_source_column(Exposition *exposition, const ApiContext *api, const char *column,
                              const char *name, MetricKind kind, const char *help)
{
    odd_question question = {.view = ODD_SOURCES};
    odd_rows *rows = NULL;
    if (live_query(api->live, &question, &rows) != ODD_OK)
        return false;
    int number = odd_column(rows, column);
    exposition_family(exposition, name, kind, help);
    for (size_t i = 0; number >= 0 && odd_next(rows) == ODD_ROW && i < SOURCES_MAX; i++)
        exposition_sample(exposition, (double)odd_int(rows, number),
                          (const char *const[]){"source", view_text(rows, "source"), "kind",
                                                view_text(rows, "kind"), NULL});
    odd_rows_close(rows);
    return true;
}

static bool add_sources(Exposition *exposition, const ApiContext *api)
{
    static const struct {
        const char *column, *name;
        MetricKind  kind;
        const char *help;
    } columns[] = {
        {"rows", "oddball_source_rows_total", METRIC_COUNTER,
         "Lines of a source that were learnt."},
        {"records", "oddball_source_records_total", METRIC_COUNTER,
         "Records of a source that were learnt."},
        {"samples", "oddball_source_samples_total", METRIC_COUNTER, "Samples of a source."},
        {"judged", "oddball_source_judged_samples_total", METRIC_COUNTER,
         "Samples of a source that were judged and learnt."},
        {"series", "oddball_source_series", METRIC_GAUGE, "Series of a source."},
        {"watched", "oddball_source_watched_series", METRIC_GAUGE,
         "Series of a source that are watched; the others are kept only, for want of memory."},
        {"bytes", "oddball_source_bytes_total", METRIC_COUNTER, "Bytes of a source."},
        {"cut_rows", "oddball_source_cut_rows_total", METRIC_COUNTER,
         "Lines that were longer than allowed."},
        {"late_rows", "oddball_source_late_rows_total", METRIC_COUNTER,
         "Lines and samples that came too late to be judged."},
        {"early_rows", "oddball_source_early_rows_total", METRIC_COUNTER,
         "Lines of a time that is to come."},
        {"refused", "oddball_source_refused_samples_total", METRIC_COUNTER,
         "Samples of more series than allowed."},
    };
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (!add_source_column(exposition, api, columns[i].column, columns[i].name, columns[i].kind,
                               columns[i].help))
            return false;
    return true;
}

typedef double (*WatchNumber)(const Watch *watch);
static double watch_events(const Watch *watch)
{
    return (double)watch->events;
}
static double watch_bytes(const Watch *watch)
{
    return (double)watch->bytes;
}
static double watch_dropped(const Watch *watch)
{
    return (double)watch->dropped;
}
static double watch_lag(const Watch *watch)
{
    return watch->lag_s;
}
static double watch_good(const Watch *watch)
{
    return watch->state == WATCH_GOOD;
}

static void add_watches(Exposition *exposition, const ApiContext *api)
{
    static const struct {
        const char *name, *help;
        MetricKind  kind;
        WatchNumber number;
    } all[] = {
        {"oddball_watch_events_total", "Events of what is watched.", METRIC_COUNTER, watch_events},
        {"oddball_watch_bytes_total", "Bytes of what is watched.", METRIC_COUNTER, watch_bytes},
        {"oddball_watch_dropped_total", "Events that were lost before they came here.",
         METRIC_COUNTER, watch_dropped},
        {"oddball_watch_lag_seconds", "How far behind.", METRIC_GAUGE, watch_lag},
        {"oddball_watch_good", "1: it is watched; 0: it cannot be.", METRIC_GAUGE, watch_good},
    };
    Watches watches = watches_take(api);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        exposition_family(exposition, all[i].name, all[i].kind, all[i].help);
        for (size_t k = 0; k < watches.count && k < SOURCES_MAX; k++) {
            const WatchRow *row = &watches.rows[k];
            const char *name = row->watch.name != NULL ? row->watch.name : "";
            exposition_sample(exposition, all[i].number(&row->watch),
                              (const char *const[]){"kind", row->kind, "name", name, NULL});
        }
    }
    exposition->response->broken |= watches.failed;
    watches_free(&watches);
}

static HttpReply metrics(HttpRequest *request, HttpResponse *response)
{
    ApiContext *api = request->context;
    Exposition exposition = exposition_begin(request, response);
    LiveCounts counts = live_counts(api->live);
    add_live(&exposition, &counts);
    IntakeCounts intake = intake_counts(api->intake);
    add_intake(&exposition, &intake);
    HttpServer *server = atomic_load(&api->server);
    if (server != NULL) {
        HttpCounts http = http_server_counts(server);
        add_http(&exposition, &http);
    }
    GrpcServer *calls = atomic_load(&api->grpc);
    if (calls != NULL) {
        GrpcCounts grpc = grpc_server_counts(calls);
        add_grpc(&exposition, &grpc, atomic_load(&api->grpc_records));
    }
    add_tallies(&exposition, &api->tallies);
    add_webhook(&exposition, api);
    add_process(&exposition, api);
    add_watches(&exposition, api);
    if (!add_sources(&exposition, api)) {
        response_clear(response);
        return ask_failed(response, ODD_NOMEM);
    }
    return exposition_end(&exposition);
}

static const Route metrics_routes[] = {
    {"GET", "/metrics", metrics, HTTP_SCOPE_ALL, ROUTE_SLOW, NULL},
};
const RouteGroup routes_metrics = ROUTE_GROUP("metrics", metrics_routes);
