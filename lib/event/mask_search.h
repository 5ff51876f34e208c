/* SPDX-License-Identifier: Apache-2.0
 *
 * mask_search.h - the walk over a text in search of what secrets are called or begin with.
 *
 * ALGORITHM  Each name has a fragment of four bytes.  The four bytes at every place of the text,
 *            in small letters, are hashed to one of 8,192 marks; where the mark is set the fragment
 *            is looked up, and what it belongs to is looked at.
 * SHAPE      8 KiB of marks; about two cycles a byte where there is nothing.
 */
#ifndef EVENT_MASK_SEARCH_H
#define EVENT_MASK_SEARCH_H
#include "event/mask_place.h"
#include "event/mask_span.h"

#define MASK_MARK_BITS 13
#define MASK_FRAGMENTS_MAX 128

typedef struct { /* Of one walk: what was seen already is not looked at twice. */
    MaskPlace place;
    size_t    from;        /* What is before it is done.                             */
    size_t    no_jwt_to;   /* No JSON web token begins before this.                  */
    size_t    key_end;     /* The next "-----END" ...                                */
    size_t    key_end_from; /* ... as seen from here; it may be the end of the text. */
} MaskSearch;

typedef bool (*MaskLook)(MaskSearch *search, size_t at, MaskSpan *ret_span);

typedef struct {
    uint8_t  marks[1 << MASK_MARK_BITS];
    uint32_t fragments[MASK_FRAGMENTS_MAX]; /* Ascending. */
    MaskLook looks[MASK_FRAGMENTS_MAX];
    size_t   count;
} MaskFilter;

void mask_filter_make(MaskFilter *ret_filter);

MaskSearch mask_search(Str text);

/* The first secret that begins at or behind `from`. */
bool mask_search_next(const MaskFilter *filter, MaskSearch *search, size_t from,
                      MaskSpan *ret_span);

#endif
