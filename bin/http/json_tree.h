/* SPDX-License-Identifier: Apache-2.0
 *
 * json_tree.h - a JSON text as a tree to look into: answers and requests of a few kilobytes.
 *
 * SHAPE      Every function takes NULL for a value that is not there, and then finds nothing: a
 *            path is followed first and checked once, at its end.  Numbers and texts are never
 *            turned into each other.
 * OWNERSHIP  json_tree_free of the root frees all; what is looked up is borrowed from it.
 * ERRORS     Reading gives NULL and a sentence with line and column.  An object that names a member
 *            twice is refused, and so are more than JSON_DEPTH brackets.
 */
#ifndef HTTP_JSON_TREE_H
#define HTTP_JSON_TREE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_DEPTH 64

typedef struct JsonTree JsonTree;

typedef enum {
    JSON_TREE_ABSENT = 0,
    JSON_TREE_NULL,
    JSON_TREE_BOOL,
    JSON_TREE_NUMBER,
    JSON_TREE_TEXT,
    JSON_TREE_ARRAY,
    JSON_TREE_OBJECT
} JsonKind;

/* problem: a text of problem_size bytes. */
JsonTree *json_tree_read(const char *bytes, size_t size, char *problem, size_t problem_size);
void      json_tree_free(JsonTree *root); /* Or NULL. */

JsonKind json_tree_kind(const JsonTree *value);

const JsonTree *json_tree_member(const JsonTree *object, const char *name);
const JsonTree *json_tree_item(const JsonTree *array, size_t index);
size_t          json_tree_count(const JsonTree *value); /* Items or members. */

/* The name of the first member that is not among `names`; NULL: all are. */
const char *json_tree_stranger(const JsonTree *object, const char *const *names, size_t count);

/* Written only if the value is of that kind; true then.  A text may hold NULs, and is terminated;
 * ret_size may be NULL. */
bool json_tree_text(const JsonTree *value, const char **ret, size_t *ret_size);
bool json_tree_real(const JsonTree *value, double *ret);
bool json_tree_integer(const JsonTree *value, int64_t *ret); /* No 1.0, no 1e3. */
bool json_tree_bool(const JsonTree *value, bool *ret);

/* The value as one line of JSON, to be freed; NULL: no memory, or absent. */
char *json_tree_write(const JsonTree *value);

#endif
