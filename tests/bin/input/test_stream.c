/* SPDX-License-Identifier: Apache-2.0
 *
 * The bad inputs of the manual, each read from a real file.
 */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char  folder[PATH_SIZE], path[PATH_SIZE];
    Text  text; /* What was read. */
    Notes notes;
} Room;

static int room_make(void **state)
{
    static Room room;
    room = (Room){0};
    folder_make(room.folder);
    path_in(room.folder, "app.log", room.path);
    *state = &room;
    return 0;
}

static int room_remove(void **state)
{
    Room *room = *state;
    text_free(&room->text);
    notes_free(&room->notes);
    folder_remove(room->folder);
    return 0;
}

static StreamCounts read_bytes(Room *room, const void *bytes, size_t size)
{
    file_write(room->path, bytes, size);
    return file_read(room->path, &room->notes, &room->text);
}

static void expect(Room *room, const void *bytes, size_t size)
{
    assert_int_equal(room->text.size, size);
    if (size > 0)
        assert_memory_equal(room->text.bytes, bytes, size);
}

/* "line 1\nline 2\n..." of at least `size` bytes. */
static void numbered_lines(size_t size, Text *ret)
{
    for (unsigned i = 1; ret->size < size; i++) {
        char line[64];
        int length =
            snprintf(line, sizeof line, "line %u of the test, says %u\n", i, i * 2654435761u);
        text_add(ret, line, (size_t)length);
    }
}

static void an_empty_file_has_no_rows_and_no_note(void **state)
{
    Room *room = *state;
    assert_int_equal(read_bytes(room, BYTES("")).lines.rows, 0);
    assert_int_equal(room->notes.count, 0);
}

static void no_newline_at_the_end_is_no_fault(void **state)
{
    Room *room = *state;
    assert_int_equal(read_bytes(room, BYTES("one\ntwo")).lines.rows, 2);
    expect(room, BYTES("one\ntwo"));
    assert_int_equal(room->notes.count, 0);
}

static void crlf_stays_for_the_library_to_strip(void **state)
{
    Room *room = *state;
    assert_int_equal(read_bytes(room, BYTES("one\r\ntwo\r\n")).lines.rows, 2);
    expect(room, BYTES("one\r\ntwo\r\n"));
}

static void nuls_in_text_are_kept_and_counted(void **state)
{
    Room *room = *state;
    assert_int_equal(
        read_bytes(room, BYTES("a line of text with a\0NUL in the middle\n")).lines.nul_bytes, 1);
    assert_int_equal(room->text.size, 40);
}

static void invalid_utf8_passes_through(void **state)
{
    Room *room = *state;
    read_bytes(room, BYTES("caf\xe9 \xc0\xaf \xf5 torn \xe2\x82\n"));
    expect(room, BYTES("caf\xe9 \xc0\xaf \xf5 torn \xe2\x82\n"));
}

static void the_mark_of_utf8_goes(void **state)
{
    Room *room = *state;
    read_bytes(room, BYTES("\xef\xbb\xbfone\n"));
    expect(room, BYTES("one\n"));
}

static void utf16_of_both_ends_becomes_utf8(void **state)
{
    Room *room = *state;
    read_bytes(room, BYTES("\xff\xfe"
                           "a\0\xe9\0\n\0"));
    expect(room, BYTES("a\xc3\xa9\n"));
    read_bytes(room, BYTES("\xfe\xff"
                           "\0a\0\xe9\0\n"));
    expect(room, BYTES("a\xc3\xa9\na\xc3\xa9\n"));
    assert_int_equal(room->notes.count, 0);
}

static void utf16_in_gzip_becomes_utf8(void **state)
{
    Room *room = *state;
    Text  packed = {0};
    gzip_of(BYTES("\xff\xfe"
                  "a\0\xe9\0\n\0"),
            &packed);
    read_bytes(room, packed.bytes, packed.size);
    expect(room, BYTES("a\xc3\xa9\n"));
    text_free(&packed);
}

static void peeking_takes_nothing_away(void **state)
{
    Room       *room = *state;
    Text        lines = {0};
    Inputs      inputs;
    const char *bytes;
    numbered_lines(100000, &lines);
    file_write(room->path, lines.bytes, lines.size);
    Stream *stream = file_open(room->path, &(StreamOptions){0}, &room->notes, &inputs);
    size_t  size = stream_peek(stream, &bytes);
    assert_in_range(size, STREAM_PEEK_BYTES - 100, STREAM_PEEK_BYTES);
    assert_memory_equal(bytes, lines.bytes, size);
    assert_int_equal(bytes[size - 1], '\n');
    stream_read_all(stream, &room->notes, &room->text);
    expect(room, lines.bytes, lines.size);
    inputs_free(&inputs);
    text_free(&lines);
}

/* -- packed --------------------------------------------------------------------------------- */

typedef void (*Pack)(const void *bytes, size_t size, Text *ret);

static void pack_zstd(const void *bytes, size_t size, Text *ret)
{
    zstd_of(bytes, size, 0, ret);
}

static void pack_gzip_text(const void *bytes, size_t size, Text *ret)
{
    gzip_of(bytes, size, ret);
}

