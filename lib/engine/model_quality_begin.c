/* SPDX-License-Identifier: Apache-2.0
 *
 * model_quality_begin.c - what the reference tells of a model's quality: what probabilities are
 * worth, what inputs add to them, how large errors are, and how far off estimates of it are. */
#include <math.h>
#include <stdlib.h>

#include "engine/model.h"
#include "stats/order.h"

#define FOLDS 5               /* Stretches of the reference, each judged by the others. */
#define LABELLED_MIN 100      /* Rows of the reference with outcome. */
#define LESSON_ROWS_MAX 12288 /* Of the trees. */
#define LESSON_ROWS_MIN 1000
#define TREES_WORTH 2.0       /* Standard errors by which trees must be better than none, */
#define TREES_SHARE 0.02      /* and of the squared error.                                */

static const uint32_t tree_counts[] = {0, 10, 20, TREES_MAX};
enum { TREE_COUNTS = sizeof tree_counts / sizeof tree_counts[0] };

typedef struct {
    const ReferenceColumn *output, *outcome; /* output: NULL if there is none. */
    const ReferenceColumn *sure[MODEL_SURE_MAX];
    size_t                 sure_count;
} Sources;

typedef struct {
    CalibrationCounts counts;
    CalibrationCurve  curve;
    Trees             trees, square_trees;
} Fold;

typedef struct {
    const odd_model *model;
    const ModelInputs *inputs;  /* NULL: what is watched. */
    ModelQuality    *quality;
    size_t           n, columns; /* Labelled rows; what trees look at. */
    uint32_t        *rows;       /* Of the reference.                  */
    ModelRow        *labelled;
    uint8_t         *cells;      /* (columns, n) */
    CalibrationRow  *sorted;
    double          *scratch; /* (4 n) */
    Fold            *fold;
    bool             is_much; /* What trees explain. */
    size_t           lesson_rows; /* Every so many-th of the n is in the lesson. */
    uint8_t         *lesson_cells, *nodes;
    double          *targets, *square_targets, *lesson_scratch;
    bool            *left_out;
} Learning;

static bool find_sources(const odd_model *model, Sources *ret)
{
    uint32_t output = prediction_role(&model->table, PREDICTION_OUTPUT);
    uint32_t outcome = prediction_role(&model->table, PREDICTION_OUTCOME);
    *ret = (Sources){.output = output != UINT32_MAX ? &model->columns[output] : NULL};
    for (size_t i = 0; i < model->sure_count; i++)
        ret->sure[ret->sure_count++] = &model->columns[model->sure[i]];
    if (outcome == UINT32_MAX || (ret->sure_count == 0 && ret->output == NULL))
        return false;
    ret->outcome = &model->columns[outcome];
    return true;
}

/* How sure the model was; of more than two classes it is the surest that it says. */
static double sure_at(const Sources *sources, ModelTask task, size_t row)
{
    double most = sources->sure_count == 0 ? 0 : NAN;
    for (size_t i = 0; i < sources->sure_count; i++) {
        double p = sources->sure[i]->numbers[row];
        bool   is_one = sources->sure[i]->kinds[row] == PREDICTION_NUMBER && isfinite(p);
        if (is_one && !(most >= p))
            most = p;
        if (task == MODEL_TWO_CLASSES)
            break;
    }
    return most;
}

static ModelRow row_at(const Sources *sources, ModelTask task, uint64_t positive, size_t row)
{
    const ReferenceColumn *output = sources->output, *outcome = sources->outcome;
    bool told = output != NULL && output->kinds[row] != PREDICTION_MISSING;
    bool known = outcome->kinds[row] != PREDICTION_MISSING;
    ModelRow ret = {.p = sure_at(sources, task, row), .said = true, .truth = NAN};
    if (task == MODEL_NUMBERS) {
        ret.p = 0;
        ret.truth = told && known ? fabs(output->numbers[row] - outcome->numbers[row]) : NAN;
    } else if (task == MODEL_CLASSES) {
        ret.truth = told && known ? model_key_at(output, row) == model_key_at(outcome, row) : NAN;
    } else {
        ret.said = told ? model_key_at(output, row) == positive : ret.p >= MODEL_SAID_LEAST;
        ret.truth = known ? model_key_at(outcome, row) == positive : NAN;
    }
    return ret;
}

