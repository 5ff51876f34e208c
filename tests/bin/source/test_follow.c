/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_intake.h"
#include "input/clock.h"
#include "source/follow.h"
#include "source/give.h"

#define DAY_NS (86400 * NS_PER_S)

typedef struct {
    char       folder[PATH_SIZE], log[PATH_SIZE];
    FakeServer server;
    Follow    *follow;
    int64_t    clock_ns, wall_ns;
    size_t     open_max;
    char      *exclude;
} Room;

static void follower_start(Room *room)
{
    static char  *name;
    FollowOptions options = {.names = {.items = &name, .count = 1},
                             .exclude = {.items = &room->exclude, .count = room->exclude != NULL},
                             .backfill_ns = 7 * DAY_NS,
                             .torn_wait_ns = 60 * NS_PER_S,
                             .rest_ns = 60 * NS_PER_S,
                             .open_max = room->open_max};
    name = room->folder;
    room->follow = follow_open(&room->server.context, &options);
    assert_non_null(room->follow);
}

static void follower_restart(Room *room)
{
    follow_close(room->follow);
    follower_start(room);
}

/* Time passes for the follower, on both clocks. */
static void pass(Room *room, int64_t s)
{
    room->clock_ns += s * NS_PER_S;
    room->wall_ns += s * NS_PER_S;
}

static FollowAnswer one_round(Room *room)
{
    pass(room, 1);
    return follow_round(room->follow, (FollowNow){.wall = clock_now() + room->wall_ns,
                                                  .monotonic_ns = room->clock_ns});
}

static void drain(Room *room)
{
    for (int i = 0; i < 3; i++) {
        follow_look(room->follow);
        while (one_round(room) == FOLLOW_MORE)
            ;
    }
}

static int room_make(void **state)
{
    static Room room;
    room = (Room){.clock_ns = NS_PER_S};
    folder_make(room.folder);
    path_in(room.folder, "app.log", room.log);
    fake_server_open(&room.server);
    follower_start(&room);
    *state = &room;
    return 0;
}

static int room_remove(void **state)
{
    Room *room = *state;
    follow_close(room->follow);
    fake_server_close(&room->server);
    folder_remove(room->folder);
    return 0;
}

static void append(const char *path, const char *text)
{
    int descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT, 0644);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
}

static void age(const char *path, int64_t days)
{
    struct timespec times[2] = {{.tv_sec = (clock_now() - days * DAY_NS) / NS_PER_S}};
    times[1] = times[0];
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void assert_given(Room *room, const char *source, const char *text)
{
    char *got = fake_text(room->server.intake, source);
    assert_string_equal(got, text);
    free(got);
}

static void new_lines_are_given_once_they_are_whole(void **state)
{
    Room *room = *state;
    append(room->log, "one\ntwo\nthr");
    drain(room);
    assert_given(room, room->log, "one\ntwo\n");
    append(room->log, "ee\n");
    drain(room);
    assert_given(room, room->log, "one\ntwo\nthree\n");
    assert_int_equal(fake_zone(room->server.intake, room->log), 7200);
}

static void a_torn_line_is_given_after_a_minute(void **state)
{
    Room *room = *state;
    append(room->log, "no end");
    drain(room);
    pass(room, 50);
    drain(room);
    assert_given(room, room->log, "");
    pass(room, 20);
    drain(room);
    assert_given(room, room->log, "no end\n");
}

static void rotated_logs_are_learnt_first_and_as_one_source(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE];
    Text  gzip = {0};
    gzip_of(BYTES("oldest\n"), &gzip);
    file_write(path_in(room->folder, "app.log.2.gz", path), gzip.bytes, gzip.size);
    text_free(&gzip);
    append(path_in(room->folder, "app.log.1", path), "older\n");
    append(room->log, "new\n");
    drain(room);
    assert_given(room, room->log, "oldest\nolder\nnew\n");
    char *sources = fake_sources(room->server.intake);
    assert_int_equal(strlen(sources), strlen(room->log) + 1);
    free(sources);
}

