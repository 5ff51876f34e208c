/* SPDX-License-Identifier: Apache-2.0
 *
 * view.h - rows of the fold's views as JSON: which columns, and what each is.
 */
#ifndef API_VIEW_H
#define API_VIEW_H
#include "api/ask.h"
#include "api/put.h"
#include "live/live.h"

typedef enum {
    FIELD_TEXT,
    FIELD_MAYBE, /* A text; empty is null. */
    FIELD_TIME,
    FIELD_INT,
    FIELD_COUNT, /* From 1 on; else null. */
    FIELD_BOOL,
    FIELD_REAL
} FieldKind;

typedef struct {
    const char *name;
    FieldKind   kind;
} Field;

typedef struct {
    odd_view     view;
    const Field *fields;
    size_t       count;
} View;

extern const View view_findings, view_incidents, view_verdicts, view_patterns, view_sources,
    view_series;
extern const View view_changes;
extern const View view_defined; /* Features. */
extern const View view_trials; /* Of live_try; no view of its own. */
extern const View view_story, view_checked, view_similar; /* Of live_incident, by part. */
extern const View view_models, view_features, view_drift, view_course, view_groups, view_curve,
    view_questions, view_labels;
extern const View view_asked, view_precision; /* Of findings that a person is asked about. */

/* The answer to a question.  NULL: that of the request is written. */
odd_rows *view_ask(const Ask *ask, const odd_question *question);

/* All rows of a view, within [since, until) where it has times (0: no limit).  NULL: the answer is
 * written. */
odd_rows *view_rows(const Ask *ask, const View *view, odd_time since, odd_time until);

/* The members of the current row, into the object that is open. */
void view_members(const View *view, const odd_rows *rows, Put *put);
/* The same; the member `name`, which is a text, is `text` where it has none. */
void view_members_or(const View *view, const odd_rows *rows, const char *name, const char *text,
                     Put *put);

/* The whole row as an object of one line, to the body of `json`. */
void view_object(const View *view, const odd_rows *rows, HttpResponse *json);

/* Of the current row. */
const char *view_text(const odd_rows *rows, const char *column); /* "": there is none. */
odd_time    view_time(const odd_rows *rows, const char *column); /* ODD_TIME_NONE, likewise. */

#endif
