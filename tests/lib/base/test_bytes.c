/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "base/bytes.h"
#include "base/rng.h"

static void numbers_are_little_endian_bytes_and_come_back(void **state)
{
    (void)state;
    char bytes[8];
    bytes_put_u32(bytes, 0x01020304);
    assert_memory_equal(bytes, "\x04\x03\x02\x01", 4);
    assert_int_equal(bytes_get_u32(bytes), 0x01020304);
    bytes_put_u64(bytes, 0xf1f2f3f4f5f6f7f8);
    assert_memory_equal(bytes, "\xf8\xf7\xf6\xf5\xf4\xf3\xf2\xf1", 8);
    assert_true(bytes_get_u64(bytes) == 0xf1f2f3f4f5f6f7f8);
}

static void the_bits_of_a_double_come_back(void **state)
{
    (void)state;
    static const double values[] = {0.0, -0.0, 1.5, -1e308, 5e-324, INFINITY, NAN};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char bytes[8];
        bytes_put_double(bytes, values[i]);
        double back = bytes_get_double(bytes);
        assert_memory_equal(&back, &values[i], sizeof back);
    }
}

static void a_varint_comes_back_and_no_part_of_it_does(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        Rng rng = rng_seeded(seed);
        uint64_t value = rng_next(&rng) >> (rng_next(&rng) % 64), back = 1;
        char bytes[VARINT_BYTES_MAX];
        size_t size = varint_put(bytes, value), at = 0;
        assert_in_range(size, 1, VARINT_BYTES_MAX);
        for (size_t part = 0; part < size; part++)
            assert_false(varint_get(bytes, part, &at, &back));
        assert_true(at == 0 && back == 1);
        assert_true(varint_get(bytes, size, &at, &back));
        assert_true(back == value && at == size);
    }
}

static void a_varint_of_more_than_64_bits_is_none(void **state)
{
    (void)state;
    static const char largest[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    static const char larger[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02";
    static const char endless[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    size_t at = 0;
    uint64_t value = 0;
    assert_true(varint_get(largest, sizeof largest - 1, &at, &value));
    assert_true(value == UINT64_MAX);
    at = 0;
    assert_false(varint_get(larger, sizeof larger - 1, &at, &value));
    assert_false(varint_get(endless, sizeof endless - 1, &at, &value));
    assert_int_equal(at, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_little_endian_bytes_and_come_back),
        cmocka_unit_test(the_bits_of_a_double_come_back),
        cmocka_unit_test(a_varint_comes_back_and_no_part_of_it_does),
        cmocka_unit_test(a_varint_of_more_than_64_bits_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