/* Of two outcomes the one with the higher probabilities.  False: there are not two. */
static bool find_positive(const Sources *sources, size_t rows, uint64_t *ret)
{
    uint64_t keys[2] = {0};
    double sums[2] = {0}, counts[2] = {0};
    size_t known = 0;
    for (size_t row = 0; row < rows; row++) {
        double p = sure_at(sources, MODEL_TWO_CLASSES, row);
        if (sources->outcome->kinds[row] == PREDICTION_MISSING || isnan(p))
            continue;
        uint64_t key = model_key_at(sources->outcome, row);
        size_t which = known > 0 && key == keys[0] ? 0 : known > 1 && key == keys[1] ? 1 : known;
        if (which == 2)
            return false;
        known += which == known;
        keys[which] = key;
        sums[which] += p;
        counts[which]++;
    }
    if (known < 2)
        return false;
    *ret = sums[0] / counts[0] > sums[1] / counts[1] ? keys[0] : keys[1];
    return true;
}

/* -- calibration ----------------------------------------------------------------------------- */

static int order_of_rows(const void *left, const void *right)
{
    double a = ((const CalibrationRow *)left)->p, b = ((const CalibrationRow *)right)->p;
    return (a > b) - (a < b);
}

static void count(const ModelQuality *quality, const ModelRow *rows, size_t n,
                  CalibrationCounts *ret)
{
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < n; i++) {
        size_t cell = calibration_cell(&quality->cells, rows[i].p);
        ret->rows[cell]++;
        ret->positives[cell] += rows[i].truth > 0;
    }
}

static void learn_curve(Learning *learning)
{
    ModelQuality *quality = learning->quality;
    if (quality->task != MODEL_NUMBERS) {
        for (size_t i = 0; i < learning->n; i++)
            learning->sorted[i] = (CalibrationRow){.p = learning->labelled[i].p,
                                                   .is_positive = learning->labelled[i].truth > 0};
        qsort(learning->sorted, learning->n, sizeof *learning->sorted, order_of_rows);
        calibration_cells(learning->sorted, learning->n, learning->scratch, &quality->cells);
        count(quality, learning->labelled, learning->n, &quality->counts);
        calibration_fit(&quality->cells, &quality->counts, NULL, &quality->curve);
    }
    for (size_t i = 0; i < learning->n; i++)
        model_quality_truth(quality, &learning->labelled[i], &quality->reference);
}

/* -- trees ----------------------------------------------------------------------------------- */

static size_t lesson_row(const Learning *learning, size_t i)
{
    return (size_t)((double)i * (double)learning->n / (double)learning->lesson_rows);
}

static size_t fold_of(const Learning *learning, size_t i)
{
    size_t length = learning->n / FOLDS, fold = i / length;
    return fold < FOLDS ? fold : FOLDS - 1;
}

static TreesLesson lesson_of(const Learning *learning, const double *targets)
{
    TreesLesson lesson = {.cells = learning->lesson_cells,
                          .columns = learning->columns,
                          .stride = learning->lesson_rows,
                          .targets = targets,
                          .is_left_out = learning->left_out,
                          .rows = learning->lesson_rows};
    for (size_t c = 0; c < learning->columns; c++)
        lesson.is_category[c] = learning->inputs != NULL
                                    ? learning->inputs->is_category[c]
                                    : learning->model->watches[c].bins.kind == BINS_CATEGORY;
    return lesson;
}

/* fold FOLDS: no row is left out. */
static void learn_trees(Learning *learning, const double *targets, size_t fold, uint32_t trees,
                        Trees *ret)
{
    TreesLesson lesson = lesson_of(learning, targets);
    for (size_t i = 0; i < learning->lesson_rows; i++)
        learning->left_out[i] = fold_of(learning, lesson_row(learning, i)) == fold;
    trees_learn(&lesson, trees, learning->lesson_scratch, learning->nodes, ret);
}

