/* SPDX-License-Identifier: Apache-2.0 */
#include "event/prediction_attributes.h"

#include "event/json.h"
#include "event/prediction_build.h"

#define PREFIX "oddball."

bool prediction_attributes_are(Str attributes)
{
    static const char name[] = "\"" PREFIX "model\":";
    return attributes.size > 0 &&
           memmem(attributes.text, attributes.size, name, sizeof name - 1) != NULL;
}

static bool begins(Str name, const char *with, Str *ret_rest)
{
    size_t size = strlen(with);
    if (name.size <= size || memcmp(name.text, with, size) != 0)
        return false;
    *ret_rest = str_part(name, size, name.size);
    return true;
}

/* What a member of that name is; false: nothing of a row. */
static bool role_of(Str name, BatchRole *ret_role, Str *ret_name)
{
    static const struct {
        const char *name;
        BatchRole   role;
    } roles[] = {{PREFIX "id", BATCH_ID},
                 {PREFIX "prediction", BATCH_OUTPUT},
                 {PREFIX "probability", BATCH_PROBABILITY},
                 {PREFIX "outcome", BATCH_OUTCOME}};
    bool is_feature = begins(name, PREFIX "feature.", ret_name);
    *ret_role = is_feature ? BATCH_FEATURE : BATCH_SEGMENT;
    if (is_feature || begins(name, PREFIX "segment.", ret_name))
        return ret_name->size <= BATCH_NAME_BYTES_MAX;
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (!str_equal(name, str_of(roles[i].name)))
            continue;
        *ret_role = roles[i].role;
        *ret_name = str_part(name, sizeof PREFIX - 1, name.size);
        return true;
    }
    return false;
}

static bool put(PredictionBuild *build, BatchRole role, Str name, const JsonNode *node)
{
    Str text;
    double number;
    if (json_kind(node) == NODE_NUMBER && role == BATCH_ID)
        return build_text(build, role, name, (Str){.text = node->of.text, .size = node->size});
    if (json_kind(node) == NODE_NUMBER && json_as_real(node, &number))
        return build_number(build, role, name, number);
    if (json_kind(node) == NODE_BOOL)
        return build_text(build, role, name, node->yes ? STR("true") : STR("false"));
    if (json_kind(node) == NODE_STRING && role != BATCH_PROBABILITY && json_as_str(node, &text))
        return build_text(build, role, name, text);
    return true;
}

/* The member as a text that may name something; "": there is none. */
static Str name_at(const JsonNode *root, const char *name)
{
    const JsonNode *node = json_member(root, name);
    Str text;
    if (json_kind(node) == NODE_NUMBER)
        return (Str){.text = node->of.text, .size = node->size};
    return json_kind(node) == NODE_STRING && json_as_str(node, &text) ? text : STR("");
}

/* Which roles the attributes have, as bits. */
static uint32_t roles_in(const JsonNode *root)
{
    JsonWalk walk = json_walk(root);
    Str name, unused;
    const JsonNode *node;
    BatchRole role;
    uint32_t roles = 0;
    while (json_walk_next(&walk, &name, &node))
        if (role_of(name, &role, &unused) && json_kind(node) > NODE_NULL)
            roles |= 1u << role;
    return roles;
}

static bool put_row(PredictionBuild *build, const JsonNode *root, odd_time time)
{
    JsonWalk walk = json_walk(root);
    Str name, column;
    const JsonNode *node;
    BatchRole role;
    build_row(build);
    bool good = time == ODD_TIME_NONE || build_time(build, time);
    while (good && json_walk_next(&walk, &name, &node))
        good = !role_of(name, &role, &column) || put(build, role, column, node);
    return good;
}

static odd_rc take(const JsonNode *root, odd_time time, odd_events *events, odd_decoded *decoded)
{
    const uint32_t outcome = 1u << BATCH_ID | 1u << BATCH_OUTCOME;
    Str model = name_at(root, PREFIX "model"), version = name_at(root, PREFIX "version");
    uint32_t roles = roles_in(root);
    Mem mem = {0};
    PredictionBuild build;
    if (model.size == 0 || model.size > BATCH_NAME_BYTES_MAX ||
        version.size > BATCH_NAME_BYTES_MAX || memchr(model.text, '\0', model.size) != NULL ||
        (roles & ~(1u << BATCH_ID)) == 0 || roles == 1u << BATCH_OUTCOME) {
        decoded_refuse(decoded, 1,
                       "a record with " PREFIX "model has neither features, a prediction nor an "
                       "outcome with its id");
        return ODD_SYNTAX;
    }
    BatchWhat what = roles == outcome ? BATCH_OUTCOMES : BATCH_PREDICTIONS;
    build_begin(&build, &mem, what, model, version, false);
    bool good = put_row(&build, root, time) && build_write(&build, events);
    build_close(&build);
    decoded->accepted += good;
    return good ? ODD_OK : ODD_FULL;
}

odd_rc prediction_attributes(Str attributes, odd_time time, odd_events *events,
                             odd_decoded *decoded)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    odd_rc rc = json_read(attributes, &root, problem);
    if (rc == ODD_SYNTAX)
        decoded_refuse(decoded, 1, "attributes of a prediction: %s", problem);
    if (rc != ODD_OK)
        return rc;
    rc = take(root, time, events, decoded);
    json_free(root);
    return rc;
}
