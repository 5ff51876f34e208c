/* SPDX-License-Identifier: Apache-2.0
 *
 * outcomes_json.c - outcomes of models in JSON, or lines of JSON; see prediction_rows.h. */
#include "event/prediction_rows.h"

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    return prediction_rows(BATCH_OUTCOMES, wire, bytes, events, ret);
}

const Codec codec_outcomes_json = {.name = "outcomes_json", .decode = decode};
