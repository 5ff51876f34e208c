/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/source.h"

#include "base/hash.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static Str without_ending(Str name, Str ending)
{
    if (name.size > ending.size &&
        str_equal(str_part(name, name.size - ending.size, name.size), ending))
        name.size -= ending.size;
    return name;
}

static Str family_name(Str name)
{
    name =
        without_ending(without_ending(without_ending(name, STR(".gz")), STR(".zst")), STR(".old"));
    while (name.size > 0 &&
           (is_digit(name.text[name.size - 1]) || name.text[name.size - 1] == '.' ||
            name.text[name.size - 1] == '-' || name.text[name.size - 1] == '_'))
        name.size--;
    return name;
}

/* Steps over a run of digits; gives whether there was one. */
static bool skip_digits(Str name, size_t *at)
{
    size_t from = *at;
    while (*at < name.size && is_digit(name.text[*at]))
        ++*at;
    return *at > from;
}

bool source_same_family(Str name, Str other)
{
    name = family_name(name);
    other = family_name(other);
    size_t i = 0, j = 0;
    while (i < name.size && j < other.size) {
        bool digits = skip_digits(name, &i), other_digits = skip_digits(other, &j);
        if (digits != other_digits)
            return false;
        if (digits)
            continue;
        if (name.text[i++] != other.text[j++])
            return false;
    }
    return i == name.size && j == other.size;
}

uint64_t source_family_hash(Str name, uint64_t seed)
{
    name = family_name(name);
    uint64_t hash = seed;
    for (size_t i = 0; i < name.size;)
        hash =
            hash_add(hash, skip_digits(name, &i) ? '0' : (uint64_t)(unsigned char)name.text[i++]);
    return hash;
}
