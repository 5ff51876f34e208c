/* SPDX-License-Identifier: Apache-2.0
 *
 * predictions.c - predictions and outcomes of models in batches, column by column: one batch behind
 * the other, as prediction_batch.h has them.
 *
 * ERRORS     ODD_SYNTAX: a batch is not whole; of the request nothing is taken then. */
#include "event/codec.h"

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    char problem[BATCH_PROBLEM_BYTES];
    PredictionBatch batch;
    (void)wire; /* A batch says all by itself. */
    for (size_t number = 0; bytes.size > 0; number++) {
        if (!batch_read(bytes, &batch, problem))
            return decoded_fail(ret, "batch %zu: %s", number, problem);
        if (!events_batch(events, &batch))
            return ODD_FULL;
        ret->accepted += batch.rows;
        bytes = str_part(bytes, batch.bytes.size, bytes.size);
    }
    return ODD_OK;
}

const Codec codec_predictions = {.name = "predictions", .decode = decode};
