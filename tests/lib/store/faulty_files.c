/* SPDX-License-Identifier: Apache-2.0 */
#include "faulty_files.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sure_files.h"

#define DESCRIPTORS 1024

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static SureNode       *open_nodes[DESCRIPTORS];
static FilesFault      fault;
static uint64_t        fault_at, operations;
static bool            has_struck;

/* -- faults ------------------------------------------------------------------------------------ */

/* Whether this operation meets a fault; errno says which.  Called with the lock. */
static bool strikes(bool needs_room)
{
    operations++;
    if (fault == FILES_WELL || fault == FILES_LIAR || operations < fault_at)
        return false;
    if ((fault == FILES_ERROR && has_struck) || (fault == FILES_FULL && !needs_room))
        return false;
    has_struck = true;
    errno = fault == FILES_FULL ? ENOSPC : EIO;
    return true;
}

static bool is_lying(void)
{
    bool lying = fault == FILES_LIAR && operations >= fault_at;
    has_struck = has_struck || lying;
    return lying;
}

/* -- libc's calls ------------------------------------------------------------------------------ *
 * Of names of their own, so that what headers say of libc's does not matter. */

static SureNode *node_of(int descriptor)
{
    return descriptor >= 0 && descriptor < DESCRIPTORS ? open_nodes[descriptor] : NULL;
}

static int layer_open(const char *path, int flags, unsigned mode)
{
    char      name[SURE_NAME_SIZE];
    SureNode *folder = sure_folder_of(path, name);
    SureNode *node = folder == NULL || name[0] == '\0' ? folder : sure_find(folder, name);
    bool      makes = folder != NULL && node == NULL && (flags & O_CREAT) != 0;
    if (makes && strikes(true))
        return -1;
    if (node != NULL && !node->is_folder && (flags & O_TRUNC) != 0) {
        if (strikes(false))
            return -1;
        node->is_lost = false;
    }
    int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (descriptor < 0 || folder == NULL)
        return descriptor;
    if (makes) {
        node = sure_make(false);
        sure_step(folder, name, "", node);
    }
    assert(descriptor < DESCRIPTORS);
    open_nodes[descriptor] = node;
    return descriptor;
}

#define LIBC(name) __asm__(name) __attribute__((visibility("default"), used))
int     files_open(const char *path, int flags, ...) LIBC("open");
int     files_open64(const char *path, int flags, ...) LIBC("open64");
int     files_creat(const char *path, unsigned mode) LIBC("creat");
int     files_close(int descriptor) LIBC("close");
ssize_t files_write(int descriptor, const void *bytes, size_t size) LIBC("write");
ssize_t files_pwrite(int descriptor, const void *bytes, size_t size, int64_t at) LIBC("pwrite");
ssize_t files_pwrite64(int descriptor, const void *bytes, size_t size, int64_t at) LIBC("pwrite64");
int     files_ftruncate(int descriptor, int64_t size) LIBC("ftruncate");
int     files_ftruncate64(int descriptor, int64_t size) LIBC("ftruncate64");
int     files_fallocate(int descriptor, int mode, int64_t at, int64_t size) LIBC("fallocate");
int     files_fsync(int descriptor) LIBC("fsync");
int     files_fdatasync(int descriptor) LIBC("fdatasync");
int     files_mkdir(const char *path, unsigned mode) LIBC("mkdir");
int     files_rename(const char *from, const char *to) LIBC("rename");
int     files_unlink(const char *path) LIBC("unlink");
int     files_rmdir(const char *path) LIBC("rmdir");
int     files_remove(const char *path) LIBC("remove");

static int open_locked(const char *path, int flags, unsigned mode)
{
    pthread_mutex_lock(&lock);
    int descriptor = layer_open(path, flags, mode);
    pthread_mutex_unlock(&lock);
    return descriptor;
}

int files_open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    unsigned mode = (flags & O_CREAT) != 0 ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    return open_locked(path, flags, mode);
}

int files_open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    unsigned mode = (flags & O_CREAT) != 0 ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    return open_locked(path, flags, mode);
}

