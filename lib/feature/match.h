/* SPDX-License-Identifier: Apache-2.0
 *
 * match.h - whether what happened counts for a feature, and as what.
 *
 * EXACTNESS  Pure.  Of an event that says it happened after it came, the time is when it came: so
 *            no value holds anything that was not known then.
 */
#ifndef FEATURE_MATCH_H
#define FEATURE_MATCH_H
#include "feature/definition.h"
#include "feature/fact.h"

typedef struct {
    FeatureFrom from;
    Str         source, what; /* What: its series, the text of its pattern, the event's name. */
    odd_time    time, known;  /* time: ODD_TIME_NONE: when it came. */
    FieldValue  own;          /* Of a sample its value. */
    FieldValue (*field)(const void *context, Str name);
    const void *context;
} Happening;

/* Its source and what it is are those that the feature is of; the same for all of one source. */
bool match_is_of(const Feature *feature, FeatureFrom from, Str source, Str what);

/* Of one that match_is_of: what counts.  False: nothing does; *ret_is_bad: its value is no number,
 * or is not finite. */
bool match_fact(const Feature *feature, const Happening *happening, Fact *ret, Str *ret_entity,
                bool *ret_is_bad);

#endif
