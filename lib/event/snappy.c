/* SPDX-License-Identifier: Apache-2.0 */
#include "event/snappy.h"

#include <assert.h>
#include <snappy-c.h>

/* Three bytes copy at most 64, so a block is never larger than this many times its packed size. */
#define RATIO_MAX 22

static odd_rc refuse(odd_decoded *decoded, odd_rc rc, const char *why, size_t size)
{
    decoded_fail(decoded, "the body is no block of snappy that can be unpacked: %s (%zu bytes)",
                 why, size);
    return rc;
}

odd_rc snappy_unpack(Mem *mem, Str packed, size_t bytes_max, odd_decoded *decoded, Str *ret_bytes)
{
    size_t size;
    if (snappy_uncompressed_length(packed.text, packed.size, &size) != SNAPPY_OK)
        return refuse(decoded, ODD_SYNTAX, "it does not begin with a size", packed.size);
    if (size / RATIO_MAX > packed.size)
        return refuse(decoded, ODD_SYNTAX, "it is too short for the size that it tells", size);
    if (size > bytes_max)
        return refuse(decoded, ODD_FULL, "it is larger than a request may be", size);
    if (snappy_validate_compressed_buffer(packed.text, packed.size) != SNAPPY_OK)
        return refuse(decoded, ODD_SYNTAX, "it is damaged", packed.size);
    *ret_bytes = (Str){0};
    if (size == 0)
        return ODD_OK;
    char *bytes = mem_take(mem, size);
    if (bytes == NULL)
        return refuse(decoded, ODD_NOMEM, "memory is short", size);
    snappy_status status = snappy_uncompress(packed.text, packed.size, bytes, &size);
    assert(status == SNAPPY_OK);
    *ret_bytes = (Str){.text = bytes, .size = size};
    return ODD_OK;
}

void snappy_free(Mem *mem, Str bytes)
{
    if (bytes.size > 0)
        mem_free(mem, (char *)bytes.text, bytes.size);
}
