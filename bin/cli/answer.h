/* SPDX-License-Identifier: Apache-2.0
 *
 * answer.h - the last steps of a command: ask, write in the form asked for, give the exit status.
 */
#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H
#include "cli/command.h"
#include "cli/learn.h"
#include "cli/out.h"

/* Why writing to `name` failed. */
void answer_complain(const Out *out, const char *name);

/* Writes what is left.  Gives `status`, or an error: with a sentence if standard output is no good,
 * or because an input that was named could not be read (which has been told). */
int answer_end(Out *out, const Learning *learning, int status);

/* Findings of what was learnt (view ODD_FINDINGS or ODD_DIFF), to standard output and to the
 * file of --html; gives the exit status. */
int answer_report(Learning *learning, const Options *options, odd_view view);

#endif
