/* SPDX-License-Identifier: Apache-2.0
 *
 * siphash.h - a short keyed hash that tells nothing of its key: who lacks the key can neither
 * guess what gives a hash nor make two texts that share one.
 *
 * ALGORITHM  SipHash-2-4: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012.
 * SHAPE      Pure; about 1.5 bytes a cycle.
 * EXACTNESS  The same value on every machine: bytes are read little-endian.
 */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H
#include <stddef.h>
#include <stdint.h>

#define SIPHASH_KEY_BYTES 16

uint64_t siphash(const unsigned char key[SIPHASH_KEY_BYTES], const void *bytes, size_t size);

#endif
