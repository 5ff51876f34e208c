/* SPDX-License-Identifier: Apache-2.0
 *
 * definition_set.c - definitions that belong together: names, inputs, cycles, retention. */
#include <stdarg.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/time.h"
#include "feature/definition.h"
#include "feature/near.h"

typedef struct {
    FeatureSet *set;
    FeatureTell tell;
    void       *context;
    bool        is_wrong;
} Checking;

static void tell(Checking *c, size_t number, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void tell(Checking *c, size_t number, const char *format, ...)
{
    char sentence[FEATURE_PROBLEM_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    c->is_wrong = true;
    if (c->tell != NULL)
        c->tell(c->context, number, number < c->set->count ? c->set->features[number].name : "",
                sentence);
}

size_t feature_set_find(const FeatureSet *set, Str name)
{
    for (size_t i = 0; i < set->count; i++)
        if (str_equal(str_of(set->features[i].name), name))
            return i;
    return SIZE_MAX;
}

Str feature_set_near(const FeatureSet *set, Str name)
{
    Near near = near_to(name);
    for (size_t i = 0; i < set->count; i++)
        near_try(&near, str_of(set->features[i].name));
    return near.best;
}

static void check_names(Checking *c)
{
    for (size_t i = 1; i < c->set->count; i++)
        if (feature_set_find(c->set, str_of(c->set->features[i].name)) < i)
            tell(c, i, "there are two features of this name");
}

static void find_input(Checking *c, size_t number, size_t which)
{
    Feature *feature = &c->set->features[number];
    Str name = str_of(feature->input_names[which]);
    feature->inputs[which] = feature_set_find(c->set, name);
    if (feature->inputs[which] != SIZE_MAX)
        return;
    Str near = feature_set_near(c->set, name);
    if (near.size > 0)
        tell(c, number, "there is no feature %s; did you mean %.*s?", name.text, (int)near.size,
             near.text);
    else
        tell(c, number, "there is no feature %s", name.text);
}

static void check_inputs(Checking *c)
{
    for (size_t i = 0; i < c->set->count; i++)
        if (c->set->features[i].from == FROM_FEATURES) {
            find_input(c, i, 0);
            find_input(c, i, 1);
        }
}

static bool is_settled(const bool *settled, size_t number)
{
    return number == SIZE_MAX || settled[number];
}

/* Of features of features that have both inputs. */
static void check_depth(Checking *c, size_t number, int depth[FEATURES_MAX])
{
    Feature *f = &c->set->features[number];
    if (f->from != FROM_FEATURES || f->inputs[0] == SIZE_MAX || f->inputs[1] == SIZE_MAX)
        return;
    const Feature *left = &c->set->features[f->inputs[0]], *right = &c->set->features[f->inputs[1]];
    int a = depth[f->inputs[0]], b = depth[f->inputs[1]];
    depth[number] = (a > b ? a : b) + 1;
    if (strcmp(left->entity, right->entity) != 0)
        tell(c, number, "%s is of each \"%s\" and %s of each \"%s\"; both must be of the same",
             left->name, left->entity, right->name, right->entity);
    memcpy(f->entity, left->entity, sizeof f->entity);
    if (depth[number] == FEATURE_DEPTH_MAX + 1)
        tell(c, number, "it is a feature of features of features ..., more than %d deep",
             FEATURE_DEPTH_MAX);
}

/* Those are settled whose inputs all are; what never is lies on a cycle, or behind one. */
static void check_cycles(Checking *c)
{
    bool settled[FEATURES_MAX] = {false};
    int depth[FEATURES_MAX] = {0};
    FeatureSet *set = c->set;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < set->count; i++) {
            const Feature *f = &set->features[i];
            bool is_made = f->from == FROM_FEATURES;
            if (settled[i] || (is_made && (!is_settled(settled, f->inputs[0]) ||
                                           !is_settled(settled, f->inputs[1]))))
                continue;
            check_depth(c, i, depth);
            more = settled[i] = true;
        }
    }
    for (size_t i = 0; i < set->count; i++)
        if (!settled[i])
            tell(c, i, "it is made of itself: %s is its input", set->features[i].input_names[0]);
}

/* The version of a feature of features is one of those that it is made of, too.  Inputs may stand
 * behind it, so that it takes as many rounds as they are deep. */
static void version_inputs(FeatureSet *set)
{
    uint64_t own[FEATURES_MAX], all[FEATURES_MAX];
    for (size_t i = 0; i < set->count; i++)
        own[i] = all[i] = hash_bytes(set->features[i].version, FEATURE_VERSION_SIZE - 1, 0);
    for (size_t round = 0; round < set->count; round++)
        for (size_t i = 0; i < set->count; i++)
            if (set->features[i].from == FROM_FEATURES)
                all[i] = hash_add(hash_add(own[i], all[set->features[i].inputs[0]]),
                                  all[set->features[i].inputs[1]]);
    for (size_t i = 0; i < set->count; i++)
        if (set->features[i].from == FROM_FEATURES)
            snprintf(set->features[i].version, FEATURE_VERSION_SIZE, "%016llx",
                     (unsigned long long)all[i]);
}