static void fill_lesson(Learning *learning)
{
    const ModelQuality *quality = learning->quality;
    for (size_t i = 0; i < learning->lesson_rows; i++) {
        size_t from = lesson_row(learning, i);
        const ModelRow *row = &learning->labelled[from];
        for (size_t c = 0; c < learning->columns; c++)
            learning->lesson_cells[c * learning->lesson_rows + i] =
                learning->cells[c * learning->n + from];
        learning->targets[i] =
            quality->task == MODEL_NUMBERS
                ? row->truth
                : row->truth - calibration_share(&quality->cells, &quality->curve, row->p);
        learning->square_targets[i] = row->truth * row->truth;
    }
}

typedef struct {
    double none; /* Squared errors without trees. */
    double gains[TREE_COUNTS], squares[TREE_COUNTS]; /* By so many trees, and their squares. */
} Trial;

/* On the fold that the trees have not seen. */
static void judge_counts(const Learning *learning, const Trees *trees, size_t fold, Trial *trial)
{
    for (size_t i = 0; i < learning->lesson_rows; i++) {
        if (fold_of(learning, lesson_row(learning, i)) != fold)
            continue;
        double target = learning->targets[i], off = -target;
        if (learning->quality->task == MODEL_NUMBERS)
            off += trees->mean;
        trial->none += off * off;
        for (size_t k = 1; k < TREE_COUNTS; k++) {
            double left = trees_value(trees, learning->lesson_cells + i, learning->lesson_rows,
                                      tree_counts[k]) -
                          target;
            double gain = off * off - left * left;
            trial->gains[k] += gain;
            trial->squares[k] += gain * gain;
        }
    }
}

/* Where what trees would add falls in the reference. */
static void learn_unsaid(Learning *learning)
{
    ModelQuality *quality = learning->quality;
    size_t n = learning->lesson_rows;
    double *values = learning->lesson_scratch, *sorted = values + n;
    for (size_t i = 0; i < n; i++)
        sorted[i] = values[i] =
            trees_value(&quality->trees, learning->lesson_cells + i, n, TREES_MAX);
    order_sort(sorted, n);
    bins_of_numbers(sorted, n, &quality->unsaid_bins);
    for (size_t i = 0; i < n; i++)
        learning->nodes[i] = bins_number_cell(&quality->unsaid_bins, values[i]);
    expected_make(&quality->unsaid_bins, learning->nodes, n, 0, &quality->unsaid_expected);
    quality->has_unsaid = true;
}

/* What trees explain is used if it is much; if not, it is how far off a probability can be where
 * inputs drift. */
static uint32_t choose_count(Learning *learning)
{
    Trial trial = {0};
    size_t best = 0;
    for (size_t fold = 0; fold < FOLDS; fold++) {
        learn_trees(learning, learning->targets, fold, TREES_MAX, &learning->fold[fold].trees);
        judge_counts(learning, &learning->fold[fold].trees, fold, &trial);
    }
    for (size_t k = 1; k < TREE_COUNTS; k++)
        if (trial.gains[k] > trial.gains[best])
            best = k;
    double gain = trial.gains[best];
    learning->quality->unsaid_deviation = sqrt(gain / (double)learning->lesson_rows);
    bool is_much =
        gain > TREES_WORTH * sqrt(trial.squares[best]) && gain > TREES_SHARE * trial.none;
    learning->is_much = is_much;
    return tree_counts[best];
}

static void add_trees(Learning *learning)
{
    ModelQuality *quality = learning->quality;
    if (learning->lesson_rows < LESSON_ROWS_MIN)
        return;
    fill_lesson(learning);
    uint32_t trees = choose_count(learning);
    learn_trees(learning, learning->targets, FOLDS, trees, &quality->trees);
    for (size_t fold = 0; fold < FOLDS; fold++)
        learning->fold[fold].trees.count = learning->is_much ? trees : 0;
    if (quality->task != MODEL_NUMBERS) {
        if (trees > 0 && !learning->is_much)
            learn_unsaid(learning);
        return;
    }
    learn_trees(learning, learning->square_targets, FOLDS, trees, &quality->square_trees);
    for (size_t fold = 0; fold < FOLDS; fold++)
        learn_trees(learning, learning->square_targets, fold, trees,
                    &learning->fold[fold].square_trees);
}

