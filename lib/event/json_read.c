/* SPDX-License-Identifier: Apache-2.0
 *
 * json_read.c - the bytes of a JSON text become the nodes of a tree.
 *
 * A container that is open has the place of the one around it in its count, so that nesting needs
 * no stack; the nodes in it are counted when it closes. */
#include <stdio.h>
#include <stdlib.h>

#include "event/escape.h"
#include "event/json.h"
#include "event/json_plain.h"
#include "event/utf8.h"

#define NODES_MAX (JSON_TREE_BYTES_MAX / sizeof(JsonNode))
#define TEXT_BYTES_MAX ((size_t)UINT32_MAX)
#define NO_CONTAINER UINT32_MAX
#define FEW_MEMBERS 16 /* Up to here names are compared each with each. */

/* The first nodes are none: they know what there is to free. */
typedef struct {
    char  *texts; /* Those that had escapes, one behind the other. */
    size_t node_capacity, text_capacity;
} Head;
#define HEAD_NODES 2
_Static_assert(sizeof(Head) <= HEAD_NODES * sizeof(JsonNode), "a head has its place");

typedef struct {
    Str         text;
    size_t      at;
    Mem         mem;
    JsonNode   *nodes;
    size_t      node_count, node_capacity;
    char       *texts;
    size_t      text_size;
    uint32_t    open; /* The innermost open container. */
    size_t      depth;
    odd_rc      rc;
    const char *problem;
    size_t      problem_at;
} Reading;

static bool fail(Reading *r, size_t at, const char *problem)
{
    r->rc = ODD_SYNTAX;
    r->problem = problem;
    r->problem_at = at;
    return false;
}

static JsonNode *add_node(Reading *r, NodeKind kind)
{
    JsonNode *grown = r->node_count == NODES_MAX ? NULL
                                                 : mem_grow(&r->mem, r->nodes, &r->node_capacity,
                                                            r->node_count + 1, sizeof *r->nodes);
    if (grown == NULL) {
        r->rc = ODD_FULL;
        r->problem = "its tree needs more memory than there is for one: send less at once";
        r->problem_at = r->at;
        return NULL;
    }
    r->nodes = grown;
    JsonNode *node = &grown[r->node_count++];
    node->kind = (uint8_t)kind;
    return node;
}

static void skip_space(Reading *r)
{
    while (r->at < r->text.size && (r->text.text[r->at] == ' ' || r->text.text[r->at] == '\n' ||
                                    r->text.text[r->at] == '\r' || r->text.text[r->at] == '\t'))
        r->at++;
}

/* The next byte that is no space; -1: the end. */
static int next_sign(Reading *r)
{
    skip_space(r);
    return r->at < r->text.size ? (unsigned char)r->text.text[r->at] : -1;
}

static long hex4(Str text, size_t at)
{
    char digits[5] = "", *end;
    if (at + 4 > text.size)
        return -1;
    memcpy(digits, text.text + at, 4);
    bool is_hex = strspn(digits, "0123456789abcdefABCDEF") == 4;
    return is_hex ? strtol(digits, &end, 16) : -1;
}

/* The bytes of the escape at `at`; 0: it is none. */
static size_t escape_size(Reading *r, size_t at)
{
    Str text = r->text;
    if (at + 1 < text.size && text.text[at + 1] != '\0' &&
        strchr("\"\\/bfnrt", text.text[at + 1]) != NULL)
        return 2;
    long unit = at + 1 < text.size && text.text[at + 1] == 'u' ? hex4(text, at + 2) : -1;
    if (unit < 0) {
        fail(r, at, "an escape that is none");
        return 0;
    }
    if (unit < 0xd800 || unit > 0xdfff)
        return 6;
    bool has_low = unit < 0xdc00 && at + 8 < text.size && text.text[at + 6] == '\\' &&
                   text.text[at + 7] == 'u';
    long low = has_low ? hex4(text, at + 8) : -1;
    if (low < 0xdc00 || low > 0xdfff) {
        fail(r, at, "half of a surrogate pair");
        return 0;
    }
    return 12;
}

/* Where the string ends whose first byte is at `from`: its closing quote. */
static bool string_end(Reading *r, size_t from, size_t *ret_end, bool *ret_has_escapes)
{
    Str    text = r->text;
    size_t at = from;
    *ret_has_escapes = false;
    for (;;) {
        at = json_plain_end(text.text, at, text.size);
        if (at == text.size)
            return fail(r, from - 1, "a string that does not end");
        unsigned char byte = (unsigned char)text.text[at];
        size_t        size = 0;
        if (byte == '"')
            break;
        if (byte == '\\') {
            *ret_has_escapes = true;
            size = escape_size(r, at);
        } else if (byte >= 0x80) {
            size = utf8_size(str_part(text, at, text.size));
            if (size == 0)
                fail(r, at, "a byte that is not UTF-8");
        } else {
            fail(r, at, "a control character in a string, which needs an escape");
        }
        if (size == 0)
            return false;
        at += size;
    }
    *ret_end = at;
    return true;
}

