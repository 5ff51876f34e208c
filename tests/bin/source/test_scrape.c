/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_intake.h"
#include "source/listening.h"
#include "source/target.h"

extern const SourceKind source_scrape;

/* An exporter: what it answers depends on the path. */
typedef struct {
    int         listener, port;
    pthread_t   thread;
    atomic_bool stop;
} Exporter;

static void answer(int descriptor)
{
    char request[4096] = "", head[512];
    if (recv(descriptor, request, sizeof request - 1, 0) <= 0)
        return;
    const char *status = "200 OK", *type = "text/plain; version=0.0.4", *body = "";
    if (strncmp(request, "GET /metrics ", 13) == 0)
        body = "# HELP a A thing.\n# TYPE a counter\na{b=\"c\"} 5\nd 1.5\n";
    else if (strncmp(request, "GET /open ", 10) == 0) {
        type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        body = "# TYPE o counter\no_total 7.0 1700000000.5\n# EOF\n";
    } else if (strncmp(request, "GET /page ", 10) == 0) {
        type = "text/html";
        body = "<html>hello</html>\n";
    } else if (strncmp(request, "GET /slow ", 10) == 0) {
        return;
    } else {
        status = "500 Internal Server Error";
    }
    int size = snprintf(head, sizeof head,
                        "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", status,
                        type, strlen(body));
    send(descriptor, head, (size_t)size, MSG_NOSIGNAL);
    send(descriptor, body, strlen(body), MSG_NOSIGNAL);
}

/* Connections stay open until the end, so that a slow one is slow. */
static void *serve(void *what)
{
    Exporter     *exporter = what;
    struct pollfd all[64] = {{.fd = exporter->listener, .events = POLLIN}};
    nfds_t        count = 1;
    while (!atomic_load(&exporter->stop)) {
        if (poll(all, count, 20) <= 0)
            continue;
        for (nfds_t i = 1; i < count; i++)
            if (all[i].revents != 0)
                answer(all[i].fd);
        if (all[0].revents != 0 && count < 64)
            all[count++] =
                (struct pollfd){.fd = accept(exporter->listener, NULL, NULL), .events = POLLIN};
        for (nfds_t i = count; i-- > 1;)
            if (all[i].revents & (POLLHUP | POLLERR)) {
                close(all[i].fd);
                all[i] = all[--count];
            }
    }
    for (nfds_t i = 1; i < count; i++)
        close(all[i].fd);
    return NULL;
}

static void exporter_start(Exporter *exporter, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int       yes = 1;
    *exporter = (Exporter){.listener = socket(AF_INET, SOCK_STREAM, 0)};
    setsockopt(exporter->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    assert_int_equal(bind(exporter->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(exporter->listener, 16), 0);
    assert_int_equal(getsockname(exporter->listener, (struct sockaddr *)&address, &size), 0);
    exporter->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&exporter->thread, NULL, serve, exporter), 0);
}

static void exporter_stop(Exporter *exporter)
{
    atomic_store(&exporter->stop, true);
    pthread_join(exporter->thread, NULL);
    close(exporter->listener);
}

typedef struct {
    Exporter   exporter;
    char       urls[4][96], *names[4];
    FakeServer server;
    FakeRun    run;
} Room;

static int room_make(void **state)
{
    static Room room;
    room = (Room){0};
    exporter_start(&room.exporter, 0);
    fake_server_open(&room.server);
    *state = &room;
    return 0;
}

static int room_remove(void **state)
{
    Room *room = *state;
    if (room->run.self != NULL)
        fake_run_end(&room->server, &room->run);
    fake_server_close(&room->server);
    exporter_stop(&room->exporter);
    return 0;
}

static void name(Room *room, const char *path)
{
    size_t at = room->server.settings.scrape.count++;
    snprintf(room->urls[at], sizeof room->urls[at], "http://127.0.0.1:%d%s", room->exporter.port,
             path);
    room->names[at] = room->urls[at];
    room->server.settings.scrape.items = room->names;
}

