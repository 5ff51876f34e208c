/* SPDX-License-Identifier: Apache-2.0
 *
 * query_text.h - what PromQL and LogQL have in common: names, quoted texts, spans of time,
 * {label="value"}, by (label, ...).
 *
 * SHAPE      Every function begins at text->at, passes over spaces and stands behind what it took.
 * OWNERSHIP  Names and values are copied; the text is borrowed.
 * ERRORS     False, and text->problem is a sentence: the first that was written stays.
 */
#ifndef API_QUERY_TEXT_H
#define API_QUERY_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUERY_NAME_SIZE 128
#define QUERY_VALUE_SIZE 1024
#define QUERY_MATCHERS_MAX 16
#define QUERY_BY_MAX 8
#define QUERY_PROBLEM_SIZE 512

typedef struct {
    const char *at;
    char        problem[QUERY_PROBLEM_SIZE]; /* "": none. */
} QueryText;

typedef enum { MATCH_EQUAL, MATCH_UNEQUAL, MATCH_LIKE, MATCH_UNLIKE } MatchKind;

typedef struct {
    MatchKind kind;
    char      name[QUERY_NAME_SIZE];
    char      value[QUERY_VALUE_SIZE];
} Matcher;

typedef struct {
    Matcher items[QUERY_MATCHERS_MAX];
    size_t  count;
} Matchers;

typedef enum { FOLD_NONE, FOLD_SUM, FOLD_AVG, FOLD_MIN, FOLD_MAX, FOLD_COUNT } FoldKind;

typedef struct {
    FoldKind kind;
    char     by[QUERY_BY_MAX][QUERY_NAME_SIZE];
    size_t   by_count;
} Fold;

/* Says why, unless that is said already.  Always false. */
bool query_fail(QueryText *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool query_take(QueryText *text, const char *sign); /* No problem if it does not stand there. */
bool query_want(QueryText *text, const char *sign);
bool query_ends(QueryText *text);
bool query_name(QueryText *text, char name[QUERY_NAME_SIZE]); /* No problem if there is none. */
bool query_value(QueryText *text, char value[QUERY_VALUE_SIZE]); /* "..", '..' or `..` */
bool query_span(QueryText *text, int64_t *ret_ns);               /* 5m, 1h30m */
bool query_window(QueryText *text, int64_t *ret_ns);             /* [5m] */
bool query_matchers(QueryText *text, Matchers *matchers); /* {..}; added to those there are. */
bool query_match(QueryText *text, MatchKind *ret);        /* = != =~ !~ */
bool query_by(QueryText *text, Fold *fold);               /* by (..), or nothing. */

/* 1 + 2.5; each within what is around it: "vector(", ")" or "", "". */
bool query_numbers(QueryText *text, const char *before, const char *behind, double *ret);

FoldKind    query_fold(const char *name);      /* "sum"; FOLD_NONE: it is none. */
const char *query_fold_name(FoldKind kind);    /* "sum"; of SQL too. */

#endif
