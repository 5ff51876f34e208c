/* SPDX-License-Identifier: Apache-2.0
 *
 * kin.h - which file belongs to which log: puts what was found beside what is followed.
 *
 * A file is known again by its inode where its beginning and the bytes before our place fit, else
 * by these bytes alone (it was copied, compressed, or its disk has another number now).  What fits
 * nothing is new.  A file that moved to a name outside its family is followed until it rests, and
 * then under its new name, from the place reached.
 *
 * OWNERSHIP  Kin owns the families; kin_free.  All zero is none.
 */
#ifndef SOURCE_KIN_H
#define SOURCE_KIN_H
#include "source/family.h"

typedef struct {
    char   *path;
    Family *family;
} KinPath;

typedef struct {
    Family **families; /* By name. */
    size_t   count, capacity;
    KinPath *paths;    /* By path: whose tail is there. */
    size_t   path_count;
    bool     searched;
} Kin;

typedef struct {
    int64_t oldest_ns;    /* See family_grow. */
    int64_t monotonic_ns; /* Now. */
    char *(*position_of)(void *context, const char *name); /* Kept for a family; to be freed. */
    void *context;
} KinSearch;

bool    kin_place(Kin *kin, Found *found, const KinSearch *search); /* False: no memory. */
Family *kin_by_path(const Kin *kin, const char *path);               /* NULL: nobody's.   */
bool    kin_waits(const Family *family);                             /* Part of a line.   */

/* A tail of the family is done with.  False: no memory, it stays. */
bool kin_retire(Kin *kin, Family *family, size_t number);

void kin_forget(Kin *kin); /* Families of which nothing is left; the intake keeps their place. */
void kin_free(Kin *kin);

#endif
