/* SPDX-License-Identifier: Apache-2.0
 *
 * rotation.h - the name of a rotated log: which log it was, and how old it is among its like.
 *
 * app.log.2.gz, app.log.1, app.log-20261127, app-2026-11-27.log and app.log.old are all app.log.
 *
 * SHAPE      Pure functions of names; nothing is looked up.
 */
#ifndef SOURCE_ROTATION_H
#define SOURCE_ROTATION_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_PATH_SIZE 4096

typedef enum { /* Oldest first, where a log is rotated in several ways. */
               ROTATION_DATED = 0,
               ROTATION_NUMBERED,
               ROTATION_OLD,
               ROTATION_LIVE
} RotationKind;

typedef struct {
    RotationKind kind;
    uint64_t     number; /* DATED: yyyymmddhhmmss; NUMBERED: as written. */
    bool         packed; /* Its name ends as that of a compressed file.  */
    bool         sure;   /* The name tells by itself; foo.1 needs a foo beside it. */
} Rotation;

/* live becomes the path that the log has, or had, while it is written; LOG_PATH_SIZE bytes. */
Rotation rotation_of(const char *path, char *live);

int rotation_compare(Rotation a, Rotation b); /* Below 0: a is the older one. */

#endif
