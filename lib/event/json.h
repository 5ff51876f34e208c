/* SPDX-License-Identifier: Apache-2.0
 *
 * json.h - one whole JSON text as a tree, for formats that nest; whoever walks it sees no library.
 *
 * Lines of a log are read by json_lines.h, which takes less memory and knows no tree.
 *
 * ALGORITHM  jansson's parser (RFC 8259).
 * SHAPE      Members and items come in the order of the text.
 * OWNERSHIP  json_read makes a tree, json_free unmakes it; nodes and texts belong to the tree.
 * ERRORS     json_read gives a sentence with the place for: bytes that are no JSON or no UTF-8,
 *            half a surrogate pair, a name that comes twice in an object, a whole number outside
 *            64 bits with sign, a real one outside a double, nesting deeper than 2,048, a NUL in a
 *            name.  ODD_FULL: the tree might need more than JSON_TREE_BYTES_MAX.
 *            The json_as functions give false where the value is of another kind or out of range.
 * EXACTNESS  Whole numbers are exact, as numbers and as the strings that 64-bit integers come as.
 */
#ifndef EVENT_JSON_H
#define EVENT_JSON_H
#include <oddball.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "event/json_text.h"

#define JSON_TREE_BYTES_MAX (256u << 20)
#define JSON_PROBLEM_SIZE 200

typedef struct json_t JsonNode; /* Only named here, never looked into. */

typedef enum {
    NODE_NONE = 0, /* There is no such node: what NULL is. */
    NODE_NULL,
    NODE_BOOL,
    NODE_INTEGER,
    NODE_REAL,
    NODE_STRING,
    NODE_ARRAY,
    NODE_OBJECT
} NodeKind;

odd_rc json_read(Str text, JsonNode **ret_root, char problem[JSON_PROBLEM_SIZE]);
void   json_free(JsonNode *root); /* NULL is a no-op. */

NodeKind json_kind(const JsonNode *node);

/* The member of an object; NULL: no object, or no such member. */
const JsonNode *json_member(const JsonNode *object, const char *name);

/* The members of an object, or the items of an array (their names are empty), one by one; of
 * anything else none. */
typedef struct {
    const JsonNode *around;
    void           *member; /* The next one of an object. */
    size_t          item;   /* Of an array, likewise. */
} JsonWalk;
JsonWalk json_walk(const JsonNode *around);
bool     json_walk_next(JsonWalk *walk, Str *ret_name, const JsonNode **ret_node);
size_t   json_count(const JsonNode *around); /* How many json_walk_next will give. */

bool json_as_str(const JsonNode *node, Str *ret);
bool json_as_bool(const JsonNode *node, bool *ret);
bool json_as_i64(const JsonNode *node, int64_t *ret); /* 5, 5.0, "5": Protocol Buffers' JSON. */
bool json_as_u64(const JsonNode *node, uint64_t *ret);
bool json_as_real(const JsonNode *node, double *ret); /* 0.5, 5, "0.5", "NaN", "-Infinity". */

/* Adds the node, with all that is in it, to a text. */
void json_put_node(JsonText *text, const JsonNode *node);

#endif
