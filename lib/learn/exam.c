/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/exam.h"

#include <math.h>
#include <stdio.h>

#include "base/rng.h"
#include "learn/baseline.h"

typedef struct { /* All arrays are of the test's rows. */
    const Lesson    *lesson;
    const Predictor *predictor;
    size_t           rows, outputs;
    double          *targets, *said, *losses, *other, *own; /* said and other: (rows, outputs) */
    MeasureRank     *ranks;
    size_t           bytes;
    double          *block;
} Exam;

static bool exam_take(Exam *exam, const Lesson *lesson, const Predictor *predictor)
{
    size_t rows = lesson->to[PART_TEST] - lesson->from[PART_TEST];
    size_t outputs = lesson_outputs(lesson);
    *exam = (Exam){.lesson = lesson, .predictor = predictor, .rows = rows, .outputs = outputs};
    exam->bytes = rows * (3 + 2 * outputs) * sizeof(double) + rows * sizeof(MeasureRank);
    exam->block = mem_take(lesson->mem, exam->bytes);
    if (exam->block == NULL)
        return false;
    exam->targets = exam->block;
    exam->losses = exam->targets + rows;
    exam->own = exam->losses + rows;
    exam->said = exam->own + rows;
    exam->other = exam->said + rows * outputs;
    exam->ranks = (MeasureRank *)(void *)(exam->other + rows * outputs);
    for (size_t i = 0; i < rows; i++)
        exam->targets[i] = lesson->target[lesson->rows[lesson->from[PART_TEST] + i]];
    return true;
}

static void exam_give(Exam *exam)
{
    mem_free(exam->lesson->mem, exam->block, exam->bytes);
}

static double loss_of(const Exam *exam, const double *values, size_t i)
{
    if (exam->lesson->task == TASK_CLASSES)
        return measure_log_loss(values, exam->targets[i]);
    return (values[0] - exam->targets[i]) * (values[0] - exam->targets[i]);
}

static void say_all(Exam *exam, const float *slots)
{
    double values[PREDICTOR_CLASSES_MAX];
    size_t width = exam->predictor->encoder.slot_count;
    for (size_t i = 0; i < exam->rows; i++) {
        predictor_say(exam->predictor, slots + i * width, values);
        memcpy(exam->said + i * exam->outputs, values, exam->outputs * sizeof *values);
        exam->own[i] = loss_of(exam, values, i);
    }
}

/* -- metrics ---------------------------------------------------------------------------------- */

static bool is_right(const Exam *exam, const double *values, size_t i)
{
    return predictor_best(values, exam->outputs) == (size_t)exam->targets[i];
}

static double brier(const Exam *exam, const double *values, size_t i)
{
    double sum = 0;
    for (size_t k = 0; k < exam->outputs; k++) {
        double off = values[k] - ((size_t)exam->targets[i] == k ? 1 : 0);
        sum += off * off;
    }
    return exam->outputs == 2 ? sum / 2 : sum;
}

static void put(ImageOut *card, const char *part, const char *before, const char *metric,
                Measure measure)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s%s", before, before[0] != '\0' ? ": " : "", metric);
    card_row(card, part, str_of(name), measure, STR(""));
}

static void metrics_of_classes(Exam *exam, const double *said, const char *part, const char *before,
                               ImageOut *card)
{
    size_t n = exam->rows, k = exam->outputs;
    for (size_t i = 0; i < n; i++)
        exam->losses[i] = loss_of(exam, said + i * k, i);
    put(card, part, before, "log loss", measure_mean(exam->losses, n));
    for (size_t i = 0; i < n; i++)
        exam->losses[i] = is_right(exam, said + i * k, i) ? 1 : 0;
    put(card, part, before, "accuracy", measure_mean(exam->losses, n));
    for (size_t i = 0; i < n; i++)
        exam->losses[i] = brier(exam, said + i * k, i);
    put(card, part, before, "brier score", measure_mean(exam->losses, n));
    if (k != 2)
        return;
    for (size_t i = 0; i < n; i++)
        exam->ranks[i] =
            (MeasureRank){.score = said[i * k + 1], .is_positive = exam->targets[i] > 0.5};
    put(card, part, before, "area under the curve", measure_area(exam->ranks, n));
}

static void metrics_of_numbers(Exam *exam, const double *said, const char *part, const char *before,
                               ImageOut *card)
{
    size_t n = exam->rows;
    for (size_t i = 0; i < n; i++)
        exam->losses[i] = loss_of(exam, said + i, i);
    put(card, part, before, "rmse", measure_root(measure_mean(exam->losses, n)));
    for (size_t i = 0; i < n; i++)
        exam->losses[i] = fabs(said[i] - exam->targets[i]);
    put(card, part, before, "mae", measure_mean(exam->losses, n));
}

static void metrics(Exam *exam, const double *said, const char *part, const char *before,
                    ImageOut *card)
{
    if (exam->lesson->task == TASK_CLASSES)
        metrics_of_classes(exam, said, part, before, card);
    else
        metrics_of_numbers(exam, said, part, before, card);
}

