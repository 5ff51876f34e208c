/* SPDX-License-Identifier: Apache-2.0
 *
 * Files that change while they are read, pipes, and lines without end.
 */
#include "fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    char   folder[PATH_SIZE], path[PATH_SIZE];
    Inputs inputs;
    Text   text;
    Notes  notes;
    Block  block;
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
    inputs_free(&room->inputs);
    text_free(&room->text);
    notes_free(&room->notes);
    block_free(&room->block);
    folder_remove(room->folder);
    return 0;
}

/* 200,000 rows of ten bytes, opened, its first block read. */
static Stream *open_long_file(Room *room)
{
    Text lines = {0};
    for (int i = 0; i < 200000; i++)
        text_add(&lines, "123456789\n", 10);
    file_write(room->path, lines.bytes, lines.size);
    text_free(&lines);
    Stream *stream = file_open(room->path, &(StreamOptions){0}, &room->notes, &room->inputs);
    assert_true(stream_next(stream, &room->block));
    return stream;
}

static uint64_t read_rest(Room *room, Stream *stream)
{
    while (stream_next(stream, &room->block))
        ;
    uint64_t rows = stream_counts(stream).lines.rows;
    notes_move(&room->notes, stream_notes(stream));
    stream_close(stream);
    return rows;
}

static void append(const char *path, const char *line)
{
    int descriptor = open(path, O_WRONLY | O_APPEND);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, line, strlen(line)), strlen(line));
    close(descriptor);
}

static void what_is_appended_while_reading_is_read_too(void **state)
{
    Room   *room = *state;
    Stream *stream = open_long_file(room);
    append(room->path, "one more\n");
    assert_int_equal(read_rest(room, stream), 200001);
    assert_int_equal(room->notes.count, 0);
}

/* A writer that always stays ahead: after each read it writes more than was read. */
static void a_file_that_grows_for_ever_is_not_chased(void **state)
{
    Room    *room = *state;
    Stream  *stream = open_long_file(room);
    uint64_t rows = 0;
    Text     more = {0};
    for (int i = 0; i < 100000; i++)
        text_add(&more, "123456789\n", 10);
    do {
        append(room->path, more.bytes);
        rows++;
        assert_in_range(rows, 1, 100);
    } while (stream_next(stream, &room->block));
    text_free(&more);
    read_rest(room, stream);
}

static void a_file_that_is_truncated_while_read_is_noted(void **state)
{
    Room   *room = *state;
    Stream *stream = open_long_file(room);
    assert_int_equal(truncate(room->path, 100), 0);
    assert_in_range(read_rest(room, stream), 50000, 199999);
    assert_true(notes_tell(&room->notes, "app.log was truncated while it was read"));
}

static void a_file_that_is_rotated_while_read_is_read_to_its_end(void **state)
{
    Room   *room = *state;
    Stream *stream = open_long_file(room);
    char    older[PATH_SIZE];
    assert_int_equal(rename(room->path, path_in(room->folder, "app.log.1", older)), 0);
    file_write(room->path, "new\n", 4);
    assert_int_equal(read_rest(room, stream), 200000);
    assert_true(notes_tell(&room->notes, "app.log was rotated while it was read|run again"));
}

static void a_file_that_is_removed_while_read_is_read_to_its_end(void **state)
{
    Room   *room = *state;
    Stream *stream = open_long_file(room);
    assert_int_equal(unlink(room->path), 0);
    assert_int_equal(read_rest(room, stream), 200000);
    assert_true(notes_tell(&room->notes, "app.log was renamed or removed while it was read"));
}

static void a_file_that_was_rotated_before_it_was_opened_is_noted(void **state)
{
    Room       *room = *state;
    const char *path = room->path;
    Stream     *stream;
    file_write(room->path, "old\n", 4);
    assert_true(inputs_find(&path, 1, &room->inputs, &room->notes));
    char older[PATH_SIZE];
    assert_int_equal(rename(room->path, path_in(room->folder, "app.log.1", older)), 0);
    file_write(room->path, "new\n", 4);
    assert_true(stream_open(&room->inputs.items[0], &(StreamOptions){0}, &room->notes, &stream));
    assert_int_equal(read_rest(room, stream), 1);
    assert_true(notes_tell(&room->notes, "app.log was rotated before it was read|run again"));
}

/* -- pipes: a child writes to what is our standard input ------------------------------------ */

static pid_t write_from_child(void (*writer)(int descriptor))
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        writer(ends[1]);
        _exit(0);
    }
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    return child;
}

static Stream *open_stdin(Room *room, const StreamOptions *options)
{
    return file_open("-", options, &room->notes, &room->inputs);
}

static void write_all(int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t put = write(descriptor, bytes, size);
        if (put <= 0)
            _exit(1);
        bytes += put;
        size -= (size_t)put;
    }
}

