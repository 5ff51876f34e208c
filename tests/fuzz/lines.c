/* SPDX-License-Identifier: Apache-2.0
 *
 * The first two bytes choose sizes, the rest is text: whatever the pieces and blocks, the same
 * lines come out, none longer than the limit, and the counts add up to what went in.
 */
#include "input/lines.h"
#include "piecewise.h"

#define LINE_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static LineCounts read_lines(const uint8_t *bytes, size_t size, size_t piece, size_t block_bytes,
                             char *to)
{
    Tap   *tap = piecewise_tap(bytes, size, piece);
    Lines  lines;
    Block  block = {0};
    size_t at = 0;
    lines_begin(&lines, tap, block_bytes, LINE_MAX);
    while (lines_next(&lines, &block)) {
        assert(at + block.size <= size);
        memcpy(to + at, block.bytes, block.size);
        at += block.size;
    }
    LineCounts counts = lines.counts;
    assert(counts.bytes == at);
    assert(counts.bytes + counts.cut_bytes == size);
    lines_end(&lines);
    block_free(&block);
    tap_close(tap);
    return counts;
}

static void check_lengths(const char *text, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        length = text[i] == '\n' ? 0 : length + 1;
        assert(length <= LINE_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2)
        return 0;
    char *one = calloc(size, 1), *other = calloc(size, 1);
    assert(one != NULL && other != NULL);
    LineCounts whole = read_lines(bytes + 2, size - 2, size, size, one);
    LineCounts parts = read_lines(bytes + 2, size - 2, bytes[0] + 1u, bytes[1] + 1u, other);
    assert(memcmp(&whole, &parts, sizeof whole) == 0);
    assert(memcmp(one, other, whole.bytes) == 0);
    check_lengths(one, whole.bytes);
    free(one);
    free(other);
    return 0;
}
