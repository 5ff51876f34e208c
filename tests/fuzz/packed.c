/* SPDX-License-Identifier: Apache-2.0
 *
 * packed.c - messages that come in snappy: the first byte says of which format, and whether the
 * rest is packed here first, so that what is inside is reached.
 */
#include "decoding.h"

#include <snappy-c.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const names[] = {"remote_write", "remote_write_2", "loki"};
    if (size == 0)
        return 0;
    const char *name = names[bytes[0] % 4 % 3];
    Str body = {.text = (const char *)bytes + 1, .size = size - 1};
    if (bytes[0] >= 128) {
        events_close(decoding_checked(name, NULL, body));
        return 0;
    }
    size_t packed_size = snappy_max_compressed_length(body.size);
    char *packed = malloc(packed_size);
    assert(packed != NULL);
    assert(snappy_compress(body.text, body.size, packed, &packed_size) == SNAPPY_OK);
    events_close(decoding_checked(name, NULL, (Str){.text = packed, .size = packed_size}));
    free(packed);
    return 0;
}
