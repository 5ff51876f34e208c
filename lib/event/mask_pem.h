/* SPDX-License-Identifier: Apache-2.0
 *
 * mask_pem.h - private keys between -----BEGIN ... PRIVATE KEY----- and its END (RFC 7468).
 *
 * The marks stay, what is between them goes, over line ends too.  Where the text has only one of
 * them (a key that came in two pieces) the lines of base64 next to it go.
 *
 * BLIND TO   The middle of a key that came in three pieces.
 */
#ifndef EVENT_MASK_PEM_H
#define EVENT_MASK_PEM_H
#include "event/mask_search.h"

/* at: where one of the fragments stands in the text. */
bool mask_pem_at(MaskSearch *search, size_t at, MaskSpan *ret_span);

#define MASK_PEM_FRAGMENTS "begi", "-end"

#endif
