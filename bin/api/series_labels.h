/* SPDX-License-Identifier: Apache-2.0
 *
 * series_labels.h - the labels that a series of oddball_* has: as SQL, to pick and to group by, and
 * as JSON.
 *
 *     metric, source, signal     __name__ source name ... of requests{code="500",job="shop"}:
 *     {"__name__":"oddball_score","code":"500","job":"shop","name":"requests","source":"web"}
 *
 * A pattern of log lines has its id as label `pattern`, and the name lines_per_minute.  A label of
 * the series that is called as one of these is exported_name, exported_source, exported_pattern.
 * What cannot stand in a label's name is '_' in it.
 *
 * SHAPE      SQL has columns metric, source, signal, is_pattern.
 */
#ifndef API_SERIES_LABELS_H
#define API_SERIES_LABELS_H
#include "api/query_text.h"
#include "http/http.h"

#define SERIES_LABELS_MAX 64

/* The value of a label ('' where it has none), to the body of `sql`. */
void series_label_sql(HttpResponse *sql, const char *name);

/* The names that the labels of a series have, as a list of SQL. */
void series_label_names_sql(HttpResponse *sql);

/* value: SQL that has the label's. */
void matcher_sql(HttpResponse *sql, const Matcher *matcher,
                 void (*value)(HttpResponse *sql, const char *name));

/* The object of all labels.  metric: "": without __name__. */
void series_labels_put(HttpResponse *json, const char *metric, const char *source,
                       const char *signal, bool is_pattern);

/* The object of labels that are named; those with an empty value are left out. */
void labels_put(HttpResponse *json, const char *const *names, const char *const *values,
                size_t count);

#endif
