/* SPDX-License-Identifier: Apache-2.0
 *
 * link.h - why two findings belong together, if they do.
 *
 * Never by time alone: they are of one source, machine, service or model; or one names the other;
 * or both show the same identifier or address; or they are two of a kind, or came together before,
 * and begin nearly at once.
 *
 * ALGORITHM  The younger one begins while the older one goes on, or LINK_NS around that, and not
 *            later than LINK_LONGEST_NS; of those that are less sure (up to LINK_WORDS) within
 *            LINK_AT_ONCE_NS.  The surest reason is the one that is given.
 * OWNERSHIP  Texts are borrowed from the caller; the reason's own is copied.
 */
#ifndef INCIDENT_LINK_H
#define INCIDENT_LINK_H
#include <oddball.h>

#include "incident/who.h"

#define LINK_NS (600 * INT64_C(1000000000))
#define LINK_LONGEST_NS (21600 * INT64_C(1000000000))
#define LINK_AT_ONCE_NS (120 * INT64_C(1000000000))
#define LINK_MODEL_NS (3600 * INT64_C(1000000000)) /* The onset of a drift is an estimate. */
#define LINK_TOGETHER_LEAST 2                      /* Times before. */

/* X(name, words): "because they are ... NAME".  The less sure ones first. */
#define LINK_REASON_MAP(X)                                                                  \
    X(NONE, "")                                                                             \
    X(HISTORY, "came together before") /* So often.                                      */ \
    X(KIN, "two of a kind")            /* Of that stem.                                  */ \
    X(WORDS, "says the same")          /* The same line, or metric, of another.          */ \
    X(VALUE, "the same value")         /* An identifier or an address in their lines.    */ \
    X(BOTH_NAME, "both name")          /* Somebody third.                                */ \
    X(NAMES, "names it")               /* The younger one's text names the older one ... */ \
    X(NAMED, "named by it")            /* ... or the other way round.                    */ \
    X(MODEL, "the same model")                                                              \
    X(SERVICE, "the same service")                                                          \
    X(MACHINE, "the same machine")
typedef enum {
#define X(name, words) LINK_##name,
    LINK_REASON_MAP(X)
#undef X
        LINK_REASON_COUNT
} LinkReason;

typedef struct {
    Who      who;
    const char (*names)[WHO_NAME_SIZE]; /* Whom its texts name, as far as they are known. */
    size_t   name_count;
    uint64_t words;        /* The same for those that say the same; 0: nothing is like it. */
    Str      text, sample; /* Pattern or name of the series; a line of it. */
    Str      beside;       /* Another odd line beside it. */
    odd_time time, last_time;
    bool     is_model;
} LinkSide;

typedef struct {
    LinkReason reason;
    char       text[WHO_NAME_SIZE]; /* What they have in common. */
} Link;

/* By what they are and say. */
Link link_of(const LinkSide *older, const LinkSide *younger);
/* By how often they came together before, of those that begin at once. */
bool link_is_at_once(const LinkSide *older, const LinkSide *younger);
Link link_by_history(unsigned together);

/* `text`, `sample` or `beside` of it names somebody of `who`. */
const WhoName *link_names(const LinkSide *side, const Who *who);

const char *link_words(LinkReason reason);

#endif
