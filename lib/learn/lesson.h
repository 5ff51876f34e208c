/* SPDX-License-Identifier: Apache-2.0
 *
 * lesson.h - what there is to learn from a table: the target, the rows in the order of time, and
 * how they are split: to fit, to choose, to calibrate, to test; with a gap before each.
 *
 * Never at random: a row is judged by what was learnt from rows before it alone.
 *
 * OWNERSHIP  lesson_make takes, lesson_close gives back; the frame is borrowed.
 * ERRORS     ODD_NOTFOUND: a name that the table does not have, with the nearest one.  ODD_RANGE:
 *            there is nothing to learn (too few rows, a target that never changes, one class alone
 *            in the rows to fit); each with a sentence.
 */
#ifndef LEARN_LESSON_H
#define LEARN_LESSON_H
#include "learn/frame.h"
#include "learn/predictor.h"

#define LESSON_ROWS_MIN 40

typedef struct {
    Str      target, time, left_out, segments, protected_ones; /* Names; lists with commas. */
    Str      task;      /* "", "classification", "regression", "anomaly" */
    odd_time now;       /* Rows that are later are left out; ODD_TIME_NONE: none. */
    uint64_t gap_rows;  /* Between parts; 0: a hundredth of the rows, one at least. */
} LessonWish;

typedef enum { PART_FIT = 0, PART_CHOOSE, PART_CALIBRATE, PART_TEST, PART_COUNT } LessonPart;

typedef struct {
    Mem          *mem;
    const Frame  *frame;
    PredictorTask task;
    uint32_t      target_column, time_column; /* FRAME_NONE: there is none. */
    Names         words;   /* The target's name, then the classes in order. */
    double       *target;  /* By row of the frame: the class, or the number. */
    bool         *is_input; /* By column. */
    uint32_t     *rows;    /* In the order of time. */
    size_t        row_count, frame_rows;
    size_t        from[PART_COUNT], to[PART_COUNT]; /* In `rows`. */
    uint64_t      gap, without_target, of_the_future;
} Lesson;

odd_rc lesson_make(Lesson *lesson, Mem *mem, const Frame *frame, const LessonWish *wish,
                   Problem *problem);
void   lesson_close(Lesson *lesson);

size_t   lesson_outputs(const Lesson *lesson); /* Classes; else 1. */
odd_time lesson_time(const Lesson *lesson, size_t row); /* Of a row of the frame. */

/* Whether the next name of a list with commas is there; *at starts at 0. */
bool lesson_name_next(Str list, size_t *at, Str *ret);
/* A column by name; FRAME_NONE with a sentence. */
uint32_t lesson_column(const Frame *frame, Str name, const char *what, Problem *problem);

#endif
