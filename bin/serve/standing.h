/* SPDX-License-Identifier: Apache-2.0
 *
 * standing.h - what is to be said again and again until it is no longer so.
 *
 * SHAPE      STANDING_MAX texts, each with a key; beyond that the oldest is left.
 * OWNERSHIP  Texts are copied.
 */
#ifndef SERVE_STANDING_H
#define SERVE_STANDING_H
#include <stdbool.h>
#include <stddef.h>

#define STANDING_MAX 256
#define STANDING_KEY_SIZE 32

typedef struct {
    char  keys[STANDING_MAX][STANDING_KEY_SIZE];
    char *texts[STANDING_MAX];
    size_t count;
} Standing; /* All zero is empty. */

/* text NULL: it stands no longer.  False: no memory, it does not stand. */
bool standing_set(Standing *standing, const char *key, const char *text);
void standing_clear(Standing *standing);

#endif
