/* SPDX-License-Identifier: Apache-2.0
 *
 * json_tree.c - any bytes as the answer of a server: a tree that is written and read back, or a
 * sentence. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/json_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static size_t walk(const JsonTree *value)
{
    size_t      count = 1;
    double      real;
    int64_t     integer;
    const char *text;
    if (json_tree_integer(value, &integer))
        assert(json_tree_real(value, &real));
    if (json_tree_text(value, &text, NULL))
        assert(json_tree_kind(value) == JSON_TREE_TEXT);
    if (json_tree_kind(value) == JSON_TREE_ARRAY)
        for (size_t i = 0; i < json_tree_count(value); i++)
            count += walk(json_tree_item(value, i));
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char      problem[256] = "";
    JsonTree *tree = json_tree_read((const char *)bytes, size, problem, sizeof problem);
    assert((tree == NULL) == (problem[0] != '\0'));
    if (tree == NULL)
        return 0;
    size_t count = walk(tree);
    json_tree_stranger(tree, NULL, 0);
    char     *line = json_tree_write(tree);
    JsonTree *again = json_tree_read(line, strlen(line), problem, sizeof problem);
    assert(again != NULL && walk(again) == count);
    json_tree_free(again);
    json_tree_free(tree);
    free(line);
    return 0;
}
