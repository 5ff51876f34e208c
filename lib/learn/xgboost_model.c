/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/xgboost_model.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/decimal.h"
#include "base/real.h"
#include "event/json.h"
#include "learn/ubj.h"

#define NONE (-1)

/* -- one tree --------------------------------------------------------------------------------- */

typedef struct { /* A node as it stands in the file. */
    int64_t left, right, slot;
    double  value;
    bool    missing_left;
} RawNode;

typedef struct {
    Mem     *mem;
    RawNode *nodes;
    size_t   count, capacity;
    int64_t *stack; /* (2 count): a node, and where its number is to be written. */
    size_t   stack_capacity;
    Problem *problem;
} TreeRoom;

static odd_rc refuse(const TreeRoom *room, size_t tree, const char *why)
{
    return problem_say(room->problem, ODD_SYNTAX, "tree %zu %s", tree, why);
}

static bool real_of(const JsonNode *node, double *ret)
{
    bool yes;
    if (json_as_bool(node, &yes)) {
        *ret = yes;
        return true;
    }
    return json_as_real(node, ret);
}

/* One array of a tree into the nodes; false: another length, or no numbers. */
static bool take_column(const JsonNode *tree, const char *name, TreeRoom *room, int column)
{
    const JsonNode *array = json_member(tree, name), *item;
    Str unused;
    size_t i = 0;
    if (json_kind(array) != NODE_ARRAY || json_count(array) != room->count)
        return false;
    for (JsonWalk walk = json_walk(array); json_walk_next(&walk, &unused, &item); i++) {
        double value;
        RawNode *node = &room->nodes[i];
        if (!real_of(item, &value))
            return false;
        if (column == 3) {
            node->value = value;
            continue;
        }
        if (!(fabs(value) < 9e15))
            return false;
        int64_t whole = (int64_t)value;
        if (column == 0)
            node->left = whole;
        else if (column == 1)
            node->right = whole;
        else if (column == 2)
            node->slot = whole;
        else
            node->missing_left = whole != 0;
    }
    return true;
}

static odd_rc take_nodes(const JsonNode *tree, size_t number, TreeRoom *room)
{
    static const char *const names[] = {"left_children", "right_children", "split_indices",
                                        "split_conditions", "default_left"};
    const JsonNode *left = json_member(tree, names[0]);
    size_t count = json_count(left);
    if (json_kind(left) != NODE_ARRAY || count == 0 || count > FOREST_NODES_MAX)
        return refuse(room, number, "has no nodes");
    const JsonNode *categories = json_member(tree, "categories_nodes");
    if (json_count(categories) > 0)
        return refuse(room, number, "splits by category, which is not served here");
    RawNode *nodes = mem_grow(room->mem, room->nodes, &room->capacity, count, sizeof *room->nodes);
    if (nodes == NULL)
        return ODD_NOMEM;
    room->nodes = nodes;
    int64_t *stack =
        mem_grow(room->mem, room->stack, &room->stack_capacity, 2 * count + 2, sizeof *stack);
    if (stack == NULL)
        return ODD_NOMEM;
    room->stack = stack;
    room->count = count;
    for (int column = 0; column < 5; column++)
        if (!take_column(tree, names[column], room, column)) {
            char why[96];
            snprintf(why, sizeof why, "has an array %s that does not fit the others",
                     names[column]);
            return refuse(room, number, why);
        }
    return ODD_OK;
}

static bool is_leaf(const RawNode *node)
{
    return node->left == NONE;
}

static bool node_fits(const TreeRoom *room, const RawNode *node)
{
    int64_t count = (int64_t)room->count;
    if (is_leaf(node))
        return isfinite(node->value);
    return node->left > 0 && node->left < count && node->right > 0 && node->right < count &&
           node->slot >= 0 && node->slot < FOREST_SLOTS_MAX && !isnan(node->value);
}

/* Renumbered from the root, parents first; what cannot be reached is left behind.  A node that is
 * reached twice (a cycle, or two parents) has its slot marked. */
