/* SPDX-License-Identifier: Apache-2.0
 *
 * secret.c - what stands in a file because it is not to stand anywhere else. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "settings/settings.h"

static bool secret_read(int descriptor, char *to, size_t size, size_t *ret_size)
{
    size_t filled = 0;
    while (filled < size) {
        ssize_t got = read(descriptor, to + filled, size - filled);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        filled += (size_t)got;
    }
    *ret_size = filled;
    return true;
}

bool settings_secret(const char *path, char *to, size_t size, char *problem)
{
    size_t filled = 0;
    to[0] = '\0';
    if (path[0] == '\0')
        return true;
    int  descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool good = descriptor >= 0 && secret_read(descriptor, to, size, &filled);
    int  refused = errno;
    if (descriptor >= 0)
        close(descriptor);
    if (!good) {
        snprintf(problem, SETTINGS_PROBLEM_SIZE, "cannot read the secret in %s: %s", path,
                 strerror(refused));
    } else if (filled == size) {
        snprintf(problem, SETTINGS_PROBLEM_SIZE, "the secret in %s is longer than %zu bytes", path,
                 size - 1);
        good = false;
    } else {
        while (filled > 0 && (to[filled - 1] == '\n' || to[filled - 1] == '\r'))
            filled--;
        to[filled] = '\0';
        good = filled > 0 && strlen(to) == filled;
        if (!good)
            snprintf(problem, SETTINGS_PROBLEM_SIZE,
                     "the secret in %s is empty or holds a NUL; it is one line of text", path);
    }
    if (!good)
        memset(to, 0, size);
    return good;
}
