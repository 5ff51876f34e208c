/* SPDX-License-Identifier: Apache-2.0 */
#include "http/json_tree.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#define READ_FLAGS (JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL)

/* A JsonTree is jansson's value under a name of ours. */
static const json_t *theirs(const JsonTree *value)
{
    return (const json_t *)value;
}

static const JsonTree *ours(const json_t *value)
{
    return (const JsonTree *)value;
}

/* jansson goes down with the text, one call a bracket: so deep texts do not reach it. */
static bool too_deep(const char *bytes, size_t size)
{
    bool   in_text = false;
    size_t depth = 0;
    for (size_t i = 0; i < size; i++) {
        char c = bytes[i];
        if (in_text && c == '\\')
            i++;
        else if (c == '"')
            in_text = !in_text;
        else if (!in_text && (c == '[' || c == '{'))
            depth++;
        else if (!in_text && (c == ']' || c == '}') && depth > 0)
            depth--;
        if (depth > JSON_DEPTH)
            return true;
    }
    return false;
}

JsonTree *json_tree_read(const char *bytes, size_t size, char *problem, size_t problem_size)
{
    json_error_t error;
    if (too_deep(bytes, size)) {
        snprintf(problem, problem_size, "the JSON is nested deeper than %d", JSON_DEPTH);
        return NULL;
    }
    json_t *root = json_loadb(bytes, size, READ_FLAGS, &error);
    if (root == NULL)
        snprintf(problem, problem_size, "this is not JSON: line %d, column %d: %s", error.line,
                 error.column, error.text);
    return (JsonTree *)root;
}

void json_tree_free(JsonTree *root)
{
    json_decref((json_t *)root);
}

JsonKind json_tree_kind(const JsonTree *value)
{
    if (value == NULL)
        return JSON_TREE_ABSENT;
    switch (json_typeof(theirs(value))) {
    case JSON_OBJECT: return JSON_TREE_OBJECT;
    case JSON_ARRAY: return JSON_TREE_ARRAY;
    case JSON_STRING: return JSON_TREE_TEXT;
    case JSON_INTEGER:
    case JSON_REAL: return JSON_TREE_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE: return JSON_TREE_BOOL;
    default: return JSON_TREE_NULL;
    }
}

const JsonTree *json_tree_member(const JsonTree *object, const char *name)
{
    return ours(json_object_get(theirs(object), name));
}

const JsonTree *json_tree_item(const JsonTree *array, size_t index)
{
    return ours(json_array_get(theirs(array), index));
}

size_t json_tree_count(const JsonTree *value)
{
    return json_is_array(theirs(value)) ? json_array_size(theirs(value))
                                        : json_object_size(theirs(value));
}

const char *json_tree_stranger(const JsonTree *object, const char *const *names, size_t count)
{
    const char *name;
    json_t     *value;
    json_object_foreach((json_t *)object, name, value)
    {
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known = known || strcmp(names[i], name) == 0;
        if (!known)
            return name;
    }
    return NULL;
}

bool json_tree_text(const JsonTree *value, const char **ret, size_t *ret_size)
{
    if (!json_is_string(theirs(value)))
        return false;
    *ret = json_string_value(theirs(value));
    if (ret_size != NULL)
        *ret_size = json_string_length(theirs(value));
    return true;
}

bool json_tree_real(const JsonTree *value, double *ret)
{
    if (!json_is_number(theirs(value)))
        return false;
    *ret = json_number_value(theirs(value));
    return true;
}

bool json_tree_integer(const JsonTree *value, int64_t *ret)
{
    if (!json_is_integer(theirs(value)))
        return false;
    *ret = json_integer_value(theirs(value));
    return true;
}

bool json_tree_bool(const JsonTree *value, bool *ret)
{
    if (!json_is_boolean(theirs(value)))
        return false;
    *ret = json_is_true(theirs(value));
    return true;
}

char *json_tree_write(const JsonTree *value)
{
    return value == NULL ? NULL : json_dumps(theirs(value), JSON_COMPACT | JSON_ENCODE_ANY);
}
