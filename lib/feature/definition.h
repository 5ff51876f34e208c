/* SPDX-License-Identifier: Apache-2.0
 *
 * definition.h - what a feature is: of which facts, of whom, over which time, by which arithmetic.
 *
 *     {"name":"errors_5m","from":"logs","source":"shop*","entity":"host","aggregate":"count",
 *      "filter":{"level":"error"},"window":"5m","unit":"errors","owner":"shop","description":".."}
 *
 *     from          logs metrics predictions events features
 *     source        whose facts: source of lines or series, name of the model; stars
 *     series        METRICS: name of the series; pattern: LOGS; event: EVENTS.  Stars
 *     entity        field that says of whom a fact is; left out: of all together
 *     value         field whose number (or text, for distinct, hash, one_hot) counts
 *     filter, of    conditions on fields; of: which facts a share counts
 *     aggregate     count sum mean min max last std rate distinct quantile share
 *     quantile      in (0, 1)
 *     window, step  the window moves in steps (window / 12), of which the oldest falls off whole;
 *                   windows: "tumbling": the last whole window is told
 *     lag           the value of so long ago
 *     hash, one_hot LAST, SUM ...: a text as one of so many numbers, or as 1 if it is that text
 *     transform     "log", "normalise 0 100" (transform.h)
 *     impute        "constant 0", "last 10m" (impute.h)
 *     ratio, difference, product, total   FEATURES: two names, "a / b" or "a b"
 *
 * SHAPE      A Feature is flat.
 * ERRORS     A sentence; a name that is not known comes with the nearest one that is.
 * EXACTNESS  The version is a hash of all that changes values: not of description and owner.
 */
#ifndef FEATURE_DEFINITION_H
#define FEATURE_DEFINITION_H
#include <oddball.h>

#include "event/json.h"
#include "feature/aggregate.h"
#include "feature/condition.h"
#include "feature/impute.h"
#include "feature/transform.h"

#define FEATURE_NAME_SIZE 96
#define FEATURE_TEXT_SIZE 256
#define FEATURE_WORD_SIZE 64
#define FEATURE_GLOB_SIZE 128
#define FEATURE_VERSION_SIZE 17
#define FEATURE_PROBLEM_SIZE 400
#define FEATURE_CONDITIONS_MAX 8
#define FEATURE_STEPS_USUAL 12
#define FEATURE_STEPS_MAX 240 /* Of window and lag together. */

typedef enum {
    FROM_LOGS = 0,
    FROM_METRICS,
    FROM_PREDICTIONS,
    FROM_EVENTS,
    FROM_FEATURES,
    FROM_COUNT
} FeatureFrom;

typedef enum { MADE_RATIO = 0, MADE_DIFFERENCE, MADE_PRODUCT, MADE_TOTAL, MADE_COUNT } FeatureMade;
typedef enum { TEXT_NONE = 0, TEXT_HASH, TEXT_ONE_HOT } FeatureTextAs;

typedef struct {
    char             name[FEATURE_NAME_SIZE];
    char             version[FEATURE_VERSION_SIZE];
    char             description[FEATURE_TEXT_SIZE];
    char             owner[FEATURE_WORD_SIZE], unit[FEATURE_WORD_SIZE];
    FeatureFrom      from;
    char             source[FEATURE_GLOB_SIZE]; /* "": any. */
    char             what[FEATURE_GLOB_SIZE];   /* Series, pattern or event; "": any. */
    char             entity[FIELD_NAME_SIZE];   /* "": all together. */
    char             value[FIELD_NAME_SIZE];    /* "": of a sample its value. */
    Condition        filter[FEATURE_CONDITIONS_MAX], of[FEATURE_CONDITIONS_MAX];
    size_t           filter_count, of_count;
    const Aggregate *aggregate;
    AggregateAsk     ask;
    int64_t          window_ns, step_ns, lag_ns; /* LAST: 0, 0, 0 for no limit of its age. */
    bool             is_tumbling;
    FeatureTextAs    text_as;
    uint32_t         hash_buckets;
    char             one_hot[CONDITION_TEXT_SIZE];
    const Transform *transform; /* NULL: none. */
    double           arguments[TRANSFORM_ARGUMENTS_MAX];
    size_t           argument_count;
    const Imputer   *imputer; /* NULL: what is missing stays so. */
    double           impute_argument;
    FeatureMade      made; /* FEATURES */
    char             input_names[2][FEATURE_NAME_SIZE];
    size_t           inputs[2]; /* In its set. */
} Feature;

/* "300", "5m", "1.5h", "7d": as ns.  False: it is no span above 0. */
bool span_read(Str text, int64_t *ret_ns);

/* False, with a sentence that does not name the feature.  Inputs are not looked up. */
bool feature_read(const JsonNode *object, Feature *ret, char problem[FEATURE_PROBLEM_SIZE]);

/* The canonical text: members in a stated order, values as texts.  for_version: only those that
 * change values. */
void feature_write(const JsonNode *object, bool for_version, JsonText *text);

/* How far back its value looks; INT64_MAX: there is no limit. */
int64_t feature_reach_ns(const Feature *feature);

/* Panes of time that are kept of each entity. */
uint32_t feature_panes(const Feature *feature);

const char *feature_from_word(FeatureFrom from);

/* -- many of them ------------------------------------------------------------------------------ */

#define FEATURES_MAX 512
#define FEATURE_DEPTH_MAX 8 /* Of features of features. */
#define FEATURE_ENTITIES_MAX 16 /* Different fields that say of whom facts are. */

typedef struct {
    Mem      mem;
    Feature *features; /* In the order of the text. */
    size_t   count, capacity;
    JsonText text;     /* {"features":[...]}, canonical: what the journal keeps. */
    uint64_t id;       /* Hash of the text; 0: there are none. */
} FeatureSet;

/* What is wrong: with feature `number` of the text, or (SIZE_MAX) with all of it. */
typedef void (*FeatureTell)(void *context, size_t number, const char *name, const char *sentence);

/* retention_ns: windows may not reach further back; 0: no limit.  ODD_SYNTAX: something was told,
 * and the set is empty.  ODD_NOMEM. */
odd_rc feature_set_read(FeatureSet *set, Str json, int64_t retention_ns, FeatureTell told,
                        void *context);
void   feature_set_close(FeatureSet *set);
/* SIZE_MAX: there is none of that name. */
size_t feature_set_find(const FeatureSet *set, Str name);
Str    feature_set_near(const FeatureSet *set, Str name); /* Empty: nothing is near. */

#endif
