/* SPDX-License-Identifier: Apache-2.0
 *
 * bytes.h - numbers as bytes: little-endian ones of fixed size, and varints of seven bits a byte.
 *
 * EXACTNESS  The same bytes on every machine.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define VARINT_BYTES_MAX 10

static inline void bytes_put_u32(char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (char)(value >> (8 * i) & 255);
}

static inline void bytes_put_u64(char *to, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        to[i] = (char)(value >> (8 * i) & 255);
}

static inline uint32_t bytes_get_u32(const char *from)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value |= (uint32_t)(unsigned char)from[i] << (8 * i);
    return value;
}

static inline uint64_t bytes_get_u64(const char *from)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value |= (uint64_t)(unsigned char)from[i] << (8 * i);
    return value;
}

static inline double bytes_get_double(const char *from)
{
    uint64_t bits = bytes_get_u64(from);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void bytes_put_double(char *to, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bytes_put_u64(to, bits);
}

/* Writes at most VARINT_BYTES_MAX bytes; gives how many. */
static inline size_t varint_put(char *to, uint64_t value)
{
    size_t size = 0;
    for (; value >= 128; value >>= 7)
        to[size++] = (char)((value & 127) | 128);
    to[size++] = (char)value;
    return size;
}

/* False, and nothing is written, where the bytes end too early or hold more than 64 bits. */
static inline bool varint_get(const char *from, size_t size, size_t *at, uint64_t *ret)
{
    uint64_t value = 0;
    for (size_t i = 0; i < VARINT_BYTES_MAX && *at + i < size; i++) {
        uint64_t part = (unsigned char)from[*at + i];
        if (i == VARINT_BYTES_MAX - 1 && part > 1)
            return false;
        value |= (part & 127) << (7 * i);
        if (part < 128) {
            *at += i + 1;
            *ret = value;
            return true;
        }
    }
    return false;
}

#endif
