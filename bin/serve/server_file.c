/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/server_file.h"

#include <stdio.h>
#include <unistd.h>

#define PATH_SIZE 4200

/* Addresses need no escapes: what listens on them has been read as host and port. */
bool server_file_write(const char *data, const Listening *listening)
{
    char path[PATH_SIZE], fresh[PATH_SIZE + 8];
    snprintf(path, sizeof path, "%s/server.json", data);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *file = fopen(fresh, "we");
    if (file == NULL)
        return false;
    fprintf(file, "{\"pid\":%d,\"address\":\"%s\",\"otlp_http\":\"%s\",\"otlp_grpc\":\"%s\"}\n",
            (int)getpid(), listening_address(listening), listening_otlp_http(listening),
            listening_otlp_grpc(listening));
    bool good = !ferror(file);
    good = fclose(file) == 0 && good;
    return good && rename(fresh, path) == 0;
}

void server_file_remove(const char *data)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/server.json", data);
    unlink(path); /* Whoever finds an old one sees that the process is gone. */
}
