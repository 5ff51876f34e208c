/* SPDX-License-Identifier: Apache-2.0 */
#include "decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Str body = {.text = (const char *)bytes, .size = size};
    events_close(decode_twice("bulk", NULL, body));
    return 0;
}
