/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <dlfcn.h>
#include <math.h>
#include <string.h>
#include <xgboost/c_api.h>

#include "base/rng.h"
#include "learn/xgboost_model.h"

#define ROWS 400
#define SLOTS 5

static Mem     mem;
static Problem problem;
static float   rows[ROWS * SLOTS], labels[ROWS];

#define FUNCTIONS(X)               \
    X(XGDMatrixCreateFromMat);     \
    X(XGDMatrixSetFloatInfo);      \
    X(XGDMatrixFree);              \
    X(XGBoosterCreate);            \
    X(XGBoosterFree);              \
    X(XGBoosterSetParam);          \
    X(XGBoosterUpdateOneIter);     \
    X(XGBoosterPredict);           \
    X(XGBoosterSaveModelToBuffer)
static struct {
#define X(name) __typeof__(name) *name
    FUNCTIONS(X);
#undef X
} xgb;

static int load_library(void **state)
{
    (void)state;
    void *handle = dlopen("libxgboost.so.0", RTLD_NOW | RTLD_LOCAL), *symbol;
    if (handle == NULL)
        return -1;
#define X(name)                           \
    symbol = dlsym(handle, #name);        \
    if (symbol == NULL)                   \
        return -1;                        \
    memcpy(&xgb.name, &symbol, sizeof symbol)
    FUNCTIONS(X);
#undef X
    Rng rng = rng_seeded(1);
    for (int i = 0; i < ROWS; i++) {
        for (int s = 0; s < SLOTS; s++)
            rows[i * SLOTS + s] = rng_below(&rng, 8) == 0 ? NAN : (float)(10 * rng_real(&rng));
        float first = isnan(rows[i * SLOTS]) ? 5 : rows[i * SLOTS];
        labels[i] = first > 7 ? 2 : first > 3 ? 1 : 0;
    }
    return 0;
}

typedef struct {
    DMatrixHandle matrix;
    BoosterHandle booster;
} Made;

static Made booster_make(const char *objective, const char *classes)
{
    Made made;
    float own[ROWS];
    for (int i = 0; i < ROWS; i++)
        own[i] =
            classes == NULL && strncmp(objective, "binary", 6) == 0 ? labels[i] > 0 : labels[i];
    assert_int_equal(xgb.XGDMatrixCreateFromMat(rows, ROWS, SLOTS, NAN, &made.matrix), 0);
    assert_int_equal(xgb.XGDMatrixSetFloatInfo(made.matrix, "label", own, ROWS), 0);
    assert_int_equal(xgb.XGBoosterCreate(&made.matrix, 1, &made.booster), 0);
    xgb.XGBoosterSetParam(made.booster, "verbosity", "0");
    xgb.XGBoosterSetParam(made.booster, "nthread", "1");
    xgb.XGBoosterSetParam(made.booster, "objective", objective);
    if (classes != NULL)
        xgb.XGBoosterSetParam(made.booster, "num_class", classes);
    for (int i = 0; i < 20; i++)
        assert_int_equal(xgb.XGBoosterUpdateOneIter(made.booster, i, made.matrix), 0);
    return made;
}

static void booster_free(Made *made)
{
    xgb.XGBoosterFree(made->booster);
    xgb.XGDMatrixFree(made->matrix);
}

static Str booster_bytes(const Made *made, const char *format)
{
    bst_ulong size;
    const char *text;
    assert_int_equal(xgb.XGBoosterSaveModelToBuffer(made->booster, format, &size, &text), 0);
    return (Str){.text = text, .size = size};
}

/* mask 1: sums of trees; 0: what the objective makes of them. */
static void assert_same(const Made *made, const char *format, size_t outputs)
{
    Predictor predictor;
    bst_ulong size;
    const float *sums, *said;
    float own[3];
    double values[PREDICTOR_CLASSES_MAX];
    predictor_open(&predictor, &mem);
    odd_rc rc = xgboost_model_read(booster_bytes(made, format), &predictor, &problem);
    if (rc != ODD_OK)
        fail_msg("%s", problem.text);
    assert_int_equal(xgb.XGBoosterPredict(made->booster, made->matrix, 1, 0, 0, &size, &sums), 0);
    assert_int_equal(size, ROWS * outputs);
    for (size_t i = 0; i < ROWS; i++) {
        forest_sum(&predictor.members[0].forest, rows + i * SLOTS, SIZE_MAX, own);
        assert_memory_equal(own, sums + i * outputs, outputs * sizeof *own);
    }
    assert_int_equal(xgb.XGBoosterPredict(made->booster, made->matrix, 0, 0, 0, &size, &said), 0);
    for (size_t i = 0; i < ROWS; i++) {
        predictor_say(&predictor, rows + i * SLOTS, values);
        bool two = predictor.members[0].link == LINK_LOGISTIC;
        for (size_t k = 0; k < outputs; k++)
            assert_true(fabs(values[two ? 1 : k] - (double)said[i * outputs + k]) < 1e-6);
    }
    predictor_close(&predictor);
}

static void sums_are_those_of_xgboost_to_the_bit(void **state)
{
    (void)state;
    static const char *const objectives[][2] = {
        {"reg:squarederror", NULL},
        {"binary:logistic", NULL},
        {"multi:softprob", "3"},
        {"count:poisson", NULL}};
    for (size_t i = 0; i < sizeof objectives / sizeof objectives[0]; i++) {
        Made made = booster_make(objectives[i][0], objectives[i][1]);
        size_t outputs = objectives[i][1] != NULL ? 3 : 1;
        assert_same(&made, "{\"format\":\"json\"}", outputs);
        assert_same(&made, "{\"format\":\"ubj\"}", outputs);
        booster_free(&made);
    }
}

static odd_rc read_model(Str text)
{
    Predictor predictor;
    predictor_open(&predictor, &mem);
    odd_rc rc = xgboost_model_read(text, &predictor, &problem);
    predictor_close(&predictor);
    return rc;
}

static void a_file_that_is_cut_short_is_refused(void **state)
{
    (void)state;
    Made made = booster_make("binary:logistic", NULL);
    static const char *const formats[] = {"{\"format\":\"json\"}", "{\"format\":\"ubj\"}"};
    for (int f = 0; f < 2; f++) {
        Str text = booster_bytes(&made, formats[f]);
        for (size_t size = 0; size + 1 < text.size; size += 1 + text.size / 300)
            assert_int_not_equal(read_model((Str){text.text, size}), ODD_OK);
        assert_int_equal(read_model(text), ODD_OK);
    }
    booster_free(&made);
}

#define MODEL(left, right, slots, info)                                    \
    "{\"learner\":{\"feature_names\":[\"a\",\"b\"],"                           \
    "\"gradient_booster\":{\"name\":\"gbtree\",\"model\":{\"tree_info\":" info  \
    ",\"trees\":[{\"left_children\":" left ",\"right_children\":" right        \
    ",\"split_indices\":" slots ",\"split_conditions\":[0.5,1,2],\"default_left\":[1,0,0]}]}}," \
    "\"learner_model_param\":{\"base_score\":\"5E-1\",\"num_class\":\"0\","   \
    "\"num_feature\":\"2\"},\"objective\":{\"name\":\"reg:squarederror\"}}}"

static void assert_refused(const char *text, const char *sentence)
{
    assert_int_equal(read_model(str_of(text)), ODD_SYNTAX);
    if (strstr(problem.text, sentence) == NULL)
        fail_msg("%s", problem.text);
}

static void wild_indices_and_cycles_are_refused(void **state)
{
    (void)state;
    assert_int_equal(read_model(STR(MODEL("[1,-1,-1]", "[2,-1,-1]", "[1,0,0]", "[0]"))), ODD_OK);
    assert_refused(MODEL("[7,-1,-1]", "[2,-1,-1]", "[1,0,0]", "[0]"), "leads outside");
    assert_refused(MODEL("[1,-1,-1]", "[-1,-1,-1]", "[1,0,0]", "[0]"), "leads outside");
    assert_refused(MODEL("[1,0,-1]", "[2,2,-1]", "[1,0,0]", "[0]"), "leads outside");
    assert_refused(MODEL("[1,1,-1]", "[2,2,-1]", "[1,0,0]", "[0]"), "twice");
    assert_refused(MODEL("[1,-1,-1]", "[1,-1,-1]", "[1,0,0]", "[0]"), "twice");
    assert_refused(MODEL("[1,-1,-1]", "[2,-1,-1]", "[9,0,0]", "[0]"),
                   "a feature that it does not have");
    assert_refused(MODEL("[1,-1,-1]", "[2,-1,-1]", "[-4,0,0]", "[0]"), "leads outside");
    assert_refused(MODEL("[1,-1]", "[2,-1,-1]", "[1,0,0]", "[0]"), "does not fit");
    assert_refused(MODEL("[1,-1,-1]", "[2,-1,-1]", "[1,0,0]", "[3]"), "no class");
    assert_refused(MODEL("[1e300,-1,-1]", "[2,-1,-1]", "[1,0,0]", "[0]"), "does not fit");
    assert_refused("{\"learner\":{\"gradient_booster\":{\"name\":\"dart\"}}}", "only gbtree");
    assert_refused("binf", "no model of XGBoost");
}

static void nothing_is_left_in_memory(void **state)
{
    (void)state;
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_those_of_xgboost_to_the_bit),
        cmocka_unit_test(a_file_that_is_cut_short_is_refused),
        cmocka_unit_test(wild_indices_and_cycles_are_refused),
        cmocka_unit_test(nothing_is_left_in_memory),
    };
    return cmocka_run_group_tests(tests, load_library, NULL);
}
