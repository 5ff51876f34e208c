/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

typedef struct {
    char   folder[PATH_SIZE];
    Inputs inputs;
    Notes  notes;
} Room;

static int room_make(void **state)
{
    static Room room;
    room = (Room){0};
    folder_make(room.folder);
    *state = &room;
    return 0;
}

static int room_remove(void **state)
{
    Room *room = *state;
    inputs_free(&room->inputs);
    notes_free(&room->notes);
    folder_remove(room->folder);
    return 0;
}

static void put(const Room *room, const char *name, const void *bytes, size_t size)
{
    char path[PATH_SIZE];
    file_write(path_in(room->folder, name, path), bytes, size);
}

static void put_text(const Room *room, const char *name)
{
    put(room, name, BYTES("a line\n"));
}

static void put_folder(const Room *room, const char *name)
{
    char path[PATH_SIZE];
    assert_int_equal(mkdir(path_in(room->folder, name, path), 0755), 0);
}

static void find(Room *room, const char *name)
{
    inputs_free(&room->inputs);
    assert_true(inputs_find(&name, 1, &room->inputs, &room->notes));
}

/* The names found, without the folder, each with a blank behind it. */
static const char *found(const Room *room)
{
    static char names[4096];
    names[0] = '\0';
    for (size_t i = 0; i < room->inputs.count; i++) {
        const char *name = room->inputs.items[i].name;
        if (strncmp(name, room->folder, strlen(room->folder)) == 0)
            name += strlen(room->folder) + 1;
        strncat(names, name, sizeof names - strlen(names) - 2);
        strcat(names, " ");
    }
    return names;
}

static void a_folder_gives_what_is_in_it_by_name(void **state)
{
    Room *room = *state;
    put_text(room, "syslog");
    put_text(room, "app.log.1");
    put_text(room, "app.log");
    put_folder(room, "nginx");
    put_text(room, "nginx/error.log");
    put_text(room, "nginx/access.log");
    put(room, "empty", BYTES(""));
    find(room, room->folder);
    assert_string_equal(found(room),
                        "app.log app.log.1 empty nginx/access.log nginx/error.log syslog ");
    assert_int_equal(room->notes.count, 0);
    assert_int_equal(room->inputs.items[0].size_bytes, 7);
    assert_true(room->inputs.items[0].changed_ns > INT64_C(1500000000000000000));
}

static void names_keep_their_order(void **state)
{
    Room *room = *state;
    char  b[PATH_SIZE], a[PATH_SIZE];
    put_text(room, "b");
    put_text(room, "a");
    const char *names[] = {path_in(room->folder, "b", b), path_in(room->folder, "a", a)};
    assert_true(inputs_find(names, 2, &room->inputs, &room->notes));
    assert_string_equal(found(room), "b a ");
}

static void packed_logs_are_found_by_content_and_packed_binaries_are_not(void **state)
{
    Room       *room = *state;
    Text        gzip = {0}, zstd = {0}, binary = {0};
    static char nothing[10000];
    gzip_of(BYTES("a line\n"), &gzip);
    zstd_of(BYTES("a line\n"), 0, &zstd);
    gzip_of(nothing, sizeof nothing, &binary);
    put(room, "app.log.2.gz", gzip.bytes, gzip.size);
    put(room, "no-ending", zstd.bytes, zstd.size);
    put(room, "wtmp.1.gz", binary.bytes, binary.size);
    find(room, room->folder);
    assert_string_equal(found(room), "app.log.2.gz no-ending ");
    assert_true(notes_tell(&room->notes, "1 file holds no text|wtmp.1.gz"));
    text_free(&gzip);
    text_free(&zstd);
    text_free(&binary);
}

static void binaries_in_a_folder_are_left_out_and_counted(void **state)
{
    Room  *room = *state;
    char   wtmp[384 * 4] = "\7\0\0\0";
    char   noise[4096];
    uint64_t seed = 1;
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)random_below(&seed, 256);
    put(room, "wtmp", wtmp, sizeof wtmp);
    put(room, "noise", noise, sizeof noise);
    put(room, "data.db", BYTES("SQLite format 3\0and so on"));
    put(room, "picture", BYTES("\x89PNG\r\n\x1a\n"));
    put(room, "system.journal", BYTES("LPKSHHRH and so on"));
    put(room, "old.xz", BYTES("\xfd" "7zXZ\0and so on"));
    put_text(room, "app.log");
    find(room, room->folder);
    assert_string_equal(found(room), "app.log ");
    assert_int_equal(room->notes.count, 3);
    assert_true(notes_tell(&room->notes, "4 files hold no text|data.db and others|name it"));
    assert_true(notes_tell(&room->notes, "1 file of the systemd journal|add journal:"));
    assert_true(notes_tell(&room->notes, "1 file is packed|old.xz|unpack it first"));
}

