/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/train.h"

#include <assert.h>
#include <math.h>

#include "learn/calibrate.h"
#include "learn/exam.h"
#include "learn/isolation.h"
#include "learn/search.h"

typedef struct { /* Rows [from, to) of the lesson, encoded. */
    Matrix  matrix;
    float  *slots;
    double *targets;
    size_t  slot_bytes, target_bytes;
} Part;

static odd_rc part_take(const Lesson *lesson, const Encoder *encoder, size_t from, size_t to,
                        Part *part, Problem *problem)
{
    size_t rows = to - from;
    *part = (Part){.slot_bytes = rows * encoder->slot_count * sizeof(float),
                   .target_bytes = rows * sizeof(double)};
    part->slots = mem_take(lesson->mem, part->slot_bytes);
    part->targets = mem_take(lesson->mem, part->target_bytes);
    if (part->slots == NULL || part->targets == NULL)
        return ODD_NOMEM;
    for (size_t i = 0; i < rows; i++)
        part->targets[i] = lesson->target[lesson->rows[from + i]];
    part->matrix = (Matrix){.slots = part->slots,
                            .targets = part->targets,
                            .rows = rows,
                            .slot_count = encoder->slot_count,
                            .outputs = lesson_outputs(lesson)};
    return encoder_rows(encoder, lesson->frame, lesson->rows + from, rows, part->slots, problem);
}

static void part_give(const Lesson *lesson, Part *part)
{
    mem_free(lesson->mem, part->slots, part->slot_bytes);
    mem_free(lesson->mem, part->targets, part->target_bytes);
}

static odd_rc learn_encoder(const Lesson *lesson, size_t rows, Encoder *encoder, Problem *problem)
{
    EncoderLesson of = {.frame = lesson->frame,
                        .rows = lesson->rows,
                        .row_count = rows,
                        .target = lesson->target,
                        .is_input = lesson->is_input};
    odd_rc rc = encoder_learn(encoder, &of);
    if (rc == ODD_OK && encoder->slot_count == 0)
        rc = problem_say(problem, ODD_RANGE, "no column says anything: all are constant, or ids");
    if (rc == ODD_OK && encoder->slot_count > PREDICTOR_SLOTS_MAX)
        rc = problem_say(problem, ODD_FULL, "the columns make more than %d inputs",
                         PREDICTOR_SLOTS_MAX);
    return rc;
}

/* -- search, then learn again ----------------------------------------------------------------- */

static odd_rc search(const Lesson *lesson, const TrainWish *wish, Search *search, Problem *problem)
{
    Encoder encoder = {.mem = lesson->mem};
    Part fit = {0}, choose = {0};
    double budget = wish->budget > 0 ? wish->budget : SEARCH_BUDGET;
    odd_rc rc = learn_encoder(lesson, lesson->to[PART_FIT], &encoder, problem);
    if (rc == ODD_OK)
        rc = part_take(lesson, &encoder, 0, lesson->to[PART_FIT], &fit, problem);
    if (rc == ODD_OK)
        rc = part_take(lesson, &encoder, lesson->from[PART_CHOOSE], lesson->to[PART_CHOOSE],
                       &choose, problem);
    if (rc == ODD_OK)
        rc = search_run(search, lesson->mem, &fit.matrix, &choose.matrix, budget, wish->seed,
                        problem);
    part_give(lesson, &fit);
    part_give(lesson, &choose);
    encoder_close(&encoder);
    return rc;
}

/* From the first rows; what was learnt before is forgotten. */
static odd_rc learn_members(const Lesson *lesson, const Search *search, size_t rows, uint64_t seed,
                            Predictor *predictor, Problem *problem)
{
    Part part = {0};
    double votes = 0;
    for (size_t m = 0; m < predictor->member_count; m++)
        member_close(lesson->mem, &predictor->members[m]);
    predictor->member_count = 0;
    encoder_close(&predictor->encoder);
    odd_rc rc = learn_encoder(lesson, rows, &predictor->encoder, problem);
    if (rc == ODD_OK)
        rc = part_take(lesson, &predictor->encoder, 0, rows, &part, problem);
    for (size_t c = 0; c < search->count; c++)
        votes += (double)search->candidates[c].votes;
    for (size_t c = 0; rc == ODD_OK && c < search->count; c++) {
        const Candidate *candidate = &search->candidates[c];
        Member *member = &predictor->members[predictor->member_count];
        if (candidate->votes == 0)
            continue;
        assert(predictor->member_count < PREDICTOR_MEMBERS_MAX);
        predictor->member_count++;
        rc = candidate_learn(lesson->mem, candidate, &part.matrix, seed, member, problem);
        member->weight = (double)candidate->votes / votes;
    }
    part_give(lesson, &part);
    return rc;
}

