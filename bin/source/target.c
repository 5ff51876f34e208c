/* SPDX-License-Identifier: Apache-2.0 */
#include "source/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input/clock.h"
#include "source/give.h"
#include "source/listening.h"
#include "source/samples.h"

#define OPEN_METRICS "application/openmetrics-text"

/* The parts of http://user@host:port/path?query that name it; *ret_port is 0 if it has none. */
static void take_apart(const char *url, char *authority, size_t authority_size, char *path,
                       size_t path_size, int *ret_port)
{
    const char *from = strstr(url, "://");
    from = from != NULL ? from + 3 : url;
    size_t      size = strcspn(from, "/?#");
    const char *at = memrchr(from, '@', size);
    const char *end = from + size;
    if (at != NULL)
        from = at + 1;
    snprintf(authority, authority_size, "%.*s", (int)(end - from), from);
    snprintf(path, path_size, "%.*s", (int)strcspn(end, "?#"), end);
    const char *colon = strrchr(authority, ':');
    *ret_port = colon != NULL && strchr(colon, ']') == NULL ? atoi(colon + 1) : 0;
}

static bool is_local(const char *authority)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        size_t size = strlen(hosts[i]);
        if (strncasecmp(authority, hosts[i], size) == 0 &&
            (authority[size] == ':' || authority[size] == '\0'))
            return true;
    }
    return false;
}

Target *target_new(const char *url, const char *job)
{
    char    authority[160], path[120];
    int     port;
    Target *target = calloc(1, sizeof *target);
    if (target == NULL)
        return NULL;
    target->url = strdup(url);
    if (target->url == NULL) {
        free(target);
        return NULL;
    }
    bool safe = strncmp(url, "https", 5) == 0;
    take_apart(url, authority, sizeof authority, path, sizeof path, &port);
    if (job == NULL)
        job = listening_job(port);
    snprintf(target->job, sizeof target->job, "%s", job != NULL ? job : "scrape");
    snprintf(target->name, sizeof target->name, "%s://%s%s", safe ? "https" : "http", authority,
             path);
    bool usual = strcmp(path, "/metrics") == 0;
    target->local_port = usual && is_local(authority) ? port : 0;
    snprintf(target->instance, sizeof target->instance, "%s%s%s", authority,
             port != 0 ? "" : (safe ? ":443" : ":80"), usual ? "" : path);
    snprintf(target->source, sizeof target->source, "%s/%s", target->job, target->instance);
    return target;
}

void target_free(Target *target)
{
    if (target == NULL)
        return;
    free(target->url);
    free(target);
}

typedef struct { /* One answer on its way, kept until it is durable. */
    const Target *target;
    ClientAnswer  answer;
    odd_time      now;
    double        took_s;
    bool          up;
    odd_decoded   decoded;
} Scraped;

static odd_rc decode(Scraped *scraped, odd_events *events)
{
    bool     open_metrics = strncmp(scraped->answer.type, OPEN_METRICS, strlen(OPEN_METRICS)) == 0;
    odd_wire wire = {.source = scraped->target->source,
                     .subject = open_metrics ? "openmetrics" : NULL,
                     .now = scraped->now};
    return odd_decode("exposition", &wire, scraped->answer.body, scraped->answer.size, events,
                      &scraped->decoded);
}

static bool fill(void *what, odd_events *events)
{
    Scraped      *scraped = what;
    const Target *target = scraped->target;
    if (scraped->up) {
        odd_rc rc = decode(scraped, events);
        if (rc == ODD_NOMEM)
            return false;
        scraped->up = rc == ODD_OK; /* More than may be in one hand-over is not taken either. */
    }
    Samples     samples = {0};
    SampleLabel labels[] = {{"instance", target->instance}, {"job", target->job}};
    samples_begin(&samples, target->source, scraped->now);
    samples_add(&samples, "up", labels, 2, scraped->up);
    samples_add(&samples, "scrape_duration_seconds", labels, 2, scraped->took_s);
    samples_add(&samples, "scrape_samples_scraped", labels, 2,
                scraped->up ? (double)scraped->decoded.accepted : 0);
    bool good = samples_fill(&samples, events) && samples.left_out == 0;
    samples_free(&samples);
    return good;
}

/* Whether the answer can be read as an exporter's; nothing is given. */
static bool is_exposition(Scraped *scraped)
{
    odd_events *events;
    if (odd_events_open(NULL, scraped->now, &events) != ODD_OK)
        return false;
    bool good = decode(scraped, events) == ODD_OK && scraped->decoded.accepted > 0;
    odd_events_close(events);
    return good;
}

static void explain(const Scraped *scraped, TargetResult *result)
{
    if (scraped->answer.status == 0)
        snprintf(result->problem, sizeof result->problem, "%s", scraped->answer.problem);
    else if (scraped->answer.status != 200)
        snprintf(result->problem, sizeof result->problem,
                 "it answers with status %d; look at its address and its log",
                 scraped->answer.status);
    else if (!scraped->up)
        snprintf(result->problem, sizeof result->problem,
                 "its answer is not what an exporter gives: %.240s", scraped->decoded.message);
}

TargetResult target_scrape(const Target *target, const TargetScrape *scrape)
{
    static const char *const headers[] = {
        "Accept: text/plain;version=0.0.4;q=1," OPEN_METRICS ";version=1.0.0;q=0.5,*/*;q=0.1"};
    double        limit_s = scrape->interval_s < TARGET_TIME_S ? scrape->interval_s : TARGET_TIME_S;
    int64_t       begin = monotonic_now();
    Scraped       scraped = {.target = target, .now = clock_now()};
    TargetResult  result = {0};
    ClientRequest request = {.url = target->url,
                             .headers = headers,
                             .header_count = 1,
                             .connect_s = limit_s,
                             .total_s = limit_s,
                             .answer_bytes = TARGET_BYTES_MAX,
                             .stop = scrape->context->stop};
    client_ask(scrape->client, &request, &scraped.answer);
    scraped.took_s = (double)(monotonic_now() - begin) / (double)NS_PER_S;
    scraped.up = scraped.answer.status == 200;
    result.stopped = scraped.answer.stopped;
    if (!target->proven && target->found)
        scraped.up = scraped.up && is_exposition(&scraped);
    if (!result.stopped && (scraped.up || target->proven || !target->found))
        result.stopped = !give(scrape->context, scraped.now, fill, &scraped, scrape->refusals);
    result.good = scraped.up;
    result.samples = scraped.up ? scraped.decoded.accepted : 0;
    result.bytes = scraped.answer.size;
    if (!result.stopped)
        explain(&scraped, &result);
    client_answer_free(&scraped.answer);
    return result;
}
