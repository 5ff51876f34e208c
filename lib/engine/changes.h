/* SPDX-License-Identifier: Apache-2.0
 *
 * changes.h - deploys, configurations and restarts: those that were sent, and those that were seen
 * in lines and metrics.
 *
 * SHAPE      CHANGES_MAX, in the order in which they came; the oldest go first.
 * EXACTNESS  One that comes again (the same id) is the same.
 */
#ifndef ENGINE_CHANGES_H
#define ENGINE_CHANGES_H
#include "base/image.h"
#include "event/change.h"
#include "incident/who.h"

#define CHANGES_MAX 512
#define CHANGE_BEFORE_NS (1800 * INT64_C(1000000000)) /* It may be why, so long afterwards. */
#define CHANGE_WORDS_SIZE 400

typedef struct {
    Mem    *mem;
    Change *changes;
    size_t  count, capacity;
} Changes; /* All zero but for `mem` is the empty one. */

odd_rc changes_take(Changes *changes, const Change *change);
void   changes_close(Changes *changes);
void   changes_save(const Changes *changes, ImageOut *out);
void   changes_load(Changes *changes, ImageIn *in);

Who    change_who(const Change *change);
/* "deploy of shop 1.2.3", "restart of web-1 (seen)". */
size_t change_words(const Change *change, char buffer[CHANGE_WORDS_SIZE]);

#endif
