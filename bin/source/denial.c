/* SPDX-License-Identifier: Apache-2.0 */
#include "source/denial.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/refusal.h"
#include "source/rotation.h"

#define NAMES_SIZE 1024 /* What the system's tables say of one user or group. */

static void user_name(char *to, size_t size)
{
    char          names[NAMES_SIZE];
    struct passwd user, *found = NULL;
    if (getpwuid_r(geteuid(), &user, names, sizeof names, &found) == 0 && found != NULL)
        snprintf(to, size, "%s", user.pw_name);
    else
        snprintf(to, size, "%u", (unsigned)geteuid());
}

void denial_group(Denial *denial, const char *group)
{
    char user[128];
    user_name(user, sizeof user);
    snprintf(denial->cure, sizeof denial->cure, "sudo usermod -aG %s %s", group, user);
}

/* The first part of the path that may not be passed, or the whole. */
static void barrier_of(const char *path, char *to)
{
    snprintf(to, LOG_PATH_SIZE, "%s", path);
    for (char *slash = strchr(to + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (faccessat(AT_FDCWD, to, X_OK, AT_EACCESS) != 0 && errno == EACCES)
            return;
        *slash = '/';
    }
}

static void permission_cure(Denial *denial, const char *path)
{
    char         barrier[LOG_PATH_SIZE], names[NAMES_SIZE], user[128];
    struct stat  status;
    struct group group, *found = NULL;
    barrier_of(path, barrier);
    bool known = stat(barrier, &status) == 0, folder = known && S_ISDIR(status.st_mode);
    mode_t needed = folder ? S_IRGRP | S_IXGRP : S_IRGRP;
    if (known && status.st_gid != 0 && (status.st_mode & needed) == needed &&
        getgrgid_r(status.st_gid, &group, names, sizeof names, &found) == 0 && found != NULL) {
        denial_group(denial, group.gr_name);
        return;
    }
    user_name(user, sizeof user);
    snprintf(denial->cure, sizeof denial->cure, "sudo setfacl -m u:%s:%s %s", user,
             folder ? "rx" : "r", barrier);
}

void denial_tell(Denial *denial, const char *path, int error, Watch *watch)
{
    char reason[REFUSAL_SIZE];
    bool denied = error == EACCES || error == EPERM;
    watch->state = denied ? WATCH_REFUSED : WATCH_BROKEN;
    watch->cause = denial->cause;
    denial->cure[0] = '\0';
    if (denied) {
        snprintf(denial->cause, sizeof denial->cause, "permission denied");
        if (path != NULL)
            permission_cure(denial, path);
    } else {
        snprintf(denial->cause, sizeof denial->cause, "%s",
                 refusal_text(path != NULL ? path : "/", error, reason));
    }
    watch->cure = denial->cure[0] != '\0' ? denial->cure : NULL;
}