static void a_binary_that_is_named_is_read_with_a_note(void **state)
{
    Room *room = *state;
    char  wtmp[384 * 4] = "\7\0\0\0", path[PATH_SIZE];
    put(room, "wtmp", wtmp, sizeof wtmp);
    find(room, path_in(room->folder, "wtmp", path));
    assert_string_equal(found(room), "wtmp ");
    assert_true(notes_tell(&room->notes, "wtmp does not look like text"));
}

static void a_file_that_its_folder_left_out_may_be_named_too(void **state)
{
    Room *room = *state;
    char  wtmp[384 * 4] = "\7\0\0\0", path[PATH_SIZE];
    put(room, "wtmp", wtmp, sizeof wtmp);
    put_text(room, "log");
    const char *names[] = {room->folder, path_in(room->folder, "wtmp", path)};
    assert_true(inputs_find(names, 2, &room->inputs, &room->notes));
    assert_string_equal(found(room), "log wtmp ");
}

static void coloured_and_torn_text_is_text(void **state)
{
    Room *room = *state;
    put(room, "coloured", BYTES("\x1b[31mred\x1b[0m\tcaf\xe9\r\n"));
    put(room, "torn", BYTES("many words of text in a line and \0 then more of them\n"));
    find(room, room->folder);
    assert_string_equal(found(room), "coloured torn ");
}

/* logrotate's copytruncate under a writer that keeps its place leaves a hole of NULs. */
static void a_log_that_begins_with_a_hole_is_text(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE];
    put(room, "app.log", BYTES(""));
    FILE *file = fopen(path_in(room->folder, "app.log", path), "wb");
    assert_non_null(file);
    fseek(file, 1 << 20, SEEK_SET);
    for (int i = 0; i < 1000; i++)
        fputs("a line\n", file);
    fclose(file);
    put(room, "lastlog", BYTES(""));
    assert_int_equal(truncate(path_in(room->folder, "lastlog", path), 1 << 20), 0);
    find(room, room->folder);
    assert_string_equal(found(room), "app.log ");
}

static void one_file_under_two_names_is_read_once(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE], other[PATH_SIZE];
    put_text(room, "a");
    assert_int_equal(link(path_in(room->folder, "a", path), path_in(room->folder, "b", other)), 0);
    assert_int_equal(symlink("a", path_in(room->folder, "c", other)), 0);
    find(room, room->folder);
    assert_string_equal(found(room), "a ");
    assert_true(notes_tell(&room->notes, "2 names lead to files|read once"));
}

static void links_do_not_lead_round_in_circles(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE];
    put_folder(room, "a");
    put_text(room, "a/log");
    assert_int_equal(symlink("..", path_in(room->folder, "a/up", path)), 0);
    assert_int_equal(symlink("self", path_in(room->folder, "self", path)), 0);
    assert_int_equal(symlink("nowhere", path_in(room->folder, "gone", path)), 0);
    find(room, room->folder);
    assert_string_equal(found(room), "a/log ");
    assert_true(notes_tell(&room->notes, "2 symbolic links lead nowhere"));
    assert_true(notes_tell(&room->notes, "1 name leads to"));
}

static void pipes_sockets_and_hidden_files_are_left_out_with_a_note(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE];
    put_text(room, "log");
    put_text(room, ".hidden");
    assert_int_equal(mkfifo(path_in(room->folder, "pipe", path), 0644), 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int                descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    memcpy(address.sun_path, path_in(room->folder, "socket", path), 100);
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    close(descriptor);
    find(room, room->folder);
    assert_string_equal(found(room), "log ");
    assert_true(notes_tell(&room->notes, "2 devices, pipes or sockets were left out"));
    assert_true(notes_tell(&room->notes, "1 hidden file"));
    find(room, path);
    assert_true(notes_tell(&room->notes, "cannot read|socket: nobody serves this socket"));
}

