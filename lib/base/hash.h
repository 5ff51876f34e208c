/* SPDX-License-Identifier: Apache-2.0
 *
 * hash.h - 64-bit keyed hashes of bytes and words, for tables and for ids by content.
 *
 * ALGORITHM  Multiply 64 x 64 to 128 bits and fold, as in Wang Yi's wyhash (public domain,
 *            2019); our own arrangement, so the values are ours too.
 * EXACTNESS  The same value on every machine: bytes are read little-endian.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_P0 0xa0761d6478bd642fULL
#define HASH_P1 0xe7037ed1a0b428dbULL
#define HASH_P2 0x8ebc6af09c88c6e3ULL

__extension__ typedef unsigned __int128 HashProduct;

static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
    HashProduct product = (HashProduct)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The hash of a sequence: h = hash_add(h, word) for each word, from h = seed.  What is added at the
 * end keeps both alive where the product is zero. */
static inline uint64_t hash_add(uint64_t h, uint64_t word)
{
    return hash_fold(h ^ HASH_P0, word ^ HASH_P1) + ((h << 23 | h >> 41) ^ word) + HASH_P2;
}

static inline uint64_t hash_load(const unsigned char *p, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, p, size);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* hash_load of up to 8 bytes, without the call that memcpy of an unknown size would be. */
static inline uint64_t hash_load_few(const unsigned char *p, size_t size)
{
    if (size >= 8)
        return hash_load(p, 8);
    if (size >= 4)
        return hash_load(p, 4) | hash_load(p + size - 4, 4) << (8 * (size - 4));
    if (size == 0)
        return 0;
    size_t middle = size / 2, last = size - 1;
    return p[0] | (uint64_t)p[middle] << (8 * middle) | (uint64_t)p[last] << (8 * last);
}

static inline uint64_t hash_bytes(const void *bytes, size_t size, uint64_t seed)
{
    const unsigned char *p = bytes;
    uint64_t h = hash_fold(seed ^ HASH_P2, (uint64_t)size ^ HASH_P1);
    for (; size > 8; size -= 8, p += 8)
        h = hash_add(h, hash_load(p, 8));
    return hash_add(h, hash_load_few(p, size));
}

#endif
