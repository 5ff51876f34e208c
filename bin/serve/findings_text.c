/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/findings_text.h"

#include "api/view.h"

char *findings_text(odd_fold *fold, odd_time since, odd_time until)
{
    odd_rows *rows;
    odd_question question = {
        .view = ODD_FINDINGS, .since = since, .until = until, .earliest_first = 1};
    if (odd_fold_query(fold, &question, &rows) != ODD_OK)
        return NULL;
    HttpResponse text = {0};
    while (odd_next(rows) == ODD_ROW) {
        view_object(&view_findings, rows, &text);
        response_add(&text, "\n", 1);
    }
    odd_rows_close(rows);
    response_add(&text, "", 1);
    if (text.broken) {
        response_clear(&text);
        return NULL;
    }
    return text.body;
}
