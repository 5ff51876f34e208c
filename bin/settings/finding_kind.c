/* SPDX-License-Identifier: Apache-2.0 */
#include "settings/finding_kind.h"

#include <fnmatch.h>
#include <oddball.h>
#include <stdio.h>
#include <string.h>

#include "settings/nearest.h"

#define KINDS_MAX 64

bool finding_kind_check(const char *kind, char problem[FINDING_KIND_PROBLEM_SIZE])
{
    const char *kinds[KINDS_MAX];
    size_t      count = 0;
    bool        is_plain = strchr(kind, '[') == NULL; /* Which is special to fnmatch alone. */
    for (const char *word; count < KINDS_MAX && (word = odd_finding_kind(count)) != NULL; count++) {
        if (is_plain && fnmatch(kind, word, FNM_NOESCAPE) == 0)
            return true;
        kinds[count] = word;
    }
    if (kind[0] == '\0')
        return true;
    const char *near = nearest_word(kind, kinds, count);
    snprintf(problem, FINDING_KIND_PROBLEM_SIZE, "the kind of finding \"%.40s\" is unknown%s%s%s",
             kind, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    return false;
}
