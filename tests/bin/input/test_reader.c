/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_engine.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/reader.h"

typedef struct {
    char         folder[PATH_SIZE];
    odd_db      *db;
    Inputs       inputs;
    Notes        notes;
    ReaderCounts counts;
} Room;

static int room_make(void **state)
{
    static Room room;
    room = (Room){.db = fake_open()};
    folder_make(room.folder);
    *state = &room;
    return 0;
}

static int room_remove(void **state)
{
    Room *room = *state;
    inputs_free(&room->inputs);
    notes_free(&room->notes);
    fake_close(room->db);
    folder_remove(room->folder);
    return 0;
}

static void put(const Room *room, const char *name, const char *text)
{
    char path[PATH_SIZE];
    file_write(path_in(room->folder, name, path), text, strlen(text));
}

static odd_rc feed(Room *room, int threads)
{
    const char *folder = room->folder;
    inputs_free(&room->inputs);
    assert_true(inputs_find(&folder, 1, &room->inputs, &room->notes));
    return reader_feed(room->db, NULL, &room->inputs, &(ReaderOptions){.threads = threads},
                       &room->notes, &room->counts);
}

static void inputs_are_merged_by_time(void **state)
{
    Room *room = *state;
    put(room, "a", "t1\nt4\nt9\n");
    put(room, "b", "t2\nt3\nt8\n");
    put(room, "c", "t5\nno time\nt6\nt7");
    assert_int_equal(feed(room, 1), ODD_OK);
    assert_string_equal(room->db->learnt.bytes,
                        "0:1=t1\n1:1=t2\n1:2=t3\n0:2=t4\n2:1=t5\n2:2=no time\n2:3=t6\n2:4=t7\n"
                        "1:3=t8\n0:3=t9\n");
    assert_int_equal(room->counts.rows, 10);
    assert_int_equal(room->counts.input_done_count, 3);
    assert_int_equal(room->counts.bytes_done, room->counts.bytes_total);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(room->db->sampled[i], 1);
        assert_int_equal(room->db->ended[i], 1);
    }
}

static void equal_times_come_in_the_order_of_the_inputs(void **state)
{
    Room *room = *state;
    put(room, "a", "t2\nt2\n");
    put(room, "b", "t1\nt2\n");
    assert_int_equal(feed(room, 1), ODD_OK);
    assert_string_equal(room->db->learnt.bytes, "1:1=t1\n0:1=t2\n0:2=t2\n1:2=t2\n");
}

static void a_torn_beginning_stays_with_its_input(void **state)
{
    Room *room = *state;
    put(room, "a", "t1\nt5\n");
    put(room, "b", " rest of a record\n of another file\nt3\n");
    put(room, "c", "t4\n");
    assert_int_equal(feed(room, 1), ODD_OK);
    assert_string_equal(
        room->db->learnt.bytes,
        "0:1=t1\n1:1= rest of a record\n1:2= of another file\n1:3=t3\n2:1=t4\n0:2=t5\n");
}

static void empty_and_vanished_inputs_do_not_stop_the_others(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE];
    put(room, "a", "");
    put(room, "b", "t1\n");
    put(room, "c", "t2\n");
    const char *folder = room->folder;
    assert_true(inputs_find(&folder, 1, &room->inputs, &room->notes));
    assert_int_equal(unlink(path_in(room->folder, "b", path)), 0);
    assert_int_equal(reader_feed(room->db, NULL, &room->inputs, &(ReaderOptions){.threads = 1},
                                 &room->notes, &room->counts),
                     ODD_OK);
    assert_string_equal(room->db->learnt.bytes, "2:1=t2\n");
    assert_int_equal(room->counts.input_refused_count, 1);
    assert_true(notes_tell(&room->notes, "cannot read|b: no such file"));
}

static void known_good_inputs_come_first_and_keep_their_names_apart(void **state)
{
    Room *room = *state;
    put(room, "a", "t1\n");
    put(room, "b", "t0\n");
    char        a[PATH_SIZE];
    Inputs      good;
    const char *folder = room->folder;
    const char *names[] = {path_in(room->folder, "a", a)};
    assert_true(inputs_find(names, 1, &good, &room->notes));
    assert_true(inputs_find(&folder, 1, &room->inputs, &room->notes));
    ReaderOptions options = {.threads = 1, .now = 7, .zone_s = 3600};
    assert_int_equal(
        reader_feed(room->db, &good, &room->inputs, &options, &room->notes, &room->counts), ODD_OK);
    inputs_free(&good);
    assert_string_equal(room->db->learnt.bytes, "0:1=t1\n2:1=t0\n1:1=t1\n");
    assert_true(room->db->readings[0].reference);
    assert_false(room->db->readings[1].reference);
    assert_int_equal(room->db->readings[1].now, 7);
    assert_int_equal(room->db->readings[1].zone_s, 3600);
    assert_non_null(strstr(room->db->names[1], "/a (2)"));
}

