/* SPDX-License-Identifier: Apache-2.0
 *
 * saying.h - what is said of findings from the command line: put together, told to the server, and
 * what it answers in words.
 *
 * ERRORS     False, or STATUS_ERROR, after a sentence on standard error.
 */
#ifndef CLI_SAYING_H
#define CLI_SAYING_H
#include "cli/json.h"
#include "cli/remote.h"

/* Says it with what the options add, or with --dry-run only asks.  verdict: "expected" ...;
 * finding: its id, or NULL; with: what it is linked with, or NULL.  The exit status. */
int saying_say(const Options *options, const char *verdict, const char *finding, const char *with);
extern const char *const saying_options[]; /* Their names; NULL ends them. */

/* The same of a body that is there.  Prints what it would have done; the exit status. */
int saying_send(const Options *options, const char *body);

/* Asks the server that there is: method and body as of remote_send.  NULL: told. */
JsonTree *saying_ask(const Options *options, const char *method, const char *path,
                     const char *body);

/* GET of the path, or where that is not answered, of the other one.  NULL: told why not the first
 * one. */
JsonTree *saying_ask_either(const Options *options, const char *path, const char *other,
                            bool *ret_is_other);

/* "mute disks would have hidden 3 of 14 findings of the last 30 days, 0 that were marked real". */
void saying_effect(Buffer *out, const char *span, const char *verdict, const char *id,
                   const int64_t counts[5]); /* looked_at fits hidden real broken */

const char *tree_text(const JsonTree *object, const char *name); /* "": there is none. */
int64_t     tree_count(const JsonTree *object, const char *name);

#endif
