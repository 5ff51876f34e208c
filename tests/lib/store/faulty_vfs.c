/* SPDX-License-Identifier: Apache-2.0 */
#include "faulty_vfs.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR 512
#define NODES_MAX 256
#define PATH_MAX_HERE 512

typedef struct { /* A file that was opened. */
    char   path[PATH_MAX_HERE];
    char  *synced;     /* What the disk is sure to hold. */
    size_t synced_size;
    bool   is_durable; /* So is its name.                */
    char  *lost;       /* Of each sector: a sync of it failed, and it was not written since. */
    size_t lost_count;
} Node;

typedef struct {
    sqlite3_file  base;
    Node         *node;
    sqlite3_file *real; /* Behind this struct. */
} File;

static sqlite3_vfs     layer;
static sqlite3_vfs    *beneath;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Node            nodes[NODES_MAX];
static size_t          node_count;
static Fault           fault;
static uint64_t        fault_at, operations;
static bool            has_struck;
static char            full_while[PATH_MAX_HERE];
static int             last_error;

/* -- files as they are now --------------------------------------------------------------------- */

static char *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    *ret_size = 0;
    if (file == NULL)
        return NULL;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *bytes = calloc(1, (size_t)size + 1);
    size_t got = fread(bytes, 1, (size_t)size, file);
    fclose(file);
    *ret_size = got;
    return bytes;
}

static void write_file(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert(file != NULL);
    if (size > 0) {
        size_t put = fwrite(bytes, 1, size, file);
        assert(put == size);
    }
    fclose(file);
}

/* A file is read through the layer beneath: to open it ourselves would drop SQLite's locks. */
static char *read_open(sqlite3_file *real, size_t *ret_size)
{
    sqlite3_int64 size = 0;
    real->pMethods->xFileSize(real, &size);
    char *bytes = calloc(1, (size_t)size + 1);
    if (size > 0)
        real->pMethods->xRead(real, bytes, (int)size, 0);
    *ret_size = (size_t)size;
    return bytes;
}

static Node *node_of(const char *path)
{
    for (size_t i = 0; i < node_count; i++)
        if (strcmp(nodes[i].path, path) == 0)
            return &nodes[i];
    assert(node_count < NODES_MAX);
    Node *node = &nodes[node_count++];
    *node = (Node){0};
    snprintf(node->path, sizeof node->path, "%s", path);
    node->synced = read_file(path, &node->synced_size);
    node->is_durable = node->synced_size > 0;
    return node;
}

/* -- sectors ----------------------------------------------------------------------------------- */

static bool sector_differs(const char *a, size_t a_size, const char *b, size_t b_size, size_t at)
{
    size_t a_part = at >= a_size ? 0 : a_size - at < SECTOR ? a_size - at : SECTOR;
    size_t b_part = at >= b_size ? 0 : b_size - at < SECTOR ? b_size - at : SECTOR;
    return a_part != b_part || (a_part > 0 && memcmp(a + at, b + at, a_part) != 0);
}

static bool is_lost(const Node *node, size_t at)
{
    return at / SECTOR < node->lost_count && node->lost[at / SECTOR] != 0;
}

static void mark_lost(Node *node, size_t at, bool lost)
{
    size_t sector = at / SECTOR;
    if (sector >= node->lost_count) {
        if (!lost)
            return;
        node->lost = realloc(node->lost, sector + 1);
        memset(node->lost + node->lost_count, 0, sector + 1 - node->lost_count);
        node->lost_count = sector + 1;
    }
    node->lost[sector] = lost;
}