static void start(Room *room)
{
    room->run = fake_run(&room->server, &source_scrape);
    assert_non_null(room->run.self);
}

/* "scrape/127.0.0.1:PORT" and what comes behind it. */
static const char *source_of(const Room *room, const char *rest)
{
    static char source[96];
    snprintf(source, sizeof source, "scrape/127.0.0.1:%d%s", room->exporter.port, rest);
    return source;
}

static void without_discovery_and_names_there_is_nothing_to_do(void **state)
{
    Room *room = *state;
    assert_null(fake_run(&room->server, &source_scrape).self);
}

static void what_an_exporter_says_becomes_samples(void **state)
{
    Room *room = *state;
    char  series[256];
    name(room, "/metrics");
    start(room);
    const char *source = source_of(room, "");
    snprintf(series, sizeof series, "a{b=\"c\",instance=\"127.0.0.1:%d\",job=\"scrape\"} 5\n",
             room->exporter.port);
    assert_true(fake_wait(room->server.intake, source, series));
    snprintf(series, sizeof series, "up{instance=\"127.0.0.1:%d\",job=\"scrape\"} 1\n",
             room->exporter.port);
    assert_true(fake_wait(room->server.intake, source, series));
    assert_true(fake_wait(room->server.intake, source, "scrape_duration_seconds{"));
    snprintf(series, sizeof series,
             "scrape_samples_scraped{instance=\"127.0.0.1:%d\",job=\"scrape\"} 2\n",
             room->exporter.port);
    assert_true(fake_wait(room->server.intake, source, series));
    for (int i = 0; i < 500 && fake_given(room->server.intake) < 3; i++)
        usleep(10000);
    assert_true(fake_given(room->server.intake) >= 3); /* Again and again. */
}

static void open_metrics_is_understood(void **state)
{
    Room *room = *state;
    name(room, "/open");
    start(room);
    assert_true(fake_wait(room->server.intake, source_of(room, "/open"), "o_total{"));
}

static void what_fails_is_down_and_told_why(void **state)
{
    Room *room = *state;
    name(room, "/missing");
    name(room, "/page");
    name(room, "/slow");
    start(room);
    static const char *const rests[] = {"/missing", "/page", "/slow"};
    for (size_t i = 0; i < 3; i++) {
        char series[256];
        snprintf(series, sizeof series, "up{instance=\"127.0.0.1:%d%s\",job=\"scrape\"} 0\n",
                 room->exporter.port, rests[i]);
        assert_true(fake_wait(room->server.intake, source_of(room, rests[i]), series));
    }
    usleep(100000);
    char *watches = fake_watches(&source_scrape, room->run.self);
    assert_non_null(strstr(watches, "/missing|broken|it answers with status 500"));
    assert_non_null(strstr(watches, "/page|broken|its answer is not what an exporter gives"));
    assert_non_null(strstr(watches, "/slow|broken|"));
    free(watches);
}

static void one_that_is_slow_delays_no_other(void **state)
{
    Room *room = *state;
    room->server.settings.scrape_interval_s = 1;
    name(room, "/slow");
    name(room, "/slow");
    name(room, "/metrics");
    start(room);
    for (int i = 0; i < 60 && fake_given(room->server.intake) < 1; i++)
        usleep(10000);
    assert_true(fake_given(room->server.intake) >= 1);
}

static void a_refused_answer_is_given_again(void **state)
{
    Room *room = *state;
    fake_refuse(room->server.intake, 5, INTAKE_FULL);
    name(room, "/metrics");
    start(room);
    assert_true(fake_wait(room->server.intake, source_of(room, ""), "d{"));
}

static void names_of_targets_hold_no_secrets(void **state)
{
    (void)state;
    Target *target = target_new("http://user:secret@host.example:9187/metrics?key=secret", NULL);
    assert_string_equal(target->name, "http://host.example:9187/metrics");
    assert_string_equal(target->source, "postgres/host.example:9187");
    target_free(target);
    target = target_new("https://[::1]/probe", NULL);
    assert_string_equal(target->instance, "[::1]:443/probe");
    assert_string_equal(target->source, "scrape/[::1]:443/probe");
    target_free(target);
}

