/* SPDX-License-Identifier: Apache-2.0
 *
 * encoder.h - rows of a table as the numbers that models look at: categories, times, what is
 * missing.  Learnt from the rows that a model is fitted to, and a part of the model from then on.
 *
 * A number is a slot, and one more says that it is missing where that happens.  A text of few
 * categories has a slot for each; one of many is the mean of the target that such rows had, leaning
 * on the mean of all (a category that is new is missing).  A time is its hour and its day of the
 * week.  Columns that say nothing are left out: constant ones, and texts that differ in most rows.
 *
 * ALGORITHM  Means that lean: D. Micci-Barreca, SIGKDD Explorations 3(1), 2001.
 * SHAPE      Slots are floats.
 * OWNERSHIP  encoder_learn takes, encoder_close gives back; all zero but for mem is the empty one.
 * EXACTNESS  The same rows give the same encoder; the order of columns is that of the table.
 */
#ifndef LEARN_ENCODER_H
#define LEARN_ENCODER_H
#include "learn/frame.h"

#define ENCODER_ONE_EACH 12     /* Categories with a slot for each, at most. */
#define ENCODER_CATEGORIES 1000 /* Kept of a column: the first ones to come. */
#define ENCODER_LEAN 20.0       /* Rows that the mean of all counts for. */

typedef enum {
    SLOT_NUMBER = 0,
    SLOT_MISSING,
    SLOT_IS,
    SLOT_MEAN,
    SLOT_HOUR,
    SLOT_WEEKDAY
} SlotKind;

typedef struct {
    uint32_t column;
    uint8_t  kind; /* SlotKind */
    uint8_t  unused[3];
    uint32_t code;  /* IS: the category. */
    uint32_t means; /* MEAN: where they begin, one for each category. */
} Slot;

typedef struct {
    uint8_t kind; /* FrameKind */
    uint8_t unused[7];
    Names   texts;
} EncoderColumn;

typedef struct {
    Mem           *mem;
    Names          names; /* Of its columns. */
    EncoderColumn *columns;
    Slot          *slots;
    double        *means;
    size_t         column_capacity, slot_count, slot_capacity, mean_count, mean_capacity;
} Encoder;

typedef struct { /* What a row has in a column. */
    double   number;
    odd_time time;
    uint32_t code; /* NAME_NONE: missing, or new. */
} EncoderCell;

typedef struct {
    const Frame    *frame;
    const uint32_t *rows; /* Those to learn from. */
    size_t          row_count;
    const double   *target; /* By row of the frame. */
    const bool     *is_input; /* By column of the frame. */
} EncoderLesson;

odd_rc encoder_learn(Encoder *encoder, const EncoderLesson *lesson);
void   encoder_close(Encoder *encoder);

/* cells is (columns), ret is (slots). */
void encoder_row(const Encoder *encoder, const EncoderCell *cells, float *ret);

/* Rows of a table, whose columns are found by name; a column that is not there is missing, one of
 * another kind is told as ODD_NOTFOUND with a sentence.  ret is (rows, slots). */
odd_rc encoder_rows(const Encoder *encoder, const Frame *frame, const uint32_t *rows,
                    size_t row_count, float *ret, Problem *problem);

/* "hour of time", "colour = red"; gives its size, at most ENCODER_NAME_SIZE. */
#define ENCODER_NAME_SIZE 160
size_t encoder_slot_name(const Encoder *encoder, size_t slot, char name[ENCODER_NAME_SIZE]);

#endif