/* How much less it loses than a baseline, row by row. */
static bool gain(Exam *exam, const char *before, ImageOut *card)
{
    for (size_t i = 0; i < exam->rows; i++)
        exam->losses[i] = loss_of(exam, exam->other + i * exam->outputs, i) - exam->own[i];
    Measure measure = measure_mean(exam->losses, exam->rows);
    card_row(card, "gain", str_of(before), measure,
             exam->lesson->task == TASK_CLASSES ? STR("log loss less than the baseline's")
                                                : STR("squared error less than the baseline's"));
    return measure.lower > 0;
}

/* -- importance ------------------------------------------------------------------------------- */

static void shuffle(uint32_t *order, size_t n, Rng *rng)
{
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)rng_below(rng, i);
        uint32_t kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

static double shuffled_loss(const Exam *exam, const float *slots, uint32_t column, size_t step,
                            const uint32_t *order, size_t n, float *row)
{
    const Encoder *encoder = &exam->predictor->encoder;
    double values[PREDICTOR_CLASSES_MAX], sum = 0;
    for (size_t i = 0; i < n; i++) {
        const float *other = slots + order[i] * step * encoder->slot_count;
        memcpy(row, slots + i * step * encoder->slot_count, encoder->slot_count * sizeof *row);
        for (size_t s = 0; s < encoder->slot_count; s++)
            if (encoder->slots[s].column == column)
                row[s] = other[s];
        predictor_say(exam->predictor, row, values);
        sum += loss_of(exam, values, i * step) - exam->own[i * step];
    }
    return sum / (double)n;
}

static odd_rc importance(const Exam *exam, const float *slots, uint64_t seed, ImageOut *card)
{
    const Encoder *encoder = &exam->predictor->encoder;
    Mem *mem = exam->lesson->mem;
    size_t step = (exam->rows + EXAM_ROWS_MAX - 1) / EXAM_ROWS_MAX, n = exam->rows / step;
    size_t order_bytes = n * sizeof(uint32_t), row_bytes = encoder->slot_count * sizeof(float);
    uint32_t *order = mem_take(mem, order_bytes);
    float *row = mem_take(mem, row_bytes);
    Rng rng = rng_seeded(seed);
    odd_rc rc = order != NULL && row != NULL ? ODD_OK : ODD_NOMEM;
    if (rc == ODD_OK)
        shuffle(order, n, &rng);
    for (uint32_t c = 0; rc == ODD_OK && c < encoder->names.count; c++) {
        double more = shuffled_loss(exam, slots, c, step, order, n, row);
        card_row(card, "importance", names_text(&encoder->names, c), (Measure){more, NAN, NAN},
                 STR("loss more when it is shuffled"));
    }
    mem_free(mem, order, order_bytes);
    mem_free(mem, row, row_bytes);
    return rc;
}

odd_rc exam_write(const Lesson *lesson, const Predictor *predictor, const float *slots,
                  uint64_t seed, ImageOut *card, bool *ret_beats)
{
    Exam exam;
    bool beats = true;
    if (!exam_take(&exam, lesson, predictor))
        return ODD_NOMEM;
    say_all(&exam, slots);
    metrics(&exam, exam.said, "metric", "", card);
    for (int b = 0; b < BASELINE_COUNT; b++) {
        const char *name = baseline_name((Baseline)b);
        if (!baseline_say(lesson, (Baseline)b, PART_TEST, exam.other))
            continue;
        metrics(&exam, exam.other, "baseline", name, card);
        beats &= gain(&exam, name, card);
    }
    odd_rc rc = importance(&exam, slots, seed, card);
    exam_give(&exam);
    *ret_beats = beats;
    return rc;
}

/* -- groups ----------------------------------------------------------------------------------- */

#define GROUPS_MAX 20
#define GROUP_ROWS_MIN 20

typedef struct {
    double lowest[2], highest[2]; /* Of shares said to be positive, and of hits among positives. */
    size_t groups;
} Gaps;

static void widen(Gaps *gaps, int which, double value)
{
    if (isnan(value))
        return;
    if (gaps->groups == 0 || isnan(gaps->lowest[which]) || value < gaps->lowest[which])
        gaps->lowest[which] = value;
    if (gaps->groups == 0 || isnan(gaps->highest[which]) || value > gaps->highest[which])
        gaps->highest[which] = value;
}

