/* SPDX-License-Identifier: Apache-2.0
 *
 * faulty_files.h - a file layer under the whole program, whose disk fails and loses power as it is
 * told.
 *
 * The program that has it is linked with its symbols exported, so that what DuckDB writes goes
 * through it as well: it stands where open, write, fsync, rename and their kin of libc would.  It
 * looks at one folder and what is below.  What a power loss leaves: sure_files.h.
 *
 * A sync that fails loses what it should have synced for good: a later one says that all is well.
 *
 * THREADS    All calls take one lock.
 */
#ifndef TESTS_STORE_FAULTY_FILES_H
#define TESTS_STORE_FAULTY_FILES_H
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    FILES_WELL = 0,
    FILES_DEATH, /* This operation and all behind it fail: the machine is off.       */
    FILES_ERROR, /* One operation fails with EIO; of a write, a part is done.        */
    FILES_FULL,  /* Nothing is written and nothing new is made, until it is mended.  */
    FILES_LIAR   /* From then on no sync does what it says.                          */
} FilesFault;

/* Looks at the folder, from now on; what is there counts as synced. */
void files_watch(const char *folder);
void files_forget(void);

/* The `at`-th write, sync, cut, making, renaming or removal from now on meets the fault; 1 is the
 * next. */
void     files_set(FilesFault wanted, uint64_t at);
uint64_t files_operations(void); /* Since files_set. */
bool     files_has_struck(void);

/* The folder becomes what the disk may hold; no file of it may be open.  `keep`: the process died,
 * not the machine: all that was written is there. */
void files_power_loss(uint64_t seed, bool keep);

#endif