/* -- doubts ---------------------------------------------------------------------------------- */

/* Chunks of one fold, estimated by what the other folds taught. */
static void doubt_fold(Learning *learning, size_t from, size_t to, size_t chunk)
{
    ModelQuality *quality = learning->quality;
    for (size_t at = from; at + chunk <= to; at += chunk) {
        memset(&quality->estimate, 0, sizeof quality->estimate);
        memset(&quality->truth, 0, sizeof quality->truth);
        for (size_t i = at; i < at + chunk; i++) {
            const ModelRow *row = &learning->labelled[i];
            model_quality_expect(quality, row, learning->cells + i, learning->n,
                                 &quality->estimate);
            model_quality_truth(quality, row, &quality->truth);
        }
        for (size_t metric = 0; metric < QUALITY_COUNT; metric++) {
            if (!model_quality_has(quality->task, (QualityMetric)metric))
                continue;
            QualityFigure estimate =
                model_quality_figure(quality, &quality->estimate, (QualityMetric)metric);
            QualityFigure truth =
                model_quality_figure(quality, &quality->truth, (QualityMetric)metric);
            doubt_learn(&quality->doubts[metric], truth.value - estimate.value, estimate.variance);
        }
    }
    memset(&quality->estimate, 0, sizeof quality->estimate);
    memset(&quality->truth, 0, sizeof quality->truth);
}

/* What the fold's rows taught is put aside while they are judged. */
static void learn_doubts(Learning *learning, size_t chunk)
{
    ModelQuality *quality = learning->quality;
    size_t length = learning->n / FOLDS, chunks = (length + chunk / 2) / chunk;
    chunk = length / (chunks > 1 ? chunks : 1);
    Fold *whole = &learning->fold[FOLDS];
    whole->curve = quality->curve;
    whole->trees = quality->trees;
    whole->square_trees = quality->square_trees;
    for (size_t i = 0; i < FOLDS; i++) {
        size_t from = i * length, to = i + 1 < FOLDS ? from + length : learning->n;
        Fold *fold = &learning->fold[i];
        if (quality->task != MODEL_NUMBERS) {
            count(quality, learning->labelled + from, to - from, &fold->counts);
            calibration_fit(&quality->cells, &quality->counts, &fold->counts, &quality->curve);
        }
        if (learning->is_much)
            quality->trees = fold->trees;
        quality->square_trees = fold->square_trees;
        doubt_fold(learning, from, to, chunk);
    }
    quality->curve = whole->curve;
    quality->trees = whole->trees;
    quality->square_trees = whole->square_trees;
}

/* -- all of it ------------------------------------------------------------------------------- */

static size_t gather(Learning *learning, const Sources *sources)
{
    const odd_model *model = learning->model;
    size_t n = 0;
    for (size_t row = 0; row < model->row_count; row++) {
        ModelRow one = row_at(sources, model->task, learning->quality->positive, row);
        if (!isfinite(one.truth) || isnan(one.p))
            continue;
        learning->rows[n] = (uint32_t)row;
        learning->labelled[n++] = one;
    }
    return n;
}

static void take_cells(Learning *learning)
{
    const ModelInputs *inputs = learning->inputs;
    for (size_t c = 0; c < learning->columns; c++)
        for (size_t i = 0; i < learning->n; i++)
            learning->cells[c * learning->n + i] =
                inputs->cells[learning->rows[i] * inputs->columns + c];
}

static void fill_cells(Learning *learning)
{
    const odd_model *model = learning->model;
    if (learning->inputs != NULL) {
        take_cells(learning);
        return;
    }
    for (size_t c = 0; c < learning->columns; c++) {
        const Watch *watch = &model->watches[c];
        for (size_t i = 0; i < learning->n; i++)
            learning->cells[c * learning->n + i] =
                model_cell_of(watch, &model->columns[watch->column], learning->rows[i]);
    }
}