static void group_row(Exam *exam, Str column, Str value, const size_t *rows, size_t n, Gaps *gaps,
                      ImageOut *card)
{
    char name[200], text[80];
    double right = 0, said = 0, positives = 0, hits = 0;
    for (size_t i = 0; i < n; i++) {
        const double *values = exam->said + rows[i] * exam->outputs;
        exam->losses[i] = exam->own[rows[i]];
        bool good = exam->lesson->task == TASK_CLASSES && is_right(exam, values, rows[i]);
        bool is_said = exam->outputs == 2 && values[1] > 0.5, is_so = exam->targets[rows[i]] > 0.5;
        right += good;
        said += is_said;
        positives += exam->outputs == 2 && is_so;
        hits += is_said && is_so;
    }
    snprintf(name, sizeof name, "%.*s = %.*s", (int)(column.size < 90 ? column.size : 90),
             column.text, (int)(value.size < 90 ? value.size : 90), value.text);
    Measure measure = measure_mean(exam->losses, n);
    if (exam->lesson->task == TASK_CLASSES)
        snprintf(text, sizeof text, "log loss of %zu rows, accuracy %.3f", n, right / (double)n);
    else {
        measure = measure_root(measure);
        snprintf(text, sizeof text, "rmse of %zu rows", n);
    }
    card_row(card, "group", str_of(name), measure, str_of(text));
    widen(gaps, 0, exam->outputs == 2 ? said / (double)n : NAN);
    widen(gaps, 1, positives > 0 ? hits / positives : NAN);
    gaps->groups++;
}

/* The group of a row: the category, or the quarter of the test's numbers; GROUPS_MAX: none. */
static size_t group_of(const FrameColumn *column, size_t row, const double cuts[3])
{
    if (frame_missing(column, row))
        return GROUPS_MAX;
    if (column->kind == FRAME_TEXT)
        return column->codes[row] < GROUPS_MAX ? column->codes[row] : GROUPS_MAX;
    if (column->kind == FRAME_TIME)
        return GROUPS_MAX;
    double number = column->numbers[row];
    return (size_t)(number > cuts[0]) + (number > cuts[1]) + (number > cuts[2]);
}

static void cuts_of(const Exam *exam, const FrameColumn *column, double cuts[3])
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; column->kind == FRAME_NUMBER && i < exam->rows; i++) {
        size_t row = exam->lesson->rows[exam->lesson->from[PART_TEST] + i];
        low = column->numbers[row] < low ? column->numbers[row] : low;
        high = column->numbers[row] > high ? column->numbers[row] : high;
    }
    for (int q = 0; q < 3; q++)
        cuts[q] = low + (high - low) * (q + 1) / 4;
}

static void groups_of(Exam *exam, const FrameColumn *column, bool are_protected, size_t *rows,
                      ImageOut *card)
{
    double cuts[3];
    Gaps gaps = {.lowest = {NAN, NAN}, .highest = {NAN, NAN}};
    cuts_of(exam, column, cuts);
    for (size_t g = 0; g < GROUPS_MAX; g++) {
        char quarter[64];
        size_t n = 0;
        for (size_t i = 0; i < exam->rows; i++)
            if (group_of(column, exam->lesson->rows[exam->lesson->from[PART_TEST] + i], cuts) == g)
                rows[n++] = i;
        if (n < GROUP_ROWS_MIN)
            continue;
        if (column->kind == FRAME_NUMBER)
            snprintf(quarter, sizeof quarter,
                     g == 0   ? "up to %.6g"
                     : g == 3 ? "above %.6g"
                              : "up to %.6g",
                     cuts[g < 3 ? g : 2]);
        Str value =
            column->kind == FRAME_TEXT ? names_text(&column->texts, (uint32_t)g) : str_of(quarter);
        group_row(exam, column->name, value, rows, n, &gaps, card);
    }
    static const char *const what[] = {"share said to be positive", "hits among the positive"};
    for (int w = 0; are_protected && w < 2; w++)
        if (gaps.groups > 1 && !isnan(gaps.lowest[w]))
            card_row(card, "fairness", column->name,
                     (Measure){gaps.highest[w] - gaps.lowest[w], gaps.lowest[w], gaps.highest[w]},
                     str_of(what[w]));
}

odd_rc exam_groups(const Lesson *lesson, const Predictor *predictor, const float *slots, Str names,
                   bool are_protected, ImageOut *card, Problem *problem)
{
    Exam exam;
    Str name;
    odd_rc rc = ODD_OK;
    if (names.size == 0)
        return ODD_OK;
    if (!exam_take(&exam, lesson, predictor))
        return ODD_NOMEM;
    size_t bytes = exam.rows * sizeof(size_t);
    size_t *rows = mem_take(lesson->mem, bytes);
    rc = rows != NULL ? ODD_OK : ODD_NOMEM;
    if (rc == ODD_OK)
        say_all(&exam, slots);
    for (size_t at = 0; rc == ODD_OK && lesson_name_next(names, &at, &name);) {
        uint32_t column = lesson_column(lesson->frame, name, "one of groups", problem);
        rc = column != FRAME_NONE ? ODD_OK : ODD_NOTFOUND;
        if (rc == ODD_OK)
            groups_of(&exam, &lesson->frame->columns[column], are_protected, rows, card);
    }
    mem_free(lesson->mem, rows, bytes);
    exam_give(&exam);
    return rc;
}
