/* SPDX-License-Identifier: Apache-2.0
 *
 * session_shape.h - how sessions usually look, and how far one is from that.
 *
 * ALGORITHM  Four channels: a pattern that few sessions have, a pattern that nearly all have and
 *            this one lacks, a count that few have, an order of two patterns that few have
 *            (detect/session_order.h).  The evidence of a trait is -log10 of the share
 *            of the other sessions with it, above SHAPE_NORMAL_SHARE.  A channel's evidence becomes
 *            a probability by the normal tail beneath it: "the valley" of doc/design/sessions.md.
 *            The smallest of the four probabilities counts, times four (Bonferroni), so that
 *            dependence between the channels does no harm.
 * SHAPE      O(parts + patterns that nearly all sessions have) a session; 280 bytes a pattern, at
 *            most SHAPE_SYMBOLS_MAX patterns.
 * UNITS      Evidence and surprise in powers of ten.  delay: log2 of seconds (of rows, where there
 *            is no time), see shape_delay.
 * OWNERSHIP  The model owns its tables until shape_model_close.
 * ERRORS     When memory is short or a symbol is beyond the limit, the symbol takes no part.
 * EXACTNESS  Sessions may be learnt in any order; nothing else depends on it.
 *
 * ODD MEANS  "Sessions do not normally have this step", "... end without this one", "... do this as
 *            often", "... in this order": the trait is rarer than the differences between
 *            normal sessions explain.
 * PARAMS     None to set.  SHAPE_NORMAL_SHARE: what one session in 32 does is normal.
 * BLIND TO   Spacing of events; values; a deviation that more than 1/32 of the sessions
 *            share; a combination of patterns each of which is common.
 */
#ifndef DETECT_SESSION_SHAPE_H
#define DETECT_SESSION_SHAPE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

#define SHAPE_SYMBOLS_MAX 65536
#define SHAPE_PARTS_MAX 256      /* Different patterns of one session.             */
#define SHAPE_KNOWN_MAX 65536    /* Shapes of reference sessions that are kept.    */
#define SHAPE_NORMAL_SHARE 0.03125
#define SHAPE_TRAITS_MAX 3

typedef struct {
    uint32_t symbol;
    uint16_t count; /* Stops at 65,535.                                             */
    uint8_t  delay; /* shape_delay from the session's first event to its last here. */
    uint8_t  level; /* Level of the line; from SHAPE_LEVEL_WARN on it counts.       */
    uint16_t first, last; /* Moment of its first and of its last event: moments of a session
                             are numbered, equal time is one.  SHAPE_PLACE_MAX: not known. */
} ShapePart;

#define SHAPE_PLACE_MAX UINT16_MAX
#define SHAPE_LEVEL_WARN 5 /* LEVEL_WARN of event/record.h. */

typedef struct {
    const ShapePart *parts; /* (part_count), by symbol, each once.                          */
    size_t  part_count;
    uint32_t first;         /* Symbol of its first event.                                   */
    uint8_t watched;        /* shape_delay from its first event to the end of the input: what
                               others do only later may be missing.                         */
    uint8_t watched_before; /* The same from the beginning of the input to its last event:
                               counts if it does not begin as sessions do.                  */
    uint8_t duration;       /* shape_delay from its first event to its last.                */
    bool    reference;      /* Known good.                                                  */
} Shape;

typedef enum { TRAIT_RARE = 0, TRAIT_MISSING, TRAIT_COUNT, TRAIT_ORDER, TRAIT_KINDS } TraitKind;

typedef struct {
    TraitKind kind;
    uint32_t  symbol;
    uint32_t  other;    /* Of an order: the symbol that comes after this one here. */
    bool      at_end;   /* Of an order: their last events break it, else their first ones. */
    uint32_t  count;    /* Seen here.                                        */
    uint32_t  usual;    /* Most common count (the lower end of its range).   */
    uint32_t  sessions; /* How many have a trait as rare.                    */
    uint32_t  of;       /* Out of how many.                                  */
    double    evidence;
} ShapeTrait;

typedef struct {
    double     channels[TRAIT_KINDS];
    ShapeTrait traits[TRAIT_KINDS][SHAPE_TRAITS_MAX]; /* Strongest first; evidence 0: none. */
    bool       known;                                 /* A reference session looks the same. */
} ShapeEvidence;

typedef struct ShapeModel ShapeModel;

ShapeModel *shape_model_open(Mem *mem); /* NULL: no memory. */
void        shape_model_close(ShapeModel *model);

uint8_t  shape_delay(int64_t seconds); /* 0..31; negative counts as 0. */
void     shape_learn(ShapeModel *model, const Shape *shape);
void     shape_merge(ShapeModel *model, uint32_t from, uint32_t into);
uint64_t shape_count(const ShapeModel *model); /* Sessions learnt. */

/* Evidence of what so many of so many others have: 0 from the normal share on. */
double shape_rarity(double sessions, double of, double normal_share);
void   shape_trait_add(ShapeEvidence *evidence, const ShapeTrait *added);

/* Call before evidence and surprise, whenever what was learnt since shall count. */
void shape_refresh(ShapeModel *model);

/* learnt: this very shape is among those that were learnt, and is left out of the comparison. */
void shape_evidence(const ShapeModel *model, const Shape *shape, bool learnt,
                    ShapeEvidence *ret_evidence);
void shape_calibrate(ShapeModel *model, const ShapeEvidence *evidence);
void shape_fade(ShapeModel *model); /* What was calibrated so far is forgotten at the next call. */

/* ret_channel: the channel that pays, its traits are the reason. */
double shape_surprise(const ShapeModel *model, const ShapeEvidence *evidence,
                      TraitKind *ret_channel);

#endif
