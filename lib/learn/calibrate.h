/* SPDX-License-Identifier: Apache-2.0
 *
 * calibrate.h - chances as they come true: learnt from rows that the members have not seen.
 *
 * Of two classes a curve that never falls where there are rows enough, else a logistic line; of
 * more a temperature; of a number how far off it is in nine of ten rows.  It stays only if it does
 * better on the later half of the rows after it was learnt from the earlier one.
 *
 * ALGORITHM  Isotonic: B. Zadrozny, C. Elkan, SIGKDD 2002, on groups of equal size.  Logistic: J.
 *            Platt, 1999, with his targets.  Temperature: C. Guo et al., ICML 2017.
 * SHAPE      said is (rows, outputs), targets (rows).
 * ERRORS     ODD_NOMEM.  Too few rows: nothing is calibrated.
 */
#ifndef LEARN_CALIBRATE_H
#define LEARN_CALIBRATE_H
#include "learn/predictor.h"

/* said: what predictor_blend gives; later rows stand later. */
odd_rc calibrate_learn(Mem *mem, Predictor *predictor, const double *said, const double *targets,
                       size_t rows);

/* "none", "isotonic", "platt", "temperature", "surprise". */
const char *calibration_name(const Predictor *predictor);

#endif