static const Pack packs[] = {pack_gzip_text, pack_zstd};
#define PACK_COUNT (sizeof packs / sizeof packs[0])

static void packed_text_is_read_as_if_it_were_not(void **state)
{
    Room *room = *state;
    for (size_t i = 0; i < PACK_COUNT; i++) {
        Text lines = {0}, packed = {0};
        numbered_lines(3000000, &lines);
        packs[i](lines.bytes, lines.size, &packed);
        StreamCounts counts = read_bytes(room, packed.bytes, packed.size);
        expect(room, lines.bytes, lines.size);
        assert_int_equal(counts.bytes_read, packed.size);
        assert_int_equal(room->notes.count, 0);
        text_free(&room->text);
        text_free(&lines);
        text_free(&packed);
    }
}

static void members_and_frames_follow_each_other(void **state)
{
    Room *room = *state;
    for (size_t i = 0; i < PACK_COUNT; i++) {
        Text packed = {0};
        packs[i](BYTES("one\n"), &packed);
        packs[i](BYTES(""), &packed);
        packs[i](BYTES("two\n"), &packed);
        read_bytes(room, packed.bytes, packed.size);
        expect(room, BYTES("one\ntwo\n"));
        assert_int_equal(room->notes.count, 0);
        text_free(&room->text);
        text_free(&packed);
    }
}

static void skippable_frames_are_skipped(void **state)
{
    Room *room = *state;
    Text  packed = {0};
    text_add(&packed, BYTES("\x52\x2a\x4d\x18\x03\0\0\0abc"));
    pack_zstd(BYTES("one\n"), &packed);
    text_add(&packed, BYTES("\x50\x2a\x4d\x18\0\0\0\0"));
    read_bytes(room, packed.bytes, packed.size);
    expect(room, BYTES("one\n"));
    assert_int_equal(room->notes.count, 0);
    text_free(&packed);
}

/* Whatever is missing, what came before it is kept, and one sentence says so. */
static void truncated_data_is_kept_as_far_as_it_goes(void **state)
{
    Room *room = *state;
    for (size_t i = 0; i < PACK_COUNT; i++) {
        Text lines = {0}, packed = {0};
        numbered_lines(400000, &lines);
        packs[i](lines.bytes, lines.size, &packed);
        for (size_t missing = 1; missing < packed.size; missing += packed.size / 7) {
            read_bytes(room, packed.bytes, packed.size - missing);
            assert_in_range(room->text.size, 0, lines.size);
            if (room->text.size > 0)
                assert_memory_equal(room->text.bytes, lines.bytes, room->text.size);
            /* At most a block of zstd is lost. */
            if (missing < packed.size / 2)
                assert_in_range(room->text.size, lines.size / 5, lines.size);
            assert_int_equal(room->notes.count, 1);
            assert_true(
                notes_tell(&room->notes, "app.log is truncated|ends at byte|missing; copy"));
            text_free(&room->text);
            notes_free(&room->notes);
        }
        text_free(&lines);
        text_free(&packed);
    }
}

static void damaged_data_is_kept_up_to_the_damage(void **state)
{
    Room *room = *state;
    for (size_t i = 0; i < PACK_COUNT; i++) {
        Text lines = {0}, packed = {0};
        numbered_lines(3000000, &lines);
        packs[i](lines.bytes, lines.size, &packed);
        memset(packed.bytes + packed.size / 2, 0x5a, 64);
        read_bytes(room, packed.bytes, packed.size);
        assert_in_range(room->text.size, lines.size / 4, lines.size * 2);
        assert_memory_equal(room->text.bytes, lines.bytes, lines.size / 4);
        assert_int_equal(room->notes.count, 1);
        assert_true(notes_tell(&room->notes, "app.log is damaged|near byte|missing; copy"));
        text_free(&room->text);
        notes_free(&room->notes);
        text_free(&lines);
        text_free(&packed);
    }
}

static void something_else_behind_packed_data_is_left_out_with_a_note(void **state)
{
    Room *room = *state;
    for (size_t i = 0; i < PACK_COUNT; i++) {
        Text packed = {0};
        packs[i](BYTES("one\n"), &packed);
        text_add(&packed, BYTES("not packed"));
        read_bytes(room, packed.bytes, packed.size);
        expect(room, BYTES("one\n"));
        assert_true(notes_tell(&room->notes, "app.log has something else behind"));
        text_free(&room->text);
        notes_free(&room->notes);
        text_free(&packed);
    }
}

static void nuls_behind_gzip_are_padding(void **state)
{
    Room       *room = *state;
    Text        packed = {0};
    static char padding[100000];
    gzip_of(BYTES("one\n"), &packed);
    text_add(&packed, padding, sizeof padding);
    read_bytes(room, packed.bytes, packed.size);
    expect(room, BYTES("one\n"));
    assert_int_equal(room->notes.count, 0);
    text_free(&packed);
}