static void what_is_older_than_the_backfill_is_left_out(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE], other[PATH_SIZE];
    append(path_in(room->folder, "app.log.1", path), "ancient\n");
    age(path, 8);
    append(room->log, "recent\n");
    append(path_in(room->folder, "other.log", other), "ancient too\n");
    age(other, 30);
    drain(room);
    assert_given(room, room->log, "recent\n");
    assert_given(room, other, "");
    follower_restart(room);
    append(other, "it speaks again\n");
    drain(room);
    assert_given(room, other, "it speaks again\n");
}

/* Half of it is there: it is being packed. */
static void a_packed_log_that_is_not_whole_is_read_on_once_it_is(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE], line[64];
    Text  lines = {0}, gzip = {0};
    for (unsigned i = 0; i < 50000; i++) {
        snprintf(line, sizeof line, "line %u of many, %x\n", i, i * 2654435761u);
        text_add(&lines, line, strlen(line));
    }
    gzip_of(lines.bytes, lines.size, &gzip);
    file_write(path_in(room->folder, "app.log.1.gz", path), gzip.bytes, gzip.size / 2);
    drain(room);
    char *got = fake_text(room->server.intake, room->log);
    assert_in_range(strlen(got), 1000, lines.size - 1000);
    free(got);
    SourceKind kind = {
        .describe = (void (*)(void *, void (*)(void *, const Watch *), void *))follow_describe};
    char *watches = fake_watches(&kind, room->follow);
    assert_non_null(strstr(watches, "what was packed is damaged, or its end is missing"));
    free(watches);
    follower_restart(room);
    drain(room);
    usleep(20000); /* So that its time of writing is another one. */
    file_write(path, gzip.bytes, gzip.size);
    append(room->log, "live\n");
    drain(room);
    text_add(&lines, "live\n", 5);
    assert_given(room, room->log, lines.bytes);
    text_free(&lines);
    text_free(&gzip);
}

static void a_renamed_log_is_read_to_its_end_before_the_new_one(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE];
    append(room->log, "one\n");
    drain(room);
    append(room->log, "two\n");
    assert_int_equal(rename(room->log, path_in(room->folder, "app.log.1", path)), 0);
    append(room->log, "four\n");
    append(path, "three\n"); /* Its writer has not noticed yet. */
    drain(room);
    assert_given(room, room->log, "one\ntwo\nthree\nfour\n");
    append(path, "late\n");
    drain(room);
    assert_given(room, room->log, "one\ntwo\nthree\nfour\nlate\n");
}

static void a_deleted_log_is_read_to_its_end(void **state)
{
    Room *room = *state;
    append(room->log, "one\n");
    drain(room);
    append(room->log, "two\n");
    assert_int_equal(unlink(room->log), 0);
    append(room->log, "three\n");
    drain(room);
    assert_given(room, room->log, "one\ntwo\nthree\n");
}

static void a_log_cut_to_nothing_starts_anew(void **state)
{
    Room *room = *state;
    append(room->log, "one\ntwo\n");
    drain(room);
    assert_int_equal(truncate(room->log, 0), 0);
    append(room->log, "1\n");
    drain(room);
    assert_int_equal(truncate(room->log, 0), 0);
    drain(room);
    append(room->log, "one\ntwo\nthree\n"); /* Longer than what was there before. */
    drain(room);
    assert_given(room, room->log, "one\ntwo\n1\none\ntwo\nthree\n");
}

static void a_log_cut_and_written_beyond_its_old_end_is_noticed(void **state)
{
    Room *room = *state;
    append(room->log, "one\n");
    drain(room);
    assert_int_equal(truncate(room->log, 0), 0);
    append(room->log, "another and a longer one\n");
    drain(room);
    assert_given(room, room->log, "one\nanother and a longer one\n");
}

static void an_inode_that_is_used_again_is_a_new_file(void **state)
{
    Room       *room = *state;
    struct stat before, after = {0};
    append(room->log, "one\n");
    drain(room);
    assert_int_equal(stat(room->log, &before), 0);
    follow_close(room->follow); /* So that nobody holds the inode. */
    assert_int_equal(unlink(room->log), 0);
    append(room->log, "two and more\n");
    assert_int_equal(stat(room->log, &after), 0);
    if (before.st_ino != after.st_ino)
        print_message("this file system does not use inodes again at once\n");
    follower_start(room);
    drain(room);
    assert_given(room, room->log, "one\ntwo and more\n");
}

