/* SPDX-License-Identifier: Apache-2.0
 *
 * receivers.h - everybody who is told of what is odd: the webhook of every finding, those of
 * `notify` of incidents, each in the form that it knows (form.h), if the incident is one of theirs.
 *
 * THREADS    receivers_give on one thread at a time; each receiver is sent to on its own.
 */
#ifndef SERVE_RECEIVERS_H
#define SERVE_RECEIVERS_H
#include <oddball.h>

#include "serve/webhook.h"

typedef struct Receivers Receivers;

/* NULL and true: nobody is to be told.  problem (of SETTINGS_PROBLEM_SIZE) is a sentence. */
bool receivers_open(const Settings *settings, Receivers **ret_receivers, char *problem);

/* The current row of a view of findings, and the same as JSON. */
void receivers_give(Receivers *receivers, const odd_rows *finding, const char *json);

/* The same of one that was told before a restart: nobody is told again, but who forgets what is not
 * told again and again. */
void receivers_know(Receivers *receivers, const odd_rows *finding);

/* What others, about to be closed, know of the same lines of `notify`.  NULL is a no-op. */
void receivers_inherit(Receivers *receivers, Receivers *from);

/* Of all together; the trouble is that of the first one that has some. */
WebhookCounts receivers_counts(Receivers *receivers);
WebhookCounts receivers_close(Receivers *receivers); /* NULL: all are zero. */

#endif
