/* SPDX-License-Identifier: Apache-2.0 */
#include "store/folder.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMELESS_BUFFER_BYTES (256u << 10)
#define NOTE_SIZE 256
#define NUMBER_DIGITS_MAX 18

static odd_rc refused(Problem *problem, const char *what, const char *path)
{
    int error = errno;
    odd_rc rc = error == ENOSPC || error == EDQUOT ? ODD_SPACE : ODD_IO;
    return problem_say(problem, rc, "%s %s: %s", what, path, strerror(error));
}

void folder_full(const Folder *folder, const char *name, char full[FOLDER_FULL_SIZE])
{
    assert(strlen(name) < FOLDER_NAME_SIZE);
    snprintf(full, FOLDER_FULL_SIZE, "%s/%s", folder->path, name);
}

/* -- making and locking ------------------------------------------------------------------------ */

/* The name of a new file or folder is durable when the folder that it is in is synced. */
static odd_rc sync_folder(const char *path, Problem *problem)
{
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return refused(problem, "opening", path);
    odd_rc rc = fsync(descriptor) == 0 ? ODD_OK : refused(problem, "syncing", path);
    close(descriptor);
    return rc;
}

static odd_rc sync_parent(const char *path, Problem *problem)
{
    char parent[FOLDER_PATH_SIZE];
    snprintf(parent, sizeof parent, "%s", path);
    char *slash = strrchr(parent, '/');
    if (slash == NULL)
        return sync_folder(".", problem);
    slash[slash == parent ? 1 : 0] = '\0';
    return sync_folder(parent, problem);
}

static odd_rc make_one(const char *path, Problem *problem)
{
    if (mkdir(path, 0700) == 0)
        return sync_parent(path, problem);
    return errno == EEXIST ? ODD_OK : refused(problem, "making the folder", path);
}

/* With those above it: of a new user there is no ~/.local/state. */
static odd_rc make_folder(const char *path, Problem *problem)
{
    struct stat there;
    char above[FOLDER_PATH_SIZE];
    snprintf(above, sizeof above, "%s", path);
    for (char *slash = above + 1; (slash = strchr(slash, '/')) != NULL; *slash++ = '/') {
        *slash = '\0';
        odd_rc rc = stat(above, &there) == 0 ? ODD_OK : make_one(above, problem);
        if (rc != ODD_OK)
            return rc;
    }
    return make_one(path, problem);
}

static odd_rc busy(const Folder *folder, int descriptor, Problem *problem)
{
    struct flock asked = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char who[64] = "this process";
    if (fcntl(descriptor, F_GETLK, &asked) == 0 && asked.l_type != F_UNLCK && asked.l_pid > 0)
        snprintf(who, sizeof who, "process %ld", (long)asked.l_pid);
    char note[NOTE_SIZE];
    ssize_t size = pread(descriptor, note, sizeof note - 1, 0);
    note[size > 0 ? size : 0] = '\0';
    note[strcspn(note, "\n")] = '\0';
    return problem_say(problem, ODD_BUSY,
                       "%.200s is in use by %s%s%.120s: stop it first, or take "
                       "another directory",
                       folder->path, who, note[0] != '\0' ? ", " : "", note);
}

/* Two kinds of lock: flock also keeps out a second store in this process, and that of fcntl knows
 * the number of the process that holds it. */
static odd_rc take_lock(Folder *folder, Problem *problem)
{
    char full[FOLDER_FULL_SIZE];
    folder_full(folder, "lock", full);
    int descriptor = open(full, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return refused(problem, "opening", full);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0 || fcntl(descriptor, F_SETLK, &whole) != 0) {
        bool held = errno == EWOULDBLOCK || errno == EAGAIN || errno == EACCES;
        odd_rc rc = held ? busy(folder, descriptor, problem) : refused(problem, "locking", full);
        close(descriptor);
        return rc;
    }
    folder->lock = descriptor;
    return folder_note_holder(folder, "", problem);
}

static bool write_all(int descriptor, Str bytes)
{
    for (size_t at = 0; at < bytes.size;) {
        ssize_t size = pwrite(descriptor, bytes.text + at, bytes.size - at, (off_t)at);
        if (size < 0 && errno != EINTR)
            return false;
        at += size > 0 ? (size_t)size : 0;
    }
    return true;
}

