/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* Only the letters of the reason that there are go to the file. */
#define SPOOL_HEAD_BYTES offsetof(SpoolRow, reason)

bool spool_open(Spool *spool)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    int size = snprintf(path, sizeof path, "%s/oddball-XXXXXX", folder && folder[0] ? folder : "/tmp");
    if (size < 0 || (size_t)size >= sizeof path) {
        errno = ENAMETOOLONG;
        return false;
    }
    int descriptor = mkostemp(path, O_CLOEXEC);
    if (descriptor < 0)
        return false;
    unlink(path);
    spool->file = fdopen(descriptor, "w+");
    if (!spool->file)
        close(descriptor);
    return spool->file != NULL;
}

bool spool_write(Spool *spool, const SpoolRow *row)
{
    assert(row->reason_size <= SPOOL_REASON_MAX);
    size_t size = SPOOL_HEAD_BYTES + row->reason_size;
    return fwrite(row, 1, size, spool->file) == size;
}

bool spool_rewind(Spool *spool)
{
    return fflush(spool->file) == 0 && fseek(spool->file, 0, SEEK_SET) == 0;
}

bool spool_read(Spool *spool, SpoolRow *ret_row)
{
    SpoolRow row = {0};
    errno = 0;
    if (fread(&row, 1, SPOOL_HEAD_BYTES, spool->file) != SPOOL_HEAD_BYTES)
        return false;
    assert(row.reason_size <= SPOOL_REASON_MAX);
    if (fread(row.reason, 1, row.reason_size, spool->file) != row.reason_size)
        return false;
    *ret_row = row;
    return true;
}

void spool_close(Spool *spool)
{
    if (spool->file)
        fclose(spool->file);
    spool->file = NULL;
}
