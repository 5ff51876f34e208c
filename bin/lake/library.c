/* SPDX-License-Identifier: Apache-2.0 */
#include "lake/library.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define INSTALLED "lib/oddball/libduckdb.so" /* Beside bin. */

/* PREFIX of PREFIX/bin/oddball; false: that is not where this program is. */
static bool own_prefix(char *prefix, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", prefix, size - 1);
    if (length <= 0)
        return false;
    prefix[length] = '\0';
    for (int i = 0; i < 2; i++) {
        char *slash = strrchr(prefix, '/');
        if (slash == NULL)
            return false;
        *slash = '\0';
    }
    return true;
}

bool library_find(const char *given, char *path, size_t size, char **ret_problem)
{
    char prefix[LIBRARY_PATH_MAX];
    if (given != NULL && *given != '\0') {
        snprintf(path, size, "%s", given);
        if (access(path, R_OK) == 0)
            return true;
    } else {
        if (own_prefix(prefix, sizeof prefix) &&
            snprintf(path, size, "%s/" INSTALLED, prefix) < (int)size && access(path, R_OK) == 0)
            return true;
        snprintf(path, size, "%s", ODDBALL_DUCKDB_BUILT);
        if (access(path, R_OK) == 0)
            return true;
    }
    if (asprintf(ret_problem,
                 "DuckDB is not there: no library at %s; `make install` puts it "
                 "into PREFIX/" INSTALLED ", and the setting duckdb names another place",
                 path) < 0)
        *ret_problem = NULL;
    return false;
}
