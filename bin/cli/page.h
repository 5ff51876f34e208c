/* SPDX-License-Identifier: Apache-2.0
 *
 * page.h - the file of --html: written whole, and never over something that is no page of ours.
 *
 * ERRORS     false, after the sentence is on standard error.
 */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H
#include <stdbool.h>

#include "cli/out.h"
#include "cli/report.h"
#include "input/input.h"

/* Before anything is read: `path` is free, empty, no regular file (a pipe, /dev/null), or a page
 * that an earlier run wrote; and it is none of the inputs. */
bool page_allowed(const char *path, const Inputs *good, const Inputs *inputs);

/* A page is written between these two; page_close tells what went wrong with it. */
bool page_open(const char *path, Out *ret);
bool page_close(const char *path, Out *out);

bool page_write(const char *path, const Report *report);

#endif
