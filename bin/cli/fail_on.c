/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fail_on.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool word_is(const char *word, size_t size, const char *expected)
{
    return strlen(expected) == size && strncmp(word, expected, size) == 0;
}

static bool word_matches(const char *word, size_t size, const char *kind, bool error)
{
    if (word_is(word, size, "any"))
        return true;
    if (word_is(word, size, "new-error"))
        return error && (strcmp(kind, "new") == 0 || strcmp(kind, "rare") == 0 ||
                         strcmp(kind, "severity") == 0);
    return word_is(word, size, kind);
}

bool fail_on_matches(const char *list, const char *kind, bool error)
{
    if (!list)
        return true;
    for (const char *word = list;; word++) {
        size_t size = strcspn(word, ",");
        if (word_matches(word, size, kind, error))
            return true;
        word += size;
        if (*word == '\0')
            return false;
    }
}

bool speaks_of_error(const char *bytes, size_t size)
{
    static const char *const words[] = {
        "error",  "err",   "errors", "fatal",  "critical",  "crit",      "panic", "emerg", "alert",
        "severe", "fail",  "failed", "failure", "exception", "traceback", "abort", "aborted",
        "segfault", "denied", "refused", "crash", "crashed"};
    for (size_t i = 0; i < size;) {
        size_t end = i;
        while (end < size && isalpha((unsigned char)bytes[end]))
            end++;
        for (size_t w = 0; end > i && w < sizeof words / sizeof words[0]; w++)
            if (strlen(words[w]) == end - i && strncasecmp(bytes + i, words[w], end - i) == 0)
                return true;
        /* JavaClassNameException and its like. */
        if (end - i > 9 && (strncasecmp(bytes + end - 9, "Exception", 9) == 0 ||
                            strncasecmp(bytes + end - 5, "Error", 5) == 0))
            return true;
        i = end + 1;
    }
    return false;
}
