/* SPDX-License-Identifier: Apache-2.0 */
#include "input/gunzip.h"

#include <stdlib.h>
#include <zlib.h>

#include "input/unpack.h"

#define GZIP_WINDOW (15 + 16) /* zlib: the largest window, gzip headers only. */
#define ZLIB_WINDOW 15        /* zlib: the same, zlib headers only. */

typedef struct {
    Unpack   unpack;
    z_stream z;
    bool     between; /* Members: behind one, before the next or the end. */
    bool     single;  /* There is only one. */
} Gunzip;

/* Behind a member: true if another one follows. */
static bool next_member(Gunzip *g)
{
    Unpack *u = &g->unpack;
    for (;;) {
        while (!g->single && u->from < u->to && u->piece[u->from] == 0)
            unpack_use(u, 1);
        size_t waiting = u->to - u->from;
        if (waiting >= 2 || unpack_refill(u) == waiting)
            break;
    }
    if (u->from == u->to) {
        u->done = true;
        return false;
    }
    if (g->single || u->to - u->from < 2 || u->piece[u->from] != 0x1f ||
        u->piece[u->from + 1] != 0x8b) {
        unpack_end_followed(u);
        return false;
    }
    inflateReset(&g->z);
    g->between = false;
    return true;
}

/* One step of zlib into to[size]: the bytes that it made. */
static size_t inflate_some(Gunzip *g, char *to, size_t size)
{
    Unpack *u = &g->unpack;
    g->z.next_in = u->piece + u->from;
    g->z.avail_in = (uInt)(u->to - u->from);
    g->z.next_out = (Bytef *)to;
    g->z.avail_out = (uInt)size;
    uInt offered = g->z.avail_in;
    int  rc = inflate(&g->z, Z_NO_FLUSH);
    unpack_use(u, offered - g->z.avail_in);
    size_t made = size - g->z.avail_out;
    if (!unpack_allows(u, made))
        return made;
    if (rc == Z_STREAM_END)
        g->between = true;
    else if (rc == Z_MEM_ERROR)
        unpack_end_damaged(u, "out of memory", "close other programs and read it again");
    else if (rc != Z_OK && rc != Z_BUF_ERROR)
        unpack_end_damaged(u, g->z.msg != NULL ? g->z.msg : "another format",
                           "copy it again from where it came");
    return made;
}

static size_t gunzip_read(Tap *tap, char *to, size_t size)
{
    Gunzip *g = (Gunzip *)tap;
    Unpack *u = &g->unpack;
    size_t  piece = size < UINT32_MAX ? size : UINT32_MAX;
    while (!u->done) {
        if (g->between && !next_member(g))
            return 0;
        if (u->from == u->to && unpack_refill(u) == 0) {
            /* zlib may still hold output for which there was no room. */
            size_t made = inflate_some(g, to, piece);
            if (made == 0 && !g->between && !u->done)
                unpack_end_truncated(u);
            if (made > 0)
                return made;
            continue;
        }
        size_t made = inflate_some(g, to, piece);
        if (made > 0)
            return made;
    }
    return 0;
}

static void gunzip_close(Tap *tap)
{
    Gunzip *g = (Gunzip *)tap;
    inflateEnd(&g->z);
    free(g);
}

static Tap *open_tap(Tap *below, const TapSetting *setting, const char *format, int window)
{
    Gunzip *g = calloc(1, sizeof *g);
    if (g == NULL || inflateInit2(&g->z, window) != Z_OK) {
        free(g);
        return NULL;
    }
    unpack_begin(&g->unpack, below, format, setting);
    g->single = window == ZLIB_WINDOW;
    g->unpack.tap.read = gunzip_read;
    g->unpack.tap.close = gunzip_close;
    return &g->unpack.tap;
}

Tap *gunzip_tap(Tap *below, const TapSetting *setting)
{
    return open_tap(below, setting, "gzip", GZIP_WINDOW);
}

Tap *inflate_tap(Tap *below, const TapSetting *setting)
{
    return open_tap(below, setting, "zlib", ZLIB_WINDOW);
}
