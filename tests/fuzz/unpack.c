/* SPDX-License-Identifier: Apache-2.0
 *
 * The first byte chooses gzip or zstd and the size of pieces, the rest is packed: it ends, within
 * the cap, with at most one note.
 */
#include "input/gunzip.h"
#include "input/unzstd.h"
#include "piecewise.h"

#define UNPACKED_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    static char to[4096];
    Notes       notes = {0};
    TapSetting  setting = {.name = "it", .notes = &notes, .unpacked_bytes_max = UNPACKED_MAX};
    Tap        *below = piecewise_tap(bytes + 1, size - 1, (bytes[0] >> 1) + 1u);
    Tap        *tap = bytes[0] & 1 ? unzstd_tap(below, &setting) : gunzip_tap(below, &setting);
    assert(tap != NULL);
    uint64_t total = 0;
    size_t   got;
    while ((got = tap_read(tap, to, sizeof to)) > 0)
        total += got;
    assert(total <= UNPACKED_MAX + sizeof to);
    assert(notes.count <= 1);
    tap_close(tap);
    notes_free(&notes);
    return 0;
}
