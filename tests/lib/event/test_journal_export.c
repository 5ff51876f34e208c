/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

#include "base/bytes.h"

#define ENTRY                                                                                      \
    "__CURSOR=s=739ad463348b4ceca5a9e69c95a3c93f;i=4ece7\n"                                        \
    "__REALTIME_TIMESTAMP=1342540861416351\n"                                                      \
    "__MONOTONIC_TIMESTAMP=4721\n"                                                                 \
    "_BOOT_ID=6c7c6013a26343b29e964691ff25d04c\n"                                                  \
    "PRIORITY=3\n"                                                                                 \
    "_HOSTNAME=lucy\n"                                                                             \
    "_SYSTEMD_UNIT=nginx.service\n"                                                                \
    "SYSLOG_IDENTIFIER=nginx\n"                                                                    \
    "MESSAGE=cannot bind\n"

static void an_entry_becomes_a_record(void **state)
{
    (void)state;
    Decoding got = decoding_of("journal_export", NULL, NULL, STR(ENTRY "\n"));
    assert_decoded(got, "record journal:nginx.service 1342540861416351000 error|cannot bind|\n");
    assert_int_equal(got.decoded.accepted, 1);
}

static void an_entry_of_another_machine_says_which(void **state)
{
    (void)state;
    assert_decoded(decoding_of("journal_export", NULL, "remote", STR(ENTRY "\n")),
                   "record lucy/journal:nginx.service 1342540861416351000 error|cannot bind|\n");
    assert_decoded(decoding_of("journal_export", NULL, "remote", STR("MESSAGE=x\n\n")),
                   "record journal - |x|\n");
}

static void what_belongs_to_no_unit_is_named_by_its_identifier(void **state)
{
    (void)state;
    Str bytes = STR("SYSLOG_IDENTIFIER=kernel\nPRIORITY=6\nMESSAGE=usb 1-1\n\n"
                    "MESSAGE=bare\nPRIORITY=9\n\n"
                    "_SYSTEMD_UNIT=session-12.scope\nSYSLOG_IDENTIFIER=sudo\nMESSAGE=a\n\n"
                    "_SYSTEMD_UNIT=session-13.scope\nMESSAGE=b\n\n");
    assert_decoded(decoding_of("journal_export", NULL, NULL, bytes),
                   "record journal:kernel - info|usb 1-1|\n"
                   "record journal - |bare|\n"
                   "record journal:sudo - |a|\n"
                   "record journal:session-13.scope - |b|\n");
}

static void binary_fields_hold_any_byte(void **state)
{
    (void)state;
    Str bytes = STR("PRIORITY=4\nMESSAGE\n\x09\0\0\0\0\0\0\0two\nlines\n_COMM=x\n\n");
    assert_decoded(decoding_of("journal_export", NULL, NULL, bytes),
                   "record journal - warning|two\\nlines|\n");
    Str empty = STR("MESSAGE\n\0\0\0\0\0\0\0\0\n\n");
    assert_decoded(decoding_of("journal_export", NULL, NULL, empty), "record journal - ||\n");
}

static void what_a_program_says_besides_becomes_attributes(void **state)
{
    (void)state;
    Str bytes = STR("MESSAGE=x\n_PID=7\n_UID=0\nERRNO=5\nERRNO=6\nCODE_LINE=3\n"
                    "SYSLOG_FACILITY=3\nNOTE\n\x03\0\0\0\0\0\0\0a\nb\n\n"
                    "MESSAGE=y\n\n");
    assert_decoded(decoding_of("journal_export", NULL, NULL, bytes),
                   "record journal - |x|{\"_PID\":\"7\",\"ERRNO\":\"5\",\"NOTE\":\"a\\nb\"}\n"
                   "record journal - |y|\n");
}

static void of_a_field_that_comes_twice_the_first_one_counts(void **state)
{
    (void)state;
    assert_decoded(decoding_of("journal_export", NULL, NULL, STR("MESSAGE=x\nMESSAGE=y\n\n")),
                   "record journal - |x|\n");
}

