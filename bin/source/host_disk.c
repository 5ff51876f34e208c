/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "source/host.h"

#define SECTOR_BYTES 512
#define MS_PER_S 1000.0

/* Fields of diskstats (Documentation/admin-guide/iostats.rst), counted from the device's name. */
static const struct {
    size_t      field;
    const char *name;
    double      factor;
} disk_fields[] = {
    {1, "node_disk_reads_completed_total", 1},
    {3, "node_disk_read_bytes_total", SECTOR_BYTES},
    {4, "node_disk_read_time_seconds_total", 1 / MS_PER_S},
    {5, "node_disk_writes_completed_total", 1},
    {7, "node_disk_written_bytes_total", SECTOR_BYTES},
    {8, "node_disk_write_time_seconds_total", 1 / MS_PER_S},
    {9, "node_disk_io_now", 1},
    {10, "node_disk_io_time_seconds_total", 1 / MS_PER_S},
    {11, "node_disk_io_time_weighted_seconds_total", 1 / MS_PER_S},
};

/* Partitions and devices without hardware of their own say nothing that their disks don't. */
static bool is_disk(const Host *host, const char *name)
{
    static const char *const virtual[] = {"loop", "ram", "zram", "fd", "sr"};
    char                     path[512];
    struct stat              status;
    for (size_t i = 0; i < sizeof virtual / sizeof virtual[0]; i++) {
        size_t size = strlen(virtual[i]);
        if (strncmp(name, virtual[i], size) == 0 && isdigit((unsigned char)name[size]))
            return false;
    }
    snprintf(path, sizeof path, "%s/block/%s", host->sys, name);
    return stat(path, &status) == 0;
}

static void disks_add(Host *host, Samples *samples)
{
    ProcLine line;
    size_t   count = 0;
    if (!proc_read(&host->text, host->proc, "diskstats"))
        return;
    while (count < HOST_DEVICES_MAX && proc_line(&host->text, '\0', &line)) {
        if (line.count < 14 || !is_disk(host, line.words[2]))
            continue;
        count++;
        for (size_t i = 0; i < sizeof disk_fields / sizeof disk_fields[0]; i++)
            samples_one(samples, disk_fields[i].name, "device", line.words[2],
                        proc_number(line.words[2 + disk_fields[i].field]) * disk_fields[i].factor);
    }
}

/* "\040" in the list of mounts is a blank. */
static void unescape(char *text)
{
    char *to = text;
    for (const char *at = text; *at != '\0'; at++) {
        if (at[0] == '\\' && at[1] >= '0' && at[1] <= '3' && isdigit((unsigned char)at[2]) &&
            isdigit((unsigned char)at[3])) {
            *to++ = (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0'));
            at += 3;
        } else {
            *to++ = *at;
        }
    }
    *to = '\0';
}

/* Of the kernel's own and those over networks, whose use may be asked for in vain for minutes,
 * nothing is told. */
static bool is_file_system(const char *kind)
{
    static const char *const kinds[] = {"ext2",  "ext3", "ext4",  "xfs",  "btrfs", "zfs",
                                        "f2fs",  "jfs",  "vfat",  "ntfs", "ntfs3", "overlay",
                                        "exfat", "reiserfs", "bcachefs", "tmpfs"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

static void file_system_add(Samples *samples, const char *device, const char *mount,
                            const char *kind)
{
    struct statvfs use;
    if (statvfs(mount, &use) != 0 || use.f_blocks == 0)
        return;
    SampleLabel labels[] = {{"device", device}, {"fstype", kind}, {"mountpoint", mount}};
    double      block = (double)use.f_frsize;
    samples_add(samples, "node_filesystem_size_bytes", labels, 3, (double)use.f_blocks * block);
    samples_add(samples, "node_filesystem_free_bytes", labels, 3, (double)use.f_bfree * block);
    samples_add(samples, "node_filesystem_avail_bytes", labels, 3, (double)use.f_bavail * block);
    samples_add(samples, "node_filesystem_files", labels, 3, (double)use.f_files);
    samples_add(samples, "node_filesystem_files_free", labels, 3, (double)use.f_ffree);
    samples_add(samples, "node_filesystem_readonly", labels, 3, (use.f_flag & ST_RDONLY) != 0);
}

/* Mounts of containers, packages and units come and go with them. */
static bool is_passing(const char *mount)
{
    static const char *const places[] = {"/var/lib/docker/", "/var/lib/containers/",
                                         "/var/lib/kubelet/", "/run/containerd/",
                                         "/run/credentials/", "/run/user/", "/snap/"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (strncmp(mount, places[i], strlen(places[i])) == 0)
            return true;
    return false;
}

/* The same device on several folders is told once: of the first. */
static bool is_first(const char *const *devices, size_t count, const char *device)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(devices[i], device) == 0)
            return false;
    return true;
}

static void file_systems_add(Host *host, Samples *samples)
{
    ProcLine    line;
    const char *devices[HOST_DEVICES_MAX];
    size_t      count = 0;
    if (!proc_read(&host->text, host->proc, "self/mounts"))
        return;
    while (count < HOST_DEVICES_MAX && proc_line(&host->text, '\0', &line)) {
        if (line.count < 3 || !is_file_system(line.words[2]) || is_passing(line.words[1]))
            continue;
        if (line.words[0][0] == '/' && !is_first(devices, count, line.words[0]))
            continue;
        devices[count++] = line.words[0];
        unescape(line.words[0]);
        unescape(line.words[1]);
        file_system_add(samples, line.words[0], line.words[1], line.words[2]);
    }
}

void host_disk(Host *host, Samples *samples)
{
    disks_add(host, samples);
    file_systems_add(host, samples);
}
