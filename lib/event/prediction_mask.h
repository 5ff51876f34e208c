/* SPDX-License-Identifier: Apache-2.0
 *
 * prediction_mask.h - the texts of a batch without their secrets: ids, categories, all but names.
 */
#ifndef EVENT_PREDICTION_MASK_H
#define EVENT_PREDICTION_MASK_H
#include "event/events.h"

typedef struct {
    char  *text; /* NULL: there was nothing to mask. */
    size_t size, capacity;
} MaskedBatch;

/* With the masks, memory and counts of `events`; the caller frees the bytes with its memory.
 * False: no memory. */
bool batch_mask(const PredictionBatch *batch, odd_events *events, MaskedBatch *ret);

#endif
