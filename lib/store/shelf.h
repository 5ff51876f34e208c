/* SPDX-License-Identifier: Apache-2.0
 *
 * shelf.h - things with a name and versions, each a folder of a few files that never change:
 *
 *     ROOT/KIND/NAME/VERSION/FILE        KIND: datasets, models
 *     ROOT/KIND/NAME/log                 lines that are only added
 *
 * A version is there whole or not at all: its folder gets its name last.
 *
 * OWNERSHIP  What shelf_get gives is a mapping, to be given back with disk_unmap.
 * ERRORS     ODD_EXISTS: that version is there already, and stays.  ODD_NOTFOUND, ODD_SPACE,
 *            ODD_IO, ODD_RANGE (a name that is none); each with a sentence.
 */
#ifndef STORE_SHELF_H
#define STORE_SHELF_H
#include "base/names.h"
#include "base/problem.h"
#include "store/disk.h"

#define SHELF_NAME_MAX 100
#define SHELF_PATH_SIZE 4096

typedef struct {
    const char *root, *kind;
} Shelf;

typedef struct {
    const char *name;
    Str         bytes;
} ShelfFile;

/* Letters, digits, '-', '_' and '.', which is not the first. */
bool shelf_name_is_good(Str name);

odd_rc shelf_put(const Shelf *shelf, const char *name, const char *version, const ShelfFile *files,
                 size_t count, Problem *problem);
odd_rc shelf_get(const Shelf *shelf, const char *name, const char *version, const char *file,
                 Str *ret, Problem *problem);

/* In alphabetical order: all names, or (name given) its versions. */
odd_rc shelf_list(const Shelf *shelf, const char *name, Names *ret, Problem *problem);

/* The log of a name as it is ("" where there is none), and with a line behind it. */
odd_rc shelf_log(const Shelf *shelf, const char *name, Str *ret, Problem *problem);
odd_rc shelf_log_add(const Shelf *shelf, Mem *mem, const char *name, Str line, Problem *problem);

#endif
