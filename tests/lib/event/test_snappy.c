/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <snappy-c.h>
#include <stdlib.h>

#include "event/snappy.h"

static Str packed_of(Str bytes)
{
    size_t size = snappy_max_compressed_length(bytes.size);
    char  *packed = malloc(size);
    assert_int_equal(snappy_compress(bytes.text, bytes.size, packed, &size), SNAPPY_OK);
    return (Str){.text = packed, .size = size};
}

static void what_was_packed_is_unpacked(void **state)
{
    (void)state;
    char bytes[10000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i / 7 % 13);
    for (size_t size = 0; size <= sizeof bytes; size += 2500) {
        Mem mem = {0};
        Str packed = packed_of((Str){.text = bytes, .size = size}), got;
        odd_decoded decoded = {0};
        assert_int_equal(snappy_unpack(&mem, packed, sizeof bytes, &decoded, &got), ODD_OK);
        assert_true(str_equal(got, (Str){.text = bytes, .size = size}));
        snappy_free(&mem, got);
        assert_int_equal(mem.bytes, 0);
        free((char *)packed.text);
    }
}

static void assert_refused(Str packed, size_t bytes_max, odd_rc rc)
{
    Mem mem = {0};
    Str got;
    odd_decoded decoded = {0};
    assert_int_equal(snappy_unpack(&mem, packed, bytes_max, &decoded, &got), rc);
    assert_true(decoded.message[0] != '\0');
    assert_int_equal(mem.bytes_peak, 0);
}

static void bombs_are_refused_before_memory_is_taken(void **state)
{
    (void)state;
    char zeros[100000] = {0};
    Str packed = packed_of((Str){.text = zeros, .size = sizeof zeros});
    assert_refused(packed, sizeof zeros - 1, ODD_FULL);
    free((char *)packed.text);
    assert_refused(STR("\xff\xff\xff\xff\x0f"
                       "abc"),
                   SNAPPY_BYTES_MAX, ODD_SYNTAX);
    assert_refused(STR("\xff\xff\xff\x0f"
                       "abc"),
                   SNAPPY_BYTES_MAX, ODD_SYNTAX);
}

static void what_is_no_block_is_refused(void **state)
{
    (void)state;
    assert_refused(STR(""), 100, ODD_SYNTAX);
    assert_refused(STR("\xff"), 100, ODD_SYNTAX);
    assert_refused(STR("\0more"), 100, ODD_SYNTAX);
    assert_refused(STR("\x05hello"), 100, ODD_SYNTAX);
    assert_refused(STR("\xff\x06\0\0sNaPpY"), 10000, ODD_SYNTAX); /* The framed format. */
    Str packed = packed_of(STR("some bytes some bytes some bytes"));
    for (size_t size = 0; size < packed.size; size++)
        assert_refused(str_part(packed, 0, size), 100, ODD_SYNTAX);
    free((char *)packed.text);
}

static void short_memory_is_told(void **state)
{
    (void)state;
    Mem mem = {.bytes_max = 10};
    Str packed = packed_of(STR("some bytes some bytes")), got;
    odd_decoded decoded = {0};
    assert_int_equal(snappy_unpack(&mem, packed, 100, &decoded, &got), ODD_NOMEM);
    assert_true(decoded.message[0] != '\0');
    free((char *)packed.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_is_unpacked),
        cmocka_unit_test(bombs_are_refused_before_memory_is_taken),
        cmocka_unit_test(what_is_no_block_is_refused),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
