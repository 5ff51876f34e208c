/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/siphash.h"

static void the_paper_has_the_same_value(void **state)
{
    (void)state; /* Appendix A: key 00..0f, text 00..0e. */
    unsigned char key[SIPHASH_KEY_BYTES], text[15];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)i;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (unsigned char)i;
    assert_true(siphash(key, text, sizeof text) == 0xa129ca6149be45e5ULL);
}

static void the_first_values_of_the_reference_vectors_are_met(void **state)
{
    (void)state; /* Texts of 0 to 8 bytes 00, 01, ...; the paper's key. */
    const uint64_t expected[] = {0x726fdb47dd0e0e31ULL, 0x74f839c593dc67fdULL,
                                 0x0d6c8009d9a94f5aULL, 0x85676696d7fb7e2dULL,
                                 0xcf2794e0277187b7ULL, 0x18765564cd99a68dULL,
                                 0xcbc9466e58fee3ceULL, 0xab0200f58b01d137ULL,
                                 0x93f5f5799a932462ULL};
    unsigned char key[SIPHASH_KEY_BYTES], text[8];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)i;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (unsigned char)i;
    for (size_t size = 0; size <= sizeof text; size++)
        assert_true(siphash(key, text, size) == expected[size]);
}

static void each_bit_of_key_and_text_counts(void **state)
{
    (void)state;
    unsigned char key[SIPHASH_KEY_BYTES] = {0}, text[23] = {0};
    uint64_t whole = siphash(key, text, sizeof text);
    for (size_t bit = 0; bit < 8 * sizeof key; bit++) {
        key[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_true(siphash(key, text, sizeof text) != whole);
        key[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < 8 * sizeof text; bit++) {
        text[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_true(siphash(key, text, sizeof text) != whole);
        text[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_true(siphash(key, text, sizeof text - 1) != whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_paper_has_the_same_value),
        cmocka_unit_test(the_first_values_of_the_reference_vectors_are_met),
        cmocka_unit_test(each_bit_of_key_and_text_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
