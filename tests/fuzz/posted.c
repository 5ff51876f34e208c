/* SPDX-License-Identifier: Apache-2.0 */
#include "decoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    check_decoding("posted", bytes, size);
    return 0;
}
