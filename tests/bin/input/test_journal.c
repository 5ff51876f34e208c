/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads journal.gz, a journal of four entries, made and packed by
 *
 *     /lib/systemd/systemd-journal-remote -o system.journal tests/bin/input/journal.export
 *     gzip -9n < system.journal > tests/bin/input/journal.gz
 */
#include "fixture.h"

#include <string.h>
#include <sys/stat.h>

#include "input/journal.h"

typedef struct {
    char   folder[PATH_SIZE], path[PATH_SIZE];
    Inputs inputs;
    Text   text;
    Notes  notes;
} Room;

static const char *packed_path;

static int room_make(void **state)
{
    static Room room;
    room = (Room){0};
    folder_make(room.folder);
    gunzip_file(packed_path, &room.text);
    file_write(path_in(room.folder, "system.journal", room.path), room.text.bytes, room.text.size);
    text_free(&room.text);
    *state = &room;
    return 0;
}

static int room_remove(void **state)
{
    Room *room = *state;
    inputs_free(&room->inputs);
    text_free(&room->text);
    notes_free(&room->notes);
    folder_remove(room->folder);
    return 0;
}

static void read_journal(Room *room, const char *name, const StreamOptions *options)
{
    Stream *stream = file_open(name, options, &room->notes, &room->inputs);
    assert_true(stream_is_bound(stream));
    stream_read_all(stream, &room->notes, &room->text);
}

#define FIRST "<30>2026-11-23T20:15:42.000001Z web_1 nginx[812]: started\n"
#define SECOND "<27>2026-11-23T20:15:43.000000Z web_1 app[900]: it failed\n\tat main\n\tat start\n"
#define THIRD "<14>2026-11-23T20:15:44.000000Z - kernel_of_it: no host\n"
#define FOURTH "<14>2026-11-23T20:15:45.000000Z web_1 unknown: \n"

static void entries_are_lines_with_priority_time_host_and_identifier(void **state)
{
    Room *room = *state;
    read_journal(room, room->path, &(StreamOptions){0});
    assert_string_equal(room->text.bytes, FIRST SECOND THIRD FOURTH);
    assert_int_equal(room->notes.count, 0);
}

static void a_folder_of_journal_files_is_a_journal(void **state)
{
    Room *room = *state;
    read_journal(room, room->folder, &(StreamOptions){0});
    assert_string_equal(room->text.bytes, FIRST SECOND THIRD FOURTH);
}

static void since_and_until_choose_entries(void **state)
{
    Room         *room = *state;
    StreamOptions options = {.since_ns = INT64_C(1795464943) * 1000000000,
                             .until_ns = INT64_C(1795464945) * 1000000000};
    read_journal(room, room->path, &options);
    assert_string_equal(room->text.bytes, SECOND THIRD);
}

static void a_packed_journal_must_be_unpacked_first(void **state)
{
    Room *room = *state;
    assert_true(inputs_find(&packed_path, 1, &room->inputs, &room->notes));
    assert_int_equal(room->inputs.count, 0);
    assert_true(notes_tell(&room->notes, "journal.gz is packed|unpack it first"));
}

static void a_unit_chooses_entries(void **state)
{
    Room        *room = *state;
    TapSetting   setting = setting_of(&room->notes);
    JournalQuery query = {.file = room->path, .unit = "nginx"};
    char         text[256];
    Tap         *tap = journal_tap(&query, &setting);
    assert_non_null(tap);
    size_t size = tap_read(tap, text, sizeof text);
    assert_int_equal(size, strlen(FIRST));
    assert_memory_equal(text, FIRST, size);
    tap_close(tap);
}

static void a_file_that_is_no_journal_is_refused_with_the_cure(void **state)
{
    Room        *room = *state;
    TapSetting   setting = setting_of(&room->notes);
    JournalQuery query = {.file = room->path};
    file_write(room->path, BYTES("LPKSHHRH and nothing else"));
    assert_null(journal_tap(&query, &setting));
    assert_true(notes_tell(&room->notes, "cannot read it: it is no journal file|journalctl"));
}

/* In a container: a sentence, or the journal if there is one. */
static void without_a_journal_there_is_a_cure(void **state)
{
    Room       *room = *state;
    const char *name = "journal:";
    Stream     *stream;
    assert_true(inputs_find(&name, 1, &room->inputs, &room->notes));
    assert_int_equal(room->inputs.count, 1);
    if (stream_open(&room->inputs.items[0], &(StreamOptions){0}, &room->notes, &stream)) {
        stream_close(stream);
        print_message("skipped: this machine has a journal\n");
        skip();
    }
    assert_true(notes_tell(&room->notes, "cannot read journal:|in a container, mount"));
}

static void without_libsystemd_there_is_a_cure(void **state)
{
    Room      *room = *state;
    TapSetting setting = setting_of(&room->notes);
    assert_null(journal_tap(&(JournalQuery){0}, &setting));
    assert_true(
        notes_tell(&room->notes, "cannot read it: this oddball was built without libsystemd"));
}

int main(int argument_count, char **arguments)
{
    assert_int_equal(argument_count, 3);
    packed_path = arguments[1];
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, room_make, room_remove)
    const struct CMUnitTest with[] = {
        ROOM_TEST(entries_are_lines_with_priority_time_host_and_identifier),
        ROOM_TEST(a_folder_of_journal_files_is_a_journal),
        ROOM_TEST(since_and_until_choose_entries),
        ROOM_TEST(a_packed_journal_must_be_unpacked_first),
        ROOM_TEST(a_unit_chooses_entries),
        ROOM_TEST(a_file_that_is_no_journal_is_refused_with_the_cure),
        ROOM_TEST(without_a_journal_there_is_a_cure),
    };
    const struct CMUnitTest without[] = {
        ROOM_TEST(without_libsystemd_there_is_a_cure),
    };
    if (strcmp(arguments[2], "with") == 0)
        return cmocka_run_group_tests(with, NULL, NULL);
    return cmocka_run_group_tests(without, NULL, NULL);
}
