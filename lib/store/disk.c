/* SPDX-License-Identifier: Apache-2.0 */
#include "store/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

#define CHECKSUM_SEED 0x6c616b65 /* "lake" */

static odd_rc refused(void)
{
    switch (errno) {
    case ENOSPC:
    case EDQUOT:
        return ODD_SPACE;
    case ENOENT:
        return ODD_NOTFOUND;
    case ENOMEM:
        return ODD_NOMEM;
    default:
        return ODD_IO;
    }
}

static odd_rc sync_path(const char *path, int flags)
{
    int descriptor = open(path, flags | O_CLOEXEC);
    if (descriptor < 0)
        return refused();
    odd_rc rc = fsync(descriptor) == 0 ? ODD_OK : refused();
    int reason = errno;
    close(descriptor);
    errno = reason;
    return rc;
}

static odd_rc sync_folder_of(const char *path)
{
    char folder[DISK_PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t size = slash == path ? 1 : slash != NULL ? (size_t)(slash - path) : 0;
    if (size >= sizeof folder) {
        errno = ENAMETOOLONG;
        return ODD_IO;
    }
    memcpy(folder, path, size);
    folder[size] = '\0';
    return sync_path(size > 0 ? folder : ".", O_RDONLY | O_DIRECTORY);
}

static odd_rc make_one(const char *path, bool durable)
{
    bool made = mkdir(path, 0700) == 0;
    if (!made && errno != EEXIST)
        return refused();
    return made || durable ? sync_folder_of(path) : ODD_OK;
}

odd_rc disk_make(const char *path, int durable)
{
    char part[DISK_PATH_MAX];
    size_t size = strlen(path);
    int left = 1;
    if (size >= sizeof part) {
        errno = ENAMETOOLONG;
        return ODD_IO;
    }
    memcpy(part, path, size + 1);
    for (const char *slash = part; (slash = strchr(slash + 1, '/')) != NULL;)
        left++;
    for (char *slash = part + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        odd_rc rc = make_one(part, left-- <= durable);
        if (rc != ODD_OK)
            return rc;
        *slash = '/';
    }
    return make_one(part, left <= durable);
}

odd_rc disk_publish(const char *from, const char *to)
{
    odd_rc rc = sync_path(from, O_RDONLY);
    if (rc != ODD_OK)
        return rc;
    if (rename(from, to) != 0)
        return refused();
    return sync_folder_of(to);
}

static odd_rc write_all(int descriptor, Str bytes)
{
    while (bytes.size > 0) {
        ssize_t written = write(descriptor, bytes.text, bytes.size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return refused();
        bytes = str_part(bytes, (size_t)written, bytes.size);
    }
    return ODD_OK;
}

static bool part_of(const char *path, char part[DISK_PATH_MAX])
{
    if (snprintf(part, DISK_PATH_MAX, "%s.tmp", path) < DISK_PATH_MAX)
        return true;
    errno = ENAMETOOLONG;
    return false;
}

static odd_rc write_part(const char *part, Str bytes)
{
    int descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return refused();
    odd_rc rc = write_all(descriptor, bytes);
    int reason = errno;
    if (close(descriptor) != 0 && rc == ODD_OK)
        return refused();
    errno = reason;
    return rc;
}

odd_rc disk_write(const char *path, Str bytes)
{
    char part[DISK_PATH_MAX];
    if (!part_of(path, part))
        return ODD_IO;
    odd_rc rc = write_part(part, bytes);
    if (rc == ODD_OK)
        rc = disk_publish(part, path);
    if (rc != ODD_OK) {
        int reason = errno;
        unlink(part);
        errno = reason;
    }
    return rc;
}

void disk_sweep(const char *path)
{
    char part[DISK_PATH_MAX];
    if (part_of(path, part))
        disk_remove(part);
}

odd_rc disk_remove(const char *path)
{
    return unlink(path) == 0 || errno == ENOENT ? ODD_OK : refused();
}

void disk_remove_folder(const char *path)
{
    rmdir(path); /* One that is not empty stays, and that is what is wanted. */
}

odd_rc disk_map(const char *path, Str *ret_bytes)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return refused();
    struct stat about;
    void *bytes = NULL;
    odd_rc rc = fstat(descriptor, &about) == 0 ? ODD_OK : refused();
    if (rc == ODD_OK && about.st_size > 0) {
        bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (bytes == MAP_FAILED)
            rc = refused();
    }
    int reason = errno;
    close(descriptor);
    errno = reason;
    if (rc == ODD_OK)
        *ret_bytes = (Str){.text = bytes, .size = (size_t)about.st_size};
    return rc;
}

void disk_unmap(Str bytes)
{
    if (bytes.size > 0)
        munmap((void *)bytes.text, bytes.size);
}

bool disk_is_there(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

odd_rc disk_lock(const char *path, int *ret_lock)
{
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return refused();
    if (flock(descriptor, LOCK_EX) != 0) {
        odd_rc rc = refused();
        close(descriptor);
        return rc;
    }
    *ret_lock = descriptor;
    return ODD_OK;
}

void disk_unlock(int lock)
{
    close(lock);
}

uint64_t disk_checksum(Str bytes)
{
    return hash_bytes(bytes.text, bytes.size, CHECKSUM_SEED);
}

odd_rc disk_list(const char *path, bool (*each)(void *context, const char *name), void *context)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return errno == ENOENT ? ODD_OK : refused();
    bool ended = false;
    errno = 0;
    for (struct dirent *entry; !ended && (entry = readdir(folder)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            ended = each(context, entry->d_name);
    odd_rc rc = errno == 0 ? ODD_OK : refused();
    closedir(folder);
    return rc;
}
