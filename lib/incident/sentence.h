/* SPDX-License-Identifier: Apache-2.0
 *
 * sentence.h - a finding in plain words: ratio to normal before raw numbers, what, where, how rare.
 *
 * OWNERSHIP  Text is written into the caller's buffer, terminated, cut at its end if too long.
 */
#ifndef INCIDENT_SENTENCE_H
#define INCIDENT_SENTENCE_H
#include "incident/finding.h"

#define SENTENCE_SIZE 512

/* What is odd.  Gives the size of the text. */
size_t sentence_write(const Finding *finding, char *buffer, size_t size);

/* What stands behind the sentence of a finding that tells others too: "; 2 more odd lines beside
 * it", or nothing. */
size_t sentence_company(FindingKind kind, bool is_metric, uint32_t neighbours, char *buffer,
                        size_t size);

/* How rare in words: "1 of 2,310 lines", "once in 40,000 lines", "40x the usual". */
size_t sentence_how_rare(const Finding *finding, char *buffer, size_t size);

#endif