static void listening_exporters_are_found_in_the_list_of_sockets(void **state)
{
    (void)state;
    char      proc[PATH_SIZE], folder[PATH_SIZE], path[PATH_SIZE];
    ProcText  text = {0};
    Listening found[LISTENING_MAX];
    folder_make(proc);
    assert_int_equal(mkdir(path_in(proc, "net", folder), 0755), 0);
#define HEAD "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
    file_write(path_in(folder, "tcp", path),
               BYTES(HEAD "   0: 0100007F:238C 00000000:0000 0A 00000000:00000000 00:00000000\n"
                          "   1: 00000000:23C1 00000000:0000 0A 00000000:00000000 00:00000000\n"
                          "   2: 0100007F:238D 0100007F:9999 01 00000000:00000000 00:00000000\n"
                          "   3: 0A00020F:23E3 00000000:0000 0A 00000000:00000000 00:00000000\n"
                          "   4: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000\n"
                          "torn\n"));
    file_write(path_in(folder, "tcp6", path),
               BYTES(HEAD
                     "   0: 00000000000000000000000001000000:2428 "
                     "00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000\n"
                     "   1: 00000000000000000000000000000000:238C "
                     "00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000\n"));
    assert_int_equal(listening_find(&text, proc, found), 3);
    assert_int_equal(found[0].port, 9100);
    assert_string_equal(found[0].job, "node");
    assert_int_equal(found[1].port, 9153);
    assert_int_equal(found[2].port, 9256);
    assert_true(found[2].six);
    proc_free(&text);
    folder_remove(proc);
}

static void well_known_start(Exporter *well_known)
{
    int                probe = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(9798),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bool taken = connect(probe, (struct sockaddr *)&address, sizeof address) == 0;
    close(probe);
    if (taken) {
        print_message("skipped: port 9798 is taken here\n");
        skip();
    }
    exporter_start(well_known, 9798);
}

/* Only what answers as an exporter is told and given. */
static void a_listening_exporter_is_found_and_proven(void **state)
{
    Room    *room = *state;
    Exporter well_known;
    well_known_start(&well_known);
    room->server.settings.discovery = true;
    start(room);
    assert_true(fake_wait(room->server.intake, "speedtest/127.0.0.1:9798",
                          "a{b=\"c\",instance=\"127.0.0.1:9798\",job=\"speedtest\"} 5\n"));
    exporter_stop(&well_known);
}

static void what_is_named_is_not_found_once_more(void **state)
{
    Room    *room = *state;
    Exporter well_known;
    well_known_start(&well_known);
    room->server.settings.discovery = true;
    room->server.settings.scrape.count = 1;
    room->names[0] = "http://localhost:9798/metrics";
    room->server.settings.scrape.items = room->names;
    start(room);
    assert_true(fake_wait(room->server.intake, "speedtest/localhost:9798", "up{"));
    usleep(300000);
    char *watches = fake_watches(&source_scrape, room->run.self);
    assert_non_null(strstr(watches, "http://localhost:9798/metrics|"));
    assert_null(strstr(watches, "http://127.0.0.1:9798/metrics|"));
    free(watches);
    exporter_stop(&well_known);
}

int main(void)
{
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, room_make, room_remove)
    const struct CMUnitTest tests[] = {
        ROOM_TEST(without_discovery_and_names_there_is_nothing_to_do),
        ROOM_TEST(what_an_exporter_says_becomes_samples),
        ROOM_TEST(open_metrics_is_understood),
        ROOM_TEST(what_fails_is_down_and_told_why),
        ROOM_TEST(one_that_is_slow_delays_no_other),
        ROOM_TEST(a_refused_answer_is_given_again),
        cmocka_unit_test(names_of_targets_hold_no_secrets),
        cmocka_unit_test(listening_exporters_are_found_in_the_list_of_sockets),
        ROOM_TEST(a_listening_exporter_is_found_and_proven),
        ROOM_TEST(what_is_named_is_not_found_once_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