static odd_rc calibrate(const Lesson *lesson, Predictor *predictor, Problem *problem)
{
    Part part = {0};
    double values[PREDICTOR_CLASSES_MAX];
    size_t outputs = lesson_outputs(lesson);
    odd_rc rc = part_take(lesson, &predictor->encoder, lesson->from[PART_CALIBRATE],
                          lesson->to[PART_CALIBRATE], &part, problem);
    size_t rows = part.matrix.rows, bytes = rows * outputs * sizeof(double);
    double *said = rc == ODD_OK ? mem_take(lesson->mem, bytes) : NULL;
    if (rc == ODD_OK && said == NULL)
        rc = ODD_NOMEM;
    for (size_t i = 0; rc == ODD_OK && i < rows; i++) {
        predictor_blend(predictor, part.slots + i * part.matrix.slot_count, values);
        memcpy(said + i * outputs, values, outputs * sizeof *values);
    }
    if (rc == ODD_OK)
        rc = calibrate_learn(lesson->mem, predictor, said, part.targets, rows);
    mem_free(lesson->mem, said, bytes);
    part_give(lesson, &part);
    return rc;
}

/* -- the card --------------------------------------------------------------------------------- */

static void card_of_rows(const Lesson *lesson, ImageOut *card)
{
    static const char *const parts[] = {"rows to fit", "rows to choose", "rows to calibrate",
                                        "rows to test"};
    for (int part = 0; part < PART_COUNT; part++)
        card_value(card, "data", parts[part], (double)(lesson->to[part] - lesson->from[part]));
    card_value(card, "data", "rows in each gap", (double)lesson->gap);
    if (lesson->without_target > 0)
        card_value(card, "data", "rows without a target, left out", (double)lesson->without_target);
    if (lesson->of_the_future > 0)
        card_value(card, "data", "rows of the future, left out", (double)lesson->of_the_future);
    if (lesson->frame->infinite_cells > 0)
        card_value(card, "data", "infinite cells, taken as missing",
                   (double)lesson->frame->infinite_cells);
    Str time = lesson->time_column == FRAME_NONE ? STR("the order of the rows")
                                                 : lesson->frame->columns[lesson->time_column].name;
    card_row(card, "data", STR("in the order of"), (Measure){NAN, NAN, NAN}, time);
}

/* Classes that a part of the rows lacks. */
static void card_of_classes(const Lesson *lesson, ImageOut *card)
{
    static const char *const parts[] = {"to fit", "to choose", "to calibrate", "to test"};
    if (lesson->task != TASK_CLASSES)
        return;
    for (int part = 0; part < PART_COUNT; part++) {
        bool there[PREDICTOR_CLASSES_MAX] = {false};
        for (size_t i = lesson->from[part]; i < lesson->to[part]; i++)
            there[(size_t)lesson->target[lesson->rows[i]]] = true;
        for (uint32_t k = 0; k < lesson_outputs(lesson); k++) {
            Str name = predictor_word_text(&lesson->words, k + 1);
            if (!there[k])
                card_text(card, "note", "missing class", "class %.*s is in none of the rows %s",
                          (int)(name.size < 80 ? name.size : 80), name.text, parts[part]);
        }
    }
}

static void card_of_search(const Search *search, size_t outputs, ImageOut *card)
{
    char text[CANDIDATE_TEXT_SIZE];
    for (size_t c = 0; c < search->count; c++) {
        const Candidate *candidate = &search->candidates[c];
        candidate_text(candidate, outputs, text);
        card_row(card, candidate->votes > 0 ? "member" : "tried", str_of(text),
                 (Measure){candidate->loss, NAN, NAN},
                 candidate->votes > 0 ? STR("loss in the rows to choose by; a part of the model")
                                      : STR("loss in the rows to choose by"));
    }
    card_value(card, "search", "units of work", floor(search->work * 100 + 0.5) / 100);
    card_value(card, "search", "too dear for the budget", (double)search->left_out);
}

static void card_of_size(const Predictor *predictor, ImageOut *card)
{
    size_t trees = 0, nodes = 0;
    for (size_t m = 0; m < predictor->member_count; m++) {
        trees += predictor->members[m].forest.tree_count;
        nodes += predictor->members[m].forest.node_count;
    }
    card_value(card, "size", "columns", (double)predictor->encoder.names.count);
    card_value(card, "size", "inputs", (double)predictor->encoder.slot_count);
    card_value(card, "size", "members", (double)predictor->member_count);
    card_value(card, "size", "trees", (double)trees);
    card_value(card, "size", "nodes", (double)nodes);
    card_text(card, "size", "calibration", "%s", calibration_name(predictor));
}

