/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "grpc_client.h"
#include "http/grpc.h"

#define MESSAGE_MAX 100000

static atomic_int states_freed, calls_handled;

static void free_state(void *state)
{
    free(state);
    atomic_fetch_add(&states_freed, 1);
}

static void echo(GrpcCall *call)
{
    atomic_fetch_add(&calls_handled, 1);
    call->state = malloc(1);
    call->state_free = free_state;
    grpc_answer(call, call->message, call->message_size);
}

static void count(GrpcCall *call)
{
    char text[32];
    snprintf(text, sizeof text, "%zu", call->message_size);
    grpc_answer(call, text, strlen(text));
}

static void *answer_later(void *context)
{
    GrpcCall *call = context;
    usleep(50000);
    grpc_answer(call, "later", 5);
    return NULL;
}

static void later(GrpcCall *call)
{
    pthread_t thread;
    grpc_drop_message(call);
    assert_int_equal(pthread_create(&thread, NULL, answer_later, call), 0);
    pthread_detach(thread);
}

static void refuse(GrpcCall *call)
{
    grpc_refuse(call, GRPC_UNAVAILABLE, 7, "the disk is 100% full;\n\xc3\xa9");
}

static const GrpcMethod methods[] = {
    {"/test/Echo", echo}, {"/test/Count", count}, {"/test/Later", later}, {"/test/Refuse", refuse}};

static GrpcServer *server_of(const char *address, const char *token)
{
    GrpcServer *server = NULL;
    char        problem[512] = "";
    GrpcOptions options = {.address = address,
                           .methods = methods,
                           .method_count = sizeof methods / sizeof methods[0],
                           .token = token,
                           .message_bytes_max = MESSAGE_MAX,
                           .header_s = 1,
                           .body_s = 1,
                           .idle_s = 1};
    if (!grpc_server_open(&options, &server, problem, sizeof problem))
        print_message("%s\n", problem);
    assert_non_null(server);
    return server;
}

typedef struct {
    GrpcServer *server;
    GrpcClient *client;
} Both;

static int open_both(void **state)
{
    Both *both = malloc(sizeof *both);
    both->server = server_of("127.0.0.1:0", NULL);
    both->client = grpc_client_open(grpc_server_port(both->server));
    *state = both;
    return 0;
}

static int close_both(void **state)
{
    Both *both = *state;
    grpc_client_close(both->client);
    grpc_server_close(both->server, 1);
    free(both);
    return 0;
}

static unsigned char body[5 + 2 * MESSAGE_MAX];

/* A message with its prefix. */
static Ask ask_with(const char *path, unsigned char flag, const void *message, size_t size)
{
    body[0] = flag;
    for (unsigned i = 0; i < 4; i++)
        body[1 + i] = (unsigned char)(size >> (24 - 8 * i));
    memcpy(body + 5, message, size);
    return (Ask){.path = path, .body = body, .body_size = 5 + size};
}

static void a_message_comes_back(void **state)
{
    Both *both = *state;
    Ask   ask = ask_with("/test/Echo", 0, "hello", 5);
    Reply reply = grpc_client_call(both->client, &ask);
    assert_int_equal(reply.http_status, 200);
    assert_int_equal(reply.grpc_status, 0);
    assert_int_equal(reply.data_size, 10);
    assert_memory_equal(reply.data, "\0\0\0\0\5hello", 10);
}

static void an_empty_message_is_one(void **state)
{
    Both *both = *state;
    Ask   ask = ask_with("/test/Echo", 0, "", 0);
    Reply reply = grpc_client_call(both->client, &ask);
    assert_int_equal(reply.grpc_status, 0);
    assert_int_equal(reply.data_size, 5);
}

static void a_large_message_is_taken_whole(void **state)
{
    Both        *both = *state;
    static char  large[MESSAGE_MAX];
    Ask          ask = ask_with("/test/Count", 0, large, sizeof large);
    Reply        reply = grpc_client_call(both->client, &ask);
    assert_int_equal(reply.grpc_status, 0);
    assert_memory_equal(reply.data + 5, "100000", 6);
}

static void a_hundred_calls_at_once_are_answered(void **state)
{
    Both  *both = *state;
    Reply *replies[100];
    Ask    ask = ask_with("/test/Later", 0, "hello", 5);
    for (int i = 0; i < 100; i++)
        replies[i] = grpc_client_ask(both->client, &ask);
    for (int i = 0; i < 100; i++) {
        assert_true(grpc_client_wait(both->client, replies[i], 5));
        assert_int_equal(replies[i]->grpc_status, 0);
        assert_memory_equal(replies[i]->data + 5, "later", 5);
    }
}

