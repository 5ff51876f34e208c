/* SPDX-License-Identifier: Apache-2.0 */
#include "lake/confine.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SECONDS_MORE 5              /* The parent is the one who ends it in time. */
#define MEMORY_FACTOR 4             /* DuckDB's limit is of what it counts.       */
#define MEMORY_MORE (2UL << 30)     /* Addresses of libraries, stacks and files.  */

#define READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define ALL ((uint64_t)((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)) /* Of the first version. */

/* The sanitizers' shadow needs more addresses than any limit leaves. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_SHADOW true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SHADOW true
#endif
#endif
#ifndef HAS_SHADOW
#define HAS_SHADOW false
#endif

static void limit(__rlimit_resource_t resource, rlim_t value)
{
    struct rlimit now;
    if (getrlimit(resource, &now) != 0)
        return;
    rlim_t most = now.rlim_max < value ? now.rlim_max : value;
    setrlimit(resource, &(struct rlimit){.rlim_cur = most, .rlim_max = most});
}

void confine_resources(rlim_t seconds, rlim_t memory_bytes)
{
    limit(RLIMIT_CORE, 0);
    if (seconds > 0)
        limit(RLIMIT_CPU, seconds + SECONDS_MORE);
    if (memory_bytes > 0 && !HAS_SHADOW)
        limit(RLIMIT_AS, MEMORY_FACTOR * memory_bytes + MEMORY_MORE);
}

static void allow(int rules, const char *path, uint64_t access)
{
    int descriptor = open(path, O_PATH | O_CLOEXEC);
    if (descriptor < 0)
        return; /* No lake yet: nothing to be read. */
    struct landlock_path_beneath_attr below = {.allowed_access = access, .parent_fd = descriptor};
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0);
    close(descriptor);
}

static void confine_to(const char *path, uint64_t access)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return;
    struct landlock_ruleset_attr handled = {.handled_access_fs = ALL};
    long rules = syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0)
        return;
    allow((int)rules, path, access);
    syscall(SYS_landlock_restrict_self, (int)rules, 0);
    close((int)rules);
}

void confine_to_reading(const char *folder, bool lines)
{
    if (!lines)
        limit(RLIMIT_FSIZE, 0);
    confine_to(folder, READS);
}

void confine_to_file(const char *file)
{
    confine_to(file, LANDLOCK_ACCESS_FS_READ_FILE);
}