static odd_rc examine(const Lesson *lesson, const TrainWish *wish, const Predictor *predictor,
                      ImageOut *card, bool *ret_beats, Problem *problem)
{
    Part part = {0};
    odd_rc rc = part_take(lesson, &predictor->encoder, lesson->from[PART_TEST],
                          lesson->to[PART_TEST], &part, problem);
    if (rc == ODD_OK && lesson->task == TASK_ANOMALY)
        rc = isolation_exam(lesson, predictor, &part.matrix, card, ret_beats);
    else if (rc == ODD_OK)
        rc = exam_write(lesson, predictor, part.slots, wish->seed, card, ret_beats);
    if (rc == ODD_OK && lesson->task != TASK_ANOMALY) {
        rc =
            exam_groups(lesson, predictor, part.slots, wish->lesson.segments, false, card, problem);
        if (rc == ODD_OK)
            rc = exam_groups(lesson, predictor, part.slots, wish->lesson.protected_ones, true, card,
                             problem);
    }
    part_give(lesson, &part);
    return rc;
}

static odd_rc learn_classes(const Lesson *lesson, const TrainWish *wish, Predictor *predictor,
                            ImageOut *card, Problem *problem)
{
    Search found = {.mem = lesson->mem};
    odd_rc rc = search(lesson, wish, &found, problem);
    if (rc == ODD_OK)
        rc = learn_members(lesson, &found, lesson->to[PART_CHOOSE], wish->seed, predictor, problem);
    if (rc == ODD_OK)
        rc = calibrate(lesson, predictor, problem);
    if (rc == ODD_OK) /* The newest rows tell most of what comes. */
        rc = learn_members(lesson, &found, lesson->to[PART_CALIBRATE], wish->seed, predictor,
                           problem);
    if (rc == ODD_OK)
        card_of_search(&found, lesson_outputs(lesson), card);
    search_close(&found);
    return rc;
}

static odd_rc learn_anomaly(const Lesson *lesson, const TrainWish *wish, Predictor *predictor,
                            Problem *problem)
{
    Part fit = {0}, calibrate = {0};
    odd_rc rc = learn_encoder(lesson, lesson->to[PART_CHOOSE], &predictor->encoder, problem);
    if (rc == ODD_OK)
        rc = part_take(lesson, &predictor->encoder, 0, lesson->to[PART_CHOOSE], &fit, problem);
    if (rc == ODD_OK)
        rc = part_take(lesson, &predictor->encoder, lesson->from[PART_CALIBRATE],
                       lesson->to[PART_CALIBRATE], &calibrate, problem);
    if (rc == ODD_OK)
        rc = isolation_learn(lesson->mem, &fit.matrix, &calibrate.matrix, wish->seed, predictor);
    part_give(lesson, &fit);
    part_give(lesson, &calibrate);
    return rc;
}

odd_rc train(Mem *mem, const Frame *frame, const TrainWish *wish, Predictor *predictor,
             ImageOut *card, bool *ret_beats, Problem *problem)
{
    Lesson lesson;
    odd_rc rc = lesson_make(&lesson, mem, frame, &wish->lesson, problem);
    predictor->task = (uint8_t)lesson.task;
    for (uint32_t w = 0; rc == ODD_OK && w < lesson.words.count; w++)
        if (!predictor_word(&predictor->words, w == 0 ? WORD_TARGET : WORD_CLASS,
                            predictor_word_text(&lesson.words, w)))
            rc = ODD_NOMEM;
    image_put(card, CARD_NAMES, sizeof CARD_NAMES - 1);
    if (rc == ODD_OK) {
        card_text(card, "model", "task", "%s", predictor_task_word(lesson.task));
        card_row(card, "model", STR("target"), (Measure){NAN, NAN, NAN},
                 predictor_target(predictor));
        card_of_rows(&lesson, card);
        card_of_classes(&lesson, card);
        rc = lesson.task == TASK_ANOMALY ? learn_anomaly(&lesson, wish, predictor, problem)
                                         : learn_classes(&lesson, wish, predictor, card, problem);
    }
    if (rc == ODD_OK) {
        card_of_size(predictor, card);
        rc = examine(&lesson, wish, predictor, card, ret_beats, problem);
    }
    lesson_close(&lesson);
    return rc == ODD_OK && card->failed ? ODD_NOMEM : rc;
}
