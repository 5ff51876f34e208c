/* SPDX-License-Identifier: Apache-2.0
 *
 * weeks.h - whole weeks of the company, each judged when it is over, some of them side by side.
 *
 * ERRORS     No thread to be had ends the program, with a sentence.
 * EXACTNESS  The same for any number of threads.
 */
#ifndef SIM_WEEKS_H
#define SIM_WEEKS_H
#include "judge.h"

/* Those of the seeds from first_seed on; ret_judged has room for all of them. */
void weeks_play(uint64_t first_seed, int weeks, int threads, Judged *ret_judged);

#endif
