/* SPDX-License-Identifier: Apache-2.0 */
#include "input/input.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "input/refusal.h"
#include "input/seen.h"
#include "input/skips.h"
#include "input/stream.h"

#define JOURNAL_PREFIX "journal:"
#define NS_PER_S 1000000000LL

typedef struct {
    Inputs *inputs;
    Notes  *notes;
    Seen    seen;
    Skips   skips;
    bool    has_stdin;
    bool    failed; /* Out of memory. */
} Walk;

static int64_t now_ns(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

void input_note_packed(const Input *input, Notes *notes)
{
    notes_add(notes,
              "%s is packed in a way that is not read here: unpack it first (xz -d, bzip2 -d, "
              "unzip, tar -x)",
              input->name);
}

bool input_is_lost(const Input *input)
{
    return access(input->path, R_OK) == 0;
}

/* Takes over nothing: name and path are copied. */
static void input_add(Walk *w, Input input)
{
    Inputs *inputs = w->inputs;
    if (inputs->count == inputs->capacity) {
        size_t capacity = inputs->capacity == 0 ? 16 : inputs->capacity * 2;
        Input *grown = realloc(inputs->items, capacity * sizeof *grown);
        if (grown == NULL) {
            w->failed = true;
            return;
        }
        inputs->items = grown;
        inputs->capacity = capacity;
    }
    input.name = strdup(input.name);
    input.path = strdup(input.path);
    if (input.name == NULL || input.path == NULL) {
        free(input.name);
        free(input.path);
        w->failed = true;
        return;
    }
    inputs->items[inputs->count++] = input;
}

static void refuse(Walk *w, const char *path, int error)
{
    char refusal[REFUSAL_SIZE];
    notes_add(w->notes, "cannot read %s: %s", path, refusal_text(path, error, refusal));
    w->inputs->refused_count++;
}

static void refuse_named(Walk *w, const char *path, int error)
{
    refuse(w, path, error);
    w->inputs->failed_count++;
}

static Input input_of(char *path, const struct stat *found)
{
    int64_t changed_ns = found->st_mtim.tv_sec * NS_PER_S + found->st_mtim.tv_nsec;
    bool    regular = S_ISREG(found->st_mode);
    return (Input){.kind = INPUT_FILE,
                   .regular = regular,
                   .name = path,
                   .path = path,
                   .size_bytes = regular ? (uint64_t)found->st_size : 0,
                   .changed_ns = regular ? changed_ns : now_ns(),
                   .device = found->st_dev,
                   .inode = found->st_ino};
}

/* A log truncated under its writer begins with NULs as far as it was, then goes on as text. */
static bool ends_with_text(const Input *input)
{
    char bytes[SNIFF_BYTES];
    int  descriptor = open(input->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return false;
    off_t   from = input->size_bytes > sizeof bytes ? (off_t)(input->size_bytes - sizeof bytes) : 0;
    ssize_t size = pread(descriptor, bytes, sizeof bytes, from);
    close(descriptor);
    return size > 0 && look_is_text(sniff(bytes, (size_t)size));
}

static bool look_into(const Input *input, Look *ret, Notes *notes)
{
    Stream *stream;
    if (!stream_open(input, &(StreamOptions){0}, notes, &stream))
        return false;
    *ret = stream_look(stream);
    stream_close(stream);
    return true;
}

/* -- what is found in a folder -------------------------------------------------------------- */

static void found_file(Walk *w, const Input *input)
{
    Look  look;
    Notes why = {0};
    if (w->inputs->count >= INPUT_COUNT_MAX) {
        skips_add(&w->skips, SKIP_MANY, input->path);
        return;
    }
    if (access(input->path, R_OK) != 0 && errno == EACCES) {
        skips_add(&w->skips, SKIP_DENIED, input->path);
        w->inputs->refused_count++;
        return;
    }
    bool opened = look_into(input, &look, &why);
    notes_move(w->notes, &why);
    if (!opened) {
        w->inputs->refused_count++;
        w->inputs->lost_count += input_is_lost(input);
    } else if (look == LOOK_JOURNAL)
        skips_add(&w->skips, SKIP_JOURNAL, input->path);
    else if (look == LOOK_PACKED)
        skips_add(&w->skips, SKIP_PACKED, input->path);
    else if (look == LOOK_BINARY || (look == LOOK_HOLE && !ends_with_text(input)))
        skips_add(&w->skips, SKIP_BINARY, input->path);
    else
        input_add(w, *input);
}

static bool is_new(Walk *w, const char *path, const struct stat *found)
{
    SeenAnswer answer = seen_add(&w->seen, found->st_dev, found->st_ino);
    if (answer == SEEN_NO_MEMORY)
        w->failed = true;
    if (answer == SEEN_BEFORE)
        skips_add(&w->skips, SKIP_TWICE, path);
    return answer == SEEN_NEW;
}

static void walk_folder(Walk *w, const char *folder, int depth);

static void found_entry(Walk *w, char *path, const char *entry, int depth)
{
    struct stat found;
    if (entry[0] == '.') {
        skips_add(&w->skips, SKIP_HIDDEN, path);
        return;
    }
    if (stat(path, &found) != 0) {
        if (errno == ENOENT || errno == ELOOP)
            skips_add(&w->skips, SKIP_LINK, path);
        else
            refuse(w, path, errno);
        return;
    }
    if (!S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode)) {
        skips_add(&w->skips, SKIP_SPECIAL, path);
        return;
    }
    if (!is_new(w, path, &found))
        return;
    Input input = input_of(path, &found);
    input.found = true;
    if (S_ISDIR(found.st_mode))
        walk_folder(w, path, depth + 1);
    else
        found_file(w, &input);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

bool folder_is_pseudo(const char *folder)
{
    struct statfs fs;
    if (statfs(folder, &fs) != 0)
        return false;
    return fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC ||
           fs.f_type == CGROUP_SUPER_MAGIC || fs.f_type == CGROUP2_SUPER_MAGIC ||
           fs.f_type == DEBUGFS_MAGIC || fs.f_type == TRACEFS_MAGIC ||
           fs.f_type == DEVPTS_SUPER_MAGIC;
}

static char *path_join(const char *folder, const char *entry)
{
    char  *path = NULL;
    size_t size = strlen(folder);
    if (strcmp(folder, ".") == 0)
        return strdup(entry);
    const char *slash = size > 0 && folder[size - 1] == '/' ? "" : "/";
    return asprintf(&path, "%s%s%s", folder, slash, entry) < 0 ? NULL : path;
}

static void walk_folder(Walk *w, const char *folder, int depth)
{
    struct dirent **entries;
    if (depth > FOLDER_DEPTH_MAX || folder_is_pseudo(folder)) {
        skips_add(&w->skips, depth > FOLDER_DEPTH_MAX ? SKIP_DEEP : SKIP_PSEUDO, folder);
        return;
    }
    int count = scandir(folder, &entries, is_entry, by_name);
    if (count < 0) {
        if (errno == EACCES && depth > 0) {
            skips_add(&w->skips, SKIP_DENIED, folder);
            w->inputs->refused_count++;
        } else if (depth > 0) {
            w->inputs->lost_count += errno == EMFILE || errno == ENFILE;
            refuse(w, folder, errno);
        } else {
            refuse_named(w, folder, errno);
        }
        return;
    }
    for (int i = 0; i < count; i++) {
        char *path = w->failed ? NULL : path_join(folder, entries[i]->d_name);
        if (path != NULL)
            found_entry(w, path, entries[i]->d_name, depth);
        else
            w->failed = true;
        free(path);
        free(entries[i]);
    }
    free(entries);
}

/* -- what is named -------------------------------------------------------------------------- */

static void named_file(Walk *w, Input input)
{
    Look look = LOOK_TEXT;
    if (input.regular && !look_into(&input, &look, w->notes)) {
        w->inputs->refused_count++;
        w->inputs->failed_count++;
        return;
    }
    if (look == LOOK_PACKED) {
        input_note_packed(&input, w->notes);
        w->inputs->refused_count++;
        w->inputs->failed_count++;
        return;
    }
    if (look == LOOK_JOURNAL)
        input.kind = INPUT_JOURNAL_FILE;
    if (look == LOOK_BINARY || look == LOOK_HOLE)
        notes_add(w->notes, "%s does not look like text; it is read all the same", input.name);
    input_add(w, input);
}

/* A folder with nothing but journal files (as /var/log/journal) is meant as a journal. */
static void named_folder(Walk *w, Input input)
{
    size_t   had = w->inputs->count;
    uint64_t had_journals = w->skips.count[SKIP_JOURNAL];
    walk_folder(w, input.path, 0);
    if (w->inputs->count > had || w->skips.count[SKIP_JOURNAL] == had_journals)
        return;
    w->skips.count[SKIP_JOURNAL] = had_journals;
    input.kind = INPUT_JOURNAL_FOLDER;
    input_add(w, input);
}

/* A file that a folder left out may still be named itself. */
static bool is_taken(Walk *w, const char *path, const struct stat *found)
{
    if (S_ISDIR(found->st_mode))
        return !is_new(w, path, found);
    seen_add(&w->seen, found->st_dev, found->st_ino);
    for (size_t i = 0; i < w->inputs->count; i++) {
        const Input *input = &w->inputs->items[i];
        if (input->inode == found->st_ino && input->device == found->st_dev) {
            skips_add(&w->skips, SKIP_TWICE, path);
            return true;
        }
    }
    return false;
}

static void named_journal(Walk *w, char *name)
{
    char *unit = name + strlen(JOURNAL_PREFIX);
    char  all[] = "journal";
    name = unit[0] == '\0' ? all : name;
    for (size_t i = 0; i < w->inputs->count; i++)
        if (strcmp(w->inputs->items[i].name, name) == 0)
            return;
    input_add(w,
              (Input){.kind = INPUT_JOURNAL, .name = name, .path = unit, .changed_ns = now_ns()});
}

static void named_stdin(Walk *w)
{
    struct stat found = {0};
    if (w->has_stdin) {
        notes_add(w->notes, "standard input is named more than once: it is read once");
        return;
    }
    w->has_stdin = true;
    if (fstat(STDIN_FILENO, &found) != 0) {
        refuse_named(w, "standard input", errno);
        return;
    }
    Input input = input_of((char[]){"-"}, &found);
    input.kind = INPUT_STDIN;
    input.regular = false;
    input_add(w, input);
}

static void named(Walk *w, const char *name)
{
    struct stat found;
    if (strcmp(name, "-") == 0) {
        named_stdin(w);
        return;
    }
    char *path = strdup(name);
    if (path == NULL) {
        w->failed = true;
        return;
    }
    if (strncmp(name, JOURNAL_PREFIX, strlen(JOURNAL_PREFIX)) == 0) {
        named_journal(w, path);
    } else if (stat(path, &found) != 0) {
        refuse_named(w, path, errno);
    } else if (S_ISSOCK(found.st_mode)) {
        refuse_named(w, path, ENXIO);
    } else if (!is_taken(w, path, &found)) {
        if (S_ISDIR(found.st_mode))
            named_folder(w, input_of(path, &found));
        else
            named_file(w, input_of(path, &found));
    }
    free(path);
}

bool inputs_find(const char *const *names, size_t name_count, Inputs *ret, Notes *notes)
{
    assert(ret != NULL);
    assert(notes != NULL);
    Inputs inputs = {0};
    Walk   w = {.inputs = &inputs, .notes = notes};
    for (size_t i = 0; i < name_count && !w.failed; i++)
        named(&w, names[i]);
    skips_tell(&w.skips, notes);
    seen_free(&w.seen);
    if (w.failed) {
        inputs_free(&inputs);
        return false;
    }
    *ret = inputs;
    return true;
}

void inputs_free(Inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        free(inputs->items[i].name);
        free(inputs->items[i].path);
    }
    free(inputs->items);
    *inputs = (Inputs){0};
}
