/* SPDX-License-Identifier: Apache-2.0
 *
 * json.c - the tree is the one that jansson builds of the same text; and what is read can be
 * written, and read and written again to the same text.
 */
#include "event/json.h"

#include <assert.h>
#include <jansson.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static json_t *oracle(Str text, json_error_t *error)
{
    return json_loadb(text.size > 0 ? text.text : "", text.size,
                      JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, error);
}

/* jansson passes over a byte of 0 between two values. */
static bool has_nul(Str text)
{
    return text.size > 0 && memchr(text.text, '\0', text.size) != NULL;
}

/* jansson takes no NUL in a name, and only numbers that fit into its own; we keep their digits. */
static bool is_limit_of_jansson(const json_error_t *error)
{
    return json_error_code(error) == json_error_numeric_overflow ||
           json_error_code(error) == json_error_null_byte_in_key;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Str text = {.text = (const char *)bytes, .size = size};
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    json_error_t error;
    json_t *expected = oracle(text, &error);
    if (json_read(text, &root, problem) != ODD_OK) {
        assert(problem[0] != '\0');
        assert(expected == NULL || has_nul(text) || strstr(problem, "deeper") != NULL);
        json_decref(expected);
        return 0;
    }
    assert(expected != NULL || is_limit_of_jansson(&error));

    Mem mem = {0};
    JsonText first = {.mem = &mem}, second = {.mem = &mem};
    json_put_node(&first, root);
    assert(!first.failed);
    json_free(root);
    json_t *same = oracle(json_text_str(&first), &error);
    assert((expected == NULL) == (same == NULL));
    assert(expected == NULL || json_equal(expected, same));
    json_decref(expected);
    json_decref(same);

    odd_rc rc = json_read(json_text_str(&first), &root, problem);
    assert(rc == ODD_OK);
    json_put_node(&second, root);
    assert(str_equal(json_text_str(&first), json_text_str(&second)));
    json_free(root);
    json_text_free(&first);
    json_text_free(&second);
    assert(mem.bytes == 0);
    return 0;
}