static void check_retention(Checking *c, int64_t retention_ns)
{
    for (size_t i = 0; i < c->set->count; i++) {
        const Feature *f = &c->set->features[i];
        int64_t reach = feature_reach_ns(f);
        if (retention_ns > 0 && reach != INT64_MAX && reach > retention_ns)
            tell(c, i,
                 "its window reaches %.6g days back, and the lake keeps %.6g; choose a "
                 "shorter one, or a longer retention",
                 (double)reach / (double)(S_PER_DAY * NS_PER_S),
                 (double)retention_ns / (double)(S_PER_DAY * NS_PER_S));
    }
}

static void check_entities(Checking *c)
{
    size_t different = 0;
    for (size_t i = 0; i < c->set->count; i++) {
        bool is_new = true;
        for (size_t k = 0; is_new && k < i; k++)
            is_new = strcmp(c->set->features[i].entity, c->set->features[k].entity) != 0;
        different += is_new;
    }
    if (different > FEATURE_ENTITIES_MAX)
        tell(c, SIZE_MAX, "the features are of more than %d kinds of entities",
             FEATURE_ENTITIES_MAX);
}

/* A feature that cannot be read is there all the same, so that others that name it find it. */
static bool add_feature(Checking *c, const JsonNode *node)
{
    FeatureSet *set = c->set;
    Feature *grown =
        mem_grow(&set->mem, set->features, &set->capacity, set->count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    set->features = grown;
    char problem[FEATURE_PROBLEM_SIZE];
    Feature *feature = &grown[set->count++];
    Str name;
    if (!feature_read(node, feature, problem)) {
        memset(feature, 0, sizeof *feature);
        if (json_as_str(json_member(node, "name"), &name) && name.size < FEATURE_NAME_SIZE &&
            memchr(name.text, '\0', name.size) == NULL)
            memcpy(feature->name, name.text, name.size);
        tell(c, set->count - 1, "%s", problem);
        return true;
    }
    feature_write(node, false, &set->text);
    return !set->text.failed;
}

static odd_rc read_all(Checking *c, const JsonNode *root)
{
    const JsonNode *list = json_member(root, "features"), *node;
    JsonWalk walk = json_walk(list);
    Str name;
    FeatureSet *set = c->set;
    if (json_kind(root) != NODE_OBJECT || json_kind(list) != NODE_ARRAY || json_count(root) != 1)
        tell(c, SIZE_MAX, "this is no list of features: a map with the one member features");
    json_put_open(&set->text, '{');
    json_put_name(&set->text, STR("features"), STR(""));
    json_put_open(&set->text, '[');
    while (!(c->is_wrong && set->count == 0 && json_kind(list) != NODE_ARRAY) &&
           json_walk_next(&walk, &name, &node)) {
        if (set->count == FEATURES_MAX) {
            tell(c, SIZE_MAX, "there are more than %d features", FEATURES_MAX);
            break;
        }
        if (!add_feature(c, node))
            return ODD_NOMEM;
    }
    json_put_close(&set->text, ']');
    json_put_close(&set->text, '}');
    return set->text.failed ? ODD_NOMEM : ODD_OK;
}

void feature_set_close(FeatureSet *set)
{
    mem_free(&set->mem, set->features, set->capacity * sizeof *set->features);
    json_text_free(&set->text);
    *set = (FeatureSet){0};
}

odd_rc feature_set_read(FeatureSet *set, Str json, int64_t retention_ns, FeatureTell told,
                        void *context)
{
    *set = (FeatureSet){0};
    set->text.mem = &set->mem;
    Checking c = {.set = set, .tell = told, .context = context};
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    odd_rc rc = json_read(json, &root, problem);
    if (rc == ODD_SYNTAX)
        tell(&c, SIZE_MAX, "%s", problem);
    if (rc != ODD_OK)
        return rc;
    rc = read_all(&c, root);
    json_free(root);
    if (rc == ODD_OK) {
        check_names(&c);
        check_inputs(&c);
        check_cycles(&c);
        check_retention(&c, retention_ns);
        check_entities(&c);
        if (!c.is_wrong)
            version_inputs(set);
    }
    if (rc == ODD_OK && c.is_wrong)
        rc = ODD_SYNTAX;
    if (rc == ODD_OK && set->count > 0)
        set->id = hash_bytes(set->text.text, set->text.size, 0) | 1;
    if (rc != ODD_OK)
        feature_set_close(set);
    return rc;
}
