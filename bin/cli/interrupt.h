/* SPDX-License-Identifier: Apache-2.0
 *
 * interrupt.h - Ctrl-C: once asks to stop reading and show what is known, twice ends the program.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H
#include <stdatomic.h>

/* From now on; gives the flag that readers watch. */
const atomic_bool *interrupt_watch(void);

#endif
