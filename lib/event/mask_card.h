/* SPDX-License-Identifier: Apache-2.0
 *
 * mask_card.h - numbers of payment cards: 13 to 19 digits in one run, or in the groups that are
 * printed on cards, with blanks or dashes between them.
 *
 * ALGORITHM  The first digits say the issuer and so the lengths (ISO/IEC 7812, as the issuers
 *            publish them); the last digit is Luhn's (US patent 2,950,048).  A card is at least 13
 *            bytes, so only every sixth byte is looked at until two in a row may belong to one.
 * BLIND TO   Numbers glued to a letter, '_', '.', '-' or '+': those are ids of other things.
 */
#ifndef EVENT_MASK_CARD_H
#define EVENT_MASK_CARD_H
#include "event/mask_span.h"

/* The first one that begins at or behind `from`. */
bool mask_card_next(Str text, size_t from, MaskSpan *ret_span);

#endif
