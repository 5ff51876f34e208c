/* SPDX-License-Identifier: Apache-2.0
 *
 * weekly.h - what a column usually holds at an hour of the week, and whether a block of time does.
 *
 * Rows of one hour share its weather, its customers, its campaign: they are one witness, not many.
 * So a block of time is one number, and it is compared with blocks: with what is usual for its
 * place in the week, beside the level of the last ones.
 *
 * ODD MEANS  In this block the column is higher or lower than such blocks were in the reference.
 * ALGORITHM  A block's mean, less that of its slot: hour of the week, which leans on the hour of
 *            working days or others, which leans on the hour, which leans on all (shrinkage by so
 *            many blocks; W. James, C. Stein, 1961).  Less the level: an exponential mean of the
 *            last blocks with clipped steps (P. Huber, 1964), as fast as suits the reference best.
 *            What is left, by its usual size, is ranked among the reference's blocks (conformal
 *            prediction; V. Vovk, A. Gammerman, G. Shafer, 2005).  Powers of the rank's chance are
 *            fair bets (p-to-e calibrators; V. Vovk, R. Wang, Annals of Statistics 49(3), 2021),
 *            and their Shiryaev-Roberts sum is the evidence of many blocks; roots are taken until
 *            the reference itself makes none rich.
 * SHAPE      Flat, 24 KB; O(1) a row, O(log blocks) a block.
 * UNITS      The caller's value is in standard deviations; money counts blocks to a false alarm.
 * BLIND TO   What drifts more slowly than the level follows; days of the year; holidays.
 */
#ifndef MODEL_WEEKLY_H
#define MODEL_WEEKLY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

#define WEEKLY_BLOCKS_MAX 4096
#define WEEKLY_BLOCKS_MIN 56 /* Of a reference that can be compared with. */
#define WEEKLY_SLOTS 168
#define WEEKLY_VALUE_MAX 8.0 /* Values beyond are cut. */

typedef enum { RUNG_ALL = 0, RUNG_HOUR, RUNG_KIND_OF_DAY, RUNG_WEEK, RUNG_COUNT } WeeklyRung;

typedef struct {
    int64_t  index; /* Time / length. */
    uint64_t first_row, last_row;
    odd_time time;  /* Of the first row. */
    double   sum;
    uint32_t rows, unused;
} WeeklyBlock;

typedef struct {
    int64_t     length_ns;
    uint32_t    block_count, rows_usual, roots;
    float       mean[RUNG_COUNT][WEEKLY_SLOTS], size[RUNG_COUNT][WEEKLY_SLOTS];
    float       blocks[RUNG_COUNT][WEEKLY_SLOTS]; /* That the slot has seen. */
    float       away[WEEKLY_BLOCKS_MAX];          /* Of the reference, ascending. */
    double      gain, echo, level, after, spread, money;
    WeeklyBlock open;
} Weekly;

typedef struct {
    WeeklyBlock block;
    double      effect;  /* Beside what is usual. */
    double      chance;  /* Of a block so far away.  */
    double      money;   /* Behind the block. */
    WeeklyRung  rung;    /* The finest that has blocks enough of its own. */
    uint32_t    unused;
} WeeklyVerdict;

/* The length that fits: 0 if there is none.  times is (n), in their order. */
int64_t weekly_length(const odd_time *times, size_t n);

/* values and times are (n); NaN and no time are left out.  scratch is (WEEKLY_BLOCKS_MAX). */
bool weekly_make(const double *values, const odd_time *times, size_t n, int64_t length_ns,
                 WeeklyBlock *scratch, Weekly *ret);

/* One row.  True: it began a new block, and this is the verdict on the one before. */
bool weekly_learn(Weekly *weekly, double value, odd_time time, uint64_t row, WeeklyVerdict *ret);
bool weekly_end(Weekly *weekly, WeeklyVerdict *ret);

const char *weekly_rung_name(WeeklyRung rung);

#endif
