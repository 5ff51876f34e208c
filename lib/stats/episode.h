/* SPDX-License-Identifier: Apache-2.0
 *
 * episode.h - looking back at the counts of one pattern: the stretch of time that fits least.
 *
 * Every stretch up to an eighth of the series, and every one up to half of it that lasts to its
 * end, is compared with the rest.  The rest tells the level,
 * its shape (steady, following the volume of the whole log, or repeating by day) and how much
 * the counts scatter over stretches of that length; so a stretch is odd only if the rest has
 * nothing like it.
 *
 * ALGORITHM  A scan statistic (J. Naus, 1965; M. Kulldorff, 1997) over stretches of about equal
 *            steps of length, each tested by a negative binomial with the stretch left out of the
 *            fit, and corrected for all stretches looked at (Bonferroni).
 * SHAPE      counts and totals are (n), n <= EPISODE_BUCKET_COUNT_MAX, equal steps of time.  Takes
 *            about 90 KB of stack.
 * UNITS      Buckets from 0, first and last included.
 * ERRORS     Too little to judge (fewer than EPISODE_BUCKET_COUNT_MIN buckets; a pattern seen in
 *            fewer than EPISODE_ACTIVE_COUNT_MIN of them outside the stretch, unless it is grave):
 *            surprise 0.
 * BLIND TO   A pattern that only comes once, in one go (stats/rarity.h sees it), or whose first or
 *            last stretch is simply where the file begins.
 * EXACTNESS  On steady, over-dispersed and daily clean series at most 1 in 1000 has a surprise of
 *            3.
 */
#ifndef STATS_EPISODE_H
#define STATS_EPISODE_H
#include <stdbool.h>
#include <stdint.h>

#define EPISODE_BUCKET_COUNT_MAX 256
#define EPISODE_BUCKET_COUNT_MIN 16
#define EPISODE_ACTIVE_COUNT_MIN 6

typedef enum {
    EPISODE_NONE,
    EPISODE_BURST, /* Many more, for a while.             */
    EPISODE_MORE,  /* More, from here to the end.         */
    EPISODE_LESS,  /* Fewer, for a while or to the end.   */
    EPISODE_SILENT /* None at all, here to the end or for a while. */
} EpisodeKind;

typedef struct {
    double      surprise; /* Corrected for the number of stretches looked at. */
    EpisodeKind kind;
    int         first, last;
    double      seen, expected;
} Episode;

typedef struct {
    const uint32_t *counts; /* Of the pattern, in each bucket.                                    */
    const uint32_t *totals; /* Of all patterns; NULL: not known.                                  */
    int             n;      /* Buckets.                                                           */
    double buckets_per_day; /* 0: their length is not known.  A daily season is looked for if two
                               days are given.                                                    */
    double last_share;      /* How much of the last bucket the file covers, over 0 up to 1.       */
    bool   is_grave;        /* The pattern tells of trouble: a rush of it is odd even if it never
                               came before.  Of others, many come in one go by nature.            */
} EpisodeSeries;

Episode episode_find(const EpisodeSeries *series);

#endif
