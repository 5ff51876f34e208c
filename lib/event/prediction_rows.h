/* SPDX-License-Identifier: Apache-2.0
 *
 * prediction_rows.h - predictions or outcomes in JSON, of any number of models, into batches.
 *
 *     {"model":"credit","version":"3","id":"a1","time":"2026-11-27T10:00:00Z",
 *      "features":{"age":41,"region":"north","income":null},
 *      "prediction":"yes","probability":0.83,"segments":{"branch":"b7"}}
 *     {"model":"credit","version":"3","id":"a1","time":"2026-11-28T09:00:00Z","outcome":"no"}
 *
 * A body is one such object, an array of them, an object whose member `predictions` (`outcomes`)
 * is such an array and whose other members stand for those that a row lacks, or lines of which each
 * is one object.  `output` is another name of `prediction`, `truth` of `outcome`; `probabilities`,
 * an object by class, become inputs `probabilities.CLASS`.
 *
 * ERRORS     ODD_SYNTAX: no JSON, or an unknown member around the rows.  A row without what it
 *            needs, or with a member that is unknown, is refused, and the others count.
 */
#ifndef EVENT_PREDICTION_ROWS_H
#define EVENT_PREDICTION_ROWS_H
#include "event/codec.h"

/* wire->subject: "reference" for rows from when the model was well. */
odd_rc prediction_rows(BatchWhat what, const odd_wire *wire, Str bytes, odd_events *events,
                       odd_decoded *ret);

#endif
