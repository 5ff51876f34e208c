/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/lesson.h"

#include <math.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "base/time.h"
#include "event/json_text.h"

#define WORD_SEED 0x776f7264 /* "word" */

/* Shares of the rows that end a part. */
static const double ends[PART_COUNT] = {0.55, 0.70, 0.80, 1.0};

void lesson_close(Lesson *lesson)
{
    size_t n = lesson->frame_rows;
    mem_free(lesson->mem, lesson->target, n * sizeof *lesson->target);
    mem_free(lesson->mem, lesson->rows, n * sizeof *lesson->rows);
    if (lesson->frame != NULL)
        mem_free(lesson->mem, lesson->is_input,
                 lesson->frame->column_count * sizeof *lesson->is_input);
    names_close(&lesson->words);
    *lesson = (Lesson){.mem = lesson->mem};
}

size_t lesson_outputs(const Lesson *lesson)
{
    return lesson->task == TASK_CLASSES ? lesson->words.count - 1 : 1;
}

odd_time lesson_time(const Lesson *lesson, size_t row)
{
    if (lesson->time_column == FRAME_NONE)
        return ODD_TIME_NONE;
    const FrameColumn *column = &lesson->frame->columns[lesson->time_column];
    if (column->kind == FRAME_TIME)
        return column->times[row];
    double number = column->kind == FRAME_NUMBER ? column->numbers[row] : NAN;
    if (isnan(number) || fabs(number) > 9e18)
        return ODD_TIME_NONE;
    double ns = number < 1e11 ? 1e9 : number < 1e14 ? 1e6 : number < 1e17 ? 1e3 : 1;
    return time_ns_of(number * ns / 1e9);
}

bool lesson_name_next(Str list, size_t *at, Str *ret)
{
    if (*at >= list.size)
        return false;
    const char *comma = memchr(list.text + *at, ',', list.size - *at);
    size_t to = comma != NULL ? (size_t)(comma - list.text) : list.size;
    *ret = str_part(list, *at, to);
    *at = to + 1;
    return true;
}

uint32_t lesson_column(const Frame *frame, Str name, const char *what, Problem *problem)
{
    uint32_t column = frame_find(frame, name);
    if (column != FRAME_NONE)
        return column;
    Str nearest = frame_nearest(frame, name);
    problem_say(problem, ODD_NOTFOUND,
                "there is no column '%.*s' to be the %s; the nearest is "
                "'%.*s'",
                (int)name.size, name.text, what, (int)nearest.size, nearest.text);
    return FRAME_NONE;
}

/* -- columns ---------------------------------------------------------------------------------- */

static bool is_usual_time(Str name)
{
    static const char *const usual[] = {"time", "timestamp", "datetime",
                                       "ts",   "date",      "event_time"};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (str_equal(name, str_of(usual[i])))
            return true;
    return false;
}

static odd_rc find_time(Lesson *lesson, Str wished, Problem *problem)
{
    const Frame *frame = lesson->frame;
    lesson->time_column = FRAME_NONE;
    if (wished.size > 0) {
        lesson->time_column = lesson_column(frame, wished, "time", problem);
        if (lesson->time_column == FRAME_NONE)
            return ODD_NOTFOUND;
        if (frame->columns[lesson->time_column].kind == FRAME_TEXT)
            return problem_say(problem, ODD_RANGE, "the column %.*s holds no times",
                               (int)wished.size, wished.text);
        return ODD_OK;
    }
    for (size_t c = 0; c < frame->column_count && lesson->time_column == FRAME_NONE; c++)
        if (frame->columns[c].kind == FRAME_TIME ||
            (frame->columns[c].kind == FRAME_NUMBER && is_usual_time(frame->columns[c].name)))
            lesson->time_column = (uint32_t)c;
    return ODD_OK;
}

static odd_rc find_inputs(Lesson *lesson, Str left_out, Problem *problem)
{
    Str name;
    for (size_t c = 0; c < lesson->frame->column_count; c++) {
        bool is_number_of_time =
            c == lesson->time_column && lesson->frame->columns[c].kind == FRAME_NUMBER;
        lesson->is_input[c] = c != lesson->target_column && !is_number_of_time;
    }
    for (size_t at = 0; lesson_name_next(left_out, &at, &name);) {
        uint32_t column = lesson_column(lesson->frame, name, "one to leave out", problem);
        if (column == FRAME_NONE)
            return ODD_NOTFOUND;
        lesson->is_input[column] = false;
    }
    return ODD_OK;
}

/* -- the target ------------------------------------------------------------------------------- */

typedef struct {
    double   number;
    Str      text;
    uint32_t code;
} Class;

