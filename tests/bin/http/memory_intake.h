/* SPDX-License-Identifier: Apache-2.0
 *
 * memory_intake.h - an intake that keeps nothing but counts, for tests of what stands before it.
 */
#ifndef TESTS_MEMORY_INTAKE_H
#define TESTS_MEMORY_INTAKE_H
#include "intake/intake.h"

Intake *memory_intake_open(void);
void    memory_intake_close(Intake *intake);

/* From now on everything is answered so, after so long. */
void memory_intake_set(Intake *intake, IntakeStatus status, int delay_ms);

typedef struct {
    uint64_t         given;
    odd_event_counts total; /* Of what was stored. */
} MemoryCounts;
MemoryCounts memory_intake_counts(Intake *intake);

#endif
