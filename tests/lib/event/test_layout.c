/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include "base/rng.h"

#define SEED_COUNT 1000

typedef struct {
    const char *lines; /* Learnt from these.                */
    const char *line;  /* Then this one is parsed: time ... */
    const char *time;
    Level       level;
    const char *host, *component, *message;
} HeaderCase;

static const HeaderCase headers[] = {
    {"Jun 14 15:16:01 combo sshd(pam_unix)[19939]: check pass; user unknown\n"
     "Jun 14 15:16:02 combo kernel: Out of memory\n",
     "Jun 14 15:16:02 combo kernel: Out of memory", "2026-06-14T15:16:02.000Z", LEVEL_NONE, "combo",
     "kernel", "Out of memory"},
    {"Jul  1 09:00:55 host kernel[0]: a\nJul  1 09:00:55 host cron[7]: b\n"
     "Jul  1 09:00:55 host --- last message repeated 1 time ---\n",
     "Jul  1 09:00:55 host --- last message repeated 1 time ---", "2026-07-01T09:00:55.000Z",
     LEVEL_NONE, "host", "", "--- last message repeated 1 time ---"},
    {"Jul  1 09:00:55 host kernel[0]: a\nJul  1 09:00:56 host cron: b\n",
     "Jul  1 09:00:57 host Microsoft Word[14463]: scripting error", "2026-07-01T09:00:57.000Z",
     LEVEL_NONE, "host", "Microsoft Word", "scripting error"},
    {"03-17 16:13:38.811  1702  2395 D WindowManager: opening\n"
     "03-17 16:13:38.905  1702 10454 W PowerManager: x=1\n",
     "03-17 16:13:38.905  1702 10454 W PowerManager: x=1", "2026-03-17T16:13:38.905Z", LEVEL_WARN,
     "", "PowerManager", "x=1"},
    {"[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok\n"
     "[Sun Dec 04 04:47:44 2005] [error] mod_jk child in error state 6\n",
     "[Sun Dec 04 04:47:44 2005] [error] [client 1.2.3.4] Directory index forbidden",
     "2005-12-04T04:47:44.000Z", LEVEL_ERROR, "", "",
     "[client 1.2.3.4] Directory index forbidden"},
    {"- 1117838570 2005.06.03 R02-M1 2005-06-03-15.42.50.675872 R02-M1 RAS KERNEL INFO corrected\n"
     "FOO 1117838573 2005.06.03 R03-M1 2005-06-03-15.42.53.675872 R03-M1 RAS APP FATAL died here\n",
     "- 1117838573 2005.06.03 R03-M1 2005-06-03-15.42.53.675872 R03-M1 RAS APP FATAL died here",
     "2005-06-03T15:42:53.675Z", LEVEL_FATAL, "", "APP", "died here"},
    {"2015-07-29 17:41:44,747 - INFO  [Peer[my=1]/0:0:2181:Election@774] - Time out: 3200\n"
     "2015-07-29 17:41:45,747 - WARN  [/10.10.34.11:3888:Listener@493] - Received request\n",
     "2015-07-29 17:41:45,747 - WARN  [/10.10.34.11:3888:Listener@493] - Received - it",
     "2015-07-29T17:41:45.747Z", LEVEL_WARN, "", "/10.10.34.11:3888:Listener@493", "Received - it"},
    {"20171223-22:15:29:606|Step_LSC|30002312|onStandStepChanged 3579\n"
     "20171223-22:15:30:606|HiH_|30002312|flush | it\n",
     "20171223-22:15:30:606|HiH_|30002312|flush | it", "2017-12-23T22:15:30.606Z", LEVEL_NONE, "",
     "HiH_", "flush | it"},
    {"2026-11-23 20:15:42,123 - my.module - INFO - user 12 logged in\n"
     "2026-11-23 20:15:43,123 - my.other - WARNING - disk 91% full\n",
     "2026-11-23 20:15:43,123 - my.other - WARNING - disk 91% full", "2026-11-23T20:15:43.123Z",
     LEVEL_WARN, "", "my.other", "disk 91% full"},
    {"I1123 20:15:42.123456    1234 server.go:123] Starting\n"
     "E1123 20:15:43.123456    1234 reflector.go:324] watch ended\n",
     "E1123 20:15:43.123456    1234 reflector.go:324] watch ended", "2026-11-23T20:15:43.123Z",
     LEVEL_ERROR, "", "reflector.go:324", "watch ended"},
    {"2026-11-23 20:15:42.1  INFO 12 --- [   main] c.e.Demo   : Starting\n"
     "2026-11-23 20:15:43.1 ERROR 12 --- [exec-1] c.e.Other   : failed: x\n",
     "2026-11-23 20:15:43.1 ERROR 12 --- [exec-1] c.e.Other   : failed: x",
     "2026-11-23T20:15:43.100Z", LEVEL_ERROR, "", "c.e.Other", "failed: x"},
    {"2026-11-23 20:15:42.123 UTC [1234] LOG:  starting\n"
     "2026-11-23 20:15:42.124 UTC [1240] ERROR:  no relation\n",
     "2026-11-23 20:15:42.124 UTC [1240] STATEMENT:  select 1", "2026-11-23T20:15:42.124Z",
     LEVEL_DEBUG, "", "", "select 1"},
    {"1.2.3.4 - - [10/Oct/2026:13:55:36 -0700] \"GET / HTTP/1.1\" 200 2326\n",
     "1.2.3.5 - joe [10/Oct/2026:13:55:37 -0700] \"GET /a HTTP/1.1\" 404 12",
     "2026-10-10T20:55:37.000Z", LEVEL_NONE, "", "", "1.2.3.5 - joe \"GET /a HTTP/1.1\" 404 12"},
    {"[    0.000000] Linux version 5.10\n[   12.345678] usb 1-1: new device\n",
     "[   12.345678] usb 1-1: new device", "", LEVEL_NONE, "", "", "usb 1-1: new device"},
    {"INFO:zuul.Cloner:Creating repo\nWARNING:zuul.Repo:Foo bar\n", "WARNING:zuul.Repo:Foo bar", "",
     LEVEL_WARN, "", "zuul.Repo", "Foo bar"},
    {"localhost kernel: Linux version 4.8\nlocalhost systemd: Started it\n",
     "localhost systemd: Started it", "", LEVEL_NONE, "localhost", "systemd", "Started it"},
    {"2026/11/23 20:15:42 listening on :8080\n2026/11/23 20:15:43 closed\n",
     "2026/11/23 20:15:43 closed", "2026-11-23T20:15:43.000Z", LEVEL_NONE, "", "", "closed"},
};

