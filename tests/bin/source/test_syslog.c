/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fake_intake.h"

extern const SourceKind source_syslog;

#define HOST_SOURCE "syslog:web1"
#define SENDER_SOURCE "syslog:127.0.0.1"

typedef struct {
    char       folder[PATH_SIZE], certificate[PATH_SIZE], key[PATH_SIZE];
    FakeServer server;
    FakeRun    run;
} Room;

static int room_make(void **state)
{
    static Room room;
    room = (Room){0};
    folder_make(room.folder);
    path_in(room.folder, "certificate.pem", room.certificate);
    path_in(room.folder, "key.pem", room.key);
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
    folder_remove(room->folder);
    return 0;
}

static void start(Room *room)
{
    room->run = fake_run(&room->server, &source_syslog);
    assert_non_null(room->run.self);
}

/* The port that a listener of this kind has got. */
static int port_of(Room *room, const char *kind)
{
    char *watches = fake_watches(&source_syslog, room->run.self), name[64];
    int   port = 0;
    snprintf(name, sizeof name, "%s 127.0.0.1:", kind);
    const char *found = strstr(watches, name);
    if (found != NULL)
        port = atoi(found + strlen(name));
    free(watches);
    assert_true(port > 0);
    return port;
}

static int connected(int type, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, type, 0);
    assert_true(descriptor >= 0);
    assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    return descriptor;
}

