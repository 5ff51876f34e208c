/* SPDX-License-Identifier: Apache-2.0
 *
 * interrupted_calls.c - for LD_PRELOAD: every n-th call that moves bytes, or waits for them, is
 * interrupted by a signal, or moves only a part.
 *
 * Sockets are left alone: those that do not block are never interrupted, and who waits for edges
 * (epoll) takes a part for all that there is.  Files are those of 64 bits: pread is pread64.
 * INTERRUPT_EVERY is n. */
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTES_MIN 16 /* Counters of the kernel (eventfd) are moved whole, at once. */

static unsigned every;
static _Atomic unsigned called;

static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_poll)(struct pollfd *, nfds_t, int);

/* A pointer to a function is none to an object, in C; memcpy asks nobody. */
static void find(void *function, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(function, &found, sizeof found);
}

__attribute__((constructor)) static void interrupted_begin(void)
{
    find(&real_read, "read");
    find(&real_write, "write");
    find(&real_pread, "pread64");
    find(&real_pwrite, "pwrite64");
    find(&real_poll, "poll");
    const char *text = getenv("INTERRUPT_EVERY");
    every = text != NULL ? (unsigned)strtoul(text, NULL, 10) : 0;
}

typedef enum { GOES_ON, INTERRUPTED, CUT } Fate;

static Fate fate(size_t size)
{
    unsigned number = every > 0 && size >= BYTES_MIN ? atomic_fetch_add(&called, 1) : 0;
    if (number == 0 || number % every != 0)
        return GOES_ON;
    if (number / every % 2 != 0)
        return CUT;
    errno = EINTR;
    return INTERRUPTED;
}

ssize_t read(int fd, void *buf, size_t nbytes)
{
    Fate what = fate(nbytes);
    return what == INTERRUPTED ? -1 : real_read(fd, buf, what == CUT ? nbytes / 2 : nbytes);
}

ssize_t write(int fd, const void *buf, size_t n)
{
    Fate what = fate(n);
    return what == INTERRUPTED ? -1 : real_write(fd, buf, what == CUT ? n / 2 : n);
}

ssize_t pread(int fd, void *buf, size_t nbytes, off_t offset)
{
    Fate what = fate(nbytes);
    return what == INTERRUPTED ? -1
                               : real_pread(fd, buf, what == CUT ? nbytes / 2 : nbytes, offset);
}

ssize_t pwrite(int fd, const void *buf, size_t nbytes, off_t offset)
{
    Fate what = fate(nbytes);
    return what == INTERRUPTED ? -1
                               : real_pwrite(fd, buf, what == CUT ? nbytes / 2 : nbytes, offset);
}

int poll(struct pollfd *fds, nfds_t nfds, int timeout)
{
    return fate(BYTES_MIN) == INTERRUPTED ? -1 : real_poll(fds, nfds, timeout);
}