static size_t *blocks_of(Learning *l, void **blocks[12], size_t bytes[12])
{
    size_t rows = l->model->row_count, lesson = LESSON_ROWS_MAX, i = 0;
    blocks[i] = (void **)&l->rows, bytes[i++] = rows * sizeof *l->rows;
    blocks[i] = (void **)&l->labelled, bytes[i++] = rows * sizeof *l->labelled;
    blocks[i] = (void **)&l->cells, bytes[i++] = rows * (l->columns + 1);
    blocks[i] = (void **)&l->sorted, bytes[i++] = rows * sizeof *l->sorted;
    blocks[i] = (void **)&l->scratch, bytes[i++] = 4 * rows * sizeof *l->scratch;
    blocks[i] = (void **)&l->fold, bytes[i++] = (FOLDS + 1) * sizeof *l->fold;
    blocks[i] = (void **)&l->lesson_cells, bytes[i++] = lesson * (l->columns + 1);
    blocks[i] = (void **)&l->nodes, bytes[i++] = lesson;
    blocks[i] = (void **)&l->targets, bytes[i++] = lesson * sizeof *l->targets;
    blocks[i] = (void **)&l->square_targets, bytes[i++] = lesson * sizeof *l->targets;
    blocks[i] = (void **)&l->lesson_scratch, bytes[i++] = 2 * lesson * sizeof *l->targets;
    blocks[i] = (void **)&l->left_out, bytes[i++] = lesson * sizeof *l->left_out;
    return bytes;
}

static void learn(Learning *learning, size_t chunk)
{
    fill_cells(learning);
    learning->lesson_rows = learning->n < LESSON_ROWS_MAX ? learning->n : LESSON_ROWS_MAX;
    learn_curve(learning);
    add_trees(learning);
    learn_doubts(learning, chunk);
}

static bool begin(odd_model *model, const ModelInputs *inputs, const Sources *sources,
                  uint64_t positive)
{
    Mem *mem = &model->mem;
    Learning learning = {
        .model = model, .inputs = inputs, .columns = inputs != NULL ? inputs->columns : 0};
    while (inputs == NULL && learning.columns < model->watch_count &&
           learning.columns < TREES_COLUMNS_MAX &&
           model->watches[learning.columns].column != WATCH_ERRORS)
        learning.columns++;
    void **blocks[12];
    size_t bytes[12];
    bool good = true;
    blocks_of(&learning, blocks, bytes);
    for (size_t i = 0; i < 12; i++)
        good &= (*blocks[i] = mem_take(mem, bytes[i])) != NULL;
    good &= (model->quality = mem_take(mem, sizeof *model->quality)) != NULL;
    if (good) {
        learning.quality = model->quality;
        model->quality->task = model->task;
        model->quality->positive = positive;
        learning.n = gather(&learning, sources);
        model->quality->labelled = learning.n;
        model->quality->chunk_rows = model->options.chunk_rows;
        if (learning.n >= LABELLED_MIN)
            learn(&learning, model->options.chunk_rows);
        else
            model->no_quality = "too few rows of the reference have an outcome";
    }
    for (size_t i = 0; i < 12; i++)
        mem_free(mem, *blocks[i], bytes[i]);
    if (!good || learning.n < LABELLED_MIN) {
        mem_free(mem, model->quality, sizeof *model->quality);
        model->quality = NULL;
    }
    return good;
}

odd_rc model_quality_begin(odd_model *model, const ModelInputs *inputs)
{
    Sources sources;
    uint64_t positive = 0;
    model->no_quality = NULL;
    if (!find_sources(model, &sources))
        model->no_quality = "the reference has no outcomes, or no predictions: name its columns";
    else if (model->task == MODEL_TWO_CLASSES &&
             !find_positive(&sources, model->row_count, &positive))
        model->no_quality = "the outcomes of the reference are not of two kinds";
    if (model->no_quality != NULL || begin(model, inputs, &sources, positive))
        return ODD_OK;
    return problem_say(&model->problem, ODD_NOMEM, "out of memory for the quality of %zu rows",
                       model->row_count);
}
