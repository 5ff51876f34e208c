/* SPDX-License-Identifier: Apache-2.0 */
#include "model/questions.h"

#include <assert.h>
#include <math.h>

#include "base/hash.h"
#include "base/time.h"

#define SLOT_NS (600 * NS_PER_S)
#define WEIGHT_MAX 8.0
#define SEED 0x7175657374696f6eULL
#define ANSWERED 0.95    /* Of rows in front: somebody does not know all. */
#define LABELS_MIN 10

void questions_begin(Questions *questions)
{
    memset(questions, 0, sizeof *questions);
    questions->begin = ODD_TIME_NONE;
    questions->slot_ns = SLOT_NS;
}

/* -- rows ---------------------------------------------------------------------------------- */

static uint64_t rows_in(const Questions *questions, size_t slots)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < slots; i++)
        rows += questions->rows[i];
    return rows;
}

/* Slots twice as long. */
static void halve(Questions *questions)
{
    for (size_t i = 0; i < QUESTION_SLOTS / 2; i++) {
        questions->rows[i] = questions->rows[2 * i] + questions->rows[2 * i + 1];
        questions->guesses[i] = questions->guesses[2 * i] + questions->guesses[2 * i + 1];
        questions->weights[i] = questions->weights[2 * i] + questions->weights[2 * i + 1];
    }
    memset(questions->rows + QUESTION_SLOTS / 2, 0, sizeof questions->rows / 2);
    memset(questions->guesses + QUESTION_SLOTS / 2, 0, sizeof questions->guesses / 2);
    memset(questions->weights + QUESTION_SLOTS / 2, 0, sizeof questions->weights / 2);
    questions->slot_ns *= 2;
}

static int64_t slot_of(const Questions *questions, odd_time time)
{
    return time < questions->begin ? -1 : time_minus(time, questions->begin) / questions->slot_ns;
}

bool questions_count(Questions *questions, odd_time time, double guess, double weight)
{
    if (questions->begin == ODD_TIME_NONE)
        questions->begin = time - time % SLOT_NS - (time % SLOT_NS < 0 ? SLOT_NS : 0);
    int64_t slot = slot_of(questions, time);
    if (slot >= QUESTION_SLOTS && rows_in(questions, QUESTION_SLOTS) >= QUESTION_ROUND_ROWS)
        return false;
    for (; slot >= QUESTION_SLOTS; slot = slot_of(questions, time))
        halve(questions);
    size_t at = slot > 0 ? (size_t)slot : 0; /* What comes very late counts as of the first. */
    questions->rows[at]++;
    questions->guesses[at] += guess;
    questions->weights[at] += weight;
    return true;
}

double questions_weight(double doubt)
{
    double weight = LABELS_UNIFORM + (1 - LABELS_UNIFORM) * doubt;
    return weight < WEIGHT_MAX ? weight : WEIGHT_MAX;
}

static double random_of(uint64_t id)
{
    return ((double)(hash_add(SEED, id) >> 11) + 0.5) / (double)(1ull << 53);
}

double questions_place(uint64_t id, double weight)
{
    return random_of(id) / weight;
}

bool questions_wants(const Questions *questions, double place)
{
    return questions->count < QUESTIONS_KEPT || place < questions->kept[QUESTIONS_KEPT - 1].place;
}

void questions_add(Questions *questions, const Question *question)
{
    uint32_t at = questions->count;
    for (uint32_t i = 0; i < questions->count; i++)
        if (questions->kept[i].id == question->id)
            return; /* It came twice. */
    while (at > 0 && questions->kept[at - 1].place > question->place)
        at--;
    questions->count -= questions->count == QUESTIONS_KEPT;
    assert(at <= questions->count);
    memmove(&questions->kept[at + 1], &questions->kept[at],
            (questions->count - at) * sizeof *question);
    questions->kept[at] = *question;
    questions->count++;
}

