/* SPDX-License-Identifier: Apache-2.0 */
#include "event/json.h"

#include <math.h>

#include "base/decimal.h"

#define WHOLE_REAL_MAX 9007199254740992.0 /* Up to 2^53 a double says which whole number it is. */

static bool is_container(const JsonNode *node)
{
    NodeKind kind = json_kind(node);
    return kind == NODE_OBJECT || kind == NODE_ARRAY;
}

/* What stands behind a node and all that is in it. */
static const JsonNode *behind(const JsonNode *node)
{
    return node + 1 + (is_container(node) ? node->size : 0);
}

static Str text_of(const JsonNode *node)
{
    return (Str){.text = node->of.text, .size = node->size};
}

JsonWalk json_walk(const JsonNode *around)
{
    bool is_filled = is_container(around) && around->of.count > 0;
    return (JsonWalk){.around = around, .next = is_filled ? around + 1 : NULL};
}

bool json_walk_next(JsonWalk *walk, Str *ret_name, const JsonNode **ret_node)
{
    const JsonNode *node = walk->next;
    if (node == NULL)
        return false;
    *ret_name = STR("");
    if (walk->around->kind == NODE_OBJECT)
        *ret_name = text_of(node++);
    *ret_node = node;
    walk->item++;
    walk->next = walk->item < walk->around->of.count ? behind(node) : NULL;
    return true;
}

size_t json_count(const JsonNode *around)
{
    return is_container(around) ? (size_t)around->of.count : 0;
}

const JsonNode *json_member(const JsonNode *object, const char *name)
{
    JsonWalk        walk = json_walk(object);
    Str             wanted = str_of(name), found;
    const JsonNode *node;
    while (json_kind(object) == NODE_OBJECT && json_walk_next(&walk, &found, &node))
        if (str_equal(found, wanted))
            return node;
    return NULL;
}

bool json_as_str(const JsonNode *node, Str *ret)
{
    if (json_kind(node) != NODE_STRING)
        return false;
    *ret = text_of(node);
    return true;
}

bool json_as_bool(const JsonNode *node, bool *ret)
{
    if (json_kind(node) != NODE_BOOL)
        return false;
    *ret = node->yes;
    return true;
}

static size_t digits_end(Str text, size_t at)
{
    while (at < text.size && text.text[at] >= '0' && text.text[at] <= '9')
        at++;
    return at;
}

size_t json_number_size(Str text)
{
    size_t from = text.size > 0 && text.text[0] == '-';
    size_t at = digits_end(text, from), end;
    if (at == from || (text.text[from] == '0' && at > from + 1))
        return 0;
    if (at < text.size && text.text[at] == '.') {
        end = digits_end(text, at + 1);
        if (end == at + 1)
            return 0;
        at = end;
    }
    if (at < text.size && (text.text[at] == 'e' || text.text[at] == 'E')) {
        size_t sign = at + 1 < text.size && (text.text[at + 1] == '+' || text.text[at + 1] == '-');
        end = digits_end(text, at + 1 + sign);
        if (end == at + 1 + sign)
            return 0;
        at = end;
    }
    return at;
}

/* The text of a number, or of a string that is one; empty: it is none. */
static Str number_text(const JsonNode *node)
{
    NodeKind kind = json_kind(node);
    if (kind != NODE_NUMBER && kind != NODE_STRING)
        return STR("");
    Str text = text_of(node);
    return kind == NODE_NUMBER || json_number_size(text) == text.size ? text : STR("");
}

/* Below 0 and how far from it; false: that is no whole number, or has more than 64 bits. */
static bool whole_number(Str text, bool *ret_below, uint64_t *ret_distance)
{
    size_t   at = text.size > 0 && text.text[0] == '-';
    uint64_t distance = 0;
    *ret_below = at > 0;
    if (at == text.size)
        return false;
    for (; at < text.size && text.text[at] >= '0' && text.text[at] <= '9'; at++)
        if (__builtin_mul_overflow(distance, 10, &distance) ||
            __builtin_add_overflow(distance, (uint64_t)(text.text[at] - '0'), &distance))
            return false;
    double real;
    if (at < text.size) { /* 5.0 or 1e3. */
        if (!decimal_read(text, &real) || !(fabs(real) <= WHOLE_REAL_MAX) || floor(real) != real)
            return false;
        distance = (uint64_t)fabs(real);
    }
    *ret_distance = distance;
    return true;
}

bool json_as_i64(const JsonNode *node, int64_t *ret)
{
    bool     is_below;
    uint64_t distance;
    if (!whole_number(number_text(node), &is_below, &distance) ||
        distance > (uint64_t)INT64_MAX + is_below)
        return false;
    *ret = is_below ? (int64_t)(0 - distance) : (int64_t)distance;
    return true;
}

bool json_as_u64(const JsonNode *node, uint64_t *ret)
{
    bool     is_below;
    uint64_t distance;
    if (!whole_number(number_text(node), &is_below, &distance) || (is_below && distance > 0))
        return false;
    *ret = distance;
    return true;
}

bool json_as_real(const JsonNode *node, double *ret)
{
    Str    text;
    double value;
    if (decimal_read(number_text(node), &value) && !isinf(value)) {
        *ret = value;
        return true;
    }
    if (!json_as_str(node, &text))
        return false;
    bool is_nan = str_equal(text, STR("NaN")), is_low = str_equal(text, STR("-Infinity"));
    if (!is_nan && !is_low && !str_equal(text, STR("Infinity")))
        return false;
    *ret = is_nan ? (double)NAN : is_low ? -(double)INFINITY : (double)INFINITY;
    return true;
}

static void put_scalar(JsonText *text, const JsonNode *node)
{
    switch (json_kind(node)) {
    case NODE_STRING: json_put_string(text, text_of(node)); break;
    case NODE_NUMBER: json_put_word(text, text_of(node)); break;
    case NODE_BOOL: json_put_word(text, node->yes ? STR("true") : STR("false")); break;
    default: json_put_word(text, STR("null"));
    }
}

/* A stack instead of recursion: a tree is as deep as its text wants. */
void json_put_node(JsonText *text, const JsonNode *node)
{
    JsonWalk stack[JSON_NESTING_MAX];
    size_t   depth = 0;
    do {
        if (is_container(node)) {
            json_put_open(text, node->kind == NODE_OBJECT ? '{' : '[');
            stack[depth++] = json_walk(node);
        } else {
            put_scalar(text, node);
        }
        Str name;
        while (depth > 0 && !json_walk_next(&stack[depth - 1], &name, &node))
            json_put_close(text, stack[--depth].around->kind == NODE_OBJECT ? '}' : ']');
        if (depth > 0 && stack[depth - 1].around->kind == NODE_OBJECT)
            json_put_name(text, STR(""), name);
    } while (depth > 0);
}
