/* SPDX-License-Identifier: Apache-2.0 */
#include "api/list.h"

#include <stdio.h>
#include <string.h>

#define ID_BYTES_MAX 8192

static void row_id(const List *list, const odd_rows *rows, char id[ID_BYTES_MAX])
{
    int size = snprintf(id, ID_BYTES_MAX, "%s", view_text(rows, list->id_columns[0]));
    if (list->id_columns[1] != NULL && size >= 0 && size < ID_BYTES_MAX)
        snprintf(id + size, ID_BYTES_MAX - (size_t)size, "@%s",
                 view_text(rows, list->id_columns[1]));
}

static void add_row(const List *list, const odd_rows *rows, size_t order, Page *page)
{
    char id[ID_BYTES_MAX];
    uint64_t key = list->key(rows, order);
    row_id(list, rows, id);
    if (!page_wants(page, key, id))
        return;
    HttpResponse item = {0};
    Put put = {.response = &item, .depth = 1};
    response_add(&item, "{", 1);
    view_members(list->view, rows, &put);
    if (list->more != NULL)
        list->more(rows, &put);
    response_add(&item, "}", 1);
    page_add(page, key, id, &item);
}

HttpReply list_answer(const Ask *ask, const List *list, odd_time since, odd_time until,
                      const void *filter)
{
    Page page;
    size_t order;
    if (!page_begin(ask, list->orders, list->order_count, &order, &page))
        return HTTP_NOW;
    odd_rows *rows = view_rows(ask, list->view, since, until);
    if (rows == NULL) {
        HttpResponse unused = {0};
        page_end(&page, &unused);
        response_clear(&unused);
        return HTTP_NOW;
    }
    while (odd_next(rows) == ODD_ROW)
        if (list->wants == NULL || list->wants(filter, rows))
            add_row(list, rows, order, &page);
    odd_rows_close(rows);
    return page_end(&page, ask->response);
}

odd_rows *list_find(const Ask *ask, const List *list, const char *what, const char *id)
{
    odd_rows *rows = view_rows(ask, list->view, 0, 0);
    if (rows == NULL)
        return NULL;
    while (odd_next(rows) == ODD_ROW)
        if (strcmp(view_text(rows, list->id_columns[0]), id) == 0)
            return rows;
    odd_rows_close(rows);
    http_problem(ask->response, 404, NULL,
                 "no %s has the id \"%.128s\"; GET /api/v1/%ss lists those that there are", what,
                 id, what);
    return NULL;
}