static void headers_of_many_programs_are_cut_off(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        const HeaderCase *c = &headers[i];
        Layout layout = layout_of(c->lines);
        print_message("%s\n", c->line);
        assert_string_equal(layout_kind_name(&layout), "header");
        Record record = record_of(&layout, c->line);
        assert_str(record.message, c->message);
        assert_time(record.time, c->time);
        assert_int_equal(record.level, c->level);
        assert_str(record.host, c->host);
        assert_str(record.component, c->component);
        assert_false(record.continues);
    }
}

static const char *const headerless[] = {
    "It was the best of times, it was the worst of times.\nIt was the age of wisdom: no doubt.\n",
    "authentication failure; logname= uid=0\ncheck pass; user unknown\n",
    "connection from 218.146.61.230 () at Sun Jul 17 08:06:12 2005\n",
    "[instance: b9000564] VM Started\n[instance: b9000565] VM Paused\n",
    "Receiving block blk_1 src: /10.250.18.114:43996\nReceiving block blk_2 src: /10.2.1.4:4\n",
    "123 files copied\n7 files copied\n",
    "TASK [Gathering Facts] ****\nok: [localhost]\n",
    "01: Server created\n02: Bootloader failure\n",
    "/usr/bin/make -C x\ncc -c x.c -o x.o\n",
    "1,2,3\n4,5,6\n",
};

static void what_has_no_header_keeps_its_whole_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headerless / sizeof headerless[0]; i++) {
        Layout layout = layout_of(headerless[i]);
        char line[LINES_BUFFER_BYTES];
        size_t size = strcspn(headerless[i], "\n");
        memcpy(line, headerless[i], size);
        line[size] = '\0';
        print_message("%s\n", line);
        assert_string_equal(layout_kind_name(&layout), "plain");
        Record record = record_of(&layout, line);
        assert_str(record.message, line);
        assert_true(record.time == ODD_TIME_NONE);
        assert_false(record.continues);
    }
}

static const char java[] = "2026-11-23 20:15:42,123 INFO [main] com.foo.Bar: started\n"
                           "2026-11-23 20:15:43,123 ERROR [main] com.foo.Bar: failed\n"
                           "java.io.IOException: broken\n"
                           "\tat com.foo.Bar.run(Bar.java:12)\n"
                           "Caused by: java.lang.Error: x\n"
                           "\t... 12 more\n";

