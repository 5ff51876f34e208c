/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "base/image.h"

typedef struct {
    uint64_t a;
    double   b;
} Flat;

static void write_all(ImageOut *out)
{
    static const uint32_t array[8] = {1, 2, 3};
    const Flat flat = {.a = 5, .b = 0.5};
    image_put(out, &flat, sizeof flat);
    image_put_array(out, array, 3, 8, sizeof *array);
    image_put_text(out, STR("a\0b"));
    image_put_array(out, NULL, 0, 0, sizeof(Flat));
    image_put_text(out, STR(""));
    assert_false(out->failed);
}

/* True: all of it was there. */
static bool read_all(ImageIn *in, Mem *mem)
{
    Flat flat = {0};
    size_t count, capacity, none_count, none_capacity;
    image_get(in, &flat, sizeof flat);
    uint32_t *array = image_get_array(in, mem, &count, &capacity, sizeof *array);
    Str text = image_get_text(in);
    void *none = image_get_array(in, mem, &none_count, &none_capacity, sizeof(Flat));
    Str empty = image_get_text(in);
    bool whole = image_at_end(in);
    if (whole) {
        assert_true(flat.a == 5 && flat.b == 0.5);
        assert_int_equal(count, 3);
        assert_int_equal(capacity, 8);
        assert_int_equal(array[2], 3);
        assert_int_equal(array[7], 0);
        assert_true(str_equal(text, STR("a\0b")));
        assert_null(none);
        assert_int_equal(none_count + none_capacity + empty.size, 0);
    }
    mem_free(mem, array, capacity * sizeof *array);
    return whole;
}

static void what_was_written_is_read_in_the_same_order(void **state)
{
    (void)state;
    Mem mem = {0};
    ImageOut out = {.mem = &mem};
    write_all(&out);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    assert_true(read_all(&in, &mem));
    image_close(&out);
    assert_int_equal(mem.bytes, 0);
}

static void an_image_that_ends_early_or_late_is_not_whole(void **state)
{
    (void)state;
    Mem mem = {0};
    ImageOut out = {.mem = &mem};
    write_all(&out);
    for (size_t size = 0; size < out.size; size++) {
        ImageIn in = {.bytes = {.text = out.bytes, .size = size}};
        assert_false(read_all(&in, &mem));
    }
    image_put(&out, "x", 1);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    assert_false(read_all(&in, &mem));
    image_close(&out);
    assert_int_equal(mem.bytes, 0);
}

static void an_array_of_other_elements_is_refused(void **state)
{
    (void)state;
    Mem mem = {0};
    ImageOut out = {.mem = &mem};
    static const uint32_t array[2] = {1, 2};
    size_t count, capacity;
    image_put_array(&out, array, 2, 2, sizeof *array);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    assert_null(image_get_array(&in, &mem, &count, &capacity, sizeof(uint64_t)));
    assert_true(in.failed);
    assert_int_equal(count + capacity, 0);
    image_close(&out);
}

/* What was learnt within a limit must be readable under it, whatever else is there already. */
static void an_array_is_read_above_the_cap_that_it_was_learnt_under(void **state)
{
    (void)state;
    Mem mem = {0}, capped = {.bytes_max = 1};
    ImageOut out = {.mem = &mem};
    static const uint32_t array[4] = {1, 2, 3, 4};
    size_t count, capacity;
    image_put_array(&out, array, 4, 4, sizeof *array);
    ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
    uint32_t *read = image_get_array(&in, &capped, &count, &capacity, sizeof *array);
    assert_non_null(read);
    assert_memory_equal(read, array, sizeof array);
    assert_int_equal(capped.bytes_max, 1);
    mem_free(&capped, read, sizeof array);
    image_close(&out);
}

static void without_memory_an_image_says_that_it_failed(void **state)
{
    (void)state;
    Mem mem = {.bytes_max = 16};
    ImageOut out = {.mem = &mem};
    image_put_text(&out, STR("twenty-four bytes and so"));
    assert_true(out.failed);
    image_put(&out, "x", 1);
    assert_true(out.failed);
    image_close(&out);
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_in_the_same_order),
        cmocka_unit_test(an_image_that_ends_early_or_late_is_not_whole),
        cmocka_unit_test(an_array_of_other_elements_is_refused),
        cmocka_unit_test(an_array_is_read_above_the_cap_that_it_was_learnt_under),
        cmocka_unit_test(without_memory_an_image_says_that_it_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
