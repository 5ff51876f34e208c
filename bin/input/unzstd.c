/* SPDX-License-Identifier: Apache-2.0 */
#include "input/unzstd.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "input/unpack.h"

typedef struct {
    Unpack        unpack;
    ZSTD_DStream *z;
    bool          between; /* Frames: behind one, before the next or the end. */
    bool          any;     /* A frame has ended well.                         */
} Unzstd;

static void end_refused(Unzstd *z, size_t rc)
{
    static const char again[] = "copy it again from where it came";
    Unpack           *u = &z->unpack;
    switch (ZSTD_getErrorCode(rc)) {
    case ZSTD_error_prefix_unknown:
        if (z->any)
            unpack_end_followed(u);
        else
            unpack_end_damaged(u, "not zstd", again);
        break;
    case ZSTD_error_frameParameter_windowTooLarge:
        unpack_end_damaged(u, "it asks for more than 128 MiB of memory",
                           "unpack it yourself (zstd -d --long=31) and name the result");
        break;
    case ZSTD_error_memory_allocation:
        unpack_end_damaged(u, "out of memory", "close other programs and read it again");
        break;
    default: unpack_end_damaged(u, ZSTD_getErrorName(rc), again); break;
    }
}

/* One step of libzstd into to[size]: the bytes that it made. */
static size_t decompress_some(Unzstd *z, char *to, size_t size)
{
    Unpack        *u = &z->unpack;
    ZSTD_inBuffer  in = {u->piece + u->from, u->to - u->from, 0};
    ZSTD_outBuffer out = {to, size, 0};
    size_t         rc = ZSTD_decompressStream(z->z, &out, &in);
    unpack_use(u, in.pos);
    if (!unpack_allows(u, out.pos))
        return out.pos;
    if (ZSTD_isError(rc)) {
        end_refused(z, rc);
        return out.pos;
    }
    z->between = rc == 0;
    z->any = z->any || z->between;
    return out.pos;
}

static size_t unzstd_read(Tap *tap, char *to, size_t size)
{
    Unzstd *z = (Unzstd *)tap;
    Unpack *u = &z->unpack;
    while (!u->done) {
        bool   dry = u->from == u->to && unpack_refill(u) == 0;
        if (dry && z->between) {
            u->done = true;
            break;
        }
        /* Dry or not: libzstd may still hold output for which there was no room. */
        size_t made = decompress_some(z, to, size);
        if (made > 0)
            return made;
        if (dry && !z->between && !u->done)
            unpack_end_truncated(u);
    }
    return 0;
}

static void unzstd_close(Tap *tap)
{
    Unzstd *z = (Unzstd *)tap;
    ZSTD_freeDStream(z->z);
    free(z);
}

Tap *unzstd_tap(Tap *below, const TapSetting *setting)
{
    Unzstd *z = calloc(1, sizeof *z);
    if (z == NULL)
        return NULL;
    z->z = ZSTD_createDStream();
    if (z->z == NULL) {
        free(z);
        return NULL;
    }
    ZSTD_DCtx_setParameter(z->z, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX);
    unpack_begin(&z->unpack, below, "zstd", setting);
    z->unpack.tap.read = unzstd_read;
    z->unpack.tap.close = unzstd_close;
    return &z->unpack.tap;
}