static void a_hole_left_by_a_cut_under_the_writer_is_passed_over(void **state)
{
    Room *room = *state;
    append(room->log, "one\n");
    drain(room);
    assert_int_equal(truncate(room->log, 0), 0);
    int descriptor = open(room->log, O_WRONLY);
    assert_int_equal(pwrite(descriptor, "two\n", 4, 5000000), 4);
    close(descriptor);
    drain(room);
    assert_given(room, room->log, "one\ntwo\n");
}

static void binary_files_are_left_out(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE], bytes[1000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 37 % 256);
    file_write(path_in(room->folder, "wtmp", path), bytes, sizeof bytes);
    drain(room);
    append(path, "a line at its end\n");
    drain(room);
    assert_given(room, path, "");
}

static void a_line_without_end_is_cut_and_its_rest_dropped(void **state)
{
    Room  *room = *state;
    size_t size = 3u << 20;
    char  *line = malloc(size + 10);
    assert_non_null(line);
    memset(line, 'x', size);
    strcpy(line + size, "\nnext\n");
    append(room->log, line);
    assert_int_equal(one_round(room), FOLLOW_MORE);
    follower_restart(room); /* In the middle of it. */
    drain(room);
    char *got = fake_text(room->server.intake, room->log);
    assert_int_equal(strspn(got, "x"), 65536 + 1); /* The engine sees that it was cut. */
    assert_string_equal(strchr(got, '\n'), "\nnext\n");
    free(got);
    free(line);
}

static void a_file_that_grows_fast_starves_no_other(void **state)
{
    Room  *room = *state;
    char   path[PATH_SIZE];
    size_t size = 5u << 20;
    char  *lines = malloc(size + 1);
    assert_non_null(lines);
    for (size_t i = 0; i < size; i++)
        lines[i] = i % 64 == 63 ? '\n' : 'y';
    lines[size] = '\0';
    append(room->log, lines);
    append(path_in(room->folder, "small.log", path), "hello\n");
    assert_int_equal(one_round(room), FOLLOW_MORE);
    assert_given(room, path, "hello\n");
    drain(room);
    char *got = fake_text(room->server.intake, room->log);
    assert_int_equal(strlen(got), size);
    free(got);
    free(lines);
}

static void refused_lines_are_given_again(void **state)
{
    Room *room = *state;
    append(room->log, "one\ntwo\n");
    fake_refuse(room->server.intake, 3, INTAKE_NO_SPACE);
    drain(room);
    assert_given(room, room->log, "one\ntwo\n");
}

static void many_files_are_followed_with_few_open(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE], name[32];
    follow_close(room->follow);
    room->open_max = 10;
    follower_start(room);
    for (int turn = 0; turn < 3; turn++) {
        for (int i = 0; i < 200; i++) {
            snprintf(name, sizeof name, "f%d.log", i);
            append(path_in(room->folder, name, path), "hello\n");
        }
        drain(room);
        int next = dup(0); /* The lowest number that is free tells how many are open. */
        close(next);
        assert_in_range(next, 3, 30);
    }
    for (int i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "f%d.log", i);
        assert_given(room, path_in(room->folder, name, path), "hello\nhello\nhello\n");
    }
}

static void a_log_that_moves_to_a_strange_name_goes_on_under_it(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE];
    append(room->log, "one\n");
    drain(room);
    assert_int_equal(rename(room->log, path_in(room->folder, "kept-for-later", path)), 0);
    append(room->log, "two\n");
    drain(room);
    pass(room, 100);
    drain(room);
    follower_restart(room);
    drain(room);
    append(path, "three\n");
    drain(room);
    assert_given(room, room->log, "one\ntwo\n");
    assert_given(room, path, "three\n");
}

static void links_to_one_file_are_one_source(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE];
    append(room->log, "one\n");
    assert_int_equal(symlink(room->log, path_in(room->folder, "a-link.log", path)), 0);
    assert_int_equal(symlink(room->folder, path_in(room->folder, "round", path)), 0);
    drain(room);
    assert_given(room, room->log, "one\n");
    char *sources = fake_sources(room->server.intake);
    assert_int_equal(strlen(sources), strlen(room->log) + 1);
    free(sources);
}

