/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/out.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

static void out_write(Out *out, const char *bytes, size_t size)
{
    while (size > 0 && !out->closed && !out->problem) {
        ssize_t written = write(out->descriptor, bytes, size);
        if (written >= 0) {
            bytes += written;
            size -= (size_t)written;
        } else if (errno == EPIPE) {
            out->closed = true;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            struct pollfd ready = {.fd = out->descriptor, .events = POLLOUT};
            poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            out->problem = errno;
        }
    }
}

void out_flush(Out *out)
{
    out_write(out, buffer_text(&out->text), out->text.size);
    buffer_clear(&out->text);
}

void out_step(Out *out)
{
    if (out->text.size >= OUT_BYTES_MAX)
        out_flush(out);
}

bool out_close(Out *out)
{
    out_flush(out);
    buffer_free(&out->text);
    return out->problem == 0;
}