int files_creat(const char *path, unsigned mode)
{
    return open_locked(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int files_close(int descriptor)
{
    pthread_mutex_lock(&lock);
    if (node_of(descriptor) != NULL)
        open_nodes[descriptor] = NULL;
    int status = (int)syscall(SYS_close, descriptor);
    pthread_mutex_unlock(&lock);
    return status;
}

/* at: < 0: where the file stands. */
static ssize_t layer_write(int descriptor, const void *bytes, size_t size, int64_t at)
{
    pthread_mutex_lock(&lock);
    bool struck = node_of(descriptor) != NULL && strikes(true);
    int  error = errno;
    if (struck)
        size = fault == FILES_ERROR ? size / 2 : 0;
    ssize_t written = size == 0 && struck ? 0
                      : at < 0 ? (ssize_t)syscall(SYS_write, descriptor, bytes, size)
                               : (ssize_t)syscall(SYS_pwrite64, descriptor, bytes, size, at);
    if (struck) {
        errno = error;
        written = -1;
    }
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t files_write(int descriptor, const void *bytes, size_t size)
{
    return layer_write(descriptor, bytes, size, -1);
}

ssize_t files_pwrite(int descriptor, const void *bytes, size_t size, int64_t at)
{
    return layer_write(descriptor, bytes, size, at);
}

ssize_t files_pwrite64(int descriptor, const void *bytes, size_t size, int64_t at)
{
    return layer_write(descriptor, bytes, size, at);
}

int files_ftruncate(int descriptor, int64_t size)
{
    pthread_mutex_lock(&lock);
    int status = node_of(descriptor) != NULL && strikes(false)
                     ? -1
                     : (int)syscall(SYS_ftruncate, descriptor, size);
    pthread_mutex_unlock(&lock);
    return status;
}

int files_ftruncate64(int descriptor, int64_t size)
{
    return files_ftruncate(descriptor, size);
}

int files_fallocate(int descriptor, int mode, int64_t at, int64_t size)
{
    pthread_mutex_lock(&lock);
    int status = node_of(descriptor) != NULL && strikes(true)
                     ? -1
                     : (int)syscall(SYS_fallocate, descriptor, mode, at, size);
    pthread_mutex_unlock(&lock);
    return status;
}

int files_fsync(int descriptor)
{
    pthread_mutex_lock(&lock);
    SureNode *node = node_of(descriptor);
    int   status = 0;
    if (node == NULL) {
        status = (int)syscall(SYS_fsync, descriptor);
    } else if (strikes(false)) {
        status = -1;
        node->is_lost = !node->is_folder;
    } else if (!is_lying()) { /* The real disk is left in peace. */
        sure_sync(node, descriptor);
    }
    pthread_mutex_unlock(&lock);
    return status;
}

int files_fdatasync(int descriptor)
{
    return files_fsync(descriptor);
}

int files_mkdir(const char *path, unsigned mode)
{
    char name[SURE_NAME_SIZE];
    pthread_mutex_lock(&lock);
    SureNode *folder = sure_folder_of(path, name);
    bool  is_new = folder != NULL && name[0] != '\0' && sure_find(folder, name) == NULL;
    int   status = is_new && strikes(true) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    if (status == 0 && is_new)
        sure_step(folder, name, "", sure_make(true));
    pthread_mutex_unlock(&lock);
    return status;
}

int files_rename(const char *from, const char *to)
{
    char from_name[SURE_NAME_SIZE], to_name[SURE_NAME_SIZE];
    pthread_mutex_lock(&lock);
    SureNode *from_folder = sure_folder_of(from, from_name),
             *to_folder = sure_folder_of(to, to_name);
    assert(from_folder == to_folder);
    SureNode *node = from_folder != NULL ? sure_find(from_folder, from_name) : NULL;
    bool  struck = node != NULL && strikes(false);
    int   error = errno;
    if (node != NULL && !struck)
        sure_keep_last(sure_find(to_folder, to_name), to);
    int status = struck ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (struck)
        errno = error;
    if (status == 0 && node != NULL)
        sure_step(to_folder, to_name, from_name, node);
    pthread_mutex_unlock(&lock);
    return status;
}

static int layer_remove(const char *path, int flags)
{
    char name[SURE_NAME_SIZE];
    pthread_mutex_lock(&lock);
    SureNode *folder = sure_folder_of(path, name);
    SureNode *node = folder != NULL ? sure_find(folder, name) : NULL;
    bool  struck = node != NULL && strikes(false);
    int   error = errno;
    if (!struck)
        sure_keep_last(node, path);
    int status = struck ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, flags);
    if (struck)
        errno = error;
    if (status == 0 && node != NULL)
        sure_step(folder, name, "", NULL);
    pthread_mutex_unlock(&lock);
    return status;
}

int files_unlink(const char *path)
{
    return layer_remove(path, 0);
}

int files_rmdir(const char *path)
{
    return layer_remove(path, AT_REMOVEDIR);
}

int files_remove(const char *path)
{
    int status = layer_remove(path, 0);
    return status != 0 && errno == EISDIR ? layer_remove(path, AT_REMOVEDIR) : status;
}

/* -- orders ------------------------------------------------------------------------------------ */

void files_set(FilesFault wanted, uint64_t at)
{
    pthread_mutex_lock(&lock);
    fault = wanted;
    fault_at = at;
    operations = 0;
    has_struck = false;
    pthread_mutex_unlock(&lock);
}

uint64_t files_operations(void)
{
    return operations;
}

bool files_has_struck(void)
{
    return has_struck;
}

void files_watch(const char *folder)
{
    files_forget();
    sure_begin(folder);
}

void files_forget(void)
{
    sure_forget();
    memset(open_nodes, 0, sizeof open_nodes);
    files_set(FILES_WELL, 0);
}

void files_power_loss(uint64_t seed, bool keep)
{
    sure_lose(seed, keep);
    files_set(FILES_WELL, 0);
    memset(open_nodes, 0, sizeof open_nodes);
}
