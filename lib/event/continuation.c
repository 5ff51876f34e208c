/* SPDX-License-Identifier: Apache-2.0 */
#include "event/continuation.h"

static bool starts_with(Str line, const char *start)
{
    size_t size = strlen(start);
    return line.size >= size && memcmp(line.text, start, size) == 0;
}

/* "java.io.IOException: ...", "ValueError: ...": a name, perhaps qualified, of an error's class. */
static bool is_error_class(Str line)
{
    size_t size = 0;
    while (size < line.size && line.text[size] != ':' && line.text[size] != ' ')
        size++;
    if (size < line.size && line.text[size] == ' ')
        return false;
    static const char *const ends[] = {"Exception", "Error", "Throwable"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t end = strlen(ends[i]);
        if (size > end && memcmp(line.text + size - end, ends[i], end) == 0)
            return true;
    }
    return false;
}

bool continuation_looks(Str line)
{
    if (line.size == 0)
        return true;
    char first = line.text[0];
    if (first == ' ' || first == '\t' || first == '}' || first == ')' || first == ']')
        return true;
    static const char *const starts[] = {"at ",        "Caused by:", "... ",         "Traceback (",
                                         "Suppressed:", "goroutine ", "During handling of",
                                         "The above exception", "--- End of "};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (starts_with(line, starts[i]))
            return true;
    return is_error_class(line);
}