static void the_time_of_a_file_is_its_now(void **state)
{
    Room *room = *state;
    put(room, "a", "t1\n");
    assert_int_equal(feed(room, 1), ODD_OK);
    assert_int_equal(room->db->readings[0].now, room->inputs.items[0].changed_ns);
}

/* Files of many sizes, overlapping, packed or not, some lines without time. */
static void put_random_files(const Room *room, uint64_t seed, size_t line_count)
{
    for (int file = 0; file < 12; file++) {
        Text     text = {0}, packed = {0};
        unsigned time = (unsigned)random_below(&seed, 2000);
        size_t   count = random_below(&seed, line_count);
        for (size_t i = 0; i < count; i++) {
            char line[64];
            int  size = random_below(&seed, 9) == 0
                            ? snprintf(line, sizeof line, " at frame %zu\n", i)
                            : snprintf(line, sizeof line, "t%u says %u\n", time, (unsigned)i);
            text_add(&text, line, (size_t)size);
            time += (unsigned)random_below(&seed, 3);
        }
        text_add(&text, "", 0);
        char name[16], path[PATH_SIZE];
        snprintf(name, sizeof name, "log.%d", file);
        if (file % 3 == 0)
            gzip_of(text.bytes, text.size, &packed);
        const Text *written = file % 3 == 0 ? &packed : &text;
        file_write(path_in(room->folder, name, path), written->bytes, written->size);
        text_free(&text);
        text_free(&packed);
    }
}

static void any_number_of_threads_and_any_block_size_learn_the_same(void **state)
{
    Room *room = *state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        Text first = {0};
        put_random_files(room, seed, seed % 5 == 0 ? 40000 : 400);
        const char *folder = room->folder;
        inputs_free(&room->inputs);
        assert_true(inputs_find(&folder, 1, &room->inputs, &room->notes));
        for (int threads = 1; threads <= 4; threads++) {
            ReaderOptions options = {.threads = threads};
            if (threads == 3)
                options.stream.block_bytes = 1000;
            fake_close(room->db);
            room->db = fake_open();
            assert_int_equal(
                reader_feed(room->db, NULL, &room->inputs, &options, &room->notes, &room->counts),
                ODD_OK);
            if (threads == 1)
                text_add(&first, room->db->learnt.bytes, room->db->learnt.size);
            else if (first.size != room->db->learnt.size ||
                     memcmp(first.bytes, room->db->learnt.bytes, first.size) != 0)
                fail_msg("seed %u, %d threads", (unsigned)seed, threads);
        }
        text_free(&first);
    }
    assert_int_equal(room->notes.count, 0);
}

/* -- what a step sees ----------------------------------------------------------------------- */

typedef struct {
    int          open_max;
    uint64_t     stop_rows;
    atomic_bool  stop;
    ReaderCounts last;
} Watch;

