/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

#define TIME "2026-11-23T20:15:42.5Z"
#define NS "1795464942500000000"

static Decoding bulk_of(const char *text)
{
    return decoding_of("bulk", NULL, NULL, str_of(text));
}

/* One document in the index "logs". */
static Decoding document_of(const char *document)
{
    char text[1024];
    snprintf(text, sizeof text, "{\"create\":{\"_index\":\"logs\"}}\n%s\n", document);
    return bulk_of(text);
}

static void documents_of_beats_become_records(void **state)
{
    (void)state;
    Decoding got = document_of(
        "{\"@timestamp\":\"" TIME "\",\"message\":\"cannot bind\",\"log\":{\"level\":\"error\","
        "\"file\":{\"path\":\"/var/log/a\"}},\"host\":{\"name\":\"h1\"},\"tags\":[\"x\"]}");
    assert_decoded(got,
                   "record h1:/var/log/a " NS " error|cannot bind|{\"log\":{\"level\":\"error\","
                   "\"file\":{\"path\":\"/var/log/a\"}},\"host\":{\"name\":\"h1\"},"
                   "\"tags\":[\"x\"]}\n");
    assert_int_equal(got.decoded.accepted, 1);
    assert_int_equal(got.decoded.item_count, 1);
    assert_int_equal(got.items[0], 'c');
}

static void the_source_is_the_service_or_the_file_or_the_index(void **state)
{
    (void)state;
    assert_decoded(document_of("{\"message\":\"x\",\"service\":{\"name\":\"web\"},"
                               "\"log.file.path\":\"/a\"}"),
                   "record web - |x|{\"service\":{\"name\":\"web\"},\"log.file.path\":\"/a\"}\n");
    assert_decoded(document_of("{\"message\":\"x\",\"log\":{\"file.path\":\"/a\"}}"),
                   "record /a - |x|{\"log\":{\"file.path\":\"/a\"}}\n");
    assert_decoded(document_of("{\"message\":\"x\",\"log.file\":{\"path\":\"/a\"},\"host\":\"h\"}"),
                   "record h:/a - |x|{\"log.file\":{\"path\":\"/a\"},\"host\":\"h\"}\n");
    assert_decoded(document_of("{\"message\":\"x\",\"kubernetes\":{\"container_name\":\"c\"}}"),
                   "record c - |x|{\"kubernetes\":{\"container_name\":\"c\"}}\n");
    assert_decoded(document_of("{\"message\":\"x\"}"), "record logs - |x|\n");
}

static void other_names_of_time_level_and_message_are_known(void **state)
{
    (void)state;
    assert_decoded(document_of("{\"time\":1795464942500,\"log\":\"x\",\"level\":\"WARN\"}"),
                   "record logs " NS " warning|x|{\"level\":\"WARN\"}\n");
    assert_decoded(document_of("{\"timestamp\":\"2026-11-23 20:15:42.5+00:00\",\"msg\":\"x\","
                               "\"level\":50}"),
                   "record logs " NS " error|x|{\"level\":50}\n");
    assert_decoded(document_of("{\"event\":{\"original\":\"x\"},\"@timestamp\":\"yesterday\"}"),
                   "record logs - |x|{\"event\":{\"original\":\"x\"},"
                   "\"@timestamp\":\"yesterday\"}\n");
}

static void a_document_without_a_message_is_kept_whole(void **state)
{
    (void)state;
    assert_decoded(document_of("{\"cpu\": 0.5, \"log\": {\"level\":\"info\"}, \"message\": 5}"),
                   "record logs - info|{\"cpu\": 0.5, \"log\": {\"level\":\"info\"}, "
                   "\"message\": 5}|\n");
}

