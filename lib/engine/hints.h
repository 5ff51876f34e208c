/* SPDX-License-Identifier: Apache-2.0
 *
 * hints.h - what was odd and is not told, because the budget wants more: it may be why something
 * else happened soon after.
 *
 * SHAPE      HINTS_MAX for HINT_NS; when there are more, the least odd make room.
 * EXACTNESS  Depends on what is taken, in that order, and on the time of the data.
 */
#ifndef ENGINE_HINTS_H
#define ENGINE_HINTS_H
#include "engine/incident.h"
#include "engine/shard.h"
#include "incident/who.h"

#define HINTS_MAX 512
#define HINT_NS (900 * INT64_C(1000000000))

typedef struct {
    Mem   *mem;
    Hint  *hints;
    size_t count, capacity;
} Hints; /* All zero but for `mem` is the empty one. */

odd_rc hints_take(Hints *hints, const Candidate *candidate, odd_time clock);
void   hints_close(Hints *hints);
void   hints_save(const Hints *hints, ImageOut *out);
void   hints_load(Hints *hints, ImageIn *in);

Who hint_who(const Hint *hint);

#endif