static odd_rc walk_nodes(TreeRoom *room, size_t number, Forest *forest)
{
    size_t top = 0, first = forest->node_count;
    assert(room->stack != NULL);
    room->stack[top++] = 0;
    room->stack[top++] = NONE;
    while (top > 0) {
        int64_t from = room->stack[--top];
        RawNode *raw = &room->nodes[room->stack[--top]];
        if (raw->slot == INT64_MIN)
            return refuse(room, number, "comes to a node twice: its nodes make no tree");
        if (!node_fits(room, raw))
            return refuse(room, number, "leads outside of itself, or is no number");
        ForestNode node = {.left = NONE, .right = NONE, .value = (float)raw->value};
        if (!is_leaf(raw)) {
            node.left = 0;
            node.slot = (uint32_t)raw->slot | (raw->missing_left ? FOREST_MISSING_LEFT : 0);
        }
        uint32_t own = forest_add_node(forest, node);
        if (own == FOREST_NODES_MAX)
            return ODD_NOMEM;
        if (from >= 0) /* The lowest bit says which child of its parent it is. */
            *(from & 1 ? &forest->nodes[from >> 1].right : &forest->nodes[from >> 1].left) =
                (int32_t)own;
        raw->slot = INT64_MIN;
        if (is_leaf(raw))
            continue;
        room->stack[top++] = raw->right;
        room->stack[top++] = (int64_t)own << 1 | 1;
        room->stack[top++] = raw->left;
        room->stack[top++] = (int64_t)own << 1;
    }
    return first < forest->node_count ? ODD_OK : refuse(room, number, "has no nodes");
}

/* -- all trees -------------------------------------------------------------------------------- */

static odd_rc read_trees(const JsonNode *model, Forest *forest, Problem *problem)
{
    const JsonNode *trees = json_member(model, "trees"), *info = json_member(model, "tree_info");
    const JsonNode *tree;
    Str unused;
    TreeRoom room = {.mem = forest->mem, .problem = problem};
    size_t number = 0;
    odd_rc rc = ODD_OK;
    if (json_kind(trees) != NODE_ARRAY || json_count(trees) != json_count(info))
        return problem_say(problem, ODD_SYNTAX, "it has no trees, or not as many as it says");
    JsonWalk outputs = json_walk(info);
    for (JsonWalk walk = json_walk(trees); rc == ODD_OK && json_walk_next(&walk, &unused, &tree);
         number++) {
        const JsonNode *item = NULL;
        int64_t output = 0;
        uint32_t root = (uint32_t)forest->node_count;
        bool known = json_walk_next(&outputs, &unused, &item) && json_as_i64(item, &output);
        if (!known || output < 0 || output >= (int64_t)forest->outputs)
            rc = problem_say(problem, ODD_SYNTAX, "tree %zu is for no class of it", number);
        if (rc == ODD_OK)
            rc = take_nodes(tree, number, &room);
        if (rc == ODD_OK)
            rc = walk_nodes(&room, number, forest);
        if (rc == ODD_OK && !forest_add_tree(forest, root, (uint32_t)output))
            rc = ODD_NOMEM;
    }
    mem_free(room.mem, room.nodes, room.capacity * sizeof *room.nodes);
    mem_free(room.mem, room.stack, room.stack_capacity * sizeof *room.stack);
    return rc;
}

/* JSON and UBJSON both begin with a brace; behind it JSON has a quote or a blank. */
static bool is_json(Str bytes)
{
    for (size_t i = 1; i < bytes.size; i++)
        if (strchr(" \t\r\n", bytes.text[i]) == NULL || bytes.text[i] == '\0')
            return bytes.text[i] == '"' || bytes.text[i] == '}';
    return true;
}

static odd_rc read_tree_of(Mem *mem, Str bytes, JsonText *made, JsonNode **ret, Problem *problem)
{
    char why[JSON_PROBLEM_SIZE];
    made->mem = mem;
    if (bytes.size > XGBOOST_BYTES_MAX)
        return problem_say(problem, ODD_FULL, "it has more than %u bytes", XGBOOST_BYTES_MAX);
    if (bytes.size == 0 || bytes.text[0] != '{')
        return problem_say(problem, ODD_SYNTAX,
                           "it is no model of XGBoost in JSON or UBJSON; save_model('m.json') "
                           "writes one");
    if (!is_json(bytes)) {
        odd_rc rc = ubj_to_json(bytes, made, problem);
        if (rc != ODD_OK)
            return rc;
        bytes = json_text_str(made);
    }
    odd_rc rc = json_read(bytes, ret, why);
    return rc == ODD_OK ? rc : problem_say(problem, ODD_SYNTAX, "its JSON cannot be read: %s", why);
}

