/* SPDX-License-Identifier: Apache-2.0
 *
 * page.h - one page of a list in some order, and the cursor of the next.
 *
 * Rows come in any order; the page keeps those with the largest keys behind the cursor.  The cursor
 * names the last row of a page by its key and id, so that what is new meanwhile moves nothing.
 *
 * SHAPE      At most PAGE_ROWS_MAX rows are held, whatever their number.
 * OWNERSHIP  page_end frees all, also behind a failure.
 */
#ifndef API_PAGE_H
#define API_PAGE_H
#include "api/ask.h"
#include "api/put.h"

#define PAGE_ROWS_MAX 1000
#define PAGE_ROWS_USUAL 100

typedef struct {
    uint64_t key;
    char    *id;
    char    *json;
    size_t   json_size;
} PageRow;

typedef struct {
    const char *order;    /* Its name, as in the cursor. */
    size_t      limit;
    bool        has_after;
    uint64_t    after_key;
    const char *after_id; /* Of the request. */
    PageRow    *rows;     /* Descending by key, then id. */
    size_t      count;
    bool        more;     /* There are rows that fit behind the last. */
    bool        failed;   /* There was no memory. */
} Page;

/* From the parameters limit, order and cursor: the order is one of `orders`, the first one if none
 * is asked for; *ret_order is its number.  False: the answer is written. */
bool page_begin(const Ask *ask, const char *const *orders, size_t order_count, size_t *ret_order,
                Page *ret_page);

uint64_t page_key_integer(int64_t value);
uint64_t page_key_real(double value);

/* Whether a row would stand on the page; if so, page_add it. */
bool page_wants(Page *page, uint64_t key, const char *id);
/* The row's JSON is the body of `item`, which is then empty again. */
void page_add(Page *page, uint64_t key, const char *id, HttpResponse *item);

/* {"items":[...],"next":...} as the answer. */
HttpReply page_end(Page *page, HttpResponse *response);

#endif
