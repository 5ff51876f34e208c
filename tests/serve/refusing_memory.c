/* SPDX-License-Identifier: Apache-2.0
 *
 * refusing_memory.c - for LD_PRELOAD: every n-th request for memory is refused, in the program and
 * in all libraries that it uses.
 *
 * REFUSE_FILE names a file that begins with n, 32 bits of this machine; 0: none is refused.  It may
 * change at any time. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define FILE_BYTES 4096

/* glibc's own, which are always there. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t nmemb, size_t size);
void *__libc_realloc(void *ptr, size_t size);

static _Atomic unsigned *every;
static _Atomic unsigned asked;

__attribute__((constructor)) static void refusing_begin(void)
{
    const char *path = getenv("REFUSE_FILE");
    int file = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *mapped = mmap(NULL, FILE_BYTES, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (mapped != MAP_FAILED)
        every = mapped;
}

static bool is_refused(void)
{
    unsigned n = every != NULL ? atomic_load(every) : 0;
    if (n == 0 || atomic_fetch_add(&asked, 1) % n != n - 1)
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return is_refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t nmemb, size_t size)
{
    return is_refused() ? NULL : __libc_calloc(nmemb, size);
}

void *realloc(void *ptr, size_t size)
{
    return is_refused() ? NULL : __libc_realloc(ptr, size);
}
