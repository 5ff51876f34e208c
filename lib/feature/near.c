/* SPDX-License-Identifier: Apache-2.0 */
#include "feature/near.h"

#define LETTERS_OF_AN_ERROR 3 /* So many letters may hold one mistake. */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned distance(Str a, Str b)
{
    unsigned row[NEAR_SIZE_MAX + 1];
    for (unsigned k = 0; k <= b.size; k++)
        row[k] = k;
    for (unsigned i = 1; i <= a.size; i++) {
        unsigned corner = row[0];
        row[0] = i;
        for (unsigned k = 1; k <= b.size; k++) {
            unsigned replaced = corner + (a.text[i - 1] != b.text[k - 1]);
            corner = row[k];
            row[k] = least(replaced, least(row[k], row[k - 1]) + 1);
        }
    }
    return row[b.size];
}

Near near_to(Str typed)
{
    return (Near){.typed = typed, .distance = (unsigned)typed.size / LETTERS_OF_AN_ERROR + 2};
}

void near_try(Near *near, Str name)
{
    if (near->typed.size > NEAR_SIZE_MAX || name.size > NEAR_SIZE_MAX || name.size == 0)
        return;
    unsigned far = distance(near->typed, name);
    if (far >= near->distance)
        return;
    near->distance = far;
    near->best = name;
}
