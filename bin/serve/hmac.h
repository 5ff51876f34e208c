/* SPDX-License-Identifier: Apache-2.0
 *
 * hmac.h - proof that a message comes from someone who knows a secret.
 *
 * ALGORITHM  HMAC (RFC 2104) with SHA-256, by OpenSSL.
 */
#ifndef SERVE_HMAC_H
#define SERVE_HMAC_H
#include <stdbool.h>
#include <stddef.h>

#define HMAC_TEXT_SIZE 65 /* 64 digits and the end. */

/* false: OpenSSL has no memory, or is not allowed to. */
bool hmac_sha256(const char *key, size_t key_size, const char *bytes, size_t size, char *ret_text);

#endif