/* A string, or a name: its opening quote is next. */
static bool read_string(Reading *r)
{
    size_t from = r->at + 1, end;
    bool   has_escapes;
    if (!string_end(r, from, &end, &has_escapes))
        return false;
    JsonNode *node = add_node(r, NODE_STRING);
    if (node == NULL)
        return false;
    r->at = end + 1;
    Str text = str_part(r->text, from, end);
    node->size = (uint32_t)text.size;
    node->of.text = text.text;
    if (!has_escapes)
        return true;
    /* Undone, a text is no longer than before: room for all of them, taken once. */
    if (r->texts == NULL)
        r->texts = mem_take(&r->mem, r->text.size);
    if (r->texts == NULL) {
        r->rc = ODD_NOMEM;
        r->problem = "there is no memory";
        return false;
    }
    node->of.text = r->texts + r->text_size;
    node->size = (uint32_t)escape_undo(text, r->texts + r->text_size);
    r->text_size += node->size;
    return true;
}

static bool read_name(Reading *r)
{
    if (next_sign(r) != '"')
        return fail(r, r->at, "no name of a member in quotes");
    if (!read_string(r))
        return false;
    if (next_sign(r) != ':')
        return fail(r, r->at, "no colon behind a name");
    r->at++;
    return true;
}

static bool read_word(Reading *r)
{
    static const struct {
        Str      word;
        NodeKind kind;
        bool     yes;
    } words[] = {{{"true", 4}, NODE_BOOL, true},
                 {{"false", 5}, NODE_BOOL, false},
                 {{"null", 4}, NODE_NULL, false}};
    Str rest = str_part(r->text, r->at, r->text.size);
    for (size_t i = 0; i < 3; i++) {
        if (rest.size < words[i].word.size ||
            memcmp(rest.text, words[i].word.text, words[i].word.size) != 0)
            continue;
        JsonNode *node = add_node(r, words[i].kind);
        if (node == NULL)
            return false;
        node->yes = words[i].yes;
        r->at += words[i].word.size;
        return true;
    }
    return fail(r, r->at, rest.size > 0 ? "what is no value" : "the end, where a value is missing");
}

static bool read_number(Reading *r)
{
    Str    rest = str_part(r->text, r->at, r->text.size);
    size_t size = json_number_size(rest);
    if (size == 0)
        return fail(r, r->at, "a number that is none");
    JsonNode *node = add_node(r, NODE_NUMBER);
    if (node == NULL)
        return false;
    node->size = (uint32_t)size;
    node->of.text = rest.text;
    r->at += size;
    return true;
}

static int name_order(const void *a, const void *b)
{
    const JsonNode *x = *(const JsonNode *const *)a, *y = *(const JsonNode *const *)b;
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    return x->size > 0 ? memcmp(x->of.text, y->of.text, x->size) : 0;
}

/* Many names are sorted, so that time does not grow with their square. */
static bool has_twins_among_many(Reading *r, const JsonNode *object)
{
    const JsonNode **names = mem_take(&r->mem, (size_t)object->of.count * sizeof(JsonNode *));
    if (names == NULL) {
        r->rc = ODD_FULL;
        r->problem = "its tree needs more memory than there is for one: send less at once";
        return false;
    }
    JsonWalk        walk = json_walk(object);
    Str             name;
    const JsonNode *node;
    bool            found = false;
    size_t          count = 0;
    for (const JsonNode *next = walk.next; json_walk_next(&walk, &name, &node); next = walk.next)
        names[count++] = next;
    qsort(names, count, sizeof(JsonNode *), name_order);
    for (size_t i = 1; i < count; i++)
        found = found || name_order(&names[i - 1], &names[i]) == 0;
    mem_free(&r->mem, names, count * sizeof(JsonNode *));
    return found;
}

static bool has_twins(Reading *r, const JsonNode *object)
{
    const JsonNode *names[FEW_MEMBERS];
    JsonWalk        walk = json_walk(object);
    Str             name;
    const JsonNode *node;
    size_t          count = 0;
    if (object->of.count > FEW_MEMBERS)
        return has_twins_among_many(r, object);
    for (const JsonNode *next = walk.next; json_walk_next(&walk, &name, &node); next = walk.next) {
        for (size_t i = 0; i < count; i++)
            if (name_order(&names[i], &next) == 0)
                return true;
        names[count++] = next;
    }
    return false;
}

