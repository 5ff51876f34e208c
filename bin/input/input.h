/* SPDX-License-Identifier: Apache-2.0
 *
 * input.h - from names on a command line to the inputs that are read, and why others are not.
 *
 * A name is a file, a folder (read with all that is in it), "-" (standard input), "journal:" or
 * "journal:UNIT", or a *.journal file.  Names keep their order; what is in a folder comes by name,
 * byte for byte.  A file with several names (hard or symbolic links) is read once, a folder too,
 * so links can't lead round in circles.  In a folder, what holds no text, devices, sockets, pipes
 * and hidden names are left out and counted in a note; a file that is named itself is read
 * whatever it holds, unless it must be unpacked first by other means.  A folder with nothing but
 * journal files in it is read as a journal.
 *
 * OWNERSHIP  inputs_free frees the list.
 * ERRORS     inputs_find is false only without memory.  What can't be read has a note with cause
 *            and cure, and is counted in refused_count.
 */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input/notes.h"

#define INPUT_COUNT_MAX 100000
#define FOLDER_DEPTH_MAX 32

typedef enum {
    INPUT_FILE = 0,      /* path: a file, pipe or device.      */
    INPUT_STDIN,
    INPUT_JOURNAL,       /* path: the unit, "" for all.        */
    INPUT_JOURNAL_FILE,  /* path: the file.                    */
    INPUT_JOURNAL_FOLDER /* path: the folder.                  */
} InputKind;

typedef struct {
    InputKind kind;
    bool      regular;    /* Can be opened again and gives the same. */
    bool      found;      /* In a folder; else it was named itself.  */
    char     *name;       /* To show.                                */
    char     *path;
    uint64_t  size_bytes; /* 0: not known.                           */
    int64_t   changed_ns; /* Since 1970; of what has no time: now.   */
    uint64_t  device, inode;
} Input;

typedef struct {
    Input   *items;
    size_t   count, capacity;
    uint64_t refused_count; /* Named, or found in a folder, and not readable. */
    uint64_t failed_count;  /* Of these, named ones.                          */
    uint64_t lost_count;    /* Of these, found in a folder, and readable but for a fault, such as
                               too many open files.                           */
} Inputs;

bool inputs_find(const char *const *names, size_t name_count, Inputs *ret, Notes *notes);
void inputs_free(Inputs *inputs);

/* A folder of the kernel (/proc ...): its files have no end, or side effects. */
bool folder_is_pseudo(const char *folder);

/* The sentence for what is packed in a way that we do not read. */
void input_note_packed(const Input *input, Notes *notes);

/* It could not be opened though it is still there: it is lost to a fault and did not go away. */
bool input_is_lost(const Input *input);

#endif