bool questions_answer(Questions *questions, uint64_t id, double loss)
{
    uint32_t count = questions->count;
    if (count == 0 || random_of(id) > WEIGHT_MAX * questions->kept[count - 1].place)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        Question *one = &questions->kept[i];
        if (one->id != id)
            continue;
        one->is_answered = true;
        one->loss = (float)loss;
        return true;
    }
    return false;
}

/* -- asking ---------------------------------------------------------------------------------- */

static size_t slots_before(const Questions *questions, odd_time until)
{
    int64_t slots = questions->begin != ODD_TIME_NONE ? slot_of(questions, until) : 0;
    return slots < 0 ? 0 : slots < QUESTION_SLOTS ? (size_t)slots : QUESTION_SLOTS;
}

uint64_t questions_rows(const Questions *questions, odd_time until)
{
    return rows_in(questions, slots_before(questions, until));
}

/* Of `drawn` rows out of these slots, the chance of one of such a weight. */
static double chance_of(const Questions *questions, size_t slots, size_t drawn, double weight)
{
    double sum = 0;
    for (size_t i = 0; i < slots; i++)
        sum += questions->weights[i];
    double chance = (double)drawn * weight / sum;
    return drawn < rows_in(questions, slots) && chance < 1 ? chance : 1;
}

size_t questions_ask(const Questions *questions, odd_time until, size_t count,
                     Asked ret[QUESTIONS_MAX])
{
    size_t asked = 0, drawn = 0, slots = slots_before(questions, until);
    odd_time end = questions->begin + (odd_time)slots * questions->slot_ns;
    count = count < QUESTIONS_MAX ? count : QUESTIONS_MAX;
    for (uint32_t i = 0; i < questions->count && asked < count; i++) {
        const Question *one = &questions->kept[i];
        if (one->time >= end)
            continue;
        drawn++;
        if (!one->is_answered)
            ret[asked++].question = one;
    }
    for (size_t i = 0; i < asked; i++)
        ret[i].chance = chance_of(questions, slots, drawn, (double)ret[i].question->weight);
    return asked;
}

/* -- the estimate ---------------------------------------------------------------------------- */

/* Behind the slot of the newest row that has an answer. */
static size_t slots_answered(const Questions *questions)
{
    int64_t slots = 0;
    for (uint32_t i = 0; i < questions->count; i++) {
        const Question *one = &questions->kept[i];
        int64_t slot = one->is_answered ? slot_of(questions, one->time) + 1 : 0;
        slots = slot > slots ? slot : slots;
    }
    return slots < QUESTION_SLOTS ? (size_t)slots : QUESTION_SLOTS;
}

/* Labels of the rows in front of which nearly all have an answer; their chance is their weight. */
static size_t labels_of(const Questions *questions, odd_time end, Label *labels)
{
    size_t rows = 0, answered = 0, best = 0;
    for (uint32_t i = 0; i < questions->count; i++) {
        const Question *one = &questions->kept[i];
        if (one->time >= end)
            continue;
        rows++;
        if (!one->is_answered)
            continue;
        labels[answered++] = (Label){.loss = (double)one->loss,
                                     .guess = (double)one->guess,
                                     .chance = (double)one->weight};
        if ((double)answered >= ANSWERED * (double)rows)
            best = answered;
    }
    return best;
}

QuestionsEstimate questions_estimate(const Questions *questions, Label *scratch)
{
    double guess = 0;
    size_t slots = slots_answered(questions);
    odd_time end = questions->begin + (odd_time)slots * questions->slot_ns;
    QuestionsEstimate told = {
        .rows = rows_in(questions, slots), .from = questions->begin, .until = end};
    size_t labels = slots > 0 ? labels_of(questions, end, scratch) : 0;
    if (labels < LABELS_MIN)
        return told;
    for (size_t i = 0; i < slots; i++)
        guess += questions->guesses[i];
    for (size_t i = 0; i < labels; i++)
        scratch[i].chance = chance_of(questions, slots, labels, scratch[i].chance);
    double rows = (double)told.rows;
    told.labels = labels;
    told.mean = labels_estimate(scratch, labels, rows, guess / rows);
    return told;
}
