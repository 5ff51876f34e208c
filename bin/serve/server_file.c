/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/server_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define PATH_SIZE 4200
#define TEXT_SIZE 4096

static bool write_all(int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno != EINTR)
            return false;
        bytes += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* Addresses need no escapes: what listens on them has been read as host and port. */
bool server_file_write(const char *data, const Listening *listening)
{
    char path[PATH_SIZE], fresh[PATH_SIZE + 8], text[TEXT_SIZE];
    snprintf(path, sizeof path, "%s/server.json", data);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    int size =
        snprintf(text, sizeof text,
                 "{\"pid\":%d,\"address\":\"%s\",\"otlp_http\":\"%s\",\"otlp_grpc\":\"%s\"}\n",
                 (int)getpid(), listening_address(listening), listening_otlp_http(listening),
                 listening_otlp_grpc(listening));
    if (size < 0 || (size_t)size >= sizeof text) {
        errno = ENAMETOOLONG;
        return false;
    }
    int descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return false;
    bool good = write_all(descriptor, text, (size_t)size);
    good = close(descriptor) == 0 && good;
    return good && rename(fresh, path) == 0;
}

void server_file_remove(const char *data)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/server.json", data);
    unlink(path); /* Whoever finds an old one sees that the process is gone. */
}
