/* SPDX-License-Identifier: Apache-2.0
 *
 * prediction_attributes.h - a log record whose attributes are a prediction, or an outcome.
 *
 *     oddball.model (needed), oddball.version, oddball.id, oddball.prediction, oddball.probability,
 *     oddball.outcome, oddball.feature.NAME, oddball.segment.NAME
 *
 * With an outcome and nothing else than names and ids it is an outcome; else a prediction.
 *
 * ERRORS     ODD_SYNTAX: something that it needs is missing; it is counted as rejected.
 */
#ifndef EVENT_PREDICTION_ATTRIBUTES_H
#define EVENT_PREDICTION_ATTRIBUTES_H
#include "event/codec.h"

/* attributes: a JSON object, as records have it. */
bool   prediction_attributes_are(Str attributes);
odd_rc prediction_attributes(Str attributes, odd_time time, odd_events *events,
                             odd_decoded *decoded);

#endif