static int by_value(const void *a, const void *b)
{
    const Class *x = a, *y = b;
    if (x->number != y->number && !isnan(x->number))
        return x->number < y->number ? -1 : 1;
    size_t size = x->text.size < y->text.size ? x->text.size : y->text.size;
    int order = memcmp(x->text.text, y->text.text, size);
    return order != 0 ? order : (x->text.size > y->text.size) - (x->text.size < y->text.size);
}

/* Different values of the target as texts, at most PREDICTOR_CLASSES_MAX + 1. */
static void collect(const FrameColumn *column, size_t rows, Names *values)
{
    char room[REAL_TEXT_SIZE > TIME_TEXT_SIZE ? REAL_TEXT_SIZE : TIME_TEXT_SIZE];
    bool is_new;
    for (size_t row = 0; row < rows && values->count <= PREDICTOR_CLASSES_MAX; row++) {
        if (frame_missing(column, row))
            continue;
        Str text = column->kind == FRAME_TEXT ? names_text(&column->texts, column->codes[row])
                   : column->kind == FRAME_NUMBER ? real_text(column->numbers[row], room)
                                                  : str_of(time_text(column->times[row], 9, room));
        names_add(values, text, &is_new);
    }
}

static odd_rc order_classes(Lesson *lesson, const FrameColumn *column, const Names *values)
{
    Class classes[PREDICTOR_CLASSES_MAX];
    for (uint32_t k = 0; k < values->count; k++) {
        classes[k] = (Class){.number = NAN, .text = names_text(values, k), .code = k};
        if (column->kind == FRAME_NUMBER)
            decimal_read(classes[k].text, &classes[k].number);
    }
    qsort(classes, values->count, sizeof classes[0], by_value);
    for (size_t k = 0; k < values->count; k++)
        if (!predictor_word(&lesson->words, WORD_CLASS, classes[k].text))
            return ODD_NOMEM;
    return ODD_OK;
}

static void fill_classes(Lesson *lesson, const FrameColumn *column)
{
    char room[REAL_TEXT_SIZE];
    for (size_t row = 0; row < lesson->frame_rows; row++) {
        lesson->target[row] = NAN;
        if (frame_missing(column, row))
            continue;
        Str text = column->kind == FRAME_TEXT ? names_text(&column->texts, column->codes[row])
                                              : real_text(column->numbers[row], room);
        for (uint32_t k = 1; k < lesson->words.count; k++)
            if (str_equal(predictor_word_text(&lesson->words, k), text))
                lesson->target[row] = (double)(k - 1);
    }
}

static odd_rc take_target(Lesson *lesson, const LessonWish *wish, Problem *problem)
{
    const FrameColumn *column = &lesson->frame->columns[lesson->target_column];
    Names values = {.mem = lesson->mem, .seed = WORD_SEED};
    collect(column, lesson->frame_rows, &values);
    bool to_classes = str_equal(wish->task, STR("classification")),
         to_numbers = str_equal(wish->task, STR("regression"));
    lesson->task = to_numbers || (!to_classes && column->kind == FRAME_NUMBER && values.count > 2)
                       ? TASK_NUMBER
                       : TASK_CLASSES;
    odd_rc rc = ODD_OK;
    int size = (int)column->name.size;
    if (column->kind == FRAME_TIME || (to_numbers && column->kind != FRAME_NUMBER))
        rc = problem_say(problem, ODD_RANGE, "the target %.*s holds %ss, which cannot be learnt",
                         size, column->name.text, frame_kind_name(column->kind));
    else if (values.count < 2)
        rc = problem_say(problem, ODD_RANGE, "the target %.*s %s: there is nothing to learn", size,
                         column->name.text, values.count == 0 ? "is empty" : "never changes");
    else if (lesson->task == TASK_CLASSES && values.count > PREDICTOR_CLASSES_MAX)
        rc = problem_say(problem, ODD_RANGE, "the target %.*s has more than %d classes", size,
                         column->name.text, PREDICTOR_CLASSES_MAX);
    if (rc == ODD_OK && lesson->task == TASK_NUMBER)
        memcpy(lesson->target, column->numbers, lesson->frame_rows * sizeof *lesson->target);
    if (rc == ODD_OK && lesson->task == TASK_CLASSES) {
        rc = order_classes(lesson, column, &values);
        if (rc == ODD_OK)
            fill_classes(lesson, column);
    }
    names_close(&values);
    return rc;
}

/* -- rows ------------------------------------------------------------------------------------- */

typedef struct {
    odd_time time;
    uint32_t row;
} Stamp;

