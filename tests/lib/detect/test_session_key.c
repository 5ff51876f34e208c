/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/rng.h"
#include "detect/session_key.h"

static void assert_next(SessionKey key, const char *line, size_t *at, const char *wanted)
{
    Str value = session_key_next(&key, str_of(line), at);
    char text[128];
    assert_true(value.size < sizeof text);
    if (value.size > 0)
        memcpy(text, value.text, value.size);
    text[value.size] = '\0';
    assert_string_equal(text, wanted);
}

static void assert_first(const char *name, const char *line, const char *wanted)
{
    size_t at = 0;
    assert_next(session_key_of(str_of(name)), line, &at, wanted);
}

static void a_beginning_tells_values_apart(void **state)
{
    (void)state;
    assert_first("blk_", "Receiving block blk_-1608 src: /10.0.0.1:80", "blk_-1608");
    assert_first("blk_<num>", "Receiving block blk_-1608", "blk_-1608");
    assert_first("blk_", "/mnt/data/blk_12.meta", "blk_12");
    assert_first("blk_", "myblk_12", "");
    assert_first("blk_", "blk_", "");
    assert_first("req-", "[req-3e1f-88 - -] GET", "req-3e1f-88");
}

static void a_name_stands_before_values(void **state)
{
    (void)state;
    assert_first("request_id", "{\"ms\": 3, \"request_id\": \"9be1\"}", "9be1");
    assert_first("request_id", "request_id=9be1 ms=3", "9be1");
    assert_first("request_id", "my_request_id=7 request_id=8", "8");
    assert_first("instance: ", "[instance: 4f2a-77] up", "4f2a-77");
    assert_first("sshd[", "Dec 10 LabSZ sshd[24200]: Invalid user", "24200");
    assert_first("user", "user=ann", "ann");
    assert_first("from", "from: 10.0.0.7", "");
}

static void a_line_may_hold_many_values(void **state)
{
    (void)state;
    size_t at = 0;
    SessionKey key = session_key_of(STR("blk_"));
    const char *line = "delete blk_1 blk_-2, blk_3.";
    assert_next(key, line, &at, "blk_1");
    assert_next(key, line, &at, "blk_-2");
    assert_next(key, line, &at, "blk_3");
    assert_next(key, line, &at, "");
    assert_next(key, line, &at, "");
}

static void a_name_without_letters_or_too_long_is_no_key(void **state)
{
    (void)state;
    assert_int_equal(session_key_of(STR("")).kind, SESSION_KEY_NONE);
    assert_int_equal(session_key_of(STR("= ")).kind, SESSION_KEY_NONE);
    assert_int_equal(session_key_of(STR("<num>")).kind, SESSION_KEY_NONE);
    assert_int_equal(session_key_of(STR("a234567890123456789012345678901234567890")).kind,
                     SESSION_KEY_NONE);
}

/* Sessions of four steps, `open` of them at a time, on 20 hosts that all of them visit. */
static SessionKey found_in(const char *format, uint64_t seed)
{
    Mem mem = {0};
    SessionKeyFinder *finder = session_key_finder_open(&mem, 1);
    Rng rng = rng_seeded(seed);
    uint64_t id[8] = {0};
    uint32_t step[8] = {0};
    for (int i = 0; i < 2000; i++) {
        unsigned open = (unsigned)(rng_next(&rng) % 8);
        if (step[open] % 4 == 0)
            id[open] = 1000 + rng_next(&rng) % 1000000;
        char line[200];
        snprintf(line, sizeof line, format, (unsigned)(rng_next(&rng) % 20), (unsigned)id[open],
                 (unsigned)(rng_next(&rng) % 500));
        session_key_look(finder, str_of(line), step[open]++ % 4);
    }
    double worth;
    SessionKey key = session_key_found(finder, &worth);
    session_key_finder_close(finder);
    assert_int_equal(mem.bytes, 0);
    return key;
}

static void assert_word(SessionKey key, SessionKeyKind kind, const char *word)
{
    assert_int_equal(key.kind, kind);
    assert_int_equal(key.size, strlen(word));
    assert_memory_equal(key.word, word, key.size);
}

static void the_key_is_found_among_hosts_and_numbers(void **state)
{
    (void)state;
    assert_word(found_in("host=h%u task_%u took %u ms", 1), SESSION_KEY_BEGINS, "task_");
    assert_word(found_in("{\"host\":\"h%u\",\"request_id\":\"%u\",\"ms\":%u}", 2),
                SESSION_KEY_FOLLOWS, "request_id");
    assert_word(found_in("Jul 10 h%u sshd[%u]: step %u", 3), SESSION_KEY_FOLLOWS, "sshd");
}

static void no_key_is_found_where_there_is_none(void **state)
{
    (void)state;
    assert_int_equal(found_in("host h%u, 10.0.%u.%u", 4).kind, SESSION_KEY_NONE);
    Mem mem = {0};
    double worth;
    SessionKeyFinder *finder = session_key_finder_open(&mem, 1);
    assert_int_equal(session_key_found(finder, &worth).kind, SESSION_KEY_NONE);
    session_key_look(finder, STR(""), 0);
    session_key_look(finder, STR("one line of job 17"), 0);
    assert_int_equal(session_key_found(finder, &worth).kind, SESSION_KEY_NONE);
    session_key_finder_close(finder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_beginning_tells_values_apart),
        cmocka_unit_test(a_name_stands_before_values),
        cmocka_unit_test(a_line_may_hold_many_values),
        cmocka_unit_test(a_name_without_letters_or_too_long_is_no_key),
        cmocka_unit_test(the_key_is_found_among_hosts_and_numbers),
        cmocka_unit_test(no_key_is_found_where_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