static void sync_failed(Node *node, sqlite3_file *real)
{
    size_t size;
    char *now = read_open(real, &size);
    size_t end = size > node->synced_size ? size : node->synced_size;
    for (size_t at = 0; at < end; at += SECTOR)
        if (sector_differs(now, size, node->synced, node->synced_size, at))
            mark_lost(node, at, true);
    free(now);
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

/* SQLite syncs the folder with the first sync of a new log or journal: all names are durable then,
 * and so is that others are gone. */
static void folder_synced(void)
{
    for (size_t i = 0; i < node_count; i++) {
        nodes[i].is_durable = access(nodes[i].path, F_OK) == 0;
        if (nodes[i].is_durable)
            continue;
        free(nodes[i].synced);
        nodes[i].synced = NULL;
        nodes[i].synced_size = 0;
    }
}

static void sync_worked(Node *node, sqlite3_file *real)
{
    if (!node->is_durable && (ends_with(node->path, "-wal") || ends_with(node->path, "-journal")))
        folder_synced();
    size_t size;
    char *now = read_open(real, &size);
    for (size_t at = 0; at < size; at += SECTOR) {
        size_t part = size - at < SECTOR ? size - at : SECTOR;
        if (!is_lost(node, at))
            continue;
        memset(now + at, 0, part);
        if (at < node->synced_size)
            memcpy(now + at, node->synced + at,
                   node->synced_size - at < part ? node->synced_size - at : part);
    }
    free(node->synced);
    node->synced = now;
    node->synced_size = size;
    node->is_durable = true;
}

/* -- faults ------------------------------------------------------------------------------------ */

/* Whether this operation meets a fault; called with the lock. */
static bool strikes(bool is_sync)
{
    operations++;
    if (fault == FAULT_NONE || operations < fault_at)
        return false;
    switch (fault) {
    case FAULT_DEATH:
        has_struck = true;
        return true;
    case FAULT_WRITE:
        if (has_struck)
            return false;
        has_struck = true;
        return true;
    case FAULT_SYNC:
        if (has_struck || !is_sync)
            return false;
        has_struck = true;
        return true;
    default:
        return false;
    }
}

static bool is_full(void)
{
    bool full = fault == FAULT_FULL && operations >= fault_at &&
                (full_while[0] == '\0' || access(full_while, F_OK) == 0);
    has_struck = has_struck || full;
    if (full)
        last_error = ENOSPC;
    return full;
}

static int failed(int code)
{
    last_error = EIO;
    return code;
}

/* -- SQLite's methods -------------------------------------------------------------------------- */

static int file_close(sqlite3_file *file)
{
    File *mine = (File *)file;
    return mine->real->pMethods->xClose(mine->real);
}

static int file_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 at)
{
    File *mine = (File *)file;
    return mine->real->pMethods->xRead(mine->real, bytes, size, at);
}

static int file_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
    File *mine = (File *)file;
    sqlite3_int64 had = 0;
    pthread_mutex_lock(&lock);
    bool struck = strikes(false);
    mine->real->pMethods->xFileSize(mine->real, &had);
    bool full = !struck && at + size > had && is_full();
    int part = struck ? (fault == FAULT_DEATH ? 0 : size / 2) : size;
    int rc = SQLITE_FULL;
    if (!full) {
        for (sqlite3_int64 sector = at; sector < at + part; sector++)
            mark_lost(mine->node, (size_t)sector, false);
        rc = part > 0 ? mine->real->pMethods->xWrite(mine->real, bytes, part, at) : SQLITE_OK;
        rc = struck ? failed(SQLITE_IOERR_WRITE) : rc;
    }
    pthread_mutex_unlock(&lock);
    return rc;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    File *mine = (File *)file;
    pthread_mutex_lock(&lock);
    int rc = strikes(false) ? failed(SQLITE_IOERR_TRUNCATE)
                            : mine->real->pMethods->xTruncate(mine->real, size);
    pthread_mutex_unlock(&lock);
    return rc;
}

static int file_sync(sqlite3_file *file, int flags)
{
    (void)flags; /* The real disk is left in peace. */
    File *mine = (File *)file;
    int rc = SQLITE_OK;
    pthread_mutex_lock(&lock);
    if (strikes(true)) {
        rc = failed(SQLITE_IOERR_FSYNC);
        if (fault != FAULT_DEATH)
            sync_failed(mine->node, mine->real);
    } else {
        sync_worked(mine->node, mine->real);
    }
    pthread_mutex_unlock(&lock);
    return rc;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    File *mine = (File *)file;
    return mine->real->pMethods->xFileSize(mine->real, size);
}

static int file_lock(sqlite3_file *file, int level)
{
    File *mine = (File *)file;
    return mine->real->pMethods->xLock(mine->real, level);
}

static int file_unlock(sqlite3_file *file, int level)
{
    File *mine = (File *)file;
    return mine->real->pMethods->xUnlock(mine->real, level);
}

static int file_check_lock(sqlite3_file *file, int *held)
{
    File *mine = (File *)file;
    return mine->real->pMethods->xCheckReservedLock(mine->real, held);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
    File *mine = (File *)file;
    return operation == SQLITE_FCNTL_SIZE_HINT
               ? SQLITE_OK
               : mine->real->pMethods->xFileControl(mine->real, operation, argument);
}

static int file_sector(sqlite3_file *file)
{
    File *mine = (File *)file;
    return mine->real->pMethods->xSectorSize(mine->real);
}

