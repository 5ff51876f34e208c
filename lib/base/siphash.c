/* SPDX-License-Identifier: Apache-2.0 */
#include "base/siphash.h"

#include "base/bytes.h"
#include "base/hash.h"

/* "somepseudorandomlygeneratedbytes", as the paper has it. */
#define START_0 0x736f6d6570736575ULL
#define START_1 0x646f72616e646f6dULL
#define START_2 0x6c7967656e657261ULL
#define START_3 0x7465646279746573ULL

typedef struct {
    uint64_t v0, v1, v2, v3;
} Sip;

static inline uint64_t turned(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static inline void sip_round(Sip *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = turned(s->v1, 13) ^ s->v0;
    s->v3 = turned(s->v3, 16) ^ s->v2;
    s->v0 = turned(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = turned(s->v1, 17) ^ s->v2;
    s->v3 = turned(s->v3, 21) ^ s->v0;
    s->v2 = turned(s->v2, 32);
}

static inline void sip_take(Sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    sip_round(s);
    s->v0 ^= word;
}

uint64_t siphash(const unsigned char key[SIPHASH_KEY_BYTES], const void *bytes, size_t size)
{
    uint64_t k0 = bytes_get_u64((const char *)key), k1 = bytes_get_u64((const char *)key + 8);
    Sip s = {.v0 = k0 ^ START_0, .v1 = k1 ^ START_1, .v2 = k0 ^ START_2, .v3 = k1 ^ START_3};
    const unsigned char *p = bytes;
    size_t left = size;
    for (; left >= 8; left -= 8, p += 8)
        sip_take(&s, hash_load(p, 8));
    sip_take(&s, hash_load_few(p, left) | (uint64_t)size << 56);
    s.v2 ^= 255;
    for (int i = 0; i < 4; i++)
        sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
