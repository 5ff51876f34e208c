/* SPDX-License-Identifier: Apache-2.0
 *
 * list.h - a view of the fold as a list of pages: filtered, in an order, as JSON; and one row.
 */
#ifndef API_LIST_H
#define API_LIST_H
#include "api/page.h"
#include "api/view.h"

typedef struct {
    const View        *view;
    const char        *id_columns[2]; /* What names a row; the second may be NULL. */
    const char *const *orders;        /* The first is usual. */
    size_t             order_count;
    uint64_t (*key)(const odd_rows *rows, size_t order); /* The largest comes first. */
    bool (*wants)(const void *filter, const odd_rows *rows); /* NULL: all. */
    void (*more)(const odd_rows *rows, Put *put); /* Further members; NULL: none. */
} List;

/* Answers with a page; takes the parameters limit, order and cursor. */
HttpReply list_answer(const Ask *ask, const List *list, odd_time since, odd_time until,
                      const void *filter);

/* Rows that stand at the one with this id in the first id column; NULL: the answer (404) is
 * written.  what: "finding", for the sentence. */
odd_rows *list_find(const Ask *ask, const List *list, const char *what, const char *id);

#endif