static void a_refusal_says_why_and_when(void **state)
{
    Both *both = *state;
    Ask   ask = ask_with("/test/Refuse", 0, "hello", 5);
    Reply reply = grpc_client_call(both->client, &ask);
    assert_int_equal(reply.http_status, 200);
    assert_int_equal(reply.grpc_status, 14);
    assert_string_equal(reply.message, "the disk is 100%25 full;%0A%C3%A9");
    /* google.rpc.Status, by python: base64 of b'\x08\x0e' b'\x12\x1a' text b'\x1a\x30'
     * b'\x0a\x28' b'type.googleapis.com/google.rpc.RetryInfo' b'\x12\x04\x0a\x02\x08\x07' */
    assert_string_equal(reply.details, "CA4SGXRoZSBkaXNrIGlzIDEwMCUgZnVsbDsKw6kaMAoodHlwZS5nb29nbG"
                                       "VhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIECgIIBw");
}

static void an_unknown_method_is_unimplemented(void **state)
{
    Both *both = *state;
    Ask   ask = ask_with("/test/Nothing", 0, "hello", 5);
    Reply reply = grpc_client_call(both->client, &ask);
    assert_int_equal(reply.http_status, 200);
    assert_int_equal(reply.grpc_status, 12);
}

static void another_content_type_is_415(void **state)
{
    static const char *const types[] = {"application/json", "application/grpcx", "text/plain"};
    Both                    *both = *state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        Ask ask = ask_with("/test/Echo", 0, "hello", 5);
        ask.content_type = types[i];
        assert_int_equal(grpc_client_call(both->client, &ask).http_status, 415);
    }
    Ask ask = ask_with("/test/Echo", 0, "hello", 5);
    ask.content_type = "application/grpc+proto";
    assert_int_equal(grpc_client_call(both->client, &ask).grpc_status, 0);
}

/* gzip of `size` bytes of 'a'. */
static size_t packed(size_t size, unsigned char *to, size_t room)
{
    z_stream       z = {0};
    unsigned char *text = malloc(size);
    memset(text, 'a', size);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = text;
    z.avail_in = (uInt)size;
    z.next_out = to;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t made = z.total_out;
    deflateEnd(&z);
    free(text);
    return made;
}

static void gzip_is_unpacked(void **state)
{
    Both         *both = *state;
    unsigned char bytes[4096];
    Ask           ask = ask_with("/test/Count", 1, bytes, packed(50000, bytes, sizeof bytes));
    ask.encoding = "gzip";
    Reply reply = grpc_client_call(both->client, &ask);
    assert_int_equal(reply.grpc_status, 0);
    assert_memory_equal(reply.data + 5, "50000", 5);
    assert_non_null(strstr(reply.accepts, "gzip"));
}

static void what_is_too_large_packed_or_not_is_exhausted(void **state)
{
    Both         *both = *state;
    unsigned char bytes[4096];
    Ask ask = ask_with("/test/Count", 1, bytes, packed(MESSAGE_MAX + 1, bytes, sizeof bytes));
    ask.encoding = "gzip";
    assert_int_equal(grpc_client_call(both->client, &ask).grpc_status, 8);
    static char large[MESSAGE_MAX + 1];
    ask = ask_with("/test/Count", 0, large, sizeof large);
    Reply reply = grpc_client_call(both->client, &ask);
    assert_int_equal(reply.grpc_status, 8);
    assert_string_equal(reply.details, ""); /* It makes no sense to send it again. */
    ask = ask_with("/test/Echo", 0, "hello", 5);
    assert_int_equal(grpc_client_call(both->client, &ask).grpc_status, 0);
}

