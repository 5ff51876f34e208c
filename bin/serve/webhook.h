/* SPDX-License-Identifier: Apache-2.0
 *
 * webhook.h - posts every finding to another server: signed, in order, and again until it is taken.
 *
 * A POST has the finding as JSON, and these headers:
 *   Idempotency-Key: ID-STATE          the same when it is sent again
 *   X-Oddball-Timestamp: SECONDS       of this attempt, since the Unix epoch
 *   X-Oddball-Signature: sha256=HEX    HMAC of the body with the secret, if there is one
 *   ce-id, ce-source, ce-type, ce-specversion    as CloudEvents 1.0 has it
 * It is taken with any 2xx.  After 408, 425, 429, 5xx and what is no answer at all it is sent
 * again, later and later, or when Retry-After says; any other answer refuses this one finding.
 *
 * A receiver of another form (serve/form.h) is sent its own bodies, without these headers, and what
 * stands is sent again and again.  Of mail, what is said to be so for now (4yz) is sent again.
 *
 * SHAPE      WEBHOOK_WAITING_MAX findings wait; beyond that the oldest is dropped, and counted.
 * OWNERSHIP  Texts are copied.
 * THREADS    One of its own; the functions may be called on any thread.
 */
#ifndef SERVE_WEBHOOK_H
#define SERVE_WEBHOOK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "settings/settings.h"

#define WEBHOOK_WAITING_MAX 1000

typedef struct Webhook Webhook;

typedef struct {
    const char *url, *secret; /* secret "": not signed. */
    bool        public_only;  /* Refuse private addresses. */
    double      retry_first_s, retry_most_s; /* 0: 1 and 300. */
    bool        is_plain;    /* Bodies of another form.                  */
    const char *mail_from, *mail_to; /* NULL: no mail; see http/client.h. */
    double      again_s;     /* What stands is sent again so often; 0: it is not. */
} WebhookOptions;

typedef struct {
    uint64_t delivered;
    uint64_t refused;      /* By an answer that says no.                */
    uint64_t dropped;      /* Too many waited, or no memory.            */
    uint64_t attempts_failed;
    uint64_t retried;      /* Attempts that were not the first of their finding. */
    size_t   waiting;
    char     trouble[400]; /* Why the last attempt failed; "": it did not. */
} WebhookCounts;

/* NULL: problem (of SETTINGS_PROBLEM_SIZE) is a sentence. */
Webhook *webhook_open(const WebhookOptions *options, char *problem);

/* An address in digits means what it says; a name may stand for anything, unless it is one of
 * settings.webhook_allow. */
bool webhook_is_allowed(const Settings *settings, const char *url);

/* The same from settings.webhook...; without one *ret is NULL, and true. */
bool webhook_open_settings(const Settings *settings, Webhook **ret, char *problem);

void          webhook_give(Webhook *webhook, const char *json); /* With "id" and "state". */
/* It is sent, and again from then on; over: for the last time. */
void          webhook_stand(Webhook *webhook, const char *key, const char *json, bool over);
WebhookCounts webhook_counts(Webhook *webhook);

/* What waits is sent within a second from now, as long as it is taken; the rest counts as dropped.
 * Several are told first, and then closed, so that they take their leave at once. */
void          webhook_leave(Webhook *webhook); /* NULL is a no-op. */
WebhookCounts webhook_close(Webhook *webhook); /* The last counts; those of NULL are all zero. */

/* What stood with another one stands with this one. */
void webhook_inherit(Webhook *webhook, Webhook *from);

void webhook_counts_add(WebhookCounts *counts, const WebhookCounts *more);

#endif
