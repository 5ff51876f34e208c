/* SPDX-License-Identifier: Apache-2.0
 *
 * model_speed.h - how long a trained model thinks about a row, on this machine.
 *
 * UNITS      Microseconds.
 */
#ifndef CLI_MODEL_SPEED_H
#define CLI_MODEL_SPEED_H
#include <oddball.h>

/* Of a row with something in each column: the best of many batches, so that what else runs on the
 * machine does not count. */
double model_microseconds(const odd_predictor *predictor);

#endif