static void torn_messages_are_invalid(void **state)
{
    Both *both = *state;
    for (size_t size = 0; size < 10; size++) {
        Ask ask = ask_with("/test/Echo", 0, "hello", 5);
        ask.body_size = size;
        assert_int_equal(grpc_client_call(both->client, &ask).grpc_status, 3);
    }
    Ask ask = ask_with("/test/Echo", 0, "hello, more than was said", 25);
    body[4] = 5;
    assert_int_equal(grpc_client_call(both->client, &ask).grpc_status, 3);
    ask = ask_with("/test/Echo", 1, "hello", 5); /* Packed, but how? */
    assert_int_equal(grpc_client_call(both->client, &ask).grpc_status, 3);
    ask = ask_with("/test/Echo", 7, "hello", 5);
    assert_int_equal(grpc_client_call(both->client, &ask).grpc_status, 3);
    ask = ask_with("/test/Echo", 1, "hello", 5);
    ask.encoding = "gzip"; /* It is none. */
    assert_int_equal(grpc_client_call(both->client, &ask).grpc_status, 3);
    ask.encoding = "snappy";
    assert_int_equal(grpc_client_call(both->client, &ask).grpc_status, 12);
}

static void headers_that_are_too_large_end_the_call(void **state)
{
    Both *both = *state;
    Ask   ask = ask_with("/test/Echo", 0, "hello", 5);
    ask.padding = 30000;
    Reply reply = grpc_client_call(both->client, &ask);
    assert_true(reply.ended);
    assert_int_not_equal(reply.grpc_status, 0);
    ask.padding = 0;
    assert_int_equal(grpc_client_call(both->client, &ask).grpc_status, 0);
}

static void a_call_that_never_ends_is_ended(void **state)
{
    Both *both = *state;
    Ask   ask = ask_with("/test/Echo", 0, "hello", 5);
    ask.body_size = 7;
    ask.open_end = true;
    const Reply *reply = grpc_client_ask(both->client, &ask);
    assert_true(grpc_client_wait(both->client, reply, 5));
    assert_int_equal(reply->grpc_status, 4);
}

static void an_idle_connection_is_closed(void **state)
{
    Both *both = *state;
    Ask   ask = ask_with("/test/Echo", 0, "hello", 5);
    grpc_client_call(both->client, &ask);
    assert_true(grpc_client_wait(both->client, NULL, 4));
}

static void a_silent_connection_is_closed(void **state)
{
    Both *both = *state;
    assert_true(grpc_client_wait(both->client, NULL, 4));
}

static void who_resets_all_the_time_is_sent_away(void **state)
{
    Both *both = *state;
    Ask   ask = ask_with("/test/Later", 0, "hello", 5);
    for (int i = 0; i < 3000 && !grpc_client_wait(both->client, NULL, 0); i++) {
        const Reply *reply = grpc_client_ask(both->client, &ask);
        grpc_client_reset(both->client, reply);
    }
    assert_true(grpc_client_wait(both->client, NULL, 3));
    GrpcClient *other = grpc_client_open(grpc_server_port(both->server));
    ask = ask_with("/test/Echo", 0, "hello", 5);
    assert_int_equal(grpc_client_call(other, &ask).grpc_status, 0);
    grpc_client_close(other);
    usleep(200000); /* Those that were promised later are answered to nobody. */
}

static void who_pings_all_the_time_is_sent_away(void **state)
{
    Both *both = *state;
    for (int i = 0; i < 5000; i++)
        grpc_client_ping(both->client);
    assert_true(grpc_client_wait(both->client, NULL, 3));
}

static void a_client_that_leaves_hurts_nobody(void **state)
{
    Both *both = *state;
    for (int i = 0; i < 20; i++) {
        GrpcClient *client = grpc_client_open(grpc_server_port(both->server));
        Ask         ask = ask_with("/test/Later", 0, "hello", 5);
        grpc_client_ask(client, &ask);
        usleep(2000);
        grpc_client_close(client);
    }
    Ask ask = ask_with("/test/Later", 0, "hello", 5);
    assert_int_equal(grpc_client_call(both->client, &ask).grpc_status, 0);
}

static void off_loopback_a_token_is_needed(void **state)
{
    (void)state;
    GrpcServer *server = server_of("0.0.0.0:0", "secret");
    GrpcClient *client = grpc_client_open(grpc_server_port(server));
    Ask         ask = ask_with("/test/Echo", 0, "hello", 5);
    assert_int_equal(grpc_client_call(client, &ask).grpc_status, 16);
    ask.authorization = "Bearer secret";
    assert_int_equal(grpc_client_call(client, &ask).grpc_status, 0);
    ask.authorization = "Bearer guess";
    for (int i = 0; i < 10; i++)
        assert_int_equal(grpc_client_call(client, &ask).grpc_status, 16);
    assert_int_equal(grpc_client_call(client, &ask).grpc_status, 14);
    ask.authorization = "Bearer secret";
    assert_int_equal(grpc_client_call(client, &ask).grpc_status, 14);
    grpc_client_close(client);
    grpc_server_close(server, 1);
    char        problem[512];
    GrpcOptions options = {.address = "0.0.0.0:0"};
    assert_false(grpc_server_open(&options, &server, problem, sizeof problem));
    assert_non_null(strstr(problem, "--token-file"));
}

