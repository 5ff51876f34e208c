/* SPDX-License-Identifier: Apache-2.0 */
#include "source/tail.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/packed.h"

#define NS_PER_S INT64_C(1000000000)
#define MARK "\xef\xbb\xbf"
#define MARK_BYTES 3

Tail *tail_new(const char *path, uint64_t device, uint64_t inode, bool packed)
{
    Tail *tail = calloc(1, sizeof *tail);
    if (tail == NULL)
        return NULL;
    tail->descriptor = -1;
    tail->packed = packed;
    tail->place.device = device;
    tail->place.inode = inode;
    if (path != NULL) {
        tail->path = strdup(path);
        if (tail->path == NULL) {
            free(tail);
            return NULL;
        }
    }
    return tail;
}

void tail_shut(Tail *tail)
{
    if (tail->descriptor >= 0)
        close(tail->descriptor);
    tail->descriptor = -1;
    packed_close(tail);
}

void tail_free(Tail *tail)
{
    if (tail == NULL)
        return;
    tail_shut(tail);
    free(tail->path);
    free(tail);
}

uint64_t tail_waiting(const Tail *tail)
{
    if (tail->packed || tail->binary || tail->size < tail->place.offset)
        return 0;
    return tail->size - tail->place.offset;
}

static ssize_t read_at(int descriptor, char *to, size_t size, uint64_t from)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = pread(descriptor, to + done, size - done, (off_t)(from + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* The head behind a byte order mark, so that it is that of the unpacked copy too. */
static bool head_fits(int descriptor, Print head, char *bytes, size_t *ret_size)
{
    ssize_t size = read_at(descriptor, bytes, PRINT_HEAD_BYTES + MARK_BYTES, 0);
    size_t  from = size >= MARK_BYTES && memcmp(bytes, MARK, MARK_BYTES) == 0 ? MARK_BYTES : 0;
    if (size < 0)
        return false;
    *ret_size = (size_t)size - from < PRINT_HEAD_BYTES ? (size_t)size - from : PRINT_HEAD_BYTES;
    memmove(bytes, bytes + from, *ret_size);
    return print_fits(head, bytes, *ret_size);
}

static bool trail_fits(int descriptor, const Place *place)
{
    char    bytes[PRINT_TRAIL_BYTES];
    ssize_t size = read_at(descriptor, bytes, place->trail.size, place->offset - place->trail.size);
    return size == place->trail.size && print_fits(place->trail, bytes, (size_t)size);
}

bool tail_is_at(const Place *place, const char *path, bool packed)
{
    char        head[PRINT_HEAD_BYTES + MARK_BYTES];
    size_t      size;
    struct stat found;
    if (packed)
        return packed_fits(path, place->head);
    int  descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool fits = descriptor >= 0 && fstat(descriptor, &found) == 0 &&
                (uint64_t)found.st_size >= place->offset &&
                head_fits(descriptor, place->head, head, &size) && trail_fits(descriptor, place);
    if (descriptor >= 0)
        close(descriptor);
    return fits;
}

/* -- one slice ------------------------------------------------------------------------------ */

static bool tail_open(Tail *tail, struct stat *ret)
{
    if (tail->descriptor < 0 && tail->path == NULL) {
        tail->problem = ENOENT;
        return false;
    }
    if (tail->descriptor < 0)
        tail->descriptor = open(tail->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (tail->descriptor < 0 || fstat(tail->descriptor, ret) != 0) {
        tail->problem = errno;
        return false;
    }
    tail->problem = 0;
    return true;
}

/* False: the file is another one, or was cut and written anew. */
static bool tail_check(Tail *tail, const struct stat *found)
{
    char   head[PRINT_HEAD_BYTES + MARK_BYTES];
    size_t size;
    if (found->st_dev != tail->place.device || found->st_ino != tail->place.inode)
        return false;
    tail->cut = (uint64_t)found->st_size < tail->place.offset ||
                !head_fits(tail->descriptor, tail->place.head, head, &size);
    if (tail->cut)
        return false;
    if (size > tail->place.head.size)
        tail->place.head = print_of(head, size);
    return true;
}

/* What stands before the first text: a hole and the mark.  False: it is no text. */
static bool tail_look(Tail *tail, const char *bytes, size_t size, size_t *ret_from)
{
    size_t from = 0;
    while (from < size && bytes[from] == '\0')
        from++;
    tail->passed += from;
    *ret_from = from;
    if (from == size)
        return true;
    size_t seen = size - from < SNIFF_BYTES ? size - from : SNIFF_BYTES;
    Look   look = sniff(bytes + from, seen);
    if (look != LOOK_TEXT && look != LOOK_UTF8_BOM)
        return false;
    if (look == LOOK_UTF8_BOM)
        *ret_from += MARK_BYTES;
    tail->looked = true;
    return true;
}

/* Moves the place on; bytes..: what was read, from the trail on. */
static void tail_advance(Tail *tail, const char *bytes, size_t from, size_t to)
{
    size_t trail = to < PRINT_TRAIL_BYTES ? to : PRINT_TRAIL_BYTES;
    tail->place.offset += to - from;
    tail->place.trail = print_of(bytes + to - trail, trail);
    tail->started = true;
}

/* Which of bytes[from..to) are to be given, and where reading goes on.  Gives the bytes used. */
static size_t tail_choose(Tail *tail, const char *bytes, size_t size, bool all, bool full,
                          TailSlice *ret)
{
    *ret = (TailSlice){.bytes = bytes};
    size_t from = 0;
    if (tail->place.cutting) {
        const char *end = memchr(bytes, '\n', size);
        from = end != NULL ? (size_t)(end - bytes) + 1 : size;
        tail->place.cutting = end == NULL;
        tail->passed += from;
        *ret = (TailSlice){.bytes = bytes + from};
        if (from == size)
            return from;
    }
    const char *end = memrchr(bytes + from, '\n', size - from);
    if (end != NULL) {
        ret->size = (size_t)(end - ret->bytes) + 1;
        return from + ret->size;
    }
    if (full && size - from > TAIL_LINE_BYTES) {
        ret->size = TAIL_LINE_BYTES;
        tail->place.cutting = true;
        tail->passed += size - from - TAIL_LINE_BYTES;
        return size;
    }
    if (all)
        ret->size = size - from;
    return from + ret->size;
}

static TailAnswer tail_read(Tail *tail, bool all, char *room, TailSlice *ret)
{
    size_t  trail = tail->place.trail.size, from = trail;
    ssize_t got =
        read_at(tail->descriptor, room, trail + TAIL_SLICE_BYTES, tail->place.offset - trail);
    if (got < 0) {
        tail->problem = errno;
        return TAIL_REFUSED;
    }
    size_t size = (size_t)got;
    if (!print_fits(tail->place.trail, room, size)) {
        tail->lost = tail->cut = true;
        return TAIL_MOVED;
    }
    bool full = size == trail + TAIL_SLICE_BYTES;
    if (!tail->looked && size > trail) {
        size_t passed;
        if (!tail_look(tail, room + trail, size - trail, &passed)) {
            tail->binary = true;
            return TAIL_NO_TEXT;
        }
        from += passed;
    }
    size_t used = tail_choose(tail, room + from, size - from, all, full, ret);
    if (from + used > trail)
        tail_advance(tail, room, trail, from + used);
    tail->ended = !full;
    if (ret->size > 0)
        return TAIL_LINES;
    return full ? TAIL_LINES : TAIL_NOTHING;
}

/* To its end without giving anything, but for a line that is not whole yet. */
static TailAnswer tail_skip(Tail *tail, char *room)
{
    size_t  passed;
    ssize_t got = read_at(tail->descriptor, room, SNIFF_BYTES, 0);
    if (got >= 0 && !tail_look(tail, room, (size_t)got, &passed)) {
        tail->binary = true;
        return TAIL_NO_TEXT;
    }
    size_t size = tail->size < TAIL_SLICE_BYTES ? (size_t)tail->size : TAIL_SLICE_BYTES;
    if (got >= 0)
        got = read_at(tail->descriptor, room, size, tail->size - size);
    if (got < 0) {
        tail->problem = errno;
        return TAIL_REFUSED;
    }
    const char *end = memrchr(room, '\n', (size_t)got);
    tail->place.offset = tail->size - size;
    tail_advance(tail, room, 0, end != NULL ? (size_t)(end - room) + 1 : 0);
    tail->place.cutting = end == NULL && size == TAIL_SLICE_BYTES;
    tail->ended = true;
    return TAIL_NOTHING;
}

/* Closed, read to its end, and as it was then: it need not be opened. */
static bool tail_rests(const Tail *tail)
{
    struct stat now;
    return tail->descriptor < 0 && tail->ended && tail->path != NULL &&
           stat(tail->path, &now) == 0 && now.st_dev == tail->place.device &&
           now.st_ino == tail->place.inode && (uint64_t)now.st_size == tail->size &&
           now.st_mtim.tv_sec * NS_PER_S + now.st_mtim.tv_nsec == tail->changed_ns;
}

TailAnswer tail_slice(Tail *tail, bool all, int64_t monotonic_ns, char *room, TailSlice *ret)
{
    struct stat found;
    *ret = (TailSlice){.bytes = room};
    if (tail->packed)
        return packed_slice(tail, room, ret);
    if (tail->binary)
        return TAIL_NO_TEXT;
    if (!all && tail_rests(tail))
        return TAIL_NOTHING;
    if (!tail_open(tail, &found)) {
        tail->lost = tail->problem == ENOENT;
        return tail->lost ? TAIL_MOVED : TAIL_REFUSED;
    }
    if (!tail_check(tail, &found)) {
        tail->lost = true;
        return TAIL_MOVED;
    }
    if ((uint64_t)found.st_size != tail->size)
        tail->grown_ns = monotonic_ns;
    tail->size = (uint64_t)found.st_size;
    tail->changed_ns = found.st_mtim.tv_sec * NS_PER_S + found.st_mtim.tv_nsec;
    if (tail->from_end && !tail->started)
        return tail_skip(tail, room);
    return tail_read(tail, all, room, ret);
}