static int file_device(sqlite3_file *file)
{
    File *mine = (File *)file;
    return mine->real->pMethods->xDeviceCharacteristics(mine->real);
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **map)
{
    File *mine = (File *)file;
    pthread_mutex_lock(&lock);
    bool full = extend && is_full();
    pthread_mutex_unlock(&lock);
    return full ? SQLITE_IOERR_SHMSIZE
                : mine->real->pMethods->xShmMap(mine->real, page, size, extend, map);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    File *mine = (File *)file;
    return mine->real->pMethods->xShmLock(mine->real, offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    File *mine = (File *)file;
    mine->real->pMethods->xShmBarrier(mine->real);
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    File *mine = (File *)file;
    return mine->real->pMethods->xShmUnmap(mine->real, remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int layer_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                      int *ret_flags)
{
    (void)vfs;
    File *mine = (File *)file;
    *mine = (File){.real = (sqlite3_file *)(mine + 1)};
    pthread_mutex_lock(&lock);
    Node *node = path != NULL ? node_of(path) : NULL;
    pthread_mutex_unlock(&lock);
    if (path == NULL || (fault == FAULT_DEATH && has_struck))
        return failed(SQLITE_CANTOPEN);
    int rc = beneath->xOpen(beneath, path, mine->real, flags, ret_flags);
    if (rc != SQLITE_OK)
        return rc;
    mine->node = node;
    mine->base.pMethods = &methods;
    return SQLITE_OK;
}

static int layer_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
    (void)vfs;
    pthread_mutex_lock(&lock);
    int rc = strikes(false) ? failed(SQLITE_IOERR_DELETE) : beneath->xDelete(beneath, path, 0);
    if (rc == SQLITE_OK && sync) {
        Node *node = node_of(path);
        free(node->synced);
        node->synced = NULL;
        node->synced_size = 0;
        node->is_durable = false;
    }
    pthread_mutex_unlock(&lock);
    return rc;
}

static int layer_last_error(sqlite3_vfs *vfs, int size, char *text)
{
    (void)vfs;
    (void)size;
    (void)text;
    return last_error;
}

void faulty_register(void)
{
    if (beneath != NULL)
        return;
    beneath = sqlite3_vfs_find(NULL);
    layer = *beneath;
    layer.iVersion = 1;
    layer.zName = "faulty";
    layer.pNext = NULL;
    layer.szOsFile = (int)sizeof(File) + beneath->szOsFile;
    layer.xOpen = layer_open;
    layer.xDelete = layer_delete;
    layer.xGetLastError = layer_last_error;
    sqlite3_vfs_register(&layer, 0);
}

/* -- orders ------------------------------------------------------------------------------------ */

void faulty_set(Fault wanted, uint64_t at)
{
    pthread_mutex_lock(&lock);
    fault = wanted;
    fault_at = at;
    operations = 0;
    has_struck = false;
    pthread_mutex_unlock(&lock);
}

void faulty_mend(void)
{
    faulty_set(FAULT_NONE, 0);
}

uint64_t faulty_operations(void)
{
    return operations;
}

bool faulty_has_struck(void)
{
    return has_struck;
}

void faulty_full_while(const char *file)
{
    snprintf(full_while, sizeof full_while, "%s", file != NULL ? file : "");
}

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* Odd seeds keep nothing that was not synced or all of it, at times: both happen. */
static bool is_kept(uint64_t *seed, uint64_t temper)
{
    return temper == 0 ? false : temper == 1 ? true : draw(seed) % 2 == 0;
}

static void lose(Node *node, uint64_t *seed)
{
    uint64_t temper = draw(seed) % 4;
    size_t size;
    char *now = read_file(node->path, &size);
    bool is_there = now != NULL;
    if (!node->is_durable && !is_kept(seed, temper)) {
        unlink(node->path);
        free(now);
        return;
    }
    if (!is_there && !(node->is_durable && is_kept(seed, temper)))
        return; /* It was removed, and stays so. */
    size_t kept = is_there && is_kept(seed, temper) ? size : node->synced_size;
    char *left = calloc(1, kept + SECTOR);
    for (size_t at = 0; at < kept; at += SECTOR) {
        bool is_new = at < size && is_kept(seed, temper) && !is_lost(node, at);
        const char *from = is_new ? now : node->synced;
        size_t from_size = is_new ? size : node->synced_size;
        if (at < from_size)
            memcpy(left + at, from + at, from_size - at < SECTOR ? from_size - at : SECTOR);
    }
    write_file(node->path, left, kept);
    free(left);
    free(now);
}

void faulty_power_loss(uint64_t seed)
{
    for (size_t i = 0; i < node_count; i++)
        lose(&nodes[i], &seed);
    faulty_forget();
    faulty_mend();
}

void faulty_forget(void)
{
    for (size_t i = 0; i < node_count; i++) {
        free(nodes[i].synced);
        free(nodes[i].lost);
    }
    node_count = 0;
}
