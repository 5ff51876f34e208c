/* SPDX-License-Identifier: Apache-2.0
 *
 * mask_email.h - what stands around an '@': an e-mail address, or the password of a URL.
 *
 * An address needs a domain with a dot and a last label of letters; names of systemd's units
 * ("getty@tty1.service"), versions of packages ("react@18.2.0") and code ("this@Main.onCreate")
 * are none.  Of scheme://user:password@host the password goes, up to the last '@' of that place.
 */
#ifndef EVENT_MASK_EMAIL_H
#define EVENT_MASK_EMAIL_H
#include "event/mask_place.h"
#include "event/mask_span.h"

/* The first one that begins at or behind `from`; what is before `from` does not count. */
bool mask_email_next(MaskPlace *place, size_t from, MaskSpan *ret_span);

#endif
