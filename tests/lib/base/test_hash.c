/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"

static void no_word_wipes_out_what_came_before(void **state)
{
    (void)state;
    const uint64_t words[] = {0, 1, HASH_P0, HASH_P1, HASH_P2, UINT64_MAX};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        assert_int_not_equal(hash_add(1, words[i]), hash_add(2, words[i]));
        assert_int_not_equal(hash_add(words[i], 1), hash_add(words[i], 2));
    }
}

static void texts_that_differ_in_a_byte_or_in_length_differ(void **state)
{
    (void)state;
    unsigned char text[40] = {0};
    for (size_t size = 0; size < sizeof text; size++) {
        uint64_t hash = hash_bytes(text, size, 7);
        assert_int_not_equal(hash, hash_bytes(text, size + 1 < sizeof text ? size + 1 : 0, 7));
        assert_int_not_equal(hash, hash_bytes(text, size, 8));
        for (size_t at = 0; at < size; at++) {
            text[at] = 1;
            assert_int_not_equal(hash, hash_bytes(text, size, 7));
            text[at] = 0;
        }
    }
}

static void a_text_has_one_hash_on_every_machine(void **state)
{
    (void)state;
    assert_int_equal(hash_bytes("oddball", 7, 0), 0x2e6da01c029276feULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_word_wipes_out_what_came_before),
        cmocka_unit_test(texts_that_differ_in_a_byte_or_in_length_differ),
        cmocka_unit_test(a_text_has_one_hash_on_every_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
