/* SPDX-License-Identifier: Apache-2.0
 *
 * exposition.h - numbers as Prometheus reads them: its text format 0.0.4, or OpenMetrics 1.0.
 *
 * The two differ in how a counter's family is called (OpenMetrics: without its "_total") and in the
 * "# EOF" at the end.
 */
#ifndef API_EXPOSITION_H
#define API_EXPOSITION_H
#include "http/http.h"

typedef enum { METRIC_COUNTER, METRIC_GAUGE, METRIC_SUMMARY } MetricKind;

typedef struct {
    HttpResponse *response;
    bool          open_metrics;
    const char   *name; /* Of the family that is open, as its samples are called. */
} Exposition;

/* Which of the two the Accept header asks for. */
Exposition exposition_begin(const HttpRequest *request, HttpResponse *response);

/* name: a counter's ends with "_total".  help: a sentence without line ends. */
void exposition_family(Exposition *exposition, const char *name, MetricKind kind, const char *help);

/* A sample of the open family; labels: names and values in turn, NULL at the end. */
void exposition_sample(Exposition *exposition, double value, const char *const *labels);

/* A family of one sample without labels. */
void exposition_number(Exposition *exposition, const char *name, MetricKind kind, const char *help,
                       double value);

HttpReply exposition_end(Exposition *exposition);

#endif
