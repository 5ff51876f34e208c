/* SPDX-License-Identifier: Apache-2.0
 *
 * dataset_findings.h - `dataset findings`: what people said of findings, as a table to train on.
 *
 * A row for each finding that somebody judged, in order of time: what it was, what it was in its
 * incident, the verdict as it was said, and `real`: 1 (real), 0 (expected, the new normal) or
 * missing (unsure, or people differ).  What a verdict itself changes (the state) is no column.
 *
 * ERRORS     STATUS_ERROR, after a sentence on standard error; nothing of the file is left then.
 */
#ifndef CLI_DATASET_FINDINGS_H
#define CLI_DATASET_FINDINGS_H
#include "cli/dataset_file.h"

int dataset_findings(const Options *options, const RegistryHome *home);

#endif
