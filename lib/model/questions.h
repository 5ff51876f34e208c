/* SPDX-License-Identifier: Apache-2.0
 *
 * questions.h - which predictions a person should label, drawn from a stream, and what the labels
 * tell of all of them.
 *
 * Nothing is remembered of who was asked: each row has its place in the order of asking for good,
 * by a hash of its id; whatever outcomes come, those in front of the first gap are a fair sample.
 *
 * ALGORITHM  Sequential Poisson sampling (E. Ohlsson, Journal of Official Statistics 14(2), 1998):
 *            a row of weight w and random number u has the place u / w; of the first n each was
 *            drawn with the chance n w / (sum of all weights).  Weights as of model/labels.h: a
 *            third in proportion to doubt.  Estimate: model/labels.h.
 * SHAPE      Flat, 110 KB.  A round of a day, or of ROUND_ROWS if those take longer; O(1) a row,
 *            but for the few that are kept.
 * EXACTNESS  The same rows and outcomes give the same questions, whoever asks and how often.
 */
#ifndef MODEL_QUESTIONS_H
#define MODEL_QUESTIONS_H
#include <oddball.h>
#include <stdbool.h>

#include "base/str.h"
#include "model/labels.h"

#define QUESTIONS_KEPT 1024
#define QUESTIONS_MAX 500 /* At once. */
#define QUESTION_ID_BYTES 64 /* Rows with longer ids are not asked about. */
#define QUESTION_SLOTS 144
#define QUESTION_ROUND_ROWS 1000

typedef struct {
    uint64_t id; /* Hash. */
    double   place;
    odd_time time;
    float    weight, guess; /* guess: of its loss. */
    float    loss;          /* As it came true. */
    uint8_t  is_answered, size, unused[2];
    char     text[QUESTION_ID_BYTES]; /* The id. */
} Question;

typedef struct {
    odd_time begin;   /* ODD_TIME_NONE: there is no row yet. */
    int64_t  slot_ns;
    uint64_t rows[QUESTION_SLOTS];
    double   guesses[QUESTION_SLOTS], weights[QUESTION_SLOTS];
    uint32_t count, unused;
    Question kept[QUESTIONS_KEPT]; /* By their places. */
} Questions;

void questions_begin(Questions *questions);

/* A row belongs to this round: it counts.  False: the round is over. */
bool questions_count(Questions *questions, odd_time time, double guess, double weight);

/* doubt: beside that of all rows, 1 for one as usual. */
double questions_weight(double doubt);
double questions_place(uint64_t id, double weight);
bool   questions_wants(const Questions *questions, double place);
void   questions_add(Questions *questions, const Question *question); /* One that it wants. */
bool   questions_answer(Questions *questions, uint64_t id, double loss); /* False: not kept. */

uint64_t questions_rows(const Questions *questions, odd_time until); /* Of all slots before it. */

typedef struct {
    const Question *question;
    double          chance;
} Asked;

/* The next `count` that have no answer, of rows of whole slots before `until`; gives how many. */
size_t questions_ask(const Questions *questions, odd_time until, size_t count,
                     Asked ret[QUESTIONS_MAX]);

typedef struct {
    uint64_t       rows, labels; /* labels: 0: too few. */
    odd_time       from, until;
    LabelsEstimate mean;         /* Of the loss. */
} QuestionsEstimate;

/* scratch is (QUESTIONS_KEPT). */
QuestionsEstimate questions_estimate(const Questions *questions, Label *scratch);

#endif
