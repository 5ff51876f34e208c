/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/boost.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <xgboost/c_api.h>

#include "base/real.h"
#include "learn/measure.h"
#include "learn/xgboost_model.h"

#define LIBRARY "libxgboost.so.0"
#define LEAST_CURVATURE 1e-16

/* What is used of the library, by name without the prefix. */
#define XGBOOST_FUNCTIONS(X)      \
    X(BGetLastError);             \
    X(BoostVersion);              \
    X(DMatrixCreateFromMat);      \
    X(DMatrixFree);               \
    X(BoosterCreate);             \
    X(BoosterFree);               \
    X(BoosterSetParam);           \
    X(BoosterBoostOneIter);       \
    X(BoosterPredictFromDMatrix); \
    X(BoosterSaveModelToBuffer)

/* Loaded when it is first needed: scan and serve start without it. */
typedef struct {
#define X(name) __typeof__(XG##name) *name
    XGBOOST_FUNCTIONS(X);
#undef X
} Api;

static Api  api;
static char api_version[48];

static odd_rc api_load(Problem *problem)
{
    if (api_version[0] != '\0')
        return ODD_OK;
    void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL), *symbol;
    if (handle == NULL)
        return problem_say(problem, ODD_NOTFOUND,
                           "XGBoost cannot be loaded (Debian: apt install libxgboost0): %s",
                           dlerror());