/* Rows of one time stay in their order; one without a time goes with its predecessor. */
static int by_time(const void *a, const void *b)
{
    const Stamp *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static odd_rc order_rows(Lesson *lesson, odd_time now)
{
    size_t bytes = lesson->frame_rows * sizeof(Stamp);
    Stamp *stamps = mem_take(lesson->mem, bytes);
    odd_time last = INT64_MIN + 1;
    if (stamps == NULL)
        return ODD_NOMEM;
    for (size_t row = 0; row < lesson->frame_rows; row++) {
        odd_time time = lesson_time(lesson, row);
        last = time != ODD_TIME_NONE ? time : last;
        bool is_future = now != ODD_TIME_NONE && time != ODD_TIME_NONE && time > now;
        bool is_bare = lesson->task != TASK_ANOMALY && isnan(lesson->target[row]);
        lesson->of_the_future += is_future;
        lesson->without_target += is_bare && !is_future;
        if (!is_future && !is_bare)
            stamps[lesson->row_count++] = (Stamp){.time = last, .row = (uint32_t)row};
    }
    qsort(stamps, lesson->row_count, sizeof *stamps, by_time);
    for (size_t i = 0; i < lesson->row_count; i++)
        lesson->rows[i] = stamps[i].row;
    mem_free(lesson->mem, stamps, bytes);
    return ODD_OK;
}

static odd_rc split(Lesson *lesson, uint64_t gap, Problem *problem)
{
    size_t n = lesson->row_count;
    lesson->gap = gap > 0 ? gap : n / 100 > 0 ? n / 100 : 1;
    if (n < LESSON_ROWS_MIN || lesson->gap > n / 20)
        return problem_say(problem, ODD_RANGE,
                           "there are %zu rows with a target, which are too few "
                           "for a gap of %llu rows and parts to fit, to choose and to test",
                           n, (unsigned long long)lesson->gap);
    size_t from = 0;
    for (int part = 0; part < PART_COUNT; part++) {
        lesson->from[part] = from;
        lesson->to[part] = (size_t)(ends[part] * (double)n);
        from = lesson->to[part] + (size_t)lesson->gap;
    }
    return ODD_OK;
}

static odd_rc check_fit(const Lesson *lesson, Problem *problem)
{
    double first = lesson->target[lesson->rows[0]];
    for (size_t i = 1; i < lesson->to[PART_FIT]; i++)
        if (lesson->target[lesson->rows[i]] != first)
            return ODD_OK;
    Str name = predictor_word_text(&lesson->words, 0);
    return problem_say(problem, ODD_RANGE,
                       "the target %.*s never changes in the first %zu rows, "
                       "which a model is fitted to",
                       (int)name.size, name.text, lesson->to[PART_FIT]);
}

odd_rc lesson_make(Lesson *lesson, Mem *mem, const Frame *frame, const LessonWish *wish,
                   Problem *problem)
{
    *lesson = (Lesson){.mem = mem, .frame = frame, .frame_rows = frame->row_count};
    lesson->words = (Names){.mem = mem, .seed = WORD_SEED};
    bool is_anomaly = str_equal(wish->task, STR("anomaly"));
    if (frame->row_count == 0)
        return problem_say(problem, ODD_RANGE, "the table has no rows");
    lesson->target = mem_take(mem, frame->row_count * sizeof *lesson->target);
    lesson->rows = mem_take(mem, frame->row_count * sizeof *lesson->rows);
    lesson->is_input = mem_take(mem, frame->column_count * sizeof *lesson->is_input);
    if (lesson->target == NULL || lesson->rows == NULL || lesson->is_input == NULL)
        return ODD_NOMEM;
    lesson->target_column = FRAME_NONE;
    if (wish->target.size > 0) {
        lesson->target_column = lesson_column(frame, wish->target, "target", problem);
        if (lesson->target_column == FRAME_NONE)
            return ODD_NOTFOUND;
    } else if (!is_anomaly) {
        return problem_say(problem, ODD_RANGE, "no target is named: which column is to be learnt?");
    }
    Str word = wish->target.size > 0 ? wish->target : STR("anomaly");
    if (!predictor_word(&lesson->words, WORD_TARGET, word))
        return ODD_NOMEM;
    odd_rc rc = lesson->target_column != FRAME_NONE ? take_target(lesson, wish, problem) : ODD_OK;
    if (is_anomaly)
        lesson->task = TASK_ANOMALY;
    if (rc == ODD_OK)
        rc = find_time(lesson, wish->time, problem);
    if (rc == ODD_OK)
        rc = find_inputs(lesson, wish->left_out, problem);
    if (rc == ODD_OK)
        rc = order_rows(lesson, wish->now);
    if (rc == ODD_OK)
        rc = split(lesson, wish->gap_rows, problem);
    return rc == ODD_OK && lesson->task != TASK_ANOMALY ? check_fit(lesson, problem) : rc;
}