odd_rc folder_note_holder(Folder *folder, const char *note, Problem *problem)
{
    size_t size = strnlen(note, NOTE_SIZE - 2);
    char line[NOTE_SIZE];
    memcpy(line, note, size);
    line[size] = '\n';
    if (ftruncate(folder->lock, 0) != 0)
        return refused(problem, "writing the lock of", folder->path);
    if (size > 0 && !write_all(folder->lock, (Str){.text = line, .size = size + 1}))
        return refused(problem, "writing the lock of", folder->path);
    return ODD_OK;
}

odd_rc folder_open(Folder *folder, const char *path, bool read_only, Problem *problem)
{
    folder->lock = -1;
    size_t size = strlen(path);
    if (size == 0 || size >= sizeof folder->path)
        return problem_say(problem, ODD_RANGE, "the path \"%.100s\" is empty or too long", path);
    memcpy(folder->path, path, size + 1);
    if (read_only)
        return folder_has(folder, ".") ? ODD_OK : refused(problem, "opening", path);
    odd_rc rc = make_folder(path, problem);
    return rc == ODD_OK ? take_lock(folder, problem) : rc;
}

void folder_close(Folder *folder)
{
    if (folder->lock >= 0)
        close(folder->lock);
    folder->lock = -1;
}

/* -- what is in it ----------------------------------------------------------------------------- */

/* N of "journal-N.db"; 0: another name. */
static uint64_t journal_number(const char *name)
{
    static const char prefix[] = "journal-";
    if (strncmp(name, prefix, sizeof prefix - 1) != 0)
        return 0;
    const char *at = name + sizeof prefix - 1;
    uint64_t number = 0;
    int digits = 0;
    for (; *at >= '0' && *at <= '9' && digits < NUMBER_DIGITS_MAX; at++, digits++)
        number = number * 10 + (uint64_t)(*at - '0');
    return strcmp(at, ".db") == 0 && name[sizeof prefix - 1] != '0' ? number : 0;
}

static void sort_in(FolderNumbers *numbers, uint64_t number)
{
    size_t at = numbers->count++;
    for (; at > 0 && numbers->items[at - 1] > number; at--)
        numbers->items[at] = numbers->items[at - 1];
    numbers->items[at] = number;
}

odd_rc folder_journals(const Folder *folder, Mem *mem, FolderNumbers *numbers, Problem *problem)
{
    DIR *names = opendir(folder->path);
    if (names == NULL)
        return refused(problem, "reading the folder", folder->path);
    numbers->count = 0;
    odd_rc rc = ODD_OK;
    const struct dirent *entry;
    while (rc == ODD_OK && (entry = readdir(names)) != NULL) {
        uint64_t number = journal_number(entry->d_name);
        if (number == 0)
            continue;
        uint64_t *grown =
            mem_grow(mem, numbers->items, &numbers->capacity, numbers->count + 1, sizeof *grown);
        if (grown == NULL) {
            rc = problem_say(problem, ODD_NOMEM, "reading the folder %s: out of memory",
                             folder->path);
            break;
        }
        numbers->items = grown;
        sort_in(numbers, number);
    }
    closedir(names);
    return rc;
}

bool folder_has(const Folder *folder, const char *name)
{
    char full[FOLDER_FULL_SIZE];
    folder_full(folder, name, full);
    return access(full, F_OK) == 0;
}

/* stat, and never open: closing a database's file would drop the locks that SQLite has on it. */
uint64_t folder_bytes(const Folder *folder, const char *name)
{
    char full[FOLDER_FULL_SIZE];
    struct stat known;
    folder_full(folder, name, full);
    return stat(full, &known) == 0 && known.st_size > 0 ? (uint64_t)known.st_size : 0;
}

/* -- files as a whole -------------------------------------------------------------------------- */

