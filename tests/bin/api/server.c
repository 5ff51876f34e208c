/* SPDX-License-Identifier: Apache-2.0
 *
 * A server of the real routes in front of a made-up fold, for tests from outside.
 *
 *     api_server     prints "listening PORT", then obeys lines of its standard input until it ends:
 *                    tell NUMBER  that finding comes
 *                    full         the intake has no room, or again
 *                    cancelled    how many questions were ended early
 *     api_server --routes       prints "METHOD PATH" of each route
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "fake_live.h"
#include "memory_intake.h"

static void describe(void *context, ApiTell tell, void *tell_context)
{
    (void)context;
    const Watch good = {.name = "/var/log/\"odd\"", .events = 3, .bytes = 99, .lag_s = 0.5};
    const Watch refused = {.name = "/var/log/auth.log",
                           .state = WATCH_REFUSED,
                           .cause = "permission denied",
                           .cure = "usermod -aG adm oddball"};
    tell(tell_context, "files", &good);
    const Watch scraped = {.name = "http://127.0.0.1:9100/metrics",
                           .source = "torn \xe2\x82 \xff"};
    tell(tell_context, "files", &refused);
    tell(tell_context, "scrape", &scraped);
}

static bool describe_webhook(void *context, ApiWebhook *ret)
{
    (void)context;
    *ret = (ApiWebhook){.sent = 5, .attempts_failed = 4, .retried = 3, .refused = 2, .dropped = 1,
                         .past = 6};
    snprintf(ret->trouble, sizeof ret->trouble, "it answered 500");
    return true;
}

static int print_routes(void)
{
    for (size_t g = 0; g < route_groups_count; g++)
        for (size_t r = 0; r < route_groups[g]->count; r++)
            printf("%s %s\n", route_groups[g]->routes[r].method, route_groups[g]->routes[r].path);
    return 0;
}

static void obey(ApiContext *api, char *line, bool *full)
{
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "tell ", 5) == 0)
        fake_live_tell(api->live, atoi(line + 5));
    else if (strcmp(line, "full") == 0)
        memory_intake_set(api->intake, (*full = !*full) ? INTAKE_FULL : INTAKE_STORED, 0);
    else if (strncmp(line, "live ", 5) == 0)
        fake_live_health(api->live, strcmp(line + 5, "behind") == 0,
                         strcmp(line + 5, "failed") == 0);
    else if (strcmp(line, "cancelled") == 0)
        printf("%d\n", fake_live_cancelled(api->live));
    fflush(stdout);
}

int main(int count, char **arguments)
{
    if (count > 1 && strcmp(arguments[1], "--routes") == 0)
        return print_routes();
    static ApiContext api;
    api = (ApiContext){.intake = memory_intake_open(),
                       .live = fake_live_open(),
                       .describe = describe,
                       .webhook = describe_webhook,
                       .started = 1795464942000000000};
    const HttpListener listener = {.address = "127.0.0.1:0"};
    const HttpOptions options = {.listeners = &listener,
                                 .listener_count = 1,
                                 .groups = route_groups,
                                 .group_count = route_groups_count,
                                 .context = &api};
    HttpServer *server;
    char problem[512], line[65536];
    bool full = false;
    if (!api_open(&api) || !http_server_open(&options, &server, problem, sizeof problem))
        return 1;
    atomic_store(&api.server, server);
    printf("listening %d\n", http_server_port(server, 0));
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL)
        obey(&api, line, &full);
    http_server_close(server, 2);
    api_close(&api);
    fake_live_close(api.live);
    memory_intake_close(api.intake);
    return 0;
}