static void refusals_are_counted_by_their_status(void **state)
{
    (void)state;
    GrpcServer *server = server_of("0.0.0.0:0", "secret");
    GrpcClient *client = grpc_client_open(grpc_server_port(server));
    Ask         ask = ask_with("/test/Refuse", 0, "hello", 5);
    grpc_client_call(client, &ask); /* No token. */
    ask.authorization = "Bearer secret";
    grpc_client_call(client, &ask);
    ask = ask_with("/test/Nothing", 0, "hello", 5);
    ask.authorization = "Bearer secret";
    grpc_client_call(client, &ask);
    GrpcCounts counts = grpc_server_counts(server);
    assert_int_equal(counts.calls, 3);
    for (int status = 0; status < GRPC_STATUS_COUNT; status++)
        assert_int_equal(counts.refused[status], status == GRPC_UNAUTHENTICATED ||
                                                     status == GRPC_UNAVAILABLE ||
                                                     status == GRPC_UNIMPLEMENTED);
    assert_string_equal(grpc_status_name(GRPC_UNAUTHENTICATED), "unauthenticated");
    grpc_client_close(client);
    grpc_server_close(server, 1);
}

static void open_calls_end_well_when_it_ends(void **state)
{
    (void)state;
    GrpcServer  *server = server_of("127.0.0.1:0", NULL);
    GrpcClient  *client = grpc_client_open(grpc_server_port(server));
    Ask          ask = ask_with("/test/Later", 0, "hello", 5);
    const Reply *reply = grpc_client_ask(client, &ask);
    usleep(20000);
    grpc_server_close(server, 2);
    grpc_client_wait(client, reply, 2);
    assert_int_equal(reply->grpc_status, 0);
    grpc_client_close(client);
}

static void a_call_may_be_answered_behind_the_end(void **state)
{
    (void)state;
    GrpcServer *server = server_of("127.0.0.1:0", NULL);
    GrpcClient *client = grpc_client_open(grpc_server_port(server));
    Ask         ask = ask_with("/test/Later", 0, "hello", 5);
    grpc_client_ask(client, &ask);
    usleep(20000);
    grpc_server_close(server, 0);
    grpc_client_close(client);
    usleep(100000); /* The sanitizers would tell. */
}

static void every_state_was_freed(void **state)
{
    (void)state;
    assert_true(atomic_load(&calls_handled) > 0);
    assert_int_equal(atomic_load(&states_freed), atomic_load(&calls_handled));
}

#define WITH_BOTH(test) cmocka_unit_test_setup_teardown(test, open_both, close_both)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOTH(a_message_comes_back),
        WITH_BOTH(an_empty_message_is_one),
        WITH_BOTH(a_large_message_is_taken_whole),
        WITH_BOTH(a_hundred_calls_at_once_are_answered),
        WITH_BOTH(a_refusal_says_why_and_when),
        WITH_BOTH(an_unknown_method_is_unimplemented),
        WITH_BOTH(another_content_type_is_415),
        WITH_BOTH(gzip_is_unpacked),
        WITH_BOTH(what_is_too_large_packed_or_not_is_exhausted),
        WITH_BOTH(torn_messages_are_invalid),
        WITH_BOTH(headers_that_are_too_large_end_the_call),
        WITH_BOTH(a_call_that_never_ends_is_ended),
        WITH_BOTH(an_idle_connection_is_closed),
        WITH_BOTH(a_silent_connection_is_closed),
        WITH_BOTH(who_resets_all_the_time_is_sent_away),
        WITH_BOTH(who_pings_all_the_time_is_sent_away),
        WITH_BOTH(a_client_that_leaves_hurts_nobody),
        cmocka_unit_test(off_loopback_a_token_is_needed),
        cmocka_unit_test(refusals_are_counted_by_their_status),
        cmocka_unit_test(open_calls_end_well_when_it_ends),
        cmocka_unit_test(a_call_may_be_answered_behind_the_end),
        cmocka_unit_test(every_state_was_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
