/* SPDX-License-Identifier: Apache-2.0
 *
 * scope.h - the body of a verdict, which may name a finding and how far it goes, as the verdict
 * that the library reads (lib/event/verdict.h).
 *
 * `scope`: this (that finding alone), signal (its pattern or series, of its source: the default),
 * source (all of its source), everywhere (its pattern in any source).  A body that names source,
 * pattern, signal, host, kind or text itself has said how far it goes; and one with an id is a rule
 * that is whole, whose finding need not be there any more.
 */
#ifndef API_SCOPE_H
#define API_SCOPE_H
#include "api/findings.h"
#include "http/json_tree.h"

/* An object to the body of `json`.  False: the answer is written. */
bool scope_write(const Ask *ask, const JsonTree *body, HttpResponse *json);

#endif
