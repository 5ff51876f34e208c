/* SPDX-License-Identifier: Apache-2.0 */
#include "settings/places.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "settings/keys.h"

#define FILE_NAME "oddball.yaml"

/* As the XDG specification says, a path that is not absolute does not count. */
static const char *absolute(const char *variable)
{
    const char *path = getenv(variable);
    return path != NULL && path[0] == '/' ? path : NULL;
}

static char *joined(const char *folder, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

/* $VARIABLE/oddball or ~/BELOW/oddball. */
static char *of_user(const char *variable, const char *below)
{
    const char *folder = absolute(variable), *home = absolute("HOME");
    char       *path = NULL;
    if (folder != NULL)
        return joined(folder, "oddball");
    if (home == NULL)
        return NULL;
    return asprintf(&path, "%s/%s/oddball", home, below) < 0 ? NULL : path;
}

char *place_data(void)
{
    const char *state = absolute("STATE_DIRECTORY");
    if (state != NULL) /* There may be several, with colons between. */
        return strndup(state, strcspn(state, ":"));
    if (geteuid() == 0)
        return strdup("/var/lib/oddball");
    return of_user("XDG_STATE_HOME", ".local/state");
}

static bool add_owned(TextList *list, char *text)
{
    bool good = text != NULL && list_add(list, text);
    free(text);
    return good;
}

bool places_config(TextList *ret)
{
    const char *system = absolute("CONFIGURATION_DIRECTORY");
    char       *folder = system ? strndup(system, strcspn(system, ":")) : strdup("/etc/oddball");
    bool        good = folder != NULL && add_owned(ret, joined(folder, FILE_NAME));
    free(folder);
    if (!good || geteuid() == 0)
        return good;
    folder = of_user("XDG_CONFIG_HOME", ".config");
    if (folder == NULL)
        return absolute("HOME") == NULL;
    good = add_owned(ret, joined(folder, FILE_NAME));
    free(folder);
    return good;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_drop_in(const char *name)
{
    size_t size = strlen(name);
    return name[0] != '.' && size > 5 && strcmp(name + size - 5, ".yaml") == 0;
}

bool places_drop_ins(const char *file, TextList *ret, int *ret_problem)
{
    char *folder = place_beside(file, "conf.d");
    if (folder == NULL)
        return false;
    bool good = true;
    *ret_problem = 0;
    DIR *open = opendir(folder);
    if (open == NULL && errno != ENOENT && errno != ENOTDIR)
        *ret_problem = errno;
    for (const struct dirent *entry; good && open != NULL && (entry = readdir(open)) != NULL;)
        if (is_drop_in(entry->d_name))
            good = add_owned(ret, joined(folder, entry->d_name));
    if (open != NULL)
        closedir(open);
    free(folder);
    if (ret->count > 1)
        qsort(ret->items, ret->count, sizeof *ret->items, by_name);
    return good;
}

char *place_credential(const char *name)
{
    const char *folder = absolute("CREDENTIALS_DIRECTORY");
    char       *path = folder ? joined(folder, name) : NULL;
    if (path != NULL && access(path, F_OK) != 0) {
        free(path);
        path = NULL;
    }
    return path;
}

char *place_beside(const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');
    char       *whole = NULL;
    if (path[0] == '/' || slash == NULL)
        return strdup(path);
    return asprintf(&whole, "%.*s/%s", (int)(slash - file), file, path) < 0 ? NULL : whole;
}
