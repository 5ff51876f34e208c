/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "event/mask.h"
#include "event/mask_span.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define GROWTH_MAX 45 /* A token with quotes for a byte, and the byte behind it. */

static size_t lines_of(Str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += text.text[i] == '\n';
    return count;
}

static Str apply(const Masks *masks, Mem *mem, MaskRoom *room, Str text, uint64_t *count)
{
    Str masked;
    uint64_t counts[ODD_MASK_KIND_COUNT] = {0};
    assert(masks_apply(masks, mem, room, text, &masked, counts));
    for (int kind = 0; kind < ODD_MASK_KIND_COUNT; kind++)
        *count += counts[kind];
    return masked;
}

/* The first line is a rule, the rest is the text.  Masked again it stays the same; only private
 * keys take line ends with them. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const unsigned char key[SIPHASH_KEY_BYTES] = {7};
    Str all = {.text = (const char *)bytes, .size = size};
    const char *end = size > 0 ? memchr(bytes, '\n', size) : NULL;
    size_t rule_size = end != NULL ? (size_t)(end - all.text) : 0;
    char *expression = calloc(1, rule_size + 1);
    assert(expression != NULL);
    if (rule_size > 0)
        memcpy(expression, bytes, rule_size);
    odd_mask rule = {.name = "rule", .expression = expression};
    char problem[256] = "";
    Masks *masks = NULL;
    odd_rc rc = masks_open(&rule, rule_size > 0, true, key, problem, sizeof problem, &masks);
    free(expression);
    if (rc != ODD_OK) {
        assert(rc == ODD_SYNTAX && problem[0] != '\0');
        return 0;
    }
    Str text = str_part(all, end != NULL ? rule_size + 1 : 0, size);
    Mem mem = {0};
    MaskRoom room = {0}, again_room = {0};
    uint64_t count = 0, again_count = 0;
    Str masked = apply(masks, &mem, &room, text, &count);
    assert(masked.size <= text.size * GROWTH_MAX && lines_of(masked) <= lines_of(text));
    Str again = apply(masks, &mem, &again_room, masked, &again_count);
    assert(again_count == 0 && str_equal(again, masked));
    mask_room_free(&room, &mem);
    mask_room_free(&again_room, &mem);
    assert(mem.bytes == 0);
    masks_close(masks);
    return 0;
}