static void put(int descriptor, const char *text)
{
    assert_int_equal(send(descriptor, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void assert_given(Room *room, const char *source, const char *text)
{
    char *got = fake_text(room->server.intake, source);
    assert_string_equal(got, text);
    free(got);
}

#define A "<34>Nov 27 10:00:00 web1 su: one\n"
#define B "<34>1 2026-11-27T10:00:01Z web1 app 12 ID1 - two\n"

static void what_is_off_is_nothing_to_do(void **state)
{
    Room *room = *state;
    assert_null(fake_run(&room->server, &source_syslog).self);
}

static void datagrams_are_messages_of_their_host(void **state)
{
    Room *room = *state;
    room->server.settings.syslog_udp = "127.0.0.1:0";
    start(room);
    int descriptor = connected(SOCK_DGRAM, port_of(room, "udp"));
    put(descriptor, A);
    put(descriptor, "<34>1 2026-11-27T10:00:01Z web1 app 12 ID1 - two"); /* No line end. */
    put(descriptor, "\n\n");
    put(descriptor, "no syslog at all");
    assert_true(fake_wait(room->server.intake, SENDER_SOURCE, "no syslog at all\n"));
    assert_given(room, HOST_SOURCE, A B);
    close(descriptor);
}

static void several_messages_in_a_datagram_are_parted(void **state)
{
    Room *room = *state;
    room->server.settings.syslog_udp = "127.0.0.1:0";
    start(room);
    int descriptor = connected(SOCK_DGRAM, port_of(room, "udp"));
    put(descriptor, A B "<34>Nov 27 10:00:00 web2 su: three");
    assert_true(fake_wait(room->server.intake, "syslog:web2", "three\n"));
    assert_given(room, HOST_SOURCE, A B);
    close(descriptor);
}

/* Split at every place, both framings after each other on one connection. */
static void both_framings_come_through_however_they_are_split(void **state)
{
    Room *room = *state;
    char  text[256], expected[16384] = "";
    int   size = snprintf(text, sizeof text, "%zu %s%s", strlen(B), B, A);
    room->server.settings.syslog_tcp = "127.0.0.1:0";
    start(room);
    int port = port_of(room, "tcp");
    for (int i = 1; i < size; i += 7) {
        int descriptor = connected(SOCK_STREAM, port);
        assert_int_equal(send(descriptor, text, (size_t)i, 0), i);
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        put(descriptor, text + i);
        close(descriptor);
        strcat(expected, B A);
    }
    assert_true(fake_wait(room->server.intake, HOST_SOURCE, expected));
    assert_given(room, HOST_SOURCE, expected);
}

static void lies_about_the_length_lose_nothing_of_others(void **state)
{
    Room *room = *state;
    room->server.settings.syslog_tcp = "127.0.0.1:0";
    start(room);
    int port = port_of(room, "tcp");
    int liar = connected(SOCK_STREAM, port);
    put(liar, "99999999999999 <34>Nov 27 10:00:00 liar su: all of it\n");
    int greedy = connected(SOCK_STREAM, port);
    put(greedy, "500000 <34>Nov 27 10:00:00 greedy su: waits for more");
    int honest = connected(SOCK_STREAM, port);
    put(honest, A);
    assert_true(fake_wait(room->server.intake, HOST_SOURCE, "one\n"));
    assert_true(fake_wait(room->server.intake, SENDER_SOURCE, "liar su: all of it\n"));
    close(greedy); /* Then it is given as far as it came. */
    assert_true(fake_wait(room->server.intake, "syslog:greedy", "waits for more\n"));
    close(liar);
    close(honest);
}

static void a_last_message_without_its_end_is_kept(void **state)
{
    Room *room = *state;
    room->server.settings.syslog_tcp = "127.0.0.1:0";
    start(room);
    int descriptor = connected(SOCK_STREAM, port_of(room, "tcp"));
    put(descriptor, "<34>Nov 27 10:00:00 web1 su: torn");
    close(descriptor);
    assert_true(fake_wait(room->server.intake, HOST_SOURCE, "su: torn\n"));
}

static void a_thousand_silent_senders_hurt_nobody(void **state)
{
    Room *room = *state;
    int   silent[300];
    room->server.settings.syslog_tcp = "127.0.0.1:0";
    start(room);
    int port = port_of(room, "tcp");
    int honest = connected(SOCK_STREAM, port);
    put(honest, A);
    assert_true(fake_wait(room->server.intake, HOST_SOURCE, "one\n"));
    for (int i = 0; i < 300; i++) {
        silent[i] = connected(SOCK_STREAM, port);
        if (i % 2 == 0)
            send(silent[i], "<", 1, MSG_NOSIGNAL);
    }
    put(honest, B);
    assert_true(fake_wait(room->server.intake, HOST_SOURCE, "two\n"));
    /* Those of one address that are too many are turned away. */
    struct pollfd last = {.fd = silent[299], .events = POLLIN};
    assert_int_equal(poll(&last, 1, 5000), 1);
    char byte;
    assert_true(recv(silent[299], &byte, 1, 0) <= 0);
    for (int i = 0; i < 300; i++)
        close(silent[i]);
    close(honest);
}

static void while_the_intake_is_full_senders_wait_and_lose_nothing(void **state)
{
    Room  *room = *state;
    size_t count = 20000;
    char   last[64];
    room->server.settings.syslog_tcp = "127.0.0.1:0";
    start(room);
    fake_refuse(room->server.intake, 50, INTAKE_FULL);
    int descriptor = connected(SOCK_STREAM, port_of(room, "tcp"));
    for (size_t i = 0; i < count; i++) {
        char line[128];
        snprintf(line, sizeof line, "<34>Nov 27 10:00:00 web1 su: number %zu\n", i);
        put(descriptor, line);
    }
    snprintf(last, sizeof last, "number %zu\n", count - 1);
    assert_true(fake_wait(room->server.intake, HOST_SOURCE, last));
    char  *got = fake_text(room->server.intake, HOST_SOURCE);
    size_t lines = 0;
    for (const char *at = got; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(lines, count);
    free(got);
    close(descriptor);
}

static void a_message_that_is_too_long_is_cut(void **state)
{
    Room *room = *state;
    char *line = malloc(200001);
    assert_non_null(line);
    memset(line, 'x', 200000);
    line[200000] = '\0';
    room->server.settings.syslog_tcp = "127.0.0.1:0";
    start(room);
    int descriptor = connected(SOCK_STREAM, port_of(room, "tcp"));
    put(descriptor, line);
    put(descriptor, "\n" A);
    assert_true(fake_wait(room->server.intake, HOST_SOURCE, "one\n"));
    char *got = fake_text(room->server.intake, SENDER_SOURCE);
    assert_in_range(strspn(got, "x"), 65536, 65537);
    free(got);
    free(line);
    close(descriptor);
}

static void a_port_that_is_taken_is_told_and_tried_again(void **state)
{
    Room *room = *state;
    char  address[64];
    int   taken = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          size = sizeof any;
    assert_int_equal(bind(taken, (struct sockaddr *)&any, sizeof any), 0);
    assert_int_equal(listen(taken, 1), 0);
    assert_int_equal(getsockname(taken, (struct sockaddr *)&any, &size), 0);
    snprintf(address, sizeof address, "127.0.0.1:%d", ntohs(any.sin_port));
    room->server.settings.syslog_tcp = address;
    start(room);
    char *watches = fake_watches(&source_syslog, room->run.self);
    assert_non_null(strstr(watches, "|broken|cannot listen on 127.0.0.1:"));
    assert_non_null(strstr(watches, "end the program that listens there"));
    free(watches);
    close(taken);
    for (int i = 0; i < 500; i++) {
        watches = fake_watches(&source_syslog, room->run.self);
        bool good = strstr(watches, "|good|") != NULL;
        free(watches);
        if (good)
            return;
        usleep(10000);
    }
    fail_msg("it did not try again");
}

static void logger_is_understood(void **state)
{
    Room *room = *state;
    char  command[512];
    room->server.settings.syslog_udp = "127.0.0.1:0";
    room->server.settings.syslog_tcp = "127.0.0.1:0";
    start(room);
    if (system("command -v logger >/dev/null") != 0) {
        print_message("skipped: no logger here (package bsdutils)\n");
        skip();
    }
    static const char *const ways[] = {"--udp --rfc3164", "--udp --rfc5424", "--tcp --rfc3164",
                                       "--tcp --rfc5424 --octet-count"};
    for (size_t i = 0; i < 4; i++) {
        snprintf(command, sizeof command,
                 "logger %s --server 127.0.0.1 --port %d -p auth.warning -t tester 'way %zu'",
                 ways[i], port_of(room, i < 2 ? "udp" : "tcp"), i);
        assert_int_equal(system(command), 0);
    }
    bool all = false;
    for (int i = 0; i < 1000 && !all; i++) {
        char *sources = fake_sources(room->server.intake);
        char *source = strtok(sources, "\n");
        char *text = source != NULL ? fake_text(room->server.intake, source) : strdup("");
        all = strstr(text, "way 0") && strstr(text, "way 1") && strstr(text, "way 2") &&
              strstr(text, "way 3") && strstr(text, "tester") && strtok(NULL, "\n") == NULL;
        free(text);
        free(sources);
        usleep(10000);
    }
    assert_true(all);
}

/* -- TLS -------------------------------------------------------------------------------------- */

static void certificate_make(Room *room, const char *name)
{
    char command[PATH_SIZE * 4];
    snprintf(command, sizeof command,
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
             "-subj /CN=%s -keyout %s -out %s 2>/dev/null && chmod 600 %s",
             name, room->key, room->certificate, room->key);
    assert_int_equal(system(command), 0);
    room->server.settings.tls_certificate = room->certificate;
    room->server.settings.tls_key = room->key;
    room->server.settings.syslog_tls = "127.0.0.1:0";
}

typedef struct {
    SSL_CTX *context;
    SSL     *ssl;
    int      descriptor;
} Client;

/* name: what the server's certificate says, "" if there was no connection. */
static Client client_open(Room *room, int version_max, bool certified, char *name)
{
    Client client = {.context = SSL_CTX_new(TLS_client_method()),
                     .descriptor = connected(SOCK_STREAM, port_of(room, "tls"))};
    SSL_CTX_set_max_proto_version(client.context, version_max);
    SSL_CTX_set_min_proto_version(client.context, TLS1_VERSION);
    SSL_CTX_set_security_level(client.context, 0);
    if (certified) {
        SSL_CTX_use_certificate_file(client.context, room->certificate, SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(client.context, room->key, SSL_FILETYPE_PEM);
    }
    client.ssl = SSL_new(client.context);
    SSL_set_fd(client.ssl, client.descriptor);
    name[0] = '\0';
    if (SSL_connect(client.ssl) == 1) {
        X509 *peer = SSL_get1_peer_certificate(client.ssl);
        X509_NAME_get_text_by_NID(X509_get_subject_name(peer), NID_commonName, name, 64);
        X509_free(peer);
    }
    return client;
}

static void client_close(Client *client)
{
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    close(client->descriptor);
}

static void messages_come_over_tls_and_the_certificate_is_renewed_at_work(void **state)
{
    Room *room = *state;
    char  name[64];
    certificate_make(room, "first");
    start(room);
    Client client = client_open(room, 0, false, name);
    assert_string_equal(name, "first");
    assert_int_equal(SSL_write(client.ssl, A, strlen(A)), strlen(A));
    assert_true(fake_wait(room->server.intake, HOST_SOURCE, "one\n"));
    certificate_make(room, "second");
    for (int i = 0; i < 50 && strcmp(name, "second") != 0; i++) {
        Client later = client_open(room, 0, false, name);
        client_close(&later);
        usleep(100000);
    }
    assert_string_equal(name, "second");
    assert_int_equal(SSL_write(client.ssl, B, strlen(B)), strlen(B)); /* The old one goes on. */
    assert_true(fake_wait(room->server.intake, HOST_SOURCE, "two\n"));
    client_close(&client);
}

static void old_versions_of_tls_are_refused(void **state)
{
    Room *room = *state;
    char  name[64];
    certificate_make(room, "it");
    start(room);
    Client old = client_open(room, TLS1_1_VERSION, false, name);
    assert_string_equal(name, "");
    client_close(&old);
    Client good = client_open(room, TLS1_2_VERSION, false, name);
    assert_string_equal(name, "it");
    client_close(&good);
}

static void only_certified_clients_may_send_where_it_is_asked_for(void **state)
{
    Room *room = *state;
    char  name[64];
    certificate_make(room, "it");
    room->server.settings.tls_client_ca = room->certificate; /* Signed by itself. */
    start(room);
    Client stranger = client_open(room, TLS1_2_VERSION, false, name);
    assert_string_equal(name, "");
    client_close(&stranger);
    Client known = client_open(room, TLS1_2_VERSION, true, name);
    assert_string_equal(name, "it");
    assert_int_equal(SSL_write(known.ssl, A, strlen(A)), strlen(A));
    assert_true(fake_wait(room->server.intake, HOST_SOURCE, "one\n"));
    client_close(&known);
}

static void a_key_that_others_may_read_is_refused(void **state)
{
    Room *room = *state;
    certificate_make(room, "it");
    assert_int_equal(chmod(room->key, 0644), 0);
    start(room);
    char *watches = fake_watches(&source_syslog, room->run.self);
    assert_non_null(strstr(watches, "may be read or written by others; chmod 600"));
    free(watches);
}

static void plain_text_on_the_port_of_tls_is_turned_away(void **state)
{
    Room *room = *state;
    char  byte, name[64];
    certificate_make(room, "it");
    start(room);
    int descriptor = connected(SOCK_STREAM, port_of(room, "tls"));
    put(descriptor, A);
    struct pollfd wait = {.fd = descriptor, .events = POLLIN};
    assert_int_equal(poll(&wait, 1, 5000), 1);
    while (recv(descriptor, &byte, 1, 0) > 0)
        ; /* An alert, perhaps. */
    close(descriptor);
    Client good = client_open(room, 0, false, name);
    assert_string_equal(name, "it");
    client_close(&good);
    assert_given(room, HOST_SOURCE, "");
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN); /* Of our own clients: those that are turned away write on. */
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, room_make, room_remove)
    const struct CMUnitTest tests[] = {
        ROOM_TEST(what_is_off_is_nothing_to_do),
        ROOM_TEST(datagrams_are_messages_of_their_host),
        ROOM_TEST(several_messages_in_a_datagram_are_parted),
        ROOM_TEST(both_framings_come_through_however_they_are_split),
        ROOM_TEST(lies_about_the_length_lose_nothing_of_others),
        ROOM_TEST(a_last_message_without_its_end_is_kept),
        ROOM_TEST(a_thousand_silent_senders_hurt_nobody),
        ROOM_TEST(while_the_intake_is_full_senders_wait_and_lose_nothing),
        ROOM_TEST(a_message_that_is_too_long_is_cut),
        ROOM_TEST(a_port_that_is_taken_is_told_and_tried_again),
        ROOM_TEST(logger_is_understood),
        ROOM_TEST(messages_come_over_tls_and_the_certificate_is_renewed_at_work),
        ROOM_TEST(old_versions_of_tls_are_refused),
        ROOM_TEST(only_certified_clients_may_send_where_it_is_asked_for),
        ROOM_TEST(a_key_that_others_may_read_is_refused),
        ROOM_TEST(plain_text_on_the_port_of_tls_is_turned_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
