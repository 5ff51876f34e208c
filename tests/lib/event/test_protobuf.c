/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "event/protobuf.h"

static void assert_torn(Str bytes, size_t at, const char *problem)
{
    ProtoReader reader = {.bytes = bytes};
    ProtoField  field;
    while (proto_next(&reader, &field))
        assert_true(reader.at <= bytes.size);
    assert_non_null(reader.problem);
    if (strstr(reader.problem, problem) == NULL)
        print_error("\"%s\" does not say \"%s\"\n", reader.problem, problem);
    assert_non_null(strstr(reader.problem, problem));
    assert_int_equal(reader.at, at);
    assert_false(proto_next(&reader, &field));
}

/* The examples of the encoding's own guide: 150, "testing", and a message with 150 in field 3. */
static void the_examples_of_the_guide_are_read(void **state)
{
    (void)state;
    ProtoReader reader = {.bytes = STR("\x08\x96\x01\x12\x07testing\x1a\x03\x08\x96\x01")};
    ProtoField  field;
    assert_true(proto_next(&reader, &field));
    assert_int_equal(field.tag, PROTO_TAG(1, PROTO_VARINT));
    assert_int_equal(field.value, 150);
    assert_true(proto_next(&reader, &field));
    assert_int_equal(field.tag, PROTO_TAG(2, PROTO_BYTES));
    assert_true(str_equal(field.bytes, STR("testing")));
    assert_true(proto_next(&reader, &field));
    assert_int_equal(proto_number(&field), 3);
    assert_int_equal(proto_type(&field), PROTO_BYTES);
    ProtoReader inner = {.bytes = field.bytes};
    assert_true(proto_next(&inner, &field));
    assert_int_equal(field.value, 150);
    assert_false(proto_next(&inner, &field));
    assert_false(proto_next(&reader, &field));
    assert_null(reader.problem);
}

static void a_varint_has_ten_bytes_at_most(void **state)
{
    (void)state;
    ProtoReader reader = {.bytes = STR("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                                       "\x10\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00")};
    ProtoField  field;
    assert_true(proto_next(&reader, &field));
    assert_true(field.value == UINT64_MAX);
    assert_true(proto_next(&reader, &field));
    assert_int_equal(field.value, 0);
    assert_torn(STR("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), 0, "64 bits");
    assert_torn(STR("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), 0, "64 bits");
}

static void what_is_no_message_is_torn_where_its_field_begins(void **state)
{
    (void)state;
    assert_torn(STR("\x08\x01\x08"), 2, "cut off");
    assert_torn(STR("\x08\x80\x80"), 0, "cut off");
    assert_torn(STR("\x80"), 0, "cut off");
    assert_torn(STR("\x09\x01\x02\x03\x04\x05\x06\x07"), 0, "8 bytes");
    assert_torn(STR("\x0d\x01\x02\x03"), 0, "4 bytes");
    assert_torn(STR("\x12\x05"
                    "abcd"),
                0, "longer");
    assert_torn(STR("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), 0, "longer");
    assert_torn(STR("\x00\x01"), 0, "number");
    assert_torn(STR("\x80\x80\x80\x80\x10\x01"), 0, "number");
    assert_torn(STR("\x08\x01\x0b\x0c"), 2, "group");
    assert_torn(STR("\x0c"), 0, "group");
    assert_torn(STR("\x0e"), 0, "wire type");
    assert_torn(STR("\x0f"), 0, "wire type");
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    Mem         mem = {0};
    ProtoWriter writer = {.mem = &mem};
    proto_put_varint(&writer, 1, 300);
    size_t opened = proto_open(&writer, 2000);
    proto_put_fixed64(&writer, 3, UINT64_MAX - 1);
    proto_put_fixed32(&writer, 4, 0xfeedbeef);
    proto_put_bytes(&writer, 5, STR("a\0b"));
    proto_put_double(&writer, 6, -0.5);
    proto_close(&writer, opened);
    proto_close(&writer, proto_open(&writer, 7));
    assert_false(writer.failed);

    ProtoReader reader = {.bytes = {.text = writer.bytes, .size = writer.size}};
    ProtoField  field;
    assert_true(proto_next(&reader, &field) && field.value == 300);
    assert_true(proto_next(&reader, &field));
    assert_int_equal(proto_number(&field), 2000);
    ProtoReader inner = {.bytes = field.bytes};
    assert_true(proto_next(&inner, &field) && field.value == UINT64_MAX - 1);
    assert_true(proto_next(&inner, &field) && field.value == 0xfeedbeef);
    assert_true(proto_next(&inner, &field) && str_equal(field.bytes, STR("a\0b")));
    assert_true(proto_next(&inner, &field) && proto_double(field.value) == -0.5);
    assert_false(proto_next(&inner, &field));
    assert_true(proto_next(&reader, &field));
    assert_int_equal(field.tag, PROTO_TAG(7, PROTO_BYTES));
    assert_int_equal(field.bytes.size, 0);
    assert_false(proto_next(&reader, &field));
    assert_null(reader.problem);
    proto_free(&writer);
    assert_int_equal(mem.bytes, 0);
}

static void a_writer_without_memory_says_so(void **state)
{
    (void)state;
    Mem         mem = {.bytes_max = 64};
    ProtoWriter writer = {.mem = &mem};
    size_t      opened = proto_open(&writer, 1);
    for (int i = 0; i < 100; i++)
        proto_put_bytes(&writer, 2, STR("0123456789"));
    proto_close(&writer, opened);
    assert_true(writer.failed);
    proto_free(&writer);
    assert_int_equal(mem.bytes, 0);
}

static void zigzag_numbers_have_their_sign(void **state)
{
    (void)state;
    assert_int_equal(proto_zigzag(0), 0);
    assert_int_equal(proto_zigzag(1), -1);
    assert_int_equal(proto_zigzag(2), 1);
    assert_true(proto_zigzag(UINT64_MAX) == INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_guide_are_read),
        cmocka_unit_test(a_varint_has_ten_bytes_at_most),
        cmocka_unit_test(what_is_no_message_is_torn_where_its_field_begins),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_writer_without_memory_says_so),
        cmocka_unit_test(zigzag_numbers_have_their_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