static bool open_container(Reading *r, NodeKind kind)
{
    if (r->depth == JSON_NESTING_MAX)
        return fail(r, r->at, "nesting deeper than 1024, the depth that is allowed");
    JsonNode *node = add_node(r, kind);
    if (node == NULL)
        return false;
    node->of.count = (uint64_t)r->open << 32; /* The lower half counts what is in it. */
    r->open = (uint32_t)(r->node_count - 1);
    r->depth++;
    r->at++;
    return true;
}

static bool close_container(Reading *r)
{
    JsonNode *node = &r->nodes[r->open];
    r->open = (uint32_t)(node->of.count >> 32);
    node->of.count = (uint32_t)node->of.count;
    node->size = (uint32_t)(&r->nodes[r->node_count] - node - 1);
    r->depth--;
    if (node->kind == NODE_OBJECT && node->of.count > 1 && has_twins(r, node))
        return fail(r, r->at, "an object that ends here has a duplicate name");
    r->at++;
    return r->rc == ODD_OK;
}

/* What follows on a value: containers that end with it, then a comma and, in an object, a name.
 * *ret_done: the text is whole. */
static bool read_on(Reading *r, bool *ret_done)
{
    *ret_done = false;
    while (r->open != NO_CONTAINER) {
        JsonNode *around = &r->nodes[r->open];
        bool      is_object = around->kind == NODE_OBJECT;
        int       sign = next_sign(r);
        if (sign == ',') {
            around->of.count++;
            r->at++;
            return !is_object || read_name(r);
        }
        if (sign != (is_object ? '}' : ']'))
            return fail(r, r->at,
                        sign < 0 ? "the end inside of an array or object"
                                 : "neither a comma nor the bracket that closes");
        around->of.count++;
        if (!close_container(r))
            return false;
    }
    if (next_sign(r) >= 0)
        return fail(r, r->at, "more behind the end of the value");
    *ret_done = true;
    return true;
}

/* One value without what is in it.  *ret_inside: it is a container, and what is in it is next. */
static bool read_value(Reading *r, bool *ret_inside)
{
    int sign = next_sign(r);
    *ret_inside = false;
    if (sign == '{' || sign == '[') {
        if (!open_container(r, sign == '{' ? NODE_OBJECT : NODE_ARRAY))
            return false;
        if (next_sign(r) == (sign == '{' ? '}' : ']'))
            return close_container(r);
        *ret_inside = true;
        return sign == '[' || read_name(r);
    }
    if (sign == '"')
        return read_string(r);
    return sign == '-' || (sign >= '0' && sign <= '9') ? read_number(r) : read_word(r);
}

static void free_all(JsonNode *nodes, Head head)
{
    size_t node_bytes = head.node_capacity * sizeof *nodes;
    Mem    mem = {.bytes = node_bytes + head.text_capacity};
    mem_free(&mem, head.texts, head.text_capacity);
    mem_free(&mem, nodes, node_bytes);
}

void json_free(JsonNode *root)
{
    if (root == NULL)
        return;
    Head head;
    memcpy(&head, root - HEAD_NODES, sizeof head);
    free_all(root - HEAD_NODES, head);
}

static void say_problem(const Reading *r, char *problem)
{
    size_t line = 1;
    for (size_t i = 0; i < r->problem_at; i++)
        line += r->text.text[i] == '\n';
    snprintf(problem, JSON_PROBLEM_SIZE, "JSON cannot be read at byte %zu (line %zu): %s",
             r->problem_at, line, r->problem);
}

odd_rc json_read(Str text, JsonNode **ret_root, char problem[JSON_PROBLEM_SIZE])
{
    Reading r = {.text = text, .open = NO_CONTAINER};
    problem[0] = '\0';
    if (text.size > TEXT_BYTES_MAX) {
        snprintf(problem, JSON_PROBLEM_SIZE, "the JSON has more than 4 GiB: send less at once");
        return ODD_FULL;
    }
    bool good = true, done = false;
    for (int i = 0; i < HEAD_NODES && good; i++)
        good = add_node(&r, NODE_NONE) != NULL;
    while (good && !done) {
        bool is_inside;
        good = read_value(&r, &is_inside) && (is_inside || read_on(&r, &done));
    }
    Head head = {.texts = r.texts,
                 .node_capacity = r.node_capacity,
                 .text_capacity = r.texts != NULL ? text.size : 0};
    if (!good) {
        say_problem(&r, problem);
        free_all(r.nodes, head);
        return r.rc;
    }
    memcpy(r.nodes, &head, sizeof head);
    *ret_root = r.nodes + HEAD_NODES;
    return ODD_OK;
}
