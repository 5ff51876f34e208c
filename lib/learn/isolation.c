/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/isolation.h"

#include <math.h>
#include <stdlib.h>

#include "base/real.h"
#include "base/rng.h"
#include "learn/ridge.h"

#define DEPTH_MAX 8 /* Of half of 2^8 rows nobody needs to know more. */
#define CUT_TRIES 8
#define EULER 0.5772156649015329

/* The mean depth of a search among n that fails. */
static double usual_depth(double n)
{
    if (n <= 1)
        return 0;
    return n <= 2 ? 1 : 2 * (real_log(n - 1) + EULER) - 2 * (n - 1) / n;
}

typedef struct {
    const Matrix *matrix;
    Forest       *forest;
    Rng           rng;
    uint32_t      rows[ISOLATION_ROWS];
    bool          failed;
} Grower;

/* A slot and a cut between the ends of what these rows have; false: they are all alike. */
static bool draw_cut(Grower *grower, size_t from, size_t to, uint32_t *ret_slot, float *ret_cut)
{
    const Matrix *matrix = grower->matrix;
    for (int i = 0; i < CUT_TRIES; i++) {
        size_t slot = (size_t)rng_below(&grower->rng, matrix->slot_count);
        float low = INFINITY, high = -INFINITY;
        for (size_t r = from; r < to; r++) {
            float x = matrix->slots[grower->rows[r] * matrix->slot_count + slot];
            low = x < low ? x : low;
            high = x > high ? x : high;
        }
        float cut = (float)((double)low + ((double)high - (double)low) * rng_real(&grower->rng));
        if (!(low < high) || !(cut > low && cut <= high))
            continue;
        *ret_slot = (uint32_t)slot;
        *ret_cut = cut;
        return true;
    }
    return false;
}

static size_t part_rows(Grower *grower, size_t from, size_t to, uint32_t slot, float cut)
{
    size_t left = from;
    for (size_t r = from; r < to; r++) {
        uint32_t row = grower->rows[r];
        if (!(grower->matrix->slots[row * grower->matrix->slot_count + slot] < cut))
            continue;
        grower->rows[r] = grower->rows[left];
        grower->rows[left++] = row;
    }
    return left;
}

typedef struct {
    size_t   from, to;
    int      depth;
    uint32_t parent; /* FOREST_NODES_MAX: it is the root. */
    bool     is_right;
} Branch;

