/* SPDX-License-Identifier: Apache-2.0 */
#include "input/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/refusal.h"

#define WAIT_MS 100            /* How long a request to stop may go unheard. */
#define READ_BYTES_MAX (1 << 20) /* A stop is heard between reads.           */

typedef struct {
    Tap               tap;
    const TapSetting *setting;
    char             *path;
    int               descriptor;
    bool              regular, looked_again;
    struct stat       opened;
    uint64_t          offset; /* In the file.                                */
    uint64_t          limit;  /* Read no further; UINT64_MAX: not a file on a disk. */
} Descriptor;

/* At the end of what was there at first: one more look at how far it has grown. */
static void look_again(Descriptor *d)
{
    struct stat now;
    if (d->looked_again || fstat(d->descriptor, &now) != 0)
        return;
    d->looked_again = true;
    if ((uint64_t)now.st_size > d->offset)
        d->limit = (uint64_t)now.st_size;
}

static void note_what_happened(Descriptor *d)
{
    const char *name = d->setting->name;
    struct stat now, named;
    if (d->limit == UINT64_MAX || fstat(d->descriptor, &now) != 0)
        return;
    if ((uint64_t)now.st_size < d->offset || now.st_size < d->opened.st_size) {
        notes_add(d->setting->notes,
                  "%s was truncated while it was read, at byte %" PRIu64 ": lines written "
                  "since then may be missing; read it again when its rotation is over",
                  name, d->offset);
        return;
    }
    if (d->path == NULL || tap_stopped(d->setting))
        return;
    if (stat(d->path, &named) != 0)
        notes_add(
            d->setting->notes,
            "%s was renamed or removed while it was read; it was read to its end all the same",
            name);
    else if (named.st_ino != d->opened.st_ino || named.st_dev != d->opened.st_dev)
        notes_add(d->setting->notes,
                  "%s was rotated while it was read: the old file was read to its end, the new one "
                  "was not; run again to read it",
                  name);
}

static bool wait_readable(Descriptor *d)
{
    while (!d->regular) {
        if (tap_stopped(d->setting))
            return false;
        struct pollfd wanted = {.fd = d->descriptor, .events = POLLIN};
        if (poll(&wanted, 1, WAIT_MS) > 0)
            return true;
    }
    return !tap_stopped(d->setting);
}

static size_t descriptor_read(Tap *tap, char *to, size_t size)
{
    Descriptor *d = (Descriptor *)tap;
    if (d->offset == d->limit)
        look_again(d);
    uint64_t wanted = size < READ_BYTES_MAX ? size : READ_BYTES_MAX;
    if (wanted > d->limit - d->offset)
        wanted = d->limit - d->offset;
    while (wanted > 0 && wait_readable(d)) {
        ssize_t got = read(d->descriptor, to, wanted);
        if (got > 0) {
            d->offset += (uint64_t)got;
            return (size_t)got;
        }
        if (got == 0)
            break;
        if (errno == EINTR || errno == EAGAIN)
            continue;
        char refusal[REFUSAL_SIZE];
        tap_break(d->setting);
        notes_add(d->setting->notes,
                  "cannot read on in %s at byte %" PRIu64 ": %s; what came before is kept",
                  d->setting->name, d->offset,
                  refusal_text(d->path != NULL ? d->path : "", errno, refusal));
        return 0;
    }
    note_what_happened(d);
    return 0;
}

static void descriptor_close(Tap *tap)
{
    Descriptor *d = (Descriptor *)tap;
    if (d->descriptor != STDIN_FILENO)
        close(d->descriptor);
    free(d->path);
    free(d);
}

Tap *descriptor_tap(int descriptor, const char *path, const TapSetting *setting)
{
    Descriptor *d = calloc(1, sizeof *d);
    if (d == NULL)
        return NULL;
    *d = (Descriptor){.tap = {.read = descriptor_read, .close = descriptor_close},
                      .setting = setting,
                      .descriptor = descriptor,
                      .limit = UINT64_MAX};
    d->path = path != NULL ? strdup(path) : NULL;
    if (fstat(descriptor, &d->opened) == 0)
        d->regular = S_ISREG(d->opened.st_mode);
    /* Files of /proc say that they are empty and are not: those are read until they end. */
    if (d->regular && d->opened.st_size > 0) {
        off_t from = lseek(descriptor, 0, SEEK_CUR);
        d->offset = from > 0 ? (uint64_t)from : 0;
        d->limit = (uint64_t)(d->opened.st_size > from ? d->opened.st_size : from);
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    return &d->tap;
}

int descriptor_again(const Tap *tap)
{
    const Descriptor *d = (const Descriptor *)tap;
    errno = ESPIPE;
    return d->regular ? fcntl(d->descriptor, F_DUPFD_CLOEXEC, 0) : -1;
}
