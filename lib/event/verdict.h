/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict.h - what a person said about findings, or a rule says of findings to come, as JSON.
 *
 *     {"verdict":"expected","finding":"3f1c","pattern":"91ab","source":"nginx","author":"ops"}
 *     {"verdict":"mute","source":"/var/log/backup*","until":"2026-12-24","reason":"rewritten"}
 *     {"undo":"5d0e"}
 *
 * Its scope: all that it names must fit (source, pattern, host ... are texts with stars,
 * base/glob.h); a finding that it was said of fits in any case.
 *
 * SHAPE      A Verdict is flat, its texts are terminated, unused bytes are zero.
 * ERRORS     verdict_read: false with a sentence.  Unknown members are errors, and so are values
 *            that are too long: a rule that silently does less than it says is worse than none.
 * EXACTNESS  What verdict_write writes is read back to the same Verdict.  An id that is not given
 *            is a hash of all but `made`: who says the same twice has said it once.
 */
#ifndef EVENT_VERDICT_H
#define EVENT_VERDICT_H
#include "event/codec.h"
#include "event/json.h"

#define VERDICT_ID_SIZE 64
#define VERDICT_WORD_SIZE 24   /* Ids of findings and patterns, kinds. */
#define VERDICT_TEXT_SIZE 256
#define VERDICT_EVERY_SIZE 64
#define VERDICTS_AT_ONCE_MAX 1024

typedef enum {
    VERDICT_REAL = 0, /* It matters: its like is told earlier.                      */
    VERDICT_EXPECTED, /* It is usual: its like is held back, until it gets worse.   */
    VERDICT_UNSURE,   /* Nobody knows: it is noted, and changes nothing.            */
    VERDICT_MUTE,     /* Not to be heard, whatever it means.                        */
    VERDICT_WINDOW,   /* Maintenance: not to be heard in a span, however odd it is. */
    VERDICT_LINK,     /* Two findings, or incidents, belong together.               */
    VERDICT_UNLINK,   /* A finding does not belong to the others of its incident.   */
    VERDICT_NEW_NORMAL, /* From now on this is usual: a reference beside the old one. */
    VERDICT_UNDO,     /* The one with this id was never said.                       */
    VERDICT_KIND_COUNT
} VerdictKind;

typedef enum { LASTS_UNTIL_WORSE = 0, LASTS_FOREVER } VerdictLasts;

typedef struct {
    odd_time made;        /* When it was said.                                   */
    odd_time from,
        until;       /* Of findings that are odd in [from, until), of a window of those that lie
                             in it whole; ODD_TIME_NONE: no limit. */
    double   surprise;    /* Of what it was said of; 0: not known.               */
    uint8_t  kind;        /* VerdictKind  */
    uint8_t  lasts;       /* VerdictLasts */
    uint8_t  unused[6];
    char     id[VERDICT_ID_SIZE];
    char     finding[VERDICT_WORD_SIZE]; /* Its id; "": a rule.                         */
    char     signal[VERDICT_TEXT_SIZE];  /* Of a metric: id, or name with stars.        */
    char     pattern[VERDICT_TEXT_SIZE]; /* Of lines: id, or text with stars.           */
    char     source[VERDICT_TEXT_SIZE];
    char     host[VERDICT_TEXT_SIZE];    /* Of a metric: what its labels say it is of.  */
    char     find[VERDICT_TEXT_SIZE];    /* What stands in the sentence or the sample.  */
    char     what[VERDICT_WORD_SIZE];    /* Kind of finding: "burst".                   */
    char     reason[VERDICT_TEXT_SIZE];
    char     author[VERDICT_TEXT_SIZE];
    char     about[VERDICT_TEXT_SIZE];   /* The sentence of the finding, for people.    */
    char     with[VERDICT_WORD_SIZE];    /* Of a link: what `finding` belongs to.       */
    char     every[VERDICT_EVERY_SIZE];  /* Only then, each week: event/calendar_span.h */
    char     zone[VERDICT_EVERY_SIZE];   /* Of that; "": UTC.                          */
} Verdict;

const char *verdict_word(VerdictKind kind); /* "real", "expected" ... */

/* now and zone_s: of times without a zone, or a date. */
bool verdict_read(const JsonNode *object, odd_time now, int32_t zone_s, Verdict *ret,
                  char problem[JSON_PROBLEM_SIZE]);
/* The same of bytes, which are one JSON object: what an event holds. */
bool verdict_read_text(Str text, Verdict *ret);
void verdict_write(const Verdict *verdict, JsonText *text);

/* It names something, so that it is not about everything. */
bool verdict_has_scope(const Verdict *verdict);

#endif
