/* SPDX-License-Identifier: Apache-2.0
 *
 * process.h - what the system says of this process.
 */
#ifndef API_PROCESS_H
#define API_PROCESS_H
#include <stdint.h>

typedef struct { /* What cannot be read is 0. */
    uint64_t resident_bytes, virtual_bytes;
    double   cpu_s; /* Of all its threads, in the kernel too. */
    uint64_t open_files, open_files_max, threads;
} Process;

Process process_now(void);

#endif