static void grow(Grower *grower, size_t n)
{
    Branch branches[2 * DEPTH_MAX + 2];
    size_t count = 0;
    branches[count++] = (Branch){.to = n, .parent = FOREST_NODES_MAX};
    while (count > 0 && !grower->failed) {
        Branch branch = branches[--count];
        size_t rows = branch.to - branch.from;
        ForestNode node = {.left = -1, .right = -1};
        uint32_t slot = 0;
        float cut = 0;
        bool splits = branch.depth < DEPTH_MAX && rows > 1 &&
                      draw_cut(grower, branch.from, branch.to, &slot, &cut);
        node.slot = splits ? slot : 0;
        node.value = splits ? cut : (float)(branch.depth + usual_depth((double)rows));
        node.left = splits ? 0 : -1;
        uint32_t own = forest_add_node(grower->forest, node);
        grower->failed = own == FOREST_NODES_MAX;
        if (grower->failed)
            return;
        if (branch.parent != FOREST_NODES_MAX) {
            ForestNode *parent = &grower->forest->nodes[branch.parent];
            *(branch.is_right ? &parent->right : &parent->left) = (int32_t)own;
        }
        if (!splits)
            continue;
        size_t middle = part_rows(grower, branch.from, branch.to, slot, cut);
        branches[count++] = (Branch){middle, branch.to, branch.depth + 1, own, true};
        branches[count++] = (Branch){branch.from, middle, branch.depth + 1, own, false};
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Scores of the rows to calibrate, and how rare each of them and more is. */
static void learn_curve(Predictor *predictor, double *scores, size_t n)
{
    qsort(scores, n, sizeof *scores, ascending);
    predictor->calibration = CALIBRATION_CURVE;
    predictor->curve_count = 0;
    size_t points = n < PREDICTOR_CURVE_MAX - 2 ? n : PREDICTOR_CURVE_MAX - 2;
    for (size_t p = 0; p < points; p++) {
        size_t i = points == 1 ? 0 : p * (n - 1) / (points - 1), k = predictor->curve_count;
        double share = ((double)(n - i) + 0.5) / ((double)n + 1);
        if (k > 0 && !(scores[i] > predictor->curve[0][k - 1])) {
            continue;
        }
        predictor->curve[0][k] = scores[i];
        predictor->curve[1][k] = share < 1 ? -real_log10(share) : 0;
        predictor->curve_count++;
    }
    /* Beyond the oddest there is nothing to count: it goes on as steeply as a decade in 0.1. */
    size_t last = predictor->curve_count - 1;
    predictor->curve[0][last + 1] = predictor->curve[0][last] + 0.3;
    predictor->curve[1][last + 1] = predictor->curve[1][last] + 3;
    predictor->curve_count = last + 2;
}

odd_rc isolation_learn(Mem *mem, const Matrix *fit, const Matrix *calibrate, uint64_t seed,
                       Predictor *predictor)
{
    Member *member = &predictor->members[0];
    *member = (Member){.kind = MEMBER_FOREST, .link = LINK_DEPTH, .weight = 1};
    member->forest = (Forest){.mem = mem, .outputs = 1};
    predictor->member_count = 1;
    size_t n = fit->rows < ISOLATION_ROWS ? fit->rows : ISOLATION_ROWS;
    member->depth = usual_depth((double)n);
    Grower grower = {.matrix = fit, .forest = &member->forest, .rng = rng_seeded(seed)};
    for (int t = 0; t < ISOLATION_TREES && !grower.failed; t++) {
        uint32_t root = (uint32_t)member->forest.node_count;
        for (size_t r = 0; r < n; r++)
            grower.rows[r] = (uint32_t)rng_below(&grower.rng, fit->rows);
        grow(&grower, n);
        grower.failed |= !forest_add_tree(&member->forest, root, 0);
    }
    double values[PREDICTOR_CLASSES_MAX];
    size_t bytes = calibrate->rows * sizeof(double);
    double *scores = mem_take(mem, bytes);
    if (scores == NULL || grower.failed) {
        mem_free(mem, scores, bytes);
        return ODD_NOMEM;
    }
    for (size_t i = 0; i < calibrate->rows; i++) {
        predictor_blend(predictor, calibrate->slots + i * calibrate->slot_count, values);
        scores[i] = values[0];
    }
    learn_curve(predictor, scores, calibrate->rows);
    mem_free(mem, scores, bytes);
    return ODD_OK;
}

/* -- the exam --------------------------------------------------------------------------------- */

static double largest_deviation(const Matrix *test, size_t i, const double *centres,
                                const double *scales)
{
    double most = 0;
    for (size_t s = 0; s < test->slot_count; s++) {
        double x = (double)test->slots[i * test->slot_count + s];
        double far = isnan(x) ? 0 : fabs((x - centres[s]) * scales[s]);
        most = far > most ? far : most;
    }
    return most;
}

odd_rc isolation_exam(const Lesson *lesson, const Predictor *predictor, const Matrix *test,
                      ImageOut *card, bool *ret_beats)
{
    double values[PREDICTOR_CLASSES_MAX];
    size_t rank_bytes = test->rows * sizeof(MeasureRank), odd = 0;
    size_t bytes = 2 * test->slot_count * sizeof(double);
    MeasureRank *ranks = mem_take(lesson->mem, rank_bytes);
    double *centres = mem_take(lesson->mem, bytes);
    bool good = ranks != NULL && centres != NULL;
    bool has_target = lesson->target_column != FRAME_NONE;
    *ret_beats = true;
    for (size_t i = 0; good && i < test->rows; i++) {
        predictor_say(predictor, test->slots + i * test->slot_count, values);
        odd += values[1] >= 3;
        ranks[i] = (MeasureRank){.score = values[0], .is_positive = test->targets[i] > 0};
    }
    if (good)
        card_value(card, "metric", "share of rows with surprise 3 or more",
                   (double)odd / (double)test->rows);
    if (good && has_target) {
        Measure own = measure_area(ranks, test->rows);
        card_row(card, "metric", STR("area under the curve"), own, STR(""));
        slots_standardise(test, centres, centres + test->slot_count);
        for (size_t i = 0; i < test->rows; i++)
            ranks[i] = (MeasureRank){
                .score = largest_deviation(test, i, centres, centres + test->slot_count),
                .is_positive = test->targets[i] > 0};
        Measure plain = measure_area(ranks, test->rows);
        card_row(card, "baseline", STR("largest deviation: area under the curve"), plain, STR(""));
        *ret_beats = isnan(own.value) || own.value > (isnan(plain.value) ? 0.5 : plain.value);
    }
    mem_free(lesson->mem, ranks, rank_bytes);
    mem_free(lesson->mem, centres, bytes);
    return good ? ODD_OK : ODD_NOMEM;
}