static void every_action_has_its_item(void **state)
{
    (void)state;
    Decoding got = bulk_of("{\"index\":{\"_index\":\"a\",\"_id\":\"1\"}}\n{\"message\":\"1\"}\n"
                           "{\"create\":{\"_index\":\"a\"}}\r\n{\"message\":\"2\"}\r\n"
                           "\n"
                           "{\"delete\":{\"_index\":\"a\",\"_id\":\"1\"}}\n"
                           "{\"update\":{\"_index\":\"a\",\"_id\":\"1\"}}\n"
                           "{\"doc\":{\"message\":\"3\"}}\n"
                           "{\"update\":{\"_index\":\"a\",\"_id\":\"1\"}}\n"
                           "{\"upsert\":{\"message\":\"4\"}}\n"
                           "{\"update\":{\"_index\":\"a\",\"_id\":\"1\"}}\n{\"script\":{}}\n"
                           "{\"create\":{\"_index\":\"a\"}}\n{\"message\":\n"
                           "{\"index\":{\"_index\":\"a\"}}\n[]\n"
                           "{\"index\":{\"_index\":\"a\"}}\n{\"message\":\"5\"}");
    assert_decoded(got, "record a - |1|\nrecord a - |2|\nrecord a - |3|\nrecord a - |4|\n"
                        "record a - |5|\n");
    assert_string_equal(got.items, "icDuuUCIi");
    assert_int_equal(got.decoded.item_count, 9);
    assert_int_equal(got.decoded.accepted, 5);
    assert_int_equal(got.decoded.rejected, 4);
    assert_string_equal(got.decoded.message, "line 6: nothing is deleted here");
}

static void the_index_of_the_address_is_for_actions_without_one(void **state)
{
    (void)state;
    const char *text = "{\"create\":{}}\n{\"message\":\"1\"}\n"
                       "{\"create\":{\"_index\":\"b\"}}\n{\"message\":\"2\"}\n";
    assert_decoded(decoding_of("bulk", NULL, "a", str_of(text)),
                   "record a - |1|\nrecord b - |2|\n");
    assert_decoded(bulk_of(text), "record here - |1|\nrecord b - |2|\n");
}

static void an_action_that_cannot_be_read_spoils_the_request(void **state)
{
    (void)state;
    static const char *const bad[] = {"{", "[]", "{}", "{\"explode\":{}}", "{\"index\":1}", "5"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "{\"create\":{}}\n{\"message\":\"1\"}\n%s\n{}\n", bad[i]);
        Decoding got = bulk_of(text);
        assert_int_equal(got.rc, ODD_SYNTAX);
        assert_int_equal(got.events, 0);
        assert_int_equal(got.decoded.item_count, 0);
        assert_int_equal(strncmp(got.decoded.message, "line 3: ", 8), 0);
    }
}

static void an_action_without_its_document_is_refused(void **state)
{
    (void)state;
    Decoding got = bulk_of("{\"create\":{}}\n");
    assert_int_equal(got.rc, ODD_OK);
    assert_string_equal(got.items, "C");
    assert_string_equal(got.decoded.message, "line 1: the document of the action is missing");
    assert_decoded(bulk_of(""), "");
}

static void items_of_an_earlier_request_are_gone(void **state)
{
    (void)state;
    odd_events *events = events_open(NULL, DECODING_NOW);
    odd_wire wire = {.source = "here"};
    const char *text = "{\"create\":{}}\n{\"message\":\"1\"}\n";
    for (int i = 0; i < 2; i++) {
        odd_decoded decoded;
        assert_int_equal(odd_decode("bulk", &wire, text, strlen(text), events, &decoded), ODD_OK);
        assert_int_equal(decoded.item_count, 1);
    }
    events_close(events);
}

static void a_request_that_is_torn_gives_fewer_records(void **state)
{
    (void)state;
    assert_torn_gives_less("bulk", NULL,
                           STR("{\"create\":{\"_index\":\"a\"}}\n"
                               "{\"@timestamp\":\"" TIME "\",\"message\":\"1\",\"a\":{\"b\":[1]}}\n"
                               "{\"update\":{\"_index\":\"a\"}}\n{\"doc\":{\"message\":\"3\"}}\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_of_beats_become_records),
        cmocka_unit_test(the_source_is_the_service_or_the_file_or_the_index),
        cmocka_unit_test(other_names_of_time_level_and_message_are_known),
        cmocka_unit_test(a_document_without_a_message_is_kept_whole),
        cmocka_unit_test(every_action_has_its_item),
        cmocka_unit_test(the_index_of_the_address_is_for_actions_without_one),
        cmocka_unit_test(an_action_that_cannot_be_read_spoils_the_request),
        cmocka_unit_test(an_action_without_its_document_is_refused),
        cmocka_unit_test(items_of_an_earlier_request_are_gone),
        cmocka_unit_test(a_request_that_is_torn_gives_fewer_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
