/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_intake.h"

extern const SourceKind source_files;

typedef struct {
    char       folder[PATH_SIZE], log[PATH_SIZE], pattern[PATH_SIZE];
    char      *names[1];
    FakeServer server;
    FakeRun    run;
} Room;

static int room_make(void **state)
{
    static Room room;
    room = (Room){0};
    folder_make(room.folder);
    path_in(room.folder, "app.log", room.log);
    fake_server_open(&room.server);
    room.names[0] = room.folder;
    room.server.settings.files = (TextList){.items = room.names, .count = 1};
    *state = &room;
    return 0;
}

static int room_remove(void **state)
{
    Room *room = *state;
    if (room->run.self != NULL)
        fake_run_end(&room->server, &room->run);
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

static void start(Room *room)
{
    room->run = fake_run(&room->server, &source_files);
    assert_non_null(room->run.self);
}

static void without_discovery_and_names_there_is_nothing_to_do(void **state)
{
    Room *room = *state;
    room->server.settings.files.count = 0;
    assert_null(fake_run(&room->server, &source_files).self);
}

static void lines_arrive_as_they_are_written(void **state)
{
    Room *room = *state;
    append(room->log, "before\n");
    start(room);
    assert_true(fake_wait(room->server.intake, room->log, "before\n"));
    append(room->log, "after\n");
    assert_true(fake_wait(room->server.intake, room->log, "before\nafter\n"));
}

static void new_files_in_new_folders_are_found(void **state)
{
    Room *room = *state;
    char  folder[PATH_SIZE], path[PATH_SIZE];
    start(room);
    assert_int_equal(mkdir(path_in(room->folder, "new", folder), 0755), 0);
    append(path_in(folder, "b.log", path), "hello\n");
    assert_true(fake_wait(room->server.intake, path, "hello\n"));
    append(path, "again\n");
    assert_true(fake_wait(room->server.intake, path, "hello\nagain\n"));
}

static void a_glob_takes_its_rotated_logs_along(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE];
    room->names[0] = path_in(room->folder, "*.log", room->pattern);
    append(path_in(room->folder, "app.log.1", path), "older\n");
    append(path_in(room->folder, "app.txt", path), "another\n");
    append(room->log, "newer\n");
    start(room);
    assert_true(fake_wait(room->server.intake, room->log, "older\nnewer\n"));
    char *got = fake_text(room->server.intake, path);
    assert_string_equal(got, "");
    free(got);
}

static void a_stop_and_a_start_lose_nothing(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE];
    append(room->log, "one\n");
    start(room);
    assert_true(fake_wait(room->server.intake, room->log, "one\n"));
    fake_run_end(&room->server, &room->run);
    append(room->log, "two\n");
    assert_int_equal(rename(room->log, path_in(room->folder, "app.log.1", path)), 0);
    append(room->log, "three\n");
    start(room);
    assert_true(fake_wait(room->server.intake, room->log, "three\n"));
    char *got = fake_text(room->server.intake, room->log);
    assert_string_equal(got, "one\ntwo\nthree\n");
    free(got);
}

static void while_the_intake_is_full_nothing_is_lost(void **state)
{
    Room *room = *state;
    fake_refuse(room->server.intake, 20, INTAKE_FULL);
    append(room->log, "one\n");
    start(room);
    append(room->log, "two\n");
    assert_true(fake_wait(room->server.intake, room->log, "one\ntwo\n"));
}

static void a_named_file_that_is_not_there_is_told_and_found_later(void **state)
{
    Room *room = *state;
    char  expected[PATH_SIZE * 2];
    room->names[0] = room->log;
    start(room);
    snprintf(expected, sizeof expected, "%s|broken|no such file", room->log);
    bool told = false;
    for (int i = 0; i < 1000 && !told; i++) {
        char *watches = fake_watches(&source_files, room->run.self);
        told = strstr(watches, expected) != NULL;
        free(watches);
        usleep(10000);
    }
    assert_true(told);
    append(room->log, "here\n");
    assert_true(fake_wait(room->server.intake, room->log, "here\n"));
}

static void what_is_followed_is_told(void **state)
{
    Room *room = *state;
    char  expected[PATH_SIZE * 2];
    append(room->log, "one\n");
    start(room);
    assert_true(fake_wait(room->server.intake, room->log, "one\n"));
    char *watches = fake_watches(&source_files, room->run.self);
    snprintf(expected, sizeof expected, "%s|good|||1|0", room->log);
    assert_non_null(strstr(watches, expected));
    free(watches);
}

int main(void)
{
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, room_make, room_remove)
    const struct CMUnitTest tests[] = {
        ROOM_TEST(without_discovery_and_names_there_is_nothing_to_do),
        ROOM_TEST(lines_arrive_as_they_are_written),
        ROOM_TEST(new_files_in_new_folders_are_found),
        ROOM_TEST(a_glob_takes_its_rotated_logs_along),
        ROOM_TEST(a_stop_and_a_start_lose_nothing),
        ROOM_TEST(while_the_intake_is_full_nothing_is_lost),
        ROOM_TEST(a_named_file_that_is_not_there_is_told_and_found_later),
        ROOM_TEST(what_is_followed_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
