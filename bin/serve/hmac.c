/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/hmac.h"

#include <limits.h>
#include <stdio.h>

#include <openssl/hmac.h>

bool hmac_sha256(const char *key, size_t key_size, const char *bytes, size_t size, char *ret_text)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int  digest_size = 0;
    if (key_size > INT_MAX || HMAC(EVP_sha256(), key, (int)key_size, (const unsigned char *)bytes,
                                   size, digest, &digest_size) == NULL)
        return false;
    for (unsigned int i = 0; i < digest_size; i++)
        snprintf(ret_text + 2 * (size_t)i, 3, "%02x", digest[i]);
    return true;
}