static const JsonNode *find_model(const JsonNode *root, Problem *problem)
{
    const JsonNode *booster = json_member(json_member(root, "learner"), "gradient_booster");
    Str name = STR("");
    json_as_str(json_member(booster, "name"), &name);
    if (!str_equal(name, STR("gbtree"))) {
        problem_say(problem, ODD_SYNTAX, "its booster is '%.*s', and only gbtree is served",
                    (int)(name.size < 40 ? name.size : 40), name.text);
        return NULL;
    }
    return json_member(booster, "model");
}

odd_rc xgboost_trees_read(Str bytes, Forest *forest, Problem *problem)
{
    JsonText made = {0};
    JsonNode *root = NULL;
    odd_rc rc = read_tree_of(forest->mem, bytes, &made, &root, problem);
    const JsonNode *model = rc == ODD_OK ? find_model(root, problem) : NULL;
    if (rc == ODD_OK)
        rc = model != NULL ? read_trees(model, forest, problem) : ODD_SYNTAX;
    json_free(root);
    json_text_free(&made);
    return rc;
}

/* -- a whole model ---------------------------------------------------------------------------- */

typedef struct {
    const char   *name;
    PredictorTask task;
    Link          link;
} Objective;

static const Objective objectives[] = {
    {"binary:logistic", TASK_CLASSES, LINK_LOGISTIC}, {"reg:squarederror", TASK_NUMBER, LINK_NONE},
    {"multi:softprob", TASK_CLASSES, LINK_SOFTMAX},   {"multi:softmax", TASK_CLASSES, LINK_SOFTMAX},
    {"reg:logistic", TASK_NUMBER, LINK_LOGISTIC},     {"reg:absoluteerror", TASK_NUMBER, LINK_NONE},
    {"reg:pseudohubererror", TASK_NUMBER, LINK_NONE}, {"binary:logitraw", TASK_NUMBER, LINK_NONE},
    {"count:poisson", TASK_NUMBER, LINK_EXP},         {"reg:gamma", TASK_NUMBER, LINK_EXP},
    {"reg:tweedie", TASK_NUMBER, LINK_EXP},           {"rank:pairwise", TASK_NUMBER, LINK_NONE},
    {"rank:ndcg", TASK_NUMBER, LINK_NONE},            {"rank:map", TASK_NUMBER, LINK_NONE},
};

static const Objective *find_objective(const JsonNode *learner, Problem *problem)
{
    Str name = STR("");
    json_as_str(json_member(json_member(learner, "objective"), "name"), &name);
    for (size_t i = 0; i < sizeof objectives / sizeof objectives[0]; i++)
        if (str_equal(name, str_of(objectives[i].name)))
            return &objectives[i];
    problem_say(problem, ODD_SYNTAX, "its objective '%.*s' is not served here",
                (int)(name.size < 60 ? name.size : 60), name.text);
    return NULL;
}

/* Parameters are texts; XGBoost 3 writes base_score as a list of one. */
static bool parameter(const JsonNode *learner, const char *name, double *ret)
{
    const JsonNode *node = json_member(json_member(learner, "learner_model_param"), name);
    Str text;
    if (!json_as_str(node, &text))
        return json_as_real(node, ret);
    if (text.size > 1 && text.text[0] == '[' && text.text[text.size - 1] == ']')
        text = str_part(text, 1, text.size - 1);
    return decimal_read(text, ret);
}

static odd_rc read_features(const JsonNode *learner, Predictor *predictor, Problem *problem)
{
    double count = 0;
    const JsonNode *names = json_member(learner, "feature_names"), *node;
    Encoder *encoder = &predictor->encoder;
    if (!parameter(learner, "num_feature", &count) || !(count >= 1 && count <= FRAME_COLUMNS_MAX))
        return problem_say(problem, ODD_SYNTAX,
                           "it does not say how many features it has, or has "
                           "more than %d",
                           FRAME_COLUMNS_MAX);
    size_t n = (size_t)count;
    encoder->columns =
        mem_grow(encoder->mem, NULL, &encoder->column_capacity, n, sizeof *encoder->columns);
    encoder->slots = mem_grow(encoder->mem, NULL, &encoder->slot_capacity, n, sizeof(Slot));
    if (encoder->columns == NULL || encoder->slots == NULL)
        return ODD_NOMEM;
    encoder->names = (Names){.mem = encoder->mem};
    encoder->slot_count = n;
    for (size_t c = 0; c < encoder->column_capacity; c++)
        encoder->columns[c].texts = (Names){.mem = encoder->mem};
    JsonWalk walk = json_walk(names);
    for (uint32_t c = 0; c < n; c++) {
        char plain[24];
        Str unused, name;
        bool is_new = false;
        snprintf(plain, sizeof plain, "f%u", c);
        if (!json_walk_next(&walk, &unused, &node) || !json_as_str(node, &name))
            name = str_of(plain);
        if (names_add(&encoder->names, name, &is_new) != c || !is_new)
            return problem_say(problem, ODD_SYNTAX, "it has a feature twice");
        encoder->columns[c].kind = FRAME_NUMBER;
        encoder->slots[c] = (Slot){.column = c, .kind = SLOT_NUMBER};
    }
    return ODD_OK;
}

