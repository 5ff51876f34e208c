/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/predictor.h"

#include <assert.h>
#include <math.h>

#include "base/real.h"

#define WORD_BYTES_MAX 1024
#define WORD_SEED 0x776f7264 /* "word" */

void predictor_open(Predictor *predictor, Mem *mem)
{
    *predictor = (Predictor){.mem = mem, .encoder = {.mem = mem}};
    predictor->words = (Names){.mem = mem, .seed = WORD_SEED};
    for (size_t m = 0; m < PREDICTOR_MEMBERS_MAX; m++)
        predictor->members[m].forest.mem = mem;
}

void member_close(Mem *mem, Member *member)
{
    size_t slots = member->slots;
    mem_free(mem, member->weights, member->outputs * (slots + 1) * sizeof *member->weights);
    mem_free(mem, member->centres, slots * sizeof *member->centres);
    mem_free(mem, member->scales, slots * sizeof *member->scales);
    forest_close(&member->forest);
    *member = (Member){.forest = {.mem = mem}};
}

void predictor_close(Predictor *predictor)
{
    for (size_t m = 0; m < PREDICTOR_MEMBERS_MAX; m++)
        member_close(predictor->mem, &predictor->members[m]);
    encoder_close(&predictor->encoder);
    names_close(&predictor->words);
}

const char *predictor_task_word(PredictorTask task)
{
    static const char *const words[] = {"classification", "regression", "anomaly"};
    return words[task];
}

size_t predictor_outputs(const Predictor *predictor)
{
    return predictor->task == TASK_CLASSES ? predictor->words.count - 1 : 1;
}

bool predictor_word(Names *words, char mark, Str text)
{
    char word[WORD_BYTES_MAX] = {mark};
    bool is_new;
    size_t size = text.size < sizeof word - 1 ? text.size : sizeof word - 1;
    memcpy(word + 1, text.text, size);
    return names_add(words, (Str){.text = word, .size = size + 1}, &is_new) != NAME_NONE;
}

Str predictor_word_text(const Names *words, uint32_t number)
{
    Str word = names_text(words, number);
    return str_part(word, word.size > 0, word.size);
}

Str predictor_target(const Predictor *predictor)
{
    return predictor_word_text(&predictor->words, 0);
}

Str predictor_class(const Predictor *predictor, size_t k)
{
    return predictor_word_text(&predictor->words, (uint32_t)k + 1);
}

bool member_linear(Mem *mem, Member *member, size_t outputs, size_t slots)
{
    assert(outputs > 0 && slots > 0);
    *member = (Member){.kind = MEMBER_LINEAR, .weight = 1, .forest = {.mem = mem}};
    member->outputs = outputs;
    member->slots = slots;
    member->weights = mem_take(mem, outputs * (slots + 1) * sizeof *member->weights);
    member->centres = mem_take(mem, slots * sizeof *member->centres);
    member->scales = mem_take(mem, slots * sizeof *member->scales);
    return member->weights != NULL && member->centres != NULL && member->scales != NULL;
}

/* -- a row ------------------------------------------------------------------------------------ */

static double logistic(double margin)
{
    return 1 / (1 + real_exp(-margin));
}

static void linear_sums(const Member *member, const float *slots, double *ret)
{
    for (size_t k = 0; k < member->outputs; k++) {
        const double *weights = member->weights + k * (member->slots + 1);
        double sum = weights[member->slots];
        for (size_t s = 0; s < member->slots; s++)
            if (!isnan(slots[s]))
                sum += weights[s] * (((double)slots[s] - member->centres[s]) * member->scales[s]);
        ret[k] = sum;
    }
}

static void softmax(double *values, size_t n)
{
    double most = values[0], sum = 0;
    for (size_t k = 1; k < n; k++)
        most = values[k] > most ? values[k] : most;
    for (size_t k = 0; k < n; k++)
        sum += values[k] = real_exp(values[k] - most);
    for (size_t k = 0; k < n; k++)
        values[k] /= sum;
}

static void one_vs_rest(double *values, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += values[k] = logistic(values[k]);
    for (size_t k = 0; k < n; k++)
        values[k] = sum > 0 ? values[k] / sum : 1 / (double)n;
}