static void a_time_that_is_none_is_not_known(void **state)
{
    (void)state;
    static const char *const times[] = {"", "12x", "-5", "99999999999999999999",
                                        "9300000000000000"};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        char text[100];
        snprintf(text, sizeof text, "__REALTIME_TIMESTAMP=%s\nMESSAGE=x\n\n", times[i]);
        assert_decoded(decoding_of("journal_export", NULL, NULL, str_of(text)),
                       "record journal - |x|\n");
    }
}

static void entries_without_a_message_are_refused(void **state)
{
    (void)state;
    Decoding got =
        decoding_of("journal_export", NULL, NULL, STR("\n\nPRIORITY=3\n\nMESSAGE=x\n\n\n"));
    assert_decoded(got, "record journal - |x|\n");
    assert_int_equal(got.decoded.rejected, 1);
    assert_string_equal(got.decoded.message, "the entry before byte 14 has no MESSAGE");
    got = decoding_of("journal_export", NULL, NULL, STR("PRIORITY=3\n\n"));
    assert_decoded(got, "");
    assert_int_equal(got.decoded.rejected, 1);
}

static void what_stands_before_damage_is_kept(void **state)
{
    (void)state;
    static const char *const damage[] = {"=x\n", "MESSAGE\n\5", "MESSAGE=x", "MESSAGE=x\n"};
    for (size_t i = 0; i < sizeof damage / sizeof damage[0]; i++) {
        char text[100];
        snprintf(text, sizeof text, "MESSAGE=good\n\n%s", damage[i]);
        Decoding got = decoding_of("journal_export", NULL, NULL, str_of(text));
        assert_decoded(got, "record journal - |good|\n");
        assert_int_equal(got.decoded.rejected, 1);
        assert_int_equal(decoding_of("journal_export", NULL, NULL, str_of(damage[i])).rc,
                         ODD_SYNTAX);
    }
}

static void a_size_that_lies_is_not_believed(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {2, 0, 100, UINT64_MAX, UINT64_MAX - 8, INT64_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char text[] = "MESSAGE\n--------x\n\n";
        bytes_put_u64(text + 8, sizes[i]);
        assert_int_equal(
            decoding_of("journal_export", NULL, NULL, (Str){.text = text, .size = 19}).rc,
            ODD_SYNTAX);
    }
}

static void entries_that_are_torn_give_fewer_records(void **state)
{
    (void)state;
    assert_torn_gives_less("journal_export", NULL,
                           STR(ENTRY "NOTE\n\x03\0\0\0\0\0\0\0a\nb\n\nMESSAGE=x\n\n"));
}

static void of_a_body_without_end_the_whole_entries_are_told(void **state)
{
    (void)state;
    Str bytes = STR("MESSAGE\n\x04\0\0\0\0\0\0\0\n\nxx\n\nMESSAGE=y\n\nMESS");
    size_t first = 22, second = 33;
    for (size_t size = 0; size <= bytes.size; size++)
        assert_int_equal(odd_decode_whole("journal_export", bytes.text, size), size < first ? 0
                                                                               : size < second
                                                                                   ? first
                                                                                   : second);
    assert_int_equal(odd_decode_whole("exposition", "a 1\n", 4), 0);
    assert_int_equal(odd_decode_whole("nothing", "", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_becomes_a_record),
        cmocka_unit_test(an_entry_of_another_machine_says_which),
        cmocka_unit_test(what_belongs_to_no_unit_is_named_by_its_identifier),
        cmocka_unit_test(binary_fields_hold_any_byte),
        cmocka_unit_test(what_a_program_says_besides_becomes_attributes),
        cmocka_unit_test(of_a_field_that_comes_twice_the_first_one_counts),
        cmocka_unit_test(a_time_that_is_none_is_not_known),
        cmocka_unit_test(entries_without_a_message_are_refused),
        cmocka_unit_test(what_stands_before_damage_is_kept),
        cmocka_unit_test(a_size_that_lies_is_not_believed),
        cmocka_unit_test(entries_that_are_torn_give_fewer_records),
        cmocka_unit_test(of_a_body_without_end_the_whole_entries_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
