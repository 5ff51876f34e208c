/* SPDX-License-Identifier: Apache-2.0
 *
 * label_list.h - labels as text: {name="value", "quoted name"="value", ...}, as Prometheus, its
 * exporters and Loki write them.
 *
 * SHAPE      One pass.  A trailing comma and blanks between are allowed.
 * OWNERSHIP  Names and values point into the text, or into scratch where escapes were undone.
 * ERRORS     label_list_read gives false, and `fault` says why in words that go on from "line 5: ".
 */
#ifndef EVENT_LABEL_LIST_H
#define EVENT_LABEL_LIST_H
#include "event/series.h"

typedef struct {
    Str         text;
    size_t      at;
    bool        escapes_of_go; /* All of them, "\t" too; else only \\ \" \n. */
    char       *scratch;
    size_t      scratch_bytes, scratch_size; /* What it holds, and what of it is used. */
    const char *fault;
    Str         name; /* A quoted name alone among the labels: that of the metric. */
    Label       labels[SERIES_LABELS_MAX];
    size_t      label_count;
} LabelList;

/* Sets all but the labels themselves. */
void label_list_begin(LabelList *list, Str text, char *scratch, size_t scratch_bytes);

/* list->at stands behind '{'; then behind '}'. */
bool label_list_read(LabelList *list);

/* A name without quotes, of letters, digits, '_' and ':'; empty where none begins. */
Str label_list_take_name(LabelList *list);

void label_list_skip_blanks(LabelList *list);

/* The value of a label, empty if it is not there. */
Str label_list_find(const LabelList *list, Str name);

#endif
