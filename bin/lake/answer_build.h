/* SPDX-License-Identifier: Apache-2.0
 *
 * answer_build.h - an SqlAnswer from the frames of a child.
 *
 * OWNERSHIP  The answer takes the bytes of the buffer over, which is empty then.
 */
#ifndef LAKE_ANSWER_BUILD_H
#define LAKE_ANSWER_BUILD_H
#include "lake/frames.h"
#include "lake/sql_answer.h"

/* NULL: no memory, or the cells are no whole rows. */
SqlAnswer *answer_build(FrameBuffer *frames);

#endif