static odd_rc read_classes(const JsonNode *learner, const Objective *objective,
                           Predictor *predictor, Problem *problem)
{
    double count = 0;
    bool good = predictor_word(&predictor->words, WORD_TARGET, STR("prediction"));
    if (objective->task != TASK_CLASSES)
        return good ? ODD_OK : ODD_NOMEM;
    bool several = objective->link == LINK_SOFTMAX;
    if (several && (!parameter(learner, "num_class", &count) ||
                    !(count >= 2 && count <= PREDICTOR_CLASSES_MAX)))
        return problem_say(problem, ODD_SYNTAX, "it has no classes, or more than %d",
                           PREDICTOR_CLASSES_MAX);
    for (size_t k = 0; good && k < (several ? (size_t)count : 2); k++) {
        char text[24];
        snprintf(text, sizeof text, "%zu", k);
        good = predictor_word(&predictor->words, WORD_CLASS, str_of(text));
    }
    return good ? ODD_OK : ODD_NOMEM;
}

static odd_rc read_base(const JsonNode *learner, const Objective *objective, Forest *forest,
                        Problem *problem)
{
    double base = 0.5;
    bool good = parameter(learner, "base_score", &base) && isfinite(base);
    if (good && objective->link == LINK_LOGISTIC) {
        good = base > 0 && base < 1;
        base = good ? -real_log(1 / base - 1) : 0;
    } else if (good && objective->link == LINK_EXP) {
        good = base > 0;
        base = good ? real_log(base) : 0;
    }
    forest->base = (float)base;
    if (!good || !isfinite(forest->base))
        return problem_say(problem, ODD_SYNTAX,
                           "its base_score is no number that its objective "
                           "could begin with");
    return ODD_OK;
}

static odd_rc read_model(const JsonNode *root, Predictor *predictor, Problem *problem)
{
    const JsonNode *learner = json_member(root, "learner"), *model = find_model(root, problem);
    const Objective *objective = model != NULL ? find_objective(learner, problem) : NULL;
    Member *member = &predictor->members[0];
    if (objective == NULL)
        return ODD_SYNTAX;
    predictor->task = (uint8_t)objective->task;
    odd_rc rc = read_features(learner, predictor, problem);
    if (rc == ODD_OK)
        rc = read_classes(learner, objective, predictor, problem);
    if (rc != ODD_OK)
        return rc;
    member->kind = MEMBER_FOREST;
    member->link = (uint8_t)objective->link;
    member->weight = 1;
    member->forest.outputs =
        objective->link == LINK_SOFTMAX ? (uint32_t)predictor_outputs(predictor) : 1;
    predictor->member_count = 1;
    rc = read_base(learner, objective, &member->forest, problem);
    if (rc == ODD_OK)
        rc = read_trees(model, &member->forest, problem);
    if (rc == ODD_OK && !forest_is_sound(&member->forest, predictor->encoder.slot_count))
        rc = problem_say(problem, ODD_SYNTAX, "a tree asks for a feature that it does not have");
    return rc;
}

odd_rc xgboost_model_read(Str bytes, Predictor *predictor, Problem *problem)
{
    JsonText made = {0};
    JsonNode *root = NULL;
    odd_rc rc = read_tree_of(predictor->mem, bytes, &made, &root, problem);
    if (rc == ODD_OK)
        rc = read_model(root, predictor, problem);
    json_free(root);
    json_text_free(&made);
    return rc;
}
