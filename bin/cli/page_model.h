/* SPDX-License-Identifier: Apache-2.0
 *
 * page_model.h - two tables of predictions as one page that needs nothing else.
 *
 * SHAPE      The verdict and the findings; of each column both distributions and its drift over
 *            time; quality chunk by chunk with intervals; what probabilities were worth.
 */
#ifndef CLI_PAGE_MODEL_H
#define CLI_PAGE_MODEL_H
#include <stddef.h>

#include <oddball.h>

#include "cli/buffer.h"

/* findings: so many are told, the worst. */
void page_model(Buffer *out, odd_model *model, size_t findings, const char *reference,
                const char *current);

#endif
