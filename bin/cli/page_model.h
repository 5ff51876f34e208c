/* SPDX-License-Identifier: Apache-2.0
 *
 * page_model.h - `diff` of two tables of predictions as one page that needs nothing else.
 *
 * SHAPE      The verdict and the findings; of each column both distributions and its drift over
 *            time; quality chunk by chunk with intervals; what probabilities were worth.
 */
#ifndef CLI_PAGE_MODEL_H
#define CLI_PAGE_MODEL_H
#include <stddef.h>

#include <oddball.h>

#include "cli/buffer.h"

/* quality: rows of ODD_MODEL_QUALITY, or NULL; they are walked.  findings: so many are told, the
 * worst. */
void page_model(Buffer *out, odd_model *model, odd_rows *quality, size_t findings,
                const char *reference, const char *current);

#endif
