/* SPDX-License-Identifier: Apache-2.0 */
#include "event/json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/decimal.h"

/* What jansson takes for each sign of structure, at most, with what malloc adds; the text itself
 * is copied.  Signs inside of strings count too: the estimate errs on the safe side. */
#define OBJECT_BYTES 240
#define ARRAY_BYTES 144
#define MEMBER_BYTES 88
#define VALUE_BYTES 72

#define NODES_DEPTH_MAX JSON_PARSER_MAX_DEPTH

static uint64_t tree_bytes(Str text)
{
    uint64_t objects = 0, arrays = 0, members = 0, values = 0;
    for (size_t i = 0; i < text.size; i++) {
        objects += text.text[i] == '{';
        arrays += text.text[i] == '[';
        members += text.text[i] == ':';
        values += text.text[i] == ',';
    }
    return objects * OBJECT_BYTES + arrays * ARRAY_BYTES + members * (MEMBER_BYTES + VALUE_BYTES) +
           values * VALUE_BYTES + 2 * text.size;
}

/* jansson shows a piece of the text, which may hold anything. */
static void say_where(const json_error_t *error, char *problem)
{
    int size = snprintf(problem, JSON_PROBLEM_SIZE, "JSON cannot be read at byte %d (line %d): %s",
                        error->position, error->line, error->text);
    for (int i = 0; i < size && i < JSON_PROBLEM_SIZE - 1; i++)
        if (problem[i] < ' ' || problem[i] == 127)
            problem[i] = '?';
}

odd_rc json_read(Str text, JsonNode **ret_root, char problem[JSON_PROBLEM_SIZE])
{
    problem[0] = '\0';
    uint64_t needed = tree_bytes(text);
    if (needed > JSON_TREE_BYTES_MAX) {
        snprintf(problem, JSON_PROBLEM_SIZE,
                 "the JSON may need %llu MiB of memory, more than %u: send less at once",
                 (unsigned long long)(needed >> 20), JSON_TREE_BYTES_MAX >> 20);
        return ODD_FULL;
    }
    json_error_t error;
    json_t *root = json_loadb(text.size > 0 ? text.text : "", text.size,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (root == NULL) {
        say_where(&error, problem);
        return json_error_code(&error) == json_error_out_of_memory ? ODD_NOMEM : ODD_SYNTAX;
    }
    *ret_root = root;
    return ODD_OK;
}

void json_free(JsonNode *root)
{
    json_decref(root);
}

NodeKind json_kind(const JsonNode *node)
{
    if (node == NULL)
        return NODE_NONE;
    switch (json_typeof(node)) {
    case JSON_OBJECT: return NODE_OBJECT;
    case JSON_ARRAY: return NODE_ARRAY;
    case JSON_STRING: return NODE_STRING;
    case JSON_INTEGER: return NODE_INTEGER;
    case JSON_REAL: return NODE_REAL;
    case JSON_TRUE:
    case JSON_FALSE: return NODE_BOOL;
    case JSON_NULL: return NODE_NULL;
    }
    return NODE_NONE;
}

const JsonNode *json_member(const JsonNode *object, const char *name)
{
    return json_object_get(object, name);
}

/* jansson's iterators want to be able to change what they walk on; here nothing does. */
static json_t *unlocked(const JsonNode *node)
{
    return (json_t *)(uintptr_t)node;
}

JsonWalk json_walk(const JsonNode *around)
{
    return (JsonWalk){.around = around,
                      .member = json_is_object(around) ? json_object_iter(unlocked(around)) : NULL};
}

bool json_walk_next(JsonWalk *walk, Str *ret_name, const JsonNode **ret_node)
{
    if (json_is_array(walk->around)) {
        if (walk->item >= json_array_size(walk->around))
            return false;
        *ret_name = STR("");
        *ret_node = json_array_get(walk->around, walk->item++);
        return true;
    }
    if (walk->member == NULL)
        return false;
    *ret_name = str_of(json_object_iter_key(walk->member));
    *ret_node = json_object_iter_value(walk->member);
    walk->member = json_object_iter_next(unlocked(walk->around), walk->member);
    return true;
}

size_t json_count(const JsonNode *around)
{
    return json_is_array(around) ? json_array_size(around) : json_object_size(around);
}

bool json_as_str(const JsonNode *node, Str *ret)
{
    if (!json_is_string(node))
        return false;
    *ret = (Str){.text = json_string_value(node), .size = json_string_length(node)};
    return true;
}

bool json_as_bool(const JsonNode *node, bool *ret)
{
    if (!json_is_boolean(node))
        return false;
    *ret = json_is_true(node);
    return true;
}

/* The text of a string that may be a number; "": it is none.  strtod and the like take white space,
 * a plus and hexadecimals too, Protocol Buffers do not. */
static const char *number_text(const JsonNode *node)
{
    const char *text = json_is_string(node) ? json_string_value(node) : "";
    bool good = strspn(text, "-.0123456789eE+") == json_string_length(node) && text[0] != '+';
    return good ? text : "";
}

/* Whole reals below 2^53 are whole numbers too: 5.0, 1e3. */
static bool whole_real(const JsonNode *node, int64_t *ret)
{
    double real = json_is_real(node) ? json_real_value(node) : NAN;
    if (!(fabs(real) <= 9007199254740992.0) || floor(real) != real)
        return false;
    *ret = (int64_t)real;
    return true;
}

bool json_as_i64(const JsonNode *node, int64_t *ret)
{
    if (json_is_integer(node)) {
        *ret = json_integer_value(node);
        return true;
    }
    const char *text = number_text(node);
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0)
        return whole_real(node, ret);
    *ret = value;
    return true;
}

