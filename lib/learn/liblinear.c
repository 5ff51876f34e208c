/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/liblinear.h"

#include <dlfcn.h>
#include <linear.h>
#include <math.h>

#include "learn/ridge.h"

#define LIBRARY "liblinear.so.4"
#define ABSENT (-30.0) /* The log odds of a class of which there was no row. */
#define TOLERANCE 1e-3

/* Loaded when it is first needed: it brings a BLAS. */
typedef struct {
    __typeof__(train)                     *train;
    __typeof__(free_and_destroy_model)    *destroy;
    __typeof__(set_print_string_function) *set_print;
} Api;

static Api  api;
static bool api_is_loaded;

static void say_nothing(const char *text)
{
    (void)text; /* What it tells of its steps is for nobody. */
}

static odd_rc api_load(Problem *problem)
{
    if (api_is_loaded)
        return ODD_OK;
    void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL)
        return problem_say(problem, ODD_NOTFOUND,
                           "liblinear cannot be loaded (Debian: apt install liblinear4): %s",
                           dlerror());
    void *symbols[] = {dlsym(handle, "train"), dlsym(handle, "free_and_destroy_model"),
                       dlsym(handle, "set_print_string_function")};
    if (symbols[0] == NULL || symbols[1] == NULL || symbols[2] == NULL)
        return problem_say(problem, ODD_NOTFOUND, LIBRARY " has not what is needed of it");
    memcpy(&api.train, &symbols[0], sizeof symbols[0]);
    memcpy(&api.destroy, &symbols[1], sizeof symbols[1]);
    memcpy(&api.set_print, &symbols[2], sizeof symbols[2]);
    api.set_print(say_nothing);
    api_is_loaded = true;
    return ODD_OK;
}

static double rounded(double x)
{
    int exponent;
    double mantissa = frexp(x, &exponent);
    return ldexp(floor(mantissa * 0x1p20 + 0.5), exponent - 20);
}

typedef struct {
    struct feature_node  *nodes;
    struct feature_node **rows;
    double               *labels;
    size_t                node_bytes, row_bytes, label_bytes;
} Room;

static bool room_take(Mem *mem, const Matrix *matrix, Room *room)
{
    *room = (Room){.node_bytes = matrix->rows * (matrix->slot_count + 2) * sizeof *room->nodes,
                   .row_bytes = matrix->rows * sizeof *room->rows,
                   .label_bytes = matrix->rows * sizeof *room->labels};
    room->nodes = mem_take(mem, room->node_bytes);
    room->rows = mem_take(mem, room->row_bytes);
    room->labels = mem_take(mem, room->label_bytes);
    return room->nodes != NULL && room->rows != NULL && room->labels != NULL;
}

static void room_give(Mem *mem, Room *room)
{
    mem_free(mem, room->nodes, room->node_bytes);
    mem_free(mem, room->rows, room->row_bytes);
    mem_free(mem, room->labels, room->label_bytes);
}

static void fill(const Matrix *matrix, const Member *member, Room *room)
{
    struct feature_node *node = room->nodes;
    for (size_t i = 0; i < matrix->rows; i++) {
        room->rows[i] = node;
        room->labels[i] = matrix->targets[i];
        for (size_t s = 0; s < matrix->slot_count; s++) {
            double x = (double)matrix->slots[i * matrix->slot_count + s];
            double value = isnan(x) ? 0 : (x - member->centres[s]) * member->scales[s];
            if (value != 0)
                *node++ = (struct feature_node){.index = (int)s + 1, .value = value};
        }
        *node++ = (struct feature_node){.index = (int)matrix->slot_count + 1, .value = 1};
        *node++ = (struct feature_node){.index = -1};
    }
}

/* Its two classes share one row of weights, for the label that it met first. */
static void take_weights(const struct model *model, size_t outputs, Member *member)
{
    size_t n = member->slots + 1;
    bool two = outputs == 2;
    int columns = model->nr_class == 2 ? 1 : model->nr_class;
    for (size_t k = 0; k < member->outputs; k++)
        member->weights[k * n + member->slots] = ABSENT;
    for (int c = 0; c < columns; c++) {
        size_t k = two ? 0 : (size_t)model->label[c];
        double sign = two && model->label[c] == 0 ? -1 : 1;
        for (size_t s = 0; s < n; s++)
            member->weights[k * n + s] = rounded(sign * model->w[s * (size_t)columns + (size_t)c]);
    }
    if (!two && model->nr_class == 2) /* Only two of the classes are there. */
        for (size_t s = 0; s < n; s++)
            member->weights[(size_t)model->label[1] * n + s] =
                -member->weights[(size_t)model->label[0] * n + s];
}

odd_rc liblinear_learn(Mem *mem, const Matrix *matrix, double cost, Member *ret, Problem *problem)
{
    Room room;
    bool two = matrix->outputs == 2;
    odd_rc rc = api_load(problem);
    if (rc != ODD_OK)
        return rc;
    if (!member_linear(mem, ret, two ? 1 : matrix->outputs, matrix->slot_count))
        return ODD_NOMEM;
    ret->link = two ? LINK_LOGISTIC : LINK_ONE_VS_REST;
    slots_standardise(matrix, ret->centres, ret->scales);
    if (!room_take(mem, matrix, &room)) {
        room_give(mem, &room);
        return ODD_NOMEM;
    }
    fill(matrix, ret, &room);
    struct problem rows = {.l = (int)matrix->rows,
                           .n = (int)matrix->slot_count + 1,
                           .y = room.labels,
                           .x = room.rows,
                           .bias = -1};
    struct parameter parameter = {
        .solver_type = L2R_LR, .eps = TOLERANCE, .C = cost / (double)matrix->rows};
    struct model *model = api.train(&rows, &parameter);
    if (model != NULL)
        take_weights(model, matrix->outputs, ret);
    api.destroy(&model);
    room_give(mem, &room);
    return ODD_OK;
}