static void stack_traces_continue_the_record_before(void **state)
{
    (void)state;
    Layout layout = layout_of(java);
    static const char *const parts[] = {"java.io.IOException: broken",
                                        "\tat com.foo.Bar.run(Bar.java:12)",
                                        "Caused by: java.lang.Error: x",
                                        "\t... 12 more",
                                        "Traceback (most recent call last):",
                                        "  File \"x.py\", line 1, in <module>",
                                        "}",
                                        "",
                                        "anything else without a header"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        Record record = record_of(&layout, parts[i]);
        assert_true(record.continues);
        assert_str(record.message, parts[i]);
        assert_true(record.time == ODD_TIME_NONE);
    }
    assert_false(
        record_of(&layout, "2026-11-23 20:15:42,123 INFO [main] com.foo.Bar: x").continues);
}

static void where_headers_are_not_the_rule_only_what_looks_like_a_part_continues(void **state)
{
    (void)state;
    Layout layout = layout_of("2026-11-23 20:15:42 one\nplain text\n2026-11-23 20:15:43 two\n"
                              "other text\n");
    assert_string_equal(layout_kind_name(&layout), "header");
    assert_false(record_of(&layout, "plain text").continues);
    assert_true(record_of(&layout, "    at foo(bar)").continues);
}

static void without_a_header_nothing_continues(void **state)
{
    (void)state;
    Layout layout = layout_of("some text\n    indented text\nCaused by: chance\n");
    assert_false(record_of(&layout, "    indented text").continues);
    assert_false(record_of(&layout, "Caused by: chance").continues);
}

static void a_mark_of_the_journal_is_a_line_of_its_own(void **state)
{
    (void)state;
    Layout layout = layout_of(java);
    assert_false(record_of(&layout, "-- Reboot --").continues);
}

static void a_carriage_return_and_blanks_at_the_end_belong_to_no_message(void **state)
{
    (void)state;
    Layout layout = layout_of(java);
    assert_str(
        record_of(&layout, "2026-11-23 20:15:42,123 INFO [main] com.foo.Bar: done \t\r").message,
        "done");
}

static void one_line_is_enough_for_a_header_that_is_unmistakable(void **state)
{
    (void)state;
    static const char line[] = "Jun  4 15:16:01 combo sshd[12]: hello there";
    Layout layout =
        layout_learn(STR("Jun  4 15:16:01 combo sshd[12]: hello there\n"), LINES_NOW, 0);
    assert_str(record_of(&layout, line).message, "hello there");
}

static void nothing_is_learnt_from_nothing(void **state)
{
    (void)state;
    Layout layout = layout_learn((Str){0}, 0, 0);
    assert_string_equal(layout_kind_name(&layout), "plain");
    assert_str(record_of(&layout, "x").message, "x");
    assert_str(record_of(&layout, "").message, "");
}

static bool lies_in(Str part, const char *bytes, size_t size)
{
    return part.size == 0 || (part.text >= bytes && part.text + part.size <= bytes + size);
}

static void damaged_lines_never_lead_outside_of_line_and_buffer(void **state)
{
    (void)state;
    size_t count = sizeof headers / sizeof headers[0];
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        Rng rng = rng_seeded(seed);
        Layout layout = layout_of(headers[rng_below(&rng, count)].lines);
        char line[512], buffer[2 * sizeof line + 64];
        const char *from = headers[rng_below(&rng, count)].line;
        size_t size = rng_below(&rng, strlen(from) + 1);
        memcpy(line, from, size);
        for (size_t hits = rng_below(&rng, 6); hits > 0 && size > 0; hits--)
            line[rng_below(&rng, size)] = (char)rng_next(&rng);
        Record record = layout_parse(&layout, (Str){line, size}, buffer);
        bool inside =
            lies_in(record.message, line, size) || lies_in(record.message, buffer, sizeof buffer);
        inside =
            inside && lies_in(record.host, line, size) && lies_in(record.component, line, size);
        if (!inside)
            print_message("seed %llu\n", (unsigned long long)seed);
        assert_true(inside);
        assert_true(record.message.size <= layout_buffer_bytes(size));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_of_many_programs_are_cut_off),
        cmocka_unit_test(what_has_no_header_keeps_its_whole_text),
        cmocka_unit_test(stack_traces_continue_the_record_before),
        cmocka_unit_test(where_headers_are_not_the_rule_only_what_looks_like_a_part_continues),
        cmocka_unit_test(without_a_header_nothing_continues),
        cmocka_unit_test(a_mark_of_the_journal_is_a_line_of_its_own),
        cmocka_unit_test(a_carriage_return_and_blanks_at_the_end_belong_to_no_message),
        cmocka_unit_test(one_line_is_enough_for_a_header_that_is_unmistakable),
        cmocka_unit_test(nothing_is_learnt_from_nothing),
        cmocka_unit_test(damaged_lines_never_lead_outside_of_line_and_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
