/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_json.c - the first byte says of what the request is: l logs, m metrics, else traces. */
#include "decoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    check_decoding(bytes[0] == 'l'   ? "otlp_logs_json"
                   : bytes[0] == 'm' ? "otlp_metrics_json"
                                     : "otlp_traces_json",
                   bytes + 1, size - 1);
    return 0;
}