static void packing_within_packing_must_be_unpacked_first(void **state)
{
    Room *room = *state;
    Text  inner = {0}, outer = {0};
    gzip_of(BYTES("one\n"), &inner);
    gzip_of(inner.bytes, inner.size, &outer);
    const char *name = room->path;
    Inputs      inputs;
    file_write(room->path, outer.bytes, outer.size);
    assert_true(inputs_find(&name, 1, &inputs, &room->notes));
    assert_int_equal(inputs.count, 0);
    assert_int_equal(inputs.failed_count, 1);
    assert_true(notes_tell(&room->notes, "app.log is packed in a way|unpack it first"));
    inputs_free(&inputs);
    text_free(&inner);
    text_free(&outer);
}

static void a_window_that_is_too_large_is_refused_with_the_cure(void **state)
{
    Room *room = *state;
    Text  lines = {0}, packed = {0};
    numbered_lines(1000, &lines);
    zstd_of(lines.bytes, lines.size, 31, &packed);
    read_bytes(room, packed.bytes, packed.size);
    assert_int_equal(room->text.size, 0);
    assert_true(notes_tell(&room->notes, "app.log is damaged|more than 128 MiB|zstd -d --long=31"));
    text_free(&lines);
    text_free(&packed);
}

static void a_compression_bomb_ends_with_a_clear_note(void **state)
{
    Room         *room = *state;
    Text          packed = {0};
    const size_t  size = 64 << 20;
    char         *nothing = test_calloc(size, 1);
    StreamOptions options = {0};
    Inputs        inputs;
    for (int i = 0; i < 16; i++) /* 1 GiB in 33 kB. */
        pack_zstd(nothing, size, &packed);
    test_free(nothing);
    file_write(room->path, packed.bytes, packed.size);
    Stream      *stream = file_open(room->path, &options, &room->notes, &inputs);
    StreamCounts counts = stream_read_all(stream, &room->notes, &room->text);
    assert_int_equal(room->text.size, STREAM_LINE_BYTES);
    assert_in_range(counts.lines.cut_bytes, 256 << 20, 300 << 20);
    assert_true(
        notes_tell(&room->notes, "app.log looks like a compression bomb|unpack it yourself"));
    inputs_free(&inputs);
    text_free(&packed);
}

static void the_total_that_is_unpacked_has_a_cap(void **state)
{
    Room         *room = *state;
    Text          lines = {0}, packed = {0};
    StreamOptions options = {.unpacked_bytes_max = 1 << 20};
    Inputs        inputs;
    numbered_lines(3 << 20, &lines);
    gzip_of(lines.bytes, lines.size, &packed);
    file_write(room->path, packed.bytes, packed.size);
    Stream *stream = file_open(room->path, &options, &room->notes, &inputs);
    stream_read_all(stream, &room->notes, &room->text);
    assert_in_range(room->text.size, 1 << 20, 2 << 20);
    assert_memory_equal(room->text.bytes, lines.bytes, room->text.size);
    assert_true(notes_tell(&room->notes, "app.log unpacks to more than"));
    inputs_free(&inputs);
    text_free(&lines);
    text_free(&packed);
}

static void a_log_of_one_line_repeated_is_no_bomb_in_gzip(void **state)
{
    Room *room = *state;
    Text  lines = {0}, packed = {0};
    while (lines.size < 300 << 20)
        text_add(&lines, BYTES("2026-11-23T20:15:42Z host app[1]: the same line again\n"));
    gzip_of(lines.bytes, lines.size, &packed);
    assert_int_equal(read_bytes(room, packed.bytes, packed.size).lines.bytes, lines.size);
    assert_int_equal(room->notes.count, 0);
    text_free(&lines);
    text_free(&packed);
}

int main(void)
{
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, room_make, room_remove)
    const struct CMUnitTest tests[] = {
        ROOM_TEST(an_empty_file_has_no_rows_and_no_note),
        ROOM_TEST(no_newline_at_the_end_is_no_fault),
        ROOM_TEST(crlf_stays_for_the_library_to_strip),
        ROOM_TEST(nuls_in_text_are_kept_and_counted),
        ROOM_TEST(invalid_utf8_passes_through),
        ROOM_TEST(the_mark_of_utf8_goes),
        ROOM_TEST(utf16_of_both_ends_becomes_utf8),
        ROOM_TEST(utf16_in_gzip_becomes_utf8),
        ROOM_TEST(peeking_takes_nothing_away),
        ROOM_TEST(packed_text_is_read_as_if_it_were_not),
        ROOM_TEST(members_and_frames_follow_each_other),
        ROOM_TEST(skippable_frames_are_skipped),
        ROOM_TEST(truncated_data_is_kept_as_far_as_it_goes),
        ROOM_TEST(damaged_data_is_kept_up_to_the_damage),
        ROOM_TEST(something_else_behind_packed_data_is_left_out_with_a_note),
        ROOM_TEST(nuls_behind_gzip_are_padding),
        ROOM_TEST(packing_within_packing_must_be_unpacked_first),
        ROOM_TEST(a_window_that_is_too_large_is_refused_with_the_cure),
        ROOM_TEST(a_compression_bomb_ends_with_a_clear_note),
        ROOM_TEST(the_total_that_is_unpacked_has_a_cap),
        ROOM_TEST(a_log_of_one_line_repeated_is_no_bomb_in_gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