static int open_count(void)
{
    int  count = 0;
    DIR *folder = opendir("/proc/self/fd");
    assert_non_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static odd_rc watch(void *context, const ReaderCounts *counts)
{
    Watch *w = context;
    int    open = open_count();
    w->open_max = open > w->open_max ? open : w->open_max;
    assert_true(counts->rows >= w->last.rows);
    assert_true(counts->bytes_done >= w->last.bytes_done);
    w->last = *counts;
    if (w->stop_rows > 0 && counts->rows >= w->stop_rows)
        atomic_store(&w->stop, true);
    return ODD_OK;
}

static void put_rotated_files(const Room *room, int file_count)
{
    for (int file = 0; file < file_count; file++) {
        char name[16], text[256] = "";
        snprintf(name, sizeof name, "log.%03d", file_count - file);
        for (int i = 0; i < 10; i++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "t%d\n", file * 10 + i);
        put(room, name, text);
    }
}

static void rotated_files_are_opened_one_after_the_other(void **state)
{
    Room         *room = *state;
    Watch         w = {0};
    ReaderOptions options = {.threads = 2, .step = watch, .context = &w};
    put_rotated_files(room, 200);
    const char *folder = room->folder;
    assert_true(inputs_find(&folder, 1, &room->inputs, &room->notes));
    int before = open_count();
    assert_int_equal(
        reader_feed(room->db, NULL, &room->inputs, &options, &room->notes, &room->counts), ODD_OK);
    assert_int_equal(room->counts.rows, 2000);
    assert_in_range(w.open_max - before, 1, 3);
    const char *at = room->db->learnt.bytes;
    for (int i = 0; i < 2000; i++) {
        at = strchr(at, '=');
        assert_int_equal(strtol(at + 2, (char **)&at, 10), i);
    }
}

static void more_overlapping_inputs_than_can_be_open_are_all_read(void **state)
{
    Room *room = *state;
    for (int file = 0; file < OPEN_STREAMS_MAX + 20; file++) {
        char name[16];
        snprintf(name, sizeof name, "log.%03d", file);
        put(room, name, "t1\nt5\n");
    }
    assert_int_equal(feed(room, 2), ODD_OK);
    assert_int_equal(room->counts.rows, 2 * (OPEN_STREAMS_MAX + 20));
    assert_true(notes_tell(&room->notes, "more than 100 inputs overlap"));
}

static void a_stop_ends_it_with_what_was_read(void **state)
{
    Room         *room = *state;
    Watch         w = {.stop_rows = 55};
    ReaderOptions options = {.threads = 2, .step = watch, .context = &w, .stream.stop = &w.stop};
    put_rotated_files(room, 200);
    const char *folder = room->folder;
    assert_true(inputs_find(&folder, 1, &room->inputs, &room->notes));
    assert_int_equal(
        reader_feed(room->db, NULL, &room->inputs, &options, &room->notes, &room->counts), ODD_OK);
    assert_in_range(room->counts.rows, 55, 80);
    assert_in_range(room->counts.input_unread_count, 190, 195);
    assert_int_equal(room->counts.input_done_count + room->counts.input_unread_count, 200);
    assert_int_equal(room->notes.count, 0);
}

static atomic_bool *stopping;

static void stop_now(int signal_number)
{
    (void)signal_number; /* SIGALRM is the only one. */
    atomic_store(stopping, true);
}

/* Its beginning is looked at before anything is learnt: that must not be lost. */
static void what_a_pipe_gave_before_a_stop_is_learnt(void **state)
{
    Room         *room = *state;
    atomic_bool   stop;
    ReaderOptions options = {.threads = 1, .stream.stop = &stop};
    const char   *name = "-";
    int           ends[2], kept = dup(STDIN_FILENO);
    atomic_init(&stop, false);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "t1\nt2\n", 6), 6);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    assert_true(inputs_find(&name, 1, &room->inputs, &room->notes));
    stopping = &stop;
    signal(SIGALRM, stop_now);
    alarm(1);
    assert_int_equal(
        reader_feed(room->db, NULL, &room->inputs, &options, &room->notes, &room->counts), ODD_OK);
    assert_string_equal(room->db->learnt.bytes, "0:1=t1\n0:2=t2\n");
    assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    close(kept);
    close(ends[0]);
    close(ends[1]);
}

static odd_rc refuse(void *context, const ReaderCounts *counts)
{
    (void)context, (void)counts; /* Whatever it is, it is too much. */
    return ODD_FULL;
}

static void what_a_step_returns_ends_it(void **state)
{
    Room         *room = *state;
    ReaderOptions options = {.threads = 2, .step = refuse};
    put_rotated_files(room, 20);
    const char *folder = room->folder;
    assert_true(inputs_find(&folder, 1, &room->inputs, &room->notes));
    assert_int_equal(
        reader_feed(room->db, NULL, &room->inputs, &options, &room->notes, &room->counts),
        ODD_FULL);
}

static void a_fault_of_the_engine_comes_back(void **state)
{
    Room *room = *state;
    put_random_files(room, 3, 400);
    for (int threads = 1; threads <= 3; threads++) {
        fake_close(room->db);
        room->db = fake_open();
        room->db->full_source = 5;
        assert_int_equal(feed(room, threads), ODD_NOMEM);
    }
}

static void cut_lines_are_told(void **state)
{
    Room *room = *state;
    Text  text = {0};
    char  path[PATH_SIZE];
    while (text.size < 100000)
        text_add(&text, "xxxxxxxxxx", 10);
    file_write(path_in(room->folder, "a", path), text.bytes, text.size);
    assert_int_equal(feed(room, 1), ODD_OK);
    assert_int_equal(room->counts.cut_bytes, 100000 - STREAM_LINE_BYTES);
    assert_true(notes_tell(&room->notes, "a: 1 line longer than 64 kB was cut, 34.5 kB left out"));
    text_free(&text);
}

int main(void)
{
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, room_make, room_remove)
    const struct CMUnitTest tests[] = {
        ROOM_TEST(inputs_are_merged_by_time),
        ROOM_TEST(equal_times_come_in_the_order_of_the_inputs),
        ROOM_TEST(a_torn_beginning_stays_with_its_input),
        ROOM_TEST(empty_and_vanished_inputs_do_not_stop_the_others),
        ROOM_TEST(known_good_inputs_come_first_and_keep_their_names_apart),
        ROOM_TEST(the_time_of_a_file_is_its_now),
        ROOM_TEST(any_number_of_threads_and_any_block_size_learn_the_same),
        ROOM_TEST(rotated_files_are_opened_one_after_the_other),
        ROOM_TEST(more_overlapping_inputs_than_can_be_open_are_all_read),
        ROOM_TEST(a_stop_ends_it_with_what_was_read),
        ROOM_TEST(what_a_pipe_gave_before_a_stop_is_learnt),
        ROOM_TEST(what_a_step_returns_ends_it),
        ROOM_TEST(a_fault_of_the_engine_comes_back),
        ROOM_TEST(cut_lines_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
