/* SPDX-License-Identifier: Apache-2.0 */
#include "input/refusal.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The nearest thing on the way to `path` that may be looked at: the file, or a folder above. */
static int nearest_stat(const char *path, struct stat *ret)
{
    char way[4096];
    snprintf(way, sizeof way, "%s", path);
    while (stat(way, ret) != 0) {
        char *slash = strrchr(way, '/');
        if (slash == NULL || slash == way)
            return -1;
        *slash = '\0';
    }
    return 0;
}

static void permission_text(const char *path, char *buffer)
{
    static const char with_sudo[] = "permission denied; run with sudo";
    struct stat       found;
    snprintf(buffer, REFUSAL_SIZE, "%s", with_sudo);
    if (nearest_stat(path, &found) != 0 || found.st_gid == 0 || !(found.st_mode & S_IRGRP))
        return;
    const struct group *group = getgrgid(found.st_gid);
    if (group == NULL)
        return;
    snprintf(buffer, REFUSAL_SIZE,
             "permission denied; run as a member of group %.64s (sudo usermod -aG %.64s $USER, "
             "then log in again) or with sudo",
             group->gr_name, group->gr_name);
}

static const char *known_text(int error)
{
    switch (error) {
    case ENOENT: return "no such file or folder; check the name";
    case ENOTDIR: return "a part of the path is no folder; check the name";
    case EISDIR: return "it is a folder; name the folder alone to read what is in it";
    case ELOOP: return "its symbolic links go round in a circle; remove one of them";
    case ENAMETOOLONG: return "the name is too long; change into a folder nearer to it";
    case EMFILE:
    case ENFILE: return "too many open files; raise the limit (ulimit -n 4096)";
    case ENXIO: return "nobody serves this socket or device; name a file";
    case EIO: return "the disk reports an error; look at dmesg and the health of the disk";
    case EBADMSG:
        return "what was packed is damaged, or its end is missing; what is before that was read";
    case ESTALE: return "the network share lost the file; mount it again";
    case EBADF: return "it is closed; give it a pipe or a file";
    case ENOMEM: return "out of memory; close other programs or read fewer files at once";
    default: return NULL;
    }
}

char *refusal_text(const char *path, int error, char *buffer)
{
    if (error == EACCES || error == EPERM) {
        permission_text(path, buffer);
        return buffer;
    }
    const char *known = known_text(error);
    if (known != NULL)
        snprintf(buffer, REFUSAL_SIZE, "%s", known);
    else
        snprintf(buffer, REFUSAL_SIZE, "%s (error %d)", strerror(error), error);
    return buffer;
}
