/* SPDX-License-Identifier: Apache-2.0
 *
 * fake_live.h - a fold that knows a few made-up things, for tests of what asks it.
 *
 *     findings   FAKE_FINDINGS of them, a minute apart, "f000" the oldest; every third one resolved
 *     sql        "fail ..." fails with the rest, "sleep N" takes N s, "late" is late, "many N" has
 *                N rows; all else answers one row: the question itself
 */
#ifndef TESTS_FAKE_LIVE_H
#define TESTS_FAKE_LIVE_H
#include "live/live.h"

#define FAKE_FINDINGS 250

Live *fake_live_open(void);
void  fake_live_close(Live *live);

void fake_live_tell(Live *live, int number); /* One of the findings, or one more. */
int  fake_live_cancelled(Live *live); /* Questions in SQL that were ended early. */

#endif
