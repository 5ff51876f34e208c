/* SPDX-License-Identifier: Apache-2.0
 *
 * title.h - an incident in one sentence: its cause first, then what came of it.
 *
 *     deploy of shop 1.2.3, 40 s later on shop: `no such column <*>` came for the first time; 2 min
 *     later on web: 502s 40x the usual; 3 more findings
 *
 * OWNERSHIP  Text is written into the caller's Writer.
 */
#ifndef INCIDENT_TITLE_H
#define INCIDENT_TITLE_H
#include <oddball.h>

#include "incident/writer.h"

#define TITLE_SIZE 1024

typedef struct {
    const char *sentence; /* Of a change its words. */
    const char *where;    /* "": the sentence says it. */
    odd_time    onset;
} TitlePart;

/* parts: the cause, then what is told of what came of it; more: findings beside them. */
void title_write(Writer *w, const TitlePart *parts, size_t count, size_t more);

/* "40 s", "6 min", "3 h", "2 days". */
void span_write(Writer *w, odd_time span);

#endif