bool json_as_u64(const JsonNode *node, uint64_t *ret)
{
    int64_t small;
    if (json_as_i64(node, &small)) {
        if (small < 0)
            return false;
        *ret = (uint64_t)small;
        return true;
    }
    const char *text = number_text(node);
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || text[0] == '-')
        return false;
    *ret = value;
    return true;
}

bool json_as_real(const JsonNode *node, double *ret)
{
    if (json_is_number(node)) {
        *ret = json_number_value(node);
        return true;
    }
    Str text;
    if (!json_as_str(node, &text))
        return false;
    bool is_nan = str_equal(text, STR("NaN")), is_low = str_equal(text, STR("-Infinity"));
    if (is_nan || is_low || str_equal(text, STR("Infinity"))) {
        *ret = is_nan ? (double)NAN : is_low ? -(double)INFINITY : (double)INFINITY;
        return true;
    }
    double value;
    if (!decimal_read(str_of(number_text(node)), &value) || isinf(value))
        return false;
    *ret = value;
    return true;
}

static void put_scalar(JsonText *text, const JsonNode *node)
{
    switch (json_typeof(node)) {
    case JSON_STRING:
        json_put_string(text,
                        (Str){.text = json_string_value(node), .size = json_string_length(node)});
        break;
    case JSON_INTEGER: json_put_int(text, json_integer_value(node)); break;
    case JSON_REAL: json_put_real(text, json_real_value(node)); break;
    case JSON_TRUE: json_put_word(text, STR("true")); break;
    case JSON_FALSE: json_put_word(text, STR("false")); break;
    case JSON_NULL: json_put_word(text, STR("null")); break;
    case JSON_OBJECT:
    case JSON_ARRAY: break;
    }
}

/* A stack instead of recursion: a tree is as deep as its text wants. */
void json_put_node(JsonText *text, const JsonNode *node)
{
    JsonWalk stack[NODES_DEPTH_MAX];
    size_t depth = 0;
    for (;;) {
        bool is_object = json_is_object(node);
        if (is_object || json_is_array(node)) {
            json_put_open(text, is_object ? '{' : '[');
            stack[depth++] = json_walk(node);
        } else {
            put_scalar(text, node);
        }
        Str name;
        while (depth > 0 && !json_walk_next(&stack[depth - 1], &name, &node)) {
            json_put_close(text, json_is_object(stack[depth - 1].around) ? '}' : ']');
            depth--;
        }
        if (depth == 0)
            return;
        if (json_is_object(stack[depth - 1].around))
            json_put_name(text, STR(""), name);
    }
}