odd_rc folder_touch(const Folder *folder, const char *name, Problem *problem)
{
    char full[FOLDER_FULL_SIZE];
    folder_full(folder, name, full);
    int descriptor = open(full, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return refused(problem, "making", full);
    close(descriptor);
    return ODD_OK;
}

static const char *const companions[] = {"", "-wal", "-shm", "-journal"};

void folder_remove(const Folder *folder, const char *name)
{
    char full[FOLDER_FULL_SIZE], companion[FOLDER_NAME_SIZE];
    for (size_t i = 0; i < sizeof companions / sizeof *companions; i++) {
        snprintf(companion, sizeof companion, "%s%s", name, companions[i]);
        folder_full(folder, companion, full);
        unlink(full); /* What stays is removed the next time. */
    }
}

odd_rc folder_rename(const Folder *folder, const char *from, const char *to, Problem *problem)
{
    char full[FOLDER_FULL_SIZE], new_full[FOLDER_FULL_SIZE];
    folder_full(folder, from, full);
    folder_full(folder, to, new_full);
    if (rename(full, new_full) != 0)
        return refused(problem, "renaming", full);
    return sync_folder(folder->path, problem);
}

/* The file and its log keep names that fit together, so that SQLite's own tools read them. */
odd_rc folder_set_aside(const Folder *folder, const char *name, char ret_aside[FOLDER_NAME_SIZE],
                        Problem *problem)
{
    char aside[FOLDER_NAME_SIZE], from[FOLDER_NAME_SIZE], to[FOLDER_NAME_SIZE];
    snprintf(aside, sizeof aside, "%s.damaged", name);
    for (int i = 2; folder_has(folder, aside) && i < 1000; i++)
        snprintf(aside, sizeof aside, "%s.damaged-%d", name, i);
    for (size_t i = 1; i < sizeof companions / sizeof *companions; i++) {
        snprintf(from, sizeof from, "%s%s", name, companions[i]);
        snprintf(to, sizeof to, "%.50s%s", aside, companions[i]);
        if (!folder_has(folder, from))
            continue;
        odd_rc rc = folder_rename(folder, from, to, problem);
        if (rc != ODD_OK)
            return rc;
    }
    odd_rc rc = folder_rename(folder, name, aside, problem);
    if (rc == ODD_OK)
        memcpy(ret_aside, aside, sizeof aside);
    return rc;
}

/* -- small files ------------------------------------------------------------------------------- */

odd_rc folder_put(const Folder *folder, const char *name, Str bytes, Problem *problem)
{
    char full[FOLDER_FULL_SIZE], draft[FOLDER_NAME_SIZE];
    snprintf(draft, sizeof draft, "%s.new", name);
    folder_full(folder, draft, full);
    int descriptor = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return refused(problem, "making", full);
    odd_rc rc = ODD_OK;
    if (!write_all(descriptor, bytes) || fsync(descriptor) != 0)
        rc = refused(problem, "writing", full);
    close(descriptor);
    if (rc == ODD_OK)
        rc = folder_rename(folder, draft, name, problem);
    if (rc != ODD_OK)
        unlink(full);
    return rc;
}

size_t folder_get(const Folder *folder, const char *name, char *bytes, size_t size)
{
    char full[FOLDER_FULL_SIZE];
    folder_full(folder, name, full);
    int descriptor = open(full, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return 0;
    size_t at = 0;
    ssize_t part = 1;
    while (at < size && part != 0) {
        part = pread(descriptor, bytes + at, size - at, (off_t)at);
        if (part < 0 && errno != EINTR)
            break;
        at += part > 0 ? (size_t)part : 0;
    }
    close(descriptor);
    return at;
}

void folder_reserve(const Folder *folder, const char *name, uint64_t bytes)
{
    char full[FOLDER_FULL_SIZE];
    folder_full(folder, name, full);
    int descriptor = open(full, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return;
    if (posix_fallocate(descriptor, 0, (off_t)bytes) != 0)
        unlink(full); /* A part of it would only be in the way. */
    close(descriptor);
}

FILE *folder_nameless(const char *path)
{
    int descriptor = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        char full[FOLDER_FULL_SIZE];
        snprintf(full, sizeof full, "%.*s/.spillXXXXXX", FOLDER_PATH_SIZE, path);
        descriptor = mkostemp(full, O_CLOEXEC);
        if (descriptor >= 0)
            unlink(full);
    }
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w+") : NULL;
    if (file == NULL && descriptor >= 0)
        close(descriptor);
    if (file != NULL)
        setvbuf(file, NULL, _IOFBF, NAMELESS_BUFFER_BYTES);
    return file;
}

int folder_open_place(const Folder *folder, const char *name)
{
    char full[FOLDER_FULL_SIZE];
    folder_full(folder, name, full);
    return open(full, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

bool folder_write_place(int descriptor, Str bytes)
{
    return write_all(descriptor, bytes);
}

void folder_close_place(int descriptor)
{
    if (descriptor >= 0)
        close(descriptor);
}
