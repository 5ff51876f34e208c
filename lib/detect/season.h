/* SPDX-License-Identifier: Apache-2.0
 *
 * season.h - what the hour of the day and of the week add to a level: two small shrunken tables.
 *
 * A bin of the day is an hour, a bin of the week three. What a bin adds is shrunk to nothing as
 * long as little was seen in it, and between the middles of bins it is drawn as a line.  Beside it
 * the table tells how much more, or less, values scatter at that hour.
 *
 * ALGORITHM  Empirical Bayes shrinkage of running means (C. Morris, JASA 78, 1983).
 * SHAPE      Flat, 520 bytes, O(1).
 * UNITS      Additions have the unit of the values; spread is a factor, 1 is usual.  Time is UTC.
 */
#ifndef DETECT_SEASON_H
#define DETECT_SEASON_H
#include <oddball.h>

#define SEASON_DAY_BINS 24
#define SEASON_WEEK_BINS 56

typedef struct {
    float    day[SEASON_DAY_BINS], week[SEASON_WEEK_BINS];
    float    spread[SEASON_DAY_BINS];
    uint16_t day_count[SEASON_DAY_BINS];
    uint8_t  week_count[SEASON_WEEK_BINS]; /* A bin of the week remembers no more samples. */
} Season; /* All zero is the empty state. */

typedef struct {
    double day;    /* What the hour of the day adds.                   */
    double week;   /* What the hour of the week adds to that.          */
    double spread; /* How much of the usual scatter there is this hour. */
    double seen;   /* Samples that the hour of the day remembers.       */
} SeasonPart;

SeasonPart season_at(const Season *season, odd_time time);

/* The value lies `off` above the level; nothing beyond `most` is believed.  scatter: how far it was
 * from what was expected, in usual scatters.  step_s: seconds between samples. */
void season_learn(Season *season, odd_time time, double off, double most, double scatter,
                  double step_s);

#endif
