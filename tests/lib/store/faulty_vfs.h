/* SPDX-License-Identifier: Apache-2.0
 *
 * faulty_vfs.h - a file layer for SQLite, "faulty", whose disk fails and loses power as it is told.
 *
 * It stands in front of the real one.  What was synced of each file is kept in memory beside it; at
 * a power loss each sector of 512 bytes that was written since is new or old as a seed decides.  A
 * sync that fails loses what it should have synced for good, as Linux does: a later one says that
 * all is well.
 *
 * THREADS    All calls take one lock.
 */
#ifndef TESTS_STORE_FAULTY_VFS_H
#define TESTS_STORE_FAULTY_VFS_H
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    FAULT_NONE = 0,
    FAULT_DEATH,   /* This operation and all behind it fail: the machine is off.     */
    FAULT_WRITE,   /* One operation fails with EIO; of a write, a part is done.      */
    FAULT_SYNC,    /* The next sync from then on fails, once.                        */
    FAULT_FULL     /* No write that makes a file longer succeeds, until it is mended. */
} Fault;

void     faulty_register(void);
/* The `at`-th write, sync, cut or removal from now on meets the fault; 1 is the next. */
void     faulty_set(Fault wanted, uint64_t at);
void     faulty_mend(void);
uint64_t faulty_operations(void); /* Since faulty_set. */
bool     faulty_has_struck(void);
/* The disk is full only while this file is there: what is removed makes room.  NULL: always. */
void     faulty_full_while(const char *file);

/* Every file becomes what the disk may hold; all must be closed. */
void faulty_power_loss(uint64_t seed);
void faulty_forget(void); /* All that is there counts as synced. */

#endif
