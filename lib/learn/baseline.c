/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/baseline.h"

#include "base/time.h"

#define NONE SIZE_MAX
#define THERE_SHARE 0.8 /* So many rows must have one a day or a week ago. */

const char *baseline_name(Baseline baseline)
{
    static const char *const names[] = {"constant", "last value", "a day ago", "a week ago"};
    return names[baseline];
}

/* The row (in order) that stands for row i; NONE.  *at: where the search for the last one ended,
 * since times ascend. */
static size_t row_before(const Lesson *lesson, Baseline baseline, size_t i, size_t *at)
{
    if (baseline == BASELINE_LAST)
        return i > 0 ? i - 1 : NONE;
    int64_t period = (baseline == BASELINE_DAY ? 1 : 7) * S_PER_DAY * NS_PER_S;
    odd_time time = lesson_time(lesson, lesson->rows[i]);
    if (time == ODD_TIME_NONE)
        return NONE;
    odd_time wanted = time_minus(time, period);
    while (*at + 1 < i && lesson_time(lesson, lesson->rows[*at + 1]) <= wanted)
        ++*at;
    odd_time found = lesson_time(lesson, lesson->rows[*at]);
    bool near =
        found != ODD_TIME_NONE && found <= wanted && time_minus(wanted, found) <= period / 24;
    return near ? *at : NONE;
}

typedef struct {
    double counts[PREDICTOR_CLASSES_MAX]; /* Rows of each class, of what came before. */
    double all;
} Followers;

static void say_mean(const Lesson *lesson, const Followers *followers, double *ret)
{
    size_t outputs = lesson_outputs(lesson);
    for (size_t k = 0; k < outputs; k++)
        ret[k] = (followers->counts[k] + 1.0 / (double)outputs) / (followers->all + 1);
}

static void say_class(const Lesson *lesson, Baseline baseline, LessonPart part, Followers *tables,
                      size_t *ret_there, double *ret)
{
    size_t outputs = lesson_outputs(lesson), at = 0;
    Followers *all = &tables[outputs];
    for (size_t i = 0; i < lesson->to[part]; i++) {
        size_t before = baseline == BASELINE_CONSTANT ? NONE : row_before(lesson, baseline, i, &at);
        Followers *table =
            before == NONE ? all : &tables[(size_t)lesson->target[lesson->rows[before]]];
        size_t own = (size_t)lesson->target[lesson->rows[i]];
        if (i >= lesson->from[part]) {
            say_mean(lesson, table->all > 0 ? table : all,
                     ret + (i - lesson->from[part]) * outputs);
            *ret_there += before != NONE;
            continue;
        }
        if (i + lesson->gap >= lesson->from[part])
            continue;
        all->counts[own] += 1;
        all->all += 1;
        if (table != all) {
            table->counts[own] += 1;
            table->all += 1;
        }
    }
}

static void say_number(const Lesson *lesson, Baseline baseline, LessonPart part, size_t *ret_there,
                       double *ret)
{
    double sum = 0;
    size_t n = lesson->from[part] - lesson->gap, at = 0;
    for (size_t i = 0; i < n; i++)
        sum += lesson->target[lesson->rows[i]];
    for (size_t i = lesson->from[part]; i < lesson->to[part]; i++) {
        size_t before = baseline == BASELINE_CONSTANT ? NONE : row_before(lesson, baseline, i, &at);
        ret[i - lesson->from[part]] =
            before == NONE ? sum / (double)n : lesson->target[lesson->rows[before]];
        *ret_there += before != NONE;
    }
}

bool baseline_say(const Lesson *lesson, Baseline baseline, LessonPart part, double *ret)
{
    size_t there = 0, outputs = lesson_outputs(lesson);
    if (baseline > BASELINE_LAST && lesson->time_column == FRAME_NONE)
        return false;
    if (lesson->task == TASK_NUMBER) {
        say_number(lesson, baseline, part, &there, ret);
    } else {
        size_t bytes = (outputs + 1) * sizeof(Followers);
        Followers *tables = mem_take(lesson->mem, bytes);
        if (tables == NULL)
            return false;
        say_class(lesson, baseline, part, tables, &there, ret);
        mem_free(lesson->mem, tables, bytes);
    }
    double rows = (double)(lesson->to[part] - lesson->from[part]);
    return baseline == BASELINE_CONSTANT || (double)there >= THERE_SHARE * rows;
}