/* Who may write into a folder of logs must not have root read him what he may not. */
static void a_link_of_another_leads_to_what_is_his_alone(void **state)
{
    Room *room = *state;
    char  secrets[PATH_SIZE], secret[PATH_SIZE], to_file[PATH_SIZE], to_folder[PATH_SIZE];
    char  inside[PATH_SIZE];
    if (geteuid() != 0)
        skip();
    folder_make(secrets);
    append(path_in(secrets, "key.log", secret), "secret\n");
    assert_int_equal(symlink(secret, path_in(room->folder, "file.log", to_file)), 0);
    assert_int_equal(symlink(secrets, path_in(room->folder, "folder", to_folder)), 0);
    assert_int_equal(lchown(to_file, 65534, 65534), 0);
    assert_int_equal(lchown(to_folder, 65534, 65534), 0);
    drain(room);
    assert_given(room, to_file, "");
    assert_given(room, path_in(to_folder, "key.log", inside), "");
    assert_int_equal(lchown(to_folder, 0, 0), 0);
    drain(room);
    assert_given(room, inside, "secret\n");
    folder_remove(secrets);
}

static void what_is_excluded_and_hidden_is_left_out(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE], hidden[PATH_SIZE];
    follow_close(room->follow);
    room->exclude = "*.secret";
    follower_start(room);
    append(path_in(room->folder, "a.secret", path), "one\n");
    append(path_in(room->folder, ".b.log", hidden), "one\n");
    append(room->log, "one\n");
    drain(room);
    assert_given(room, path, "");
    assert_given(room, hidden, "");
    assert_given(room, room->log, "one\n");
}

/* Root may read all, so for a while this is nobody. */
static void a_log_that_may_not_be_read_is_told_with_the_cure(void **state)
{
    Room *room = *state;
    char  all[4096] = "";
    append(room->log, "one\n");
    assert_int_equal(chmod(room->log, 0600), 0);
    if (geteuid() != 0 || seteuid(65534) != 0) {
        print_message("skipped: only root can become another\n");
        skip();
    }
    drain(room);
    SourceKind kind = {
        .describe = (void (*)(void *, void (*)(void *, const Watch *), void *))follow_describe};
    char *watches = fake_watches(&kind, room->follow);
    assert_int_equal(seteuid(0), 0);
    snprintf(all, sizeof all, "%s|refused|permission denied|sudo setfacl -m u:nobody:r %s|",
             room->log, room->log);
    assert_non_null(strstr(watches, all));
    free(watches);
    assert_int_equal(chmod(room->log, 0644), 0);
    drain(room);
    assert_given(room, room->log, "one\n");
}

int main(void)
{
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, room_make, room_remove)
    const struct CMUnitTest tests[] = {
        ROOM_TEST(new_lines_are_given_once_they_are_whole),
        ROOM_TEST(a_torn_line_is_given_after_a_minute),
        ROOM_TEST(rotated_logs_are_learnt_first_and_as_one_source),
        ROOM_TEST(what_is_older_than_the_backfill_is_left_out),
        ROOM_TEST(a_packed_log_that_is_not_whole_is_read_on_once_it_is),
        ROOM_TEST(a_renamed_log_is_read_to_its_end_before_the_new_one),
        ROOM_TEST(a_deleted_log_is_read_to_its_end),
        ROOM_TEST(a_log_cut_to_nothing_starts_anew),
        ROOM_TEST(a_log_cut_and_written_beyond_its_old_end_is_noticed),
        ROOM_TEST(an_inode_that_is_used_again_is_a_new_file),
        ROOM_TEST(a_hole_left_by_a_cut_under_the_writer_is_passed_over),
        ROOM_TEST(binary_files_are_left_out),
        ROOM_TEST(a_line_without_end_is_cut_and_its_rest_dropped),
        ROOM_TEST(a_file_that_grows_fast_starves_no_other),
        ROOM_TEST(refused_lines_are_given_again),
        ROOM_TEST(many_files_are_followed_with_few_open),
        ROOM_TEST(a_log_that_moves_to_a_strange_name_goes_on_under_it),
        ROOM_TEST(links_to_one_file_are_one_source),
        ROOM_TEST(a_link_of_another_leads_to_what_is_his_alone),
        ROOM_TEST(what_is_excluded_and_hidden_is_left_out),
        ROOM_TEST(a_log_that_may_not_be_read_is_told_with_the_cure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
