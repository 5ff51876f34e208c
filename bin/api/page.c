/* SPDX-License-Identifier: Apache-2.0 */
#include "api/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_DIGITS 16

/* "order.0123456789abcdef.id" */
static bool cursor_read(const char *cursor, Page *page)
{
    size_t order = strlen(page->order);
    if (strncmp(cursor, page->order, order) != 0 || cursor[order] != '.')
        return false;
    const char *key = cursor + order + 1;
    if (strspn(key, "0123456789abcdef") != KEY_DIGITS || key[KEY_DIGITS] != '.')
        return false;
    page->has_after = true;
    page->after_key = strtoull(key, NULL, 16);
    page->after_id = key + KEY_DIGITS + 1;
    return true;
}

bool page_begin(const Ask *ask, const char *const *orders, size_t order_count, size_t *ret_order,
                Page *ret_page)
{
    int64_t limit = PAGE_ROWS_USUAL;
    size_t order = 0;
    if (!ask_integer(ask, "limit", 1, PAGE_ROWS_MAX, &limit) ||
        !ask_choice(ask, "order", orders, order_count, &order))
        return false;
    Page page = {.order = orders[order], .limit = (size_t)limit};
    const char *cursor = request_query(ask->request, "cursor");
    if (cursor != NULL && !cursor_read(cursor, &page)) {
        http_problem(ask->response, 400, NULL,
                     "the parameter cursor is not one that this list gave in this order; take "
                     "\"next\" of the answer before, with the same order");
        return false;
    }
    page.rows = calloc(page.limit, sizeof *page.rows);
    if (page.rows == NULL) {
        ask_failed(ask->response, ODD_NOMEM);
        return false;
    }
    *ret_order = order;
    *ret_page = page;
    return true;
}

uint64_t page_key_integer(int64_t value)
{
    return (uint64_t)value ^ UINT64_C(1) << 63;
}

/* The bits of a double sort as it does, but for those of negative ones, which sort backwards. */
uint64_t page_key_real(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 != 0 ? ~bits : bits ^ UINT64_C(1) << 63;
}

/* Below 0: a comes first. */
static int order_of(uint64_t key_a, const char *id_a, uint64_t key_b, const char *id_b)
{
    if (key_a != key_b)
        return key_a > key_b ? -1 : 1;
    return -strcmp(id_a, id_b);
}

bool page_wants(Page *page, uint64_t key, const char *id)
{
    if (page->has_after && order_of(key, id, page->after_key, page->after_id) <= 0)
        return false;
    if (page->count < page->limit)
        return true;
    const PageRow *last = &page->rows[page->count - 1];
    page->more = true;
    return order_of(key, id, last->key, last->id) < 0;
}

static void row_free(PageRow *row)
{
    free(row->id);
    free(row->json);
}

void page_add(Page *page, uint64_t key, const char *id, HttpResponse *item)
{
    PageRow row = {.key = key, .id = strdup(id), .json = item->body, .json_size = item->body_size};
    page->failed |= row.id == NULL || item->broken;
    *item = (HttpResponse){0};
    if (page->failed) {
        row_free(&row);
        return;
    }
    if (page->count == page->limit)
        row_free(&page->rows[--page->count]);
    size_t at = page->count++;
    for (; at > 0 && order_of(key, id, page->rows[at - 1].key, page->rows[at - 1].id) < 0; at--)
        page->rows[at] = page->rows[at - 1];
    page->rows[at] = row;
}

static void page_next(const Page *page, Put *put)
{
    put_name(put, "next");
    if (!page->more || page->count == 0) {
        put_null(put);
        return;
    }
    const PageRow *last = &page->rows[page->count - 1];
    HttpResponse cursor = {0};
    response_print(&cursor, "%s.%016" PRIx64 ".%s", page->order, last->key, last->id);
    if (cursor.broken)
        put->response->broken = true;
    else
        put_text(put, cursor.body, cursor.body_size);
    response_clear(&cursor);
}

HttpReply page_end(Page *page, HttpResponse *response)
{
    Put put = {.response = response};
    bool failed = page->failed;
    if (!failed) {
        put_open(&put, '{');
        put_name(&put, "items");
        put_open(&put, '[');
        for (size_t i = 0; i < page->count; i++)
            put_raw(&put, page->rows[i].json, page->rows[i].json_size);
        put_close(&put, ']');
        page_next(page, &put);
        put_close(&put, '}');
    }
    for (size_t i = 0; i < page->count; i++)
        row_free(&page->rows[i]);
    free(page->rows);
    *page = (Page){0};
    return failed ? ask_failed(response, ODD_NOMEM)
                  : response_end(response, 200, "application/json");
}