static void the_folders_of_the_kernel_are_not_walked(void **state)
{
    Room *room = *state;
    find(room, "/proc");
    assert_int_equal(room->inputs.count, 0);
    assert_true(notes_tell(&room->notes, "1 folder is no place on a disk|/proc"));
}

static void a_deep_tree_ends_somewhere(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE] = "";
    for (int depth = 0; depth <= FOLDER_DEPTH_MAX; depth++) {
        strcat(path, depth == 0 ? "d" : "/d");
        put_folder(room, path);
    }
    find(room, room->folder);
    assert_true(notes_tell(&room->notes, "1 folder lies too deep"));
}

static void what_does_not_exist_is_refused_with_the_cure(void **state)
{
    Room *room = *state;
    find(room, "/nonexistent/app.log");
    assert_int_equal(room->inputs.count, 0);
    assert_int_equal(room->inputs.refused_count, 1);
    assert_true(notes_tell(&room->notes, "cannot read /nonexistent/app.log: no such file|check"));
}

/* Runs as nobody, who is refused; exits with 0 if what it was told is right. */
static void look_as_nobody(const char *folder)
{
    Inputs inputs;
    Notes  notes = {0};
    char   secret[PATH_SIZE], closed[PATH_SIZE];
    if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
        _exit(2);
    path_in(folder, "secret", secret);
    path_in(folder, "closed", closed);
    bool good = inputs_find(&folder, 1, &inputs, &notes) && inputs.count == 1;
    good = good && inputs.refused_count == 2;
    good = good && notes_tell(&notes, "2 files or folders were not read|permission denied; run with");
    good = good && notes.count == 1;
    inputs_free(&inputs);
    const char *named[] = {secret, closed};
    good = good && inputs_find(named, 2, &inputs, &notes) && inputs.count == 0;
    good = good && notes_tell(&notes, "cannot read|secret: permission denied; run as a member of "
                                      "group adm (sudo usermod -aG adm $USER|or with sudo");
    good = good && notes_tell(&notes, "cannot read|closed: permission denied; run with sudo");
    inputs_free(&inputs);
    notes_free(&notes);
    _exit(good ? 0 : 1);
}

static void what_may_not_be_read_is_refused_with_cause_and_cure(void **state)
{
    Room *room = *state;
    char  path[PATH_SIZE];
    if (geteuid() != 0) {
        print_message("skipped: only root can become nobody\n");
        skip();
    }
    put_text(room, "open");
    put_folder(room, "closed");
    assert_int_equal(chmod(path_in(room->folder, "closed", path), 0700), 0);
    put_text(room, "secret");
    assert_int_equal(chmod(path_in(room->folder, "secret", path), 0640), 0);
    assert_int_equal(chown(path, 0, 4), 0); /* adm has number 4 on Debian. */
    pid_t child = fork();
    if (child == 0)
        look_as_nobody(room->folder);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, room_make, room_remove)
    const struct CMUnitTest tests[] = {
        ROOM_TEST(a_folder_gives_what_is_in_it_by_name),
        ROOM_TEST(names_keep_their_order),
        ROOM_TEST(packed_logs_are_found_by_content_and_packed_binaries_are_not),
        ROOM_TEST(binaries_in_a_folder_are_left_out_and_counted),
        ROOM_TEST(a_binary_that_is_named_is_read_with_a_note),
        ROOM_TEST(a_file_that_its_folder_left_out_may_be_named_too),
        ROOM_TEST(coloured_and_torn_text_is_text),
        ROOM_TEST(a_log_that_begins_with_a_hole_is_text),
        ROOM_TEST(one_file_under_two_names_is_read_once),
        ROOM_TEST(links_do_not_lead_round_in_circles),
        ROOM_TEST(pipes_sockets_and_hidden_files_are_left_out_with_a_note),
        ROOM_TEST(the_folders_of_the_kernel_are_not_walked),
        ROOM_TEST(a_deep_tree_ends_somewhere),
        ROOM_TEST(what_does_not_exist_is_refused_with_the_cure),
        ROOM_TEST(what_may_not_be_read_is_refused_with_cause_and_cure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
