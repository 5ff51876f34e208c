/* SPDX-License-Identifier: Apache-2.0
 *
 * page_model_file.h - the page of two tables of predictions, in a file of its own.
 *
 * ERRORS     False, after the sentence is on standard error.
 */
#ifndef CLI_PAGE_MODEL_FILE_H
#define CLI_PAGE_MODEL_FILE_H
#include <stdbool.h>
#include <stddef.h>

#include <oddball.h>

/* The page would overwrite neither table, nor anything that is no page of ours. */
bool page_model_allowed(const char *path, const char *reference, const char *current);

/* findings: so many are told, the worst. */
bool page_model_write(const char *path, odd_model *model, size_t findings, const char *reference,
                      const char *current);

#endif
