/* SPDX-License-Identifier: Apache-2.0 */
#include "settings/nearest.h"

#include <assert.h>
#include <string.h>

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

int nearest_distance(const char *a, const char *b)
{
    size_t rows = strlen(a), columns = strlen(b);
    assert(rows <= NEAREST_WORD_MAX);
    assert(columns <= NEAREST_WORD_MAX);
    int cost[NEAREST_WORD_MAX + 1][NEAREST_WORD_MAX + 1];
    for (size_t i = 0; i <= rows; i++)
        cost[i][0] = (int)i;
    for (size_t j = 0; j <= columns; j++)
        cost[0][j] = (int)j;
    for (size_t i = 1; i <= rows; i++) {
        for (size_t j = 1; j <= columns; j++) {
            int replace = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            int best = smaller(replace, smaller(cost[i - 1][j], cost[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = smaller(best, cost[i - 2][j - 2] + 1);
            cost[i][j] = best;
        }
    }
    return cost[rows][columns];
}

const char *nearest_word(const char *typed, const char *const *words, size_t count)
{
    size_t size = strlen(typed);
    if (size == 0 || size > NEAREST_WORD_MAX)
        return NULL;
    const char *best = NULL;
    int best_distance = (int)(size + 2) / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        if (strlen(words[i]) > NEAREST_WORD_MAX)
            continue;
        int distance = nearest_distance(typed, words[i]);
        if (size >= 3 && strncmp(typed, words[i], size) == 0)
            distance = 0;
        if (distance < best_distance) {
            best_distance = distance;
            best = words[i];
        }
    }
    return best;
}
