/* SPDX-License-Identifier: Apache-2.0
 *
 * Follows the journal of tests/bin/input/journal.gz, and lets systemd-journal-remote add to it.
 *
 *     test_journal_source JOURNAL.gz with|without (libsystemd) */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake_intake.h"
#include "source/journal_source.h"

#define REMOTE "/lib/systemd/systemd-journal-remote"

extern const SourceKind source_journal;
static const char      *packed_path;

typedef struct {
    char       folder[PATH_SIZE], path[PATH_SIZE];
    FakeServer server;
    FakeRun    run;
} Room;

static int room_make(void **state)
{
    static Room room;
    Text        text = {0};
    room = (Room){0};
    folder_make(room.folder);
    gunzip_file(packed_path, &text);
    file_write(path_in(room.folder, "system.journal", room.path), text.bytes, text.size);
    text_free(&text);
    fake_server_open(&room.server);
    room.server.settings.journal = true;
    room.server.settings.backfill_days = 36500;
    journal_source_folder = room.folder;
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

static void start(Room *room)
{
    room->run = fake_run(&room->server, &source_journal);
    assert_non_null(room->run.self);
}

/* One more entry, by the tool of systemd; false: it is not here. */
static bool add(Room *room, int second, const char *message)
{
    char command[PATH_SIZE * 4];
    if (access(REMOTE, X_OK) != 0)
        return false;
    snprintf(command, sizeof command,
             "printf '__REALTIME_TIMESTAMP=%d000000\\n__MONOTONIC_TIMESTAMP=%d\\n"
             "_BOOT_ID=0123456789abcdef0123456789abcdef\\nPRIORITY=4\\n_SYSTEMD_UNIT=new.service\\n"
             "MESSAGE=%s\\n\\n' | " REMOTE " -o %s - >/dev/null 2>&1",
             second, second, message, room->path);
    assert_int_equal(system(command), 0);
    return true;
}

static void without_the_setting_there_is_nothing_to_do(void **state)
{
    Room *room = *state;
    room->server.settings.journal = false;
    assert_null(fake_run(&room->server, &source_journal).self);
}

static void entries_are_records_of_their_unit(void **state)
{
    Room *room = *state;
    start(room);
    assert_true(fake_wait(room->server.intake, "journal:nginx.service", "3 started "));
    assert_true(fake_wait(room->server.intake, "journal:app", "6 it failed\nat main\nat start"));
    char *watches = fake_watches(&source_journal, room->run.self);
    assert_int_equal(strncmp(watches, "journal|good|||", 15), 0);
    free(watches);
}

static void what_is_older_than_the_backfill_is_left_out(void **state)
{
    Room *room = *state;
    room->server.settings.backfill_days = 0;
    start(room);
    usleep(300000);
    char *sources = fake_sources(room->server.intake);
    assert_string_equal(sources, "");
    free(sources);
}

static void new_entries_come_once_also_over_a_restart(void **state)
{
    Room *room = *state;
    start(room);
    assert_true(fake_wait(room->server.intake, "journal:app", "it failed"));
    if (!add(room, 1795465000, "first")) {
        print_message("skipped: no systemd-journal-remote here\n");
        skip();
    }
    assert_true(fake_wait(room->server.intake, "journal:new.service", "first"));
    fake_run_end(&room->server, &room->run);
    add(room, 1795465001, "second");
    fake_refuse(room->server.intake, 3, INTAKE_FULL);
    start(room);
    assert_true(fake_wait(room->server.intake, "journal:new.service", "second"));
    add(room, 1795465002, "third");
    assert_true(fake_wait(room->server.intake, "journal:new.service", "third"));
    char *got = fake_text(room->server.intake, "journal:new.service");
    char *one = strstr(got, "first"), *two = strstr(got, "second");
    assert_true(one != NULL && two != NULL && one < two);
    assert_null(strstr(one + 1, "first"));
    assert_null(strstr(two + 1, "second"));
    free(got);
    got = fake_text(room->server.intake, "journal:app");
    assert_null(strstr(strstr(got, "it failed") + 1, "it failed"));
    free(got);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    Room *room = *state;
    bool  told = false;
    journal_source_folder = "/does/not/exist";
    start(room);
    for (int i = 0; i < 500 && !told; i++) {
        char *watches = fake_watches(&source_journal, room->run.self);
        told = strstr(watches, "journal|broken|cannot read the journal: ") != NULL;
        free(watches);
        usleep(10000);
    }
    assert_true(told);
}

static void without_libsystemd_the_cure_is_told(void **state)
{
    Room *room = *state;
    bool  told = false;
    start(room);
    for (int i = 0; i < 500 && !told; i++) {
        char *watches = fake_watches(&source_journal, room->run.self);
        told = strstr(watches, "install libsystemd-dev") != NULL;
        free(watches);
        usleep(10000);
    }
    assert_true(told);
}

int main(int argument_count, char **arguments)
{
    assert_int_equal(argument_count, 3);
    packed_path = arguments[1];
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, room_make, room_remove)
    const struct CMUnitTest with[] = {
        ROOM_TEST(without_the_setting_there_is_nothing_to_do),
        ROOM_TEST(entries_are_records_of_their_unit),
        ROOM_TEST(what_is_older_than_the_backfill_is_left_out),
        ROOM_TEST(new_entries_come_once_also_over_a_restart),
        ROOM_TEST(a_folder_that_is_not_there_is_told),
    };
    const struct CMUnitTest without[] = {
        ROOM_TEST(without_libsystemd_the_cure_is_told),
    };
    if (strcmp(arguments[2], "with") == 0)
        return cmocka_run_group_tests(with, NULL, NULL);
    return cmocka_run_group_tests(without, NULL, NULL);
}