static void link_apply(const Member *member, PredictorTask task, size_t outputs, double *values)
{
    switch ((Link)member->link) {
    case LINK_NONE:
        return;
    case LINK_LOGISTIC:
        values[0] = logistic(values[0]);
        if (task == TASK_CLASSES) {
            values[1] = values[0];
            values[0] = 1 - values[1];
        }
        return;
    case LINK_SOFTMAX:
        softmax(values, outputs);
        return;
    case LINK_ONE_VS_REST:
        one_vs_rest(values, outputs);
        return;
    case LINK_EXP:
        values[0] = real_exp(values[0]);
        return;
    case LINK_DEPTH:
        values[0] = real_exp(-0.6931471805599453 * values[0] /
                             (member->depth * (double)member->forest.tree_count));
        return;
    }
}

void member_say(const Member *member, PredictorTask task, size_t outputs, const float *slots,
                double *ret)
{
    if (member->kind == MEMBER_LINEAR) {
        linear_sums(member, slots, ret);
    } else {
        float sums[PREDICTOR_CLASSES_MAX] = {0};
        forest_sum(&member->forest, slots, SIZE_MAX, sums);
        for (size_t k = 0; k < member->forest.outputs; k++)
            ret[k] = (double)sums[k];
    }
    link_apply(member, task, outputs, ret);
}

void predictor_blend(const Predictor *predictor, const float *slots, double *ret)
{
    double said[PREDICTOR_CLASSES_MAX] = {0};
    size_t outputs = predictor_outputs(predictor);
    for (size_t k = 0; k < outputs; k++)
        ret[k] = 0;
    for (size_t m = 0; m < predictor->member_count; m++) {
        const Member *member = &predictor->members[m];
        member_say(member, (PredictorTask)predictor->task, outputs, slots, said);
        for (size_t k = 0; k < outputs; k++)
            ret[k] += member->weight * said[k];
    }
}

/* -- calibration ------------------------------------------------------------------------------ */

static double curve_at(const Predictor *predictor, double x)
{
    const double *xs = predictor->curve[0], *ys = predictor->curve[1];
    size_t n = predictor->curve_count;
    if (!(x > xs[0]))
        return ys[0];
    if (x >= xs[n - 1])
        return ys[n - 1];
    size_t low = 0, high = n - 1;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        *(x < xs[middle] ? &high : &low) = middle;
    }
    return ys[low] + (ys[high] - ys[low]) * ((x - xs[low]) / (xs[high] - xs[low]));
}

static double log_odds(double p)
{
    double least = 1e-12, q = p < least ? least : p > 1 - least ? 1 - least : p;
    return real_log(q / (1 - q));
}

static void cool(double *values, size_t n, double slope)
{
    for (size_t k = 0; k < n; k++)
        values[k] = slope * real_log(values[k] > 1e-12 ? values[k] : 1e-12);
    softmax(values, n);
}

void predictor_calibrate(const Predictor *predictor, double *values)
{
    bool two = predictor->task == TASK_CLASSES && predictor_outputs(predictor) == 2;
    switch ((CalibrationKind)predictor->calibration) {
    case CALIBRATION_NONE:
        return;
    case CALIBRATION_CURVE:
        if (predictor->task == TASK_ANOMALY) {
            values[1] = curve_at(predictor, values[0]);
        } else if (two) {
            values[1] = curve_at(predictor, values[1]);
            values[0] = 1 - values[1];
        }
        return;
    case CALIBRATION_PLATT:
        if (two) {
            values[1] = logistic(predictor->slope * log_odds(values[1]) + predictor->shift);
            values[0] = 1 - values[1];
        }
        return;
    case CALIBRATION_TEMPERATURE:
        if (predictor->task == TASK_CLASSES)
            cool(values, predictor_outputs(predictor), predictor->slope);
        return;
    }
}

void predictor_say(const Predictor *predictor, const float *slots, double *ret)
{
    predictor_blend(predictor, slots, ret);
    predictor_calibrate(predictor, ret);
}

size_t predictor_best(const double *values, size_t outputs)
{
    size_t best = 0;
    for (size_t k = 1; k < outputs; k++)
        if (values[k] > values[best])
            best = k;
    return best;
}