static void write_gigabyte(int descriptor)
{
    static char piece[1 << 20];
    memset(piece, 'x', sizeof piece);
    write_all(descriptor, "first\n", 6);
    for (int i = 0; i < 1024; i++)
        write_all(descriptor, piece, sizeof piece);
    write_all(descriptor, "\nlast\n", 6);
}

static void a_line_of_a_gigabyte_needs_little_memory_and_is_counted(void **state)
{
    Room         *room = *state;
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    pid_t        child = write_from_child(write_gigabyte);
    Stream      *stream = open_stdin(room, &(StreamOptions){0});
    StreamCounts counts = stream_read_all(stream, &room->notes, &room->text);
    getrusage(RUSAGE_SELF, &after);
    waitpid(child, NULL, 0);
    assert_int_equal(counts.lines.rows, 3);
    assert_int_equal(counts.lines.cut_lines, 1);
    assert_int_equal(counts.lines.cut_bytes, (UINT64_C(1) << 30) - STREAM_LINE_BYTES);
    assert_int_equal(room->text.size, 6 + STREAM_LINE_BYTES + 6);
    assert_memory_equal(room->text.bytes + room->text.size - 6, "\nlast\n", 6);
    assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, 32 << 10);
}

static void write_half_a_line(int descriptor)
{
    write_all(descriptor, "one\ntw", 6);
}

static void a_pipe_that_closes_in_a_line_ends_the_line(void **state)
{
    Room   *room = *state;
    pid_t   child = write_from_child(write_half_a_line);
    Stream *stream = open_stdin(room, &(StreamOptions){0});
    assert_int_equal(stream_read_all(stream, &room->notes, &room->text).lines.rows, 2);
    waitpid(child, NULL, 0);
    assert_string_equal(room->text.bytes, "one\ntw");
    assert_int_equal(room->notes.count, 0);
}

static void write_in_drops(int descriptor)
{
    for (int i = 0; i < 300; i++) {
        write_all(descriptor, "a\nb", 3);
        usleep(100);
    }
}

static void short_reads_lose_nothing(void **state)
{
    Room   *room = *state;
    pid_t   child = write_from_child(write_in_drops);
    Stream *stream = open_stdin(room, &(StreamOptions){.block_bytes = 64});
    assert_int_equal(stream_read_all(stream, &room->notes, &room->text).lines.bytes, 900);
    waitpid(child, NULL, 0);
    for (size_t i = 0; i < 900; i++)
        assert_int_equal(room->text.bytes[i], "a\nb"[i % 3]);
}

static void write_and_wait(int descriptor)
{
    write_all(descriptor, "one\n", 4);
    sleep(60);
}

static atomic_bool stop;

static void stop_soon(int signal_number)
{
    (void)signal_number; /* SIGALRM is the only one. */
    atomic_store(&stop, true);
}

static void a_request_to_stop_is_heard_while_a_pipe_is_silent(void **state)
{
    Room *room = *state;
    atomic_store(&stop, false);
    signal(SIGALRM, stop_soon);
    pid_t child = write_from_child(write_and_wait);
    alarm(1);
    Stream *stream = open_stdin(room, &(StreamOptions){.stop = &stop});
    stream_read_all(stream, &room->notes, &room->text);
    assert_string_equal(room->text.bytes, "one\n");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void a_closed_standard_input_is_refused_with_the_cure(void **state)
{
    Room       *room = *state;
    const char *name = "-";
    int         kept = dup(STDIN_FILENO);
    close(STDIN_FILENO);
    assert_true(inputs_find(&name, 1, &room->inputs, &room->notes));
    assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    close(kept);
    assert_int_equal(room->inputs.count, 0);
    assert_true(notes_tell(&room->notes, "cannot read standard input: it is closed"));
}

int main(void)
{
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, room_make, room_remove)
    const struct CMUnitTest tests[] = {
        ROOM_TEST(what_is_appended_while_reading_is_read_too),
        ROOM_TEST(a_file_that_grows_for_ever_is_not_chased),
        ROOM_TEST(a_file_that_is_truncated_while_read_is_noted),
        ROOM_TEST(a_file_that_is_rotated_while_read_is_read_to_its_end),
        ROOM_TEST(a_file_that_is_removed_while_read_is_read_to_its_end),
        ROOM_TEST(a_file_that_was_rotated_before_it_was_opened_is_noted),
        ROOM_TEST(a_line_of_a_gigabyte_needs_little_memory_and_is_counted),
        ROOM_TEST(a_pipe_that_closes_in_a_line_ends_the_line),
        ROOM_TEST(short_reads_lose_nothing),
        ROOM_TEST(a_request_to_stop_is_heard_while_a_pipe_is_silent),
        ROOM_TEST(a_closed_standard_input_is_refused_with_the_cure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
