/* SPDX-License-Identifier: Apache-2.0
 *
 * detectors.h - the table of all detectors; the build writes it from the list in meson.build.
 */
#ifndef DETECT_DETECTORS_H
#define DETECT_DETECTORS_H
#include "detect/detector.h"

extern const odd_detector *const detectors[]; /* (detector_count), in alphabetical order. */
extern const size_t              detector_count;

#endif
