/* SPDX-License-Identifier: Apache-2.0
 *
 * words.h - numbers, spans and times as a person reads them; and as a program does.
 *
 * EXACTNESS  Machine forms are fixed: a time has six digits of fraction, a double three.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H
#include <stdint.h>

#include <oddball.h>

#include "cli/buffer.h"

void words_count(Buffer *out, uint64_t count);         /* 12,345                 */
void words_counted(Buffer *out, uint64_t count, const char *one, const char *many);
void words_seconds(Buffer *out, double seconds);       /* 12 ms, 3.4 s, 2 min 5 s */
void words_rate(Buffer *out, double per_second);       /* 950, 12 k, 1.4 M       */
void words_exact(Buffer *out, double value); /* As few figures as bring it back. */
void words_time(Buffer *out, odd_time time);           /* 2026-11-23 20:15:42    */
void words_time_iso(Buffer *out, odd_time time);       /* 2026-11-23T20:15:42.123456Z; "" if none */

#endif
