/* SPDX-License-Identifier: Apache-2.0 */
#include "event/json.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What is read can be written, and read and written again to the same text. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    if (json_read((Str){.text = (const char *)bytes, .size = size}, &root, problem) != ODD_OK) {
        assert(problem[0] != '\0');
        return 0;
    }
    Mem mem = {0};
    JsonText first = {.mem = &mem}, second = {.mem = &mem};
    json_put_node(&first, root);
    assert(!first.failed);
    json_free(root);

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
