/* SPDX-License-Identifier: Apache-2.0
 *
 * overlay.h - verdicts and rules over findings: who is held back, by whom, and who breaks through.
 *
 * Nothing that was learnt knows of it.  What is said of a finding is worked out from the finding
 * and from the entries that there are; so without an entry all is as if it had never been said.
 *
 * ALGORITHM  A finding is hidden by the first mute or window that it fits; expected by the first
 *            expected verdict that it fits, unless a real one fits as well.  One that is far odder
 *            (OVERLAY_WORSE) than what the entry was made for breaks through, but through no window
 *            and none that lasts for ever.  A rule was made for what it holds back first.  A new
 *            normal holds back what is odd to baselines before its own, from real verdicts on too
 *            that were said before; but for models, what is far odder breaks through.
 * OWNERSHIP  An Overlay owns its entries.
 * ERRORS     OVERLAY_MAX entries; further ones are counted in `refused`.
 * EXACTNESS  Depends on the entries, in their order, and on the finding.  What an entry was made
 *            for depends on what it held back, and goes with it.
 */
#ifndef INCIDENT_OVERLAY_H
#define INCIDENT_OVERLAY_H
#include "base/image.h"
#include "event/verdict.h"

#define OVERLAY_MAX 1024
#define OVERLAY_WORSE 2.0 /* A surprise so much larger: a hundred times as rare. */

typedef struct {
    Verdict verdict;
    double  made_for;                 /* Surprise; 0: of nothing yet.             */
    char    first[VERDICT_WORD_SIZE]; /* Finding that a rule was made for; "": none yet. */
    odd_time heard;                   /* When it began to count, by the clock of the data. */
} OverlayEntry;

typedef struct {
    Mem          *mem;
    OverlayEntry *entries; /* In the order in which they were said. */
    size_t        count, capacity;
    uint64_t      refused;
    size_t        real_count, link_count; /* Of the entries: real ones; links and unlinks; ... */
    size_t        hiding_count; /* ... those that hold back. */
} Overlay; /* All zero but for `mem` is the empty one. */

typedef struct { /* A finding, as far as it matters here. */
    const char *id, *source, *text, *kind;
    Str         sentence, sample;
    uint64_t    signal; /* Id of the pattern or series whose text is `text`. */
    bool        is_metric;
    bool        is_raised; /* It is there because of a verdict: no rule was made for it. */
    bool        is_model;  /* What is odd is odd to a model's reference, ... */
    uint64_t    baseline;  /* ... of this verdict (overlay_baseline); 0: the first one. */
    odd_time    time, last_time;
    double      surprise;
} OverlayFinding;

typedef enum { SHOWN = 0, SHOWN_EXPECTED, SHOWN_HIDDEN } Shown;

typedef struct {
    Shown       shown;
    const char *by;     /* Id of the entry that holds it back; "": none. */
    const char *broken; /* Id of one that it broke through; "": none.    */
    unsigned    said;   /* Bits by VerdictKind: what was said of this very finding. */
} OverlayView;

/* An entry more, one with the same id instead, or one less. */
odd_rc overlay_take(Overlay *overlay, const Verdict *verdict, odd_time heard);
void   overlay_clear(Overlay *overlay); /* No entries. */
void   overlay_close(Overlay *overlay);

/* Of a finding that has begun, gone on, or is asked of again since the entries changed. */
OverlayView overlay_view(Overlay *overlay, const OverlayFinding *evidence);

/* What a reference is known by that began with such a verdict; never 0. */
uint64_t overlay_baseline(const Verdict *verdict);
/* There is such a verdict. */
bool overlay_has_baseline(const Overlay *overlay, uint64_t baseline);

bool overlay_holds_back(VerdictKind kind); /* Such ones do. */

/* Somebody called its like real. */
bool overlay_is_real(const Overlay *overlay, const OverlayFinding *evidence);

/* The entry fits it, whether it breaks through or not. */
bool overlay_fits(const Verdict *verdict, const OverlayFinding *evidence);
bool overlay_breaks(const Verdict *verdict, double made_for, double surprise);

void overlay_save(const Overlay *overlay, ImageOut *out);
void overlay_load(Overlay *overlay, ImageIn *in);

#endif
