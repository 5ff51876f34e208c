/* SPDX-License-Identifier: Apache-2.0
 *
 * like.h - which findings are of one sort, so that one answer may be said of all of them.
 *
 * A metric is like the same metric of other machines; lines that come more often are like others of
 * their source; an odd line is like that pattern in all sources.  Of all else only the same signal
 * of the same source is: that something is silent says nothing of what else may be.
 *
 * OWNERSHIP  A flat value; `source`, `kind` and `signal` are texts of the overlay's scope.
 * EXACTNESS  Depends on the kind, the source and the text of the signal alone.
 */
#ifndef INCIDENT_LIKE_H
#define INCIDENT_LIKE_H
#include "event/verdict.h"
#include "incident/finding.h"

typedef struct {
    char source[VERDICT_TEXT_SIZE]; /* "": any, as all three. */
    char kind[VERDICT_WORD_SIZE];
    char signal[VERDICT_TEXT_SIZE]; /* Of lines their pattern: an id, or a text with stars. */
} Like;

/* id: of the signal; text: its name, or the text of the pattern; cut ones are named by their id. */
Like like_of(FindingKind kind, bool is_metric, const char *source, uint64_t id, const char *text);
uint64_t like_hash(const Like *like);

#endif
