/* SPDX-License-Identifier: Apache-2.0
 *
 * json.h - one whole JSON text as a tree, for formats that nest.
 *
 * Measured before it was written, on OTLP logs: jansson reads 47 MB/s into 8.6 times the bytes of
 * the text, so that a request of 64 MiB, which OTLP recommends to accept, would not fit into the
 * memory of the whole program; this reads 650 MB/s into 1.6 times.  jansson is the oracle in
 * tests/fuzz/json.c.  Lines of a log are read by json_lines.h, which knows no tree.
 *
 * ALGORITHM  RFC 8259 in one pass, with a loop instead of recursion.
 * SHAPE      A node of 16 bytes for each value and each name, in the order of the text, in one
 *            array; texts with escapes are written out once.  Members come in their order.
 * OWNERSHIP  json_read makes a tree, json_free unmakes it; nodes and texts belong to it, and it
 *            borrows the bytes that it was read from.
 * ERRORS     json_read gives a sentence with the place for: bytes that are no JSON or no UTF-8,
 *            half a surrogate pair, a name that comes twice in an object, nesting deeper than
 *            JSON_NESTING_MAX.  ODD_FULL: the tree needs more than JSON_TREE_BYTES_MAX.
 *            The json_as functions give false where the value is of another kind or out of range.
 * EXACTNESS  Numbers keep their digits, however many, until they are asked for; whole ones are
 *            exact, as numbers and as the strings that 64-bit integers come as.
 */
#ifndef EVENT_JSON_H
#define EVENT_JSON_H
#include <oddball.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "event/json_text.h"

#define JSON_TREE_BYTES_MAX (256u << 20)
#define JSON_NESTING_MAX 1024
#define JSON_PROBLEM_SIZE 200

typedef enum {
    NODE_NONE = 0, /* There is no such node: what NULL is. */
    NODE_NULL,
    NODE_BOOL,
    NODE_NUMBER,
    NODE_STRING,
    NODE_ARRAY,
    NODE_OBJECT
} NodeKind;

typedef struct {
    uint8_t  kind;  /* NodeKind */
    bool     yes;   /* BOOL */
    uint32_t size;  /* STRING, NUMBER: of its text.  ARRAY, OBJECT: the nodes that are in it. */
    union {
        const char *text;
        uint64_t    count; /* ARRAY, OBJECT: of items or members. */
    } of;
} JsonNode;

odd_rc json_read(Str text, JsonNode **ret_root, char problem[JSON_PROBLEM_SIZE]);
void   json_free(JsonNode *root); /* NULL is a no-op. */

static inline NodeKind json_kind(const JsonNode *node)
{
    return node != NULL ? (NodeKind)node->kind : NODE_NONE;
}

/* The member of an object; NULL: no object, or no such member. */
const JsonNode *json_member(const JsonNode *object, const char *name);

/* The members of an object, or the items of an array (their names are empty), one by one; of
 * anything else none. */
typedef struct {
    const JsonNode *around;
    const JsonNode *next; /* NULL: there is none. */
    size_t          item; /* How many were given. */
} JsonWalk;
JsonWalk json_walk(const JsonNode *around);
bool     json_walk_next(JsonWalk *walk, Str *ret_name, const JsonNode **ret_node);
size_t   json_count(const JsonNode *around); /* How many json_walk_next will give. */

bool json_as_str(const JsonNode *node, Str *ret);
bool json_as_bool(const JsonNode *node, bool *ret);
bool json_as_i64(const JsonNode *node, int64_t *ret); /* 5, 5.0, "5": Protocol Buffers' JSON. */
bool json_as_u64(const JsonNode *node, uint64_t *ret);
bool json_as_real(const JsonNode *node, double *ret); /* 0.5, 5, "0.5", "NaN", "-Infinity". */

/* The bytes of the number, as JSON writes them, that the text begins with; 0: none. */
size_t json_number_size(Str text);

/* Adds the node, with all that is in it, to a text. */
void json_put_node(JsonText *text, const JsonNode *node);

#endif
