/* SPDX-License-Identifier: Apache-2.0 */
#include "source/rotation.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_DIGITS_MAX 4
#define ENDING_BYTES_MAX 8

static size_t without_packing(const char *name, size_t size)
{
    static const char *const endings[] = {".gz", ".zst", ".xz", ".bz2", ".lz4", ".Z"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t ending = strlen(endings[i]);
        if (size > ending && memcmp(name + size - ending, endings[i], ending) == 0)
            return size - ending;
    }
    return size;
}

static size_t digits_at(const char *text, size_t size, size_t at)
{
    size_t count = 0;
    while (at + count < size && isdigit((unsigned char)text[at + count]))
        count++;
    return count;
}

static unsigned number_of(const char *text, size_t digits)
{
    unsigned number = 0;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (unsigned)(text[i] - '0');
    return number;
}

/* Two digits of a time of day, with the separator that dates have before them or none. */
static bool part_at(const char *text, size_t size, size_t *at, unsigned max, unsigned *ret)
{
    size_t from = *at;
    if (from < size && strchr("-_T.:", text[from]) != NULL && text[from] != '\0')
        from++;
    if (digits_at(text, size, from) < 2)
        return false;
    unsigned number = number_of(text + from, 2);
    if (number > max)
        return false;
    *at = from + 2;
    *ret = number;
    return true;
}

/* "20261127", "2026-11-27", either with a time of day.  Gives where it ends, 0: there is none. */
static size_t date_at(const char *text, size_t size, size_t at, uint64_t *ret)
{
    unsigned year, month, day, hour = 0, minute = 0, second = 0;
    if (digits_at(text, size, at) < 4)
        return 0;
    year = number_of(text + at, 4);
    at += 4;
    if (year < 1970 || year > 2199)
        return 0;
    if (!part_at(text, size, &at, 12, &month) || !part_at(text, size, &at, 31, &day))
        return 0;
    if (part_at(text, size, &at, 23, &hour) && part_at(text, size, &at, 59, &minute))
        part_at(text, size, &at, 60, &second);
    if (digits_at(text, size, at) > 0)
        return 0;
    *ret =
        (((((uint64_t)year * 100 + month) * 100 + day) * 100 + hour) * 100 + minute) * 100 + second;
    return at;
}

/* ".log" and the like, up to the end of the name. */
static bool is_ending(const char *text, size_t size)
{
    if (size < 2 || size > ENDING_BYTES_MAX || text[0] != '.')
        return false;
    for (size_t i = 1; i < size; i++)
        if (!isalpha((unsigned char)text[i]))
            return false;
    return true;
}

/* A date in the name, at its end or before its ending; *from..*to is what is not the live name. */
static bool dated(const char *name, size_t size, size_t *from, size_t *to, uint64_t *ret)
{
    for (size_t i = 1; i < size; i++) {
        if (strchr("-._", name[i]) == NULL)
            continue;
        size_t end = date_at(name, size, i + 1, ret);
        if (end == 0 || (end != size && !is_ending(name + end, size - end)))
            continue;
        *from = i;
        *to = end;
        return true;
    }
    return false;
}

static bool numbered(const char *name, size_t size, size_t *from, uint64_t *ret)
{
    size_t digits = 0;
    while (digits < size && isdigit((unsigned char)name[size - 1 - digits]))
        digits++;
    if (digits == 0 || digits > NUMBER_DIGITS_MAX || digits + 1 >= size ||
        name[size - 1 - digits] != '.')
        return false;
    *from = size - 1 - digits;
    *ret = number_of(name + size - digits, digits);
    return true;
}

static bool put_away(const char *name, size_t size, size_t *from)
{
    static const char *const endings[] = {".old", ".bak", ".prev"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t ending = strlen(endings[i]);
        if (size > ending && memcmp(name + size - ending, endings[i], ending) == 0) {
            *from = size - ending;
            return true;
        }
    }
    return false;
}

Rotation rotation_of(const char *path, char *live)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    size_t      whole = strlen(name), size = without_packing(name, whole);
    Rotation    rotation = {.kind = ROTATION_LIVE, .packed = size < whole};
    size_t      from = size, to = size;
    if (numbered(name, size, &from, &rotation.number))
        rotation.kind = ROTATION_NUMBERED;
    else if (dated(name, size, &from, &to, &rotation.number))
        rotation.kind = ROTATION_DATED;
    else if (put_away(name, size, &from) || rotation.packed)
        rotation.kind = ROTATION_OLD;
    for (size_t i = from; i-- > 1 && !rotation.sure;)
        rotation.sure = is_ending(name + i, from - i);
    rotation.sure |= rotation.packed || rotation.kind == ROTATION_DATED;
    snprintf(live, LOG_PATH_SIZE, "%.*s%.*s", (int)(name - path + (ptrdiff_t)from), path,
             (int)(size - to), name + to);
    return rotation;
}

int rotation_compare(Rotation a, Rotation b)
{
    if (a.kind != b.kind)
        return a.kind < b.kind ? -1 : 1;
    if (a.number != b.number)
        return (a.number < b.number) == (a.kind == ROTATION_DATED) ? -1 : 1;
    return (int)b.packed - (int)a.packed; /* What is being packed is there twice. */
}