#define X(name)                                                                          \
    symbol = dlsym(handle, "XG" #name);                                                  \
    if (symbol == NULL)                                                                  \
        return problem_say(problem, ODD_NOTFOUND, LIBRARY " has no XG" #name);           \
    memcpy(&api.name, &symbol, sizeof symbol)
    XGBOOST_FUNCTIONS(X);
#undef X
    int parts[3] = {0};
    api.BoostVersion(&parts[0], &parts[1], &parts[2]);
    snprintf(api_version, sizeof api_version, "%d.%d.%d", parts[0], parts[1], parts[2]);
    return ODD_OK;
}

const char *boost_library_version(void)
{
    return api_version;
}

/* -- one training ----------------------------------------------------------------------------- */

typedef struct {
    const Matrix *matrix;
    size_t        trees; /* A round. */
    double        base;
    DMatrixHandle rows;
    BoosterHandle booster;
    float        *slopes, *curvatures; /* (rows, trees) */
    size_t        bytes;
    Problem      *problem;
} Training;

static odd_rc refused(const Training *training)
{
    const char *story = api.BGetLastError();
    return problem_say(training->problem, ODD_IO, "XGBoost refused: %.*s",
                       (int)strcspn(story, "\n"), story);
}

static bool set(const Training *training, const char *name, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.17g", value);
    return api.BoosterSetParam(training->booster, name, text) == 0;
}

static bool set_all(const Training *training, const BoostWish *wish, uint64_t seed)
{
    bool several = training->trees > 1;
    return api.BoosterSetParam(training->booster, "verbosity", "0") == 0 &&
           api.BoosterSetParam(training->booster, "tree_method", "hist") == 0 &&
           api.BoosterSetParam(training->booster, "objective",
                               several ? "multi:softprob" : "reg:squarederror") == 0 &&
           (!several || set(training, "num_class", (double)training->trees)) &&
           set(training, "disable_default_eval_metric", 1) && set(training, "nthread", 1) &&
           set(training, "base_score", 0) && set(training, "seed", (double)(seed % 1000000)) &&
           set(training, "max_depth", wish->depth) && set(training, "eta", wish->rate) &&
           set(training, "min_child_weight", wish->least_weight) &&
           set(training, "lambda", wish->penalty) && set(training, "subsample", wish->rows_share) &&
           set(training, "colsample_bytree", wish->slots_share);
}

/* What the model starts from, before the first tree. */
static double base_of(const Matrix *matrix)
{
    double sum = 0, n = (double)matrix->rows;
    for (size_t i = 0; i < matrix->rows; i++)
        sum += matrix->targets[i];
    if (matrix->outputs == 1)
        return sum / n;
    return matrix->outputs == 2 ? real_log((sum + 0.5) / (n - sum + 0.5)) : 0;
}

static void slope_of_class(Training *training, size_t row, const float *margins)
{
    size_t k = training->matrix->outputs, at = row * training->trees;
    double odds[PREDICTOR_CLASSES_MAX], most = -INFINITY, sum = 0;
    for (size_t c = 0; c < k; c++)
        most = (double)margins[at + c] > most ? (double)margins[at + c] : most;
    for (size_t c = 0; c < k; c++)
        sum += odds[c] = real_exp((double)margins[at + c] - most);
    for (size_t c = 0; c < k; c++) {
        double p = odds[c] / sum, curvature = 2 * p * (1 - p);
        training->slopes[at + c] =
            (float)(p - ((size_t)training->matrix->targets[row] == c ? 1 : 0));
        training->curvatures[at + c] =
            (float)(curvature > LEAST_CURVATURE ? curvature : LEAST_CURVATURE);
    }
}

static void slopes_of(Training *training, const float *margins)
{
    const Matrix *matrix = training->matrix;
    for (size_t i = 0; i < matrix->rows; i++) {
        if (training->trees > 1) {
            slope_of_class(training, i, margins);
            continue;
        }
        double margin = training->base + (double)margins[i], curvature = 1;
        double slope = margin - matrix->targets[i];
        if (matrix->outputs == 2) {
            double p = 1 / (1 + real_exp(-margin));
            slope = p - matrix->targets[i];
            curvature = p * (1 - p) > LEAST_CURVATURE ? p * (1 - p) : LEAST_CURVATURE;
        }
        training->slopes[i] = (float)slope;
        training->curvatures[i] = (float)curvature;
    }
}

static odd_rc one_round(Training *training)
{
    static const char config[] = "{\"type\":1,\"training\":true,\"iteration_begin\":0,"
                                 "\"iteration_end\":0,\"strict_shape\":false}";
    const bst_ulong *shape;
    const float *margins;
    bst_ulong dimensions;
    size_t n = training->matrix->rows * training->trees;
    if (api.BoosterPredictFromDMatrix(training->booster, training->rows, config, &shape,
                                      &dimensions, &margins) != 0)
        return refused(training);
    slopes_of(training, margins);
    return api.BoosterBoostOneIter(training->booster, training->rows, training->slopes,
                                   training->curvatures, n) == 0
               ? ODD_OK
               : refused(training);
}

static odd_rc train_all(Training *training, const BoostWish *wish, uint64_t seed, Forest *forest)
{
    const Matrix *matrix = training->matrix;
    if (api.DMatrixCreateFromMat(matrix->slots, matrix->rows, matrix->slot_count, NAN,
                                 &training->rows) != 0 ||
        api.BoosterCreate(&training->rows, 1, &training->booster) != 0 ||
        !set_all(training, wish, seed))
        return refused(training);
    for (int round = 0; round < wish->rounds; round++) {
        odd_rc rc = one_round(training);
        if (rc != ODD_OK)
            return rc;
    }
    bst_ulong size;
    const char *bytes;
    if (api.BoosterSaveModelToBuffer(training->booster, "{\"format\":\"ubj\"}", &size, &bytes) != 0)
        return refused(training);
    return xgboost_trees_read((Str){.text = bytes, .size = size}, forest, training->problem);
}

odd_rc boost_learn(Mem *mem, const Matrix *matrix, const BoostWish *wish, uint64_t seed,
                   Member *ret, Problem *problem)
{
    Training training = {.matrix = matrix,
                         .trees = matrix->outputs > 2 ? matrix->outputs : 1,
                         .base = base_of(matrix),
                         .problem = problem};
    odd_rc rc = api_load(problem);
    if (rc != ODD_OK)
        return rc;
    *ret = (Member){.kind = MEMBER_FOREST, .weight = 1};
    ret->link = matrix->outputs > 2    ? LINK_SOFTMAX
                : matrix->outputs == 2 ? LINK_LOGISTIC
                                       : LINK_NONE;
    ret->forest =
        (Forest){.mem = mem, .outputs = (uint32_t)training.trees, .base = (float)training.base};
    training.bytes = matrix->rows * training.trees * sizeof(float);
    training.slopes = mem_take(mem, training.bytes);
    training.curvatures = mem_take(mem, training.bytes);
    rc = training.slopes != NULL && training.curvatures != NULL
             ? train_all(&training, wish, seed, &ret->forest)
             : ODD_NOMEM;
    if (training.booster != NULL)
        api.BoosterFree(training.booster);
    if (training.rows != NULL)
        api.DMatrixFree(training.rows);
    mem_free(mem, training.slopes, training.bytes);
    mem_free(mem, training.curvatures, training.bytes);
    return rc;
}

/* -- how many rounds -------------------------------------------------------------------------- */

/* Of one row, what its margins lose. */
static double row_loss(const Member *member, size_t outputs, const float *margins, double target)
{
    double values[PREDICTOR_CLASSES_MAX], most = -INFINITY, sum = 0;
    if (outputs == 1)
        return ((double)margins[0] - target) * ((double)margins[0] - target);
    if (member->forest.outputs == 1) {
        values[1] = 1 / (1 + real_exp(-(double)margins[0]));
        values[0] = 1 - values[1];
        return measure_log_loss(values, target);
    }
    for (size_t k = 0; k < outputs; k++)
        most = (double)margins[k] > most ? (double)margins[k] : most;
    for (size_t k = 0; k < outputs; k++)
        sum += values[k] = real_exp((double)margins[k] - most);
    for (size_t k = 0; k < outputs; k++)
        values[k] /= sum;
    return measure_log_loss(values, target);
}

size_t boost_rounds_best(const Member *member, const Matrix *others, double *sums)
{
    size_t trees = member->forest.outputs, rounds = member->forest.tree_count / trees, best = 0;
    float margins[PREDICTOR_CLASSES_MAX];
    for (size_t r = 0; r < rounds; r++)
        sums[r] = 0;
    for (size_t i = 0; i < others->rows; i++) {
        const float *slots = others->slots + i * others->slot_count;
        for (size_t k = 0; k < trees; k++)
            margins[k] = member->forest.base;
        for (size_t r = 0; r < rounds; r++) {
            forest_add(&member->forest, slots, r * trees, (r + 1) * trees, margins);
            sums[r] += row_loss(member, others->outputs, margins, others->targets[i]);
        }
    }
    for (size_t r = 1; r < rounds; r++)
        if (sums[r] < sums[best])
            best = r;
    return best + 1;
}
