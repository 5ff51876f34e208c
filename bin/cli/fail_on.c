/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fail_on.h"

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>
#include <strings.h>

static bool word_is(const char *word, size_t size, const char *expected)
{
    return strlen(expected) == size && strncmp(word, expected, size) == 0;
}

static bool word_matches(const char *word, size_t size, const char *kind, bool error, bool worse)
{
    if (word_is(word, size, "any"))
        return true;
    if (word_is(word, size, "worse"))
        return worse;
    if (word_is(word, size, "new-error"))
        return error && (strcmp(kind, "new") == 0 || strcmp(kind, "rare") == 0 ||
                         strcmp(kind, "severity") == 0);
    return word_is(word, size, kind);
}

bool fail_on_matches(const char *list, const char *kind, bool error, bool worse)
{
    if (!list)
        return true;
    for (const char *word = list;; word++) {
        size_t size = strcspn(word, ",");
        if (word_matches(word, size, kind, error, worse))
            return true;
        word += size;
        if (*word == '\0')
            return false;
    }
}

typedef enum { DIRECTION_NONE = 0, DIRECTION_ANY, DIRECTION_UP, DIRECTION_DOWN } Direction;

static Direction direction_of(const char *word, size_t size)
{
    return word_is(word, size, "up")     ? DIRECTION_UP
           : word_is(word, size, "down") ? DIRECTION_DOWN
           : word_is(word, size, "any")  ? DIRECTION_ANY
                                         : DIRECTION_NONE;
}

/* "GLOB=up": what stands behind the last equals sign; names of series may hold others. */
static const char *direction_word(const char *item, size_t size)
{
    const char *equal = memrchr(item, '=', size);
    return equal ? equal + 1 : item;
}

/* Commas in the braces of a series' name separate its labels, not the items of the list. */
static size_t item_size(const char *item)
{
    size_t size = 0;
    for (int depth = 0; item[size] && (depth > 0 || item[size] != ','); size++)
        depth += (item[size] == '{') - (item[size] == '}');
    return size;
}

bool directions_are_good(const char *directions)
{
    for (const char *item = directions;; item++) {
        size_t      size = item_size(item);
        const char *word = direction_word(item, size);
        if (direction_of(word, (size_t)(item + size - word)) == DIRECTION_NONE)
            return false;
        item += size;
        if (*item == '\0')
            return true;
    }
}

static bool item_matches(const char *item, size_t size, const char *series)
{
    char glob[512];
    if (size == 0)
        return true;
    if (size >= sizeof glob)
        return false;
    memcpy(glob, item, size);
    glob[size] = '\0';
    return fnmatch(glob, series, 0) == 0;
}

static Direction direction_for(const char *directions, const char *series)
{
    Direction direction = DIRECTION_ANY;
    for (const char *item = directions; item; item++) {
        size_t      size = item_size(item);
        const char *word = direction_word(item, size);
        size_t      glob_size = word > item ? (size_t)(word - item) - 1 : 0;
        if (item_matches(item, glob_size, series))
            direction = direction_of(word, (size_t)(item + size - word));
        item += size;
        if (*item == '\0')
            break;
    }
    return direction;
}

static bool is_among(const char *kind, const char *const *kinds)
{
    for (; *kinds; kinds++)
        if (strcmp(kind, *kinds) == 0)
            return true;
    return false;
}

bool is_worse(const char *directions, const char *kind, const char *series, double effect)
{
    static const char *const directed[] = {"level", "high", "low", NULL};
    static const char *const ratios[] = {"spread", "shape", NULL};
    static const char *const bad[] = {"season", "gone", NULL};
    if (is_among(kind, ratios))
        return effect > 1;
    if (strcmp(kind, "gap") == 0)
        return effect > 0;
    if (!is_among(kind, directed))
        return is_among(kind, bad);
    Direction direction = direction_for(directions, series);
    return direction == DIRECTION_ANY || (direction == DIRECTION_UP ? effect > 0 : effect < 0);
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
