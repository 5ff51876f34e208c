/* SPDX-License-Identifier: Apache-2.0 */
#include "store/squeeze.h"

#include <zstd.h>

#define LEVEL 1 /* The journal waits for it; the disk does not mind a few per cent. */

odd_rc squeeze_pack(Squeeze *squeeze, Str bytes, Str *ret_packed)
{
    if (bytes.size > SQUEEZE_BYTES_MAX)
        return ODD_FULL;
    if (squeeze->packer == NULL)
        squeeze->packer = ZSTD_createCCtx();
    char *room = mem_grow(&squeeze->mem, squeeze->packed, &squeeze->packed_capacity,
                          ZSTD_compressBound(bytes.size), 1);
    if (squeeze->packer == NULL || room == NULL)
        return ODD_NOMEM;
    squeeze->packed = room;
    size_t size = ZSTD_compressCCtx(squeeze->packer, room, squeeze->packed_capacity, bytes.text,
                                    bytes.size, LEVEL);
    if (ZSTD_isError(size)) /* The room is large enough, so it can only be memory. */
        return ODD_NOMEM;
    *ret_packed = (Str){.text = room, .size = size};
    return ODD_OK;
}

odd_rc squeeze_unpack(Squeeze *squeeze, Str packed, char *room, uint64_t size)
{
    if (ZSTD_getFrameContentSize(packed.text, packed.size) != (unsigned long long)size)
        return ODD_CORRUPT;
    if (squeeze->unpacker == NULL)
        squeeze->unpacker = ZSTD_createDCtx();
    if (squeeze->unpacker == NULL)
        return ODD_NOMEM;
    size_t got = ZSTD_decompressDCtx(squeeze->unpacker, room, size, packed.text, packed.size);
    return got == size ? ODD_OK : ODD_CORRUPT;
}

odd_rc squeeze_unpack_whole(Squeeze *squeeze, Str packed, ImageOut *out)
{
    unsigned long long size = ZSTD_getFrameContentSize(packed.text, packed.size);
    if (size > SQUEEZE_BYTES_MAX) /* So are those that stand for an error. */
        return ODD_CORRUPT;
    char *room = mem_grow(out->mem, out->bytes, &out->capacity, out->size + (size_t)size + 1, 1);
    if (room == NULL)
        return ODD_NOMEM;
    out->bytes = room;
    odd_rc rc = squeeze_unpack(squeeze, packed, room + out->size, size);
    out->size += rc == ODD_OK ? (size_t)size : 0;
    return rc;
}

void squeeze_trim(Squeeze *squeeze)
{
    if (squeeze->packed_capacity <= SQUEEZE_BYTES_KEPT)
        return;
    mem_free(&squeeze->mem, squeeze->packed, squeeze->packed_capacity);
    squeeze->packed = NULL;
    squeeze->packed_capacity = 0;
}

void squeeze_close(Squeeze *squeeze)
{
    ZSTD_freeCCtx(squeeze->packer);
    ZSTD_freeDCtx(squeeze->unpacker);
    mem_free(&squeeze->mem, squeeze->packed, squeeze->packed_capacity);
    *squeeze = (Squeeze){0};
}
