/* SPDX-License-Identifier: Apache-2.0
 *
 * render.h - the forms that an answer can take: one file each, render_FORM.c.
 *
 * A renderer appends to the buffer and reads nothing but the Report and the Look.  Log text is
 * never written as it is (visible.h, json.h, csv.h, and escapes in the HTML).
 * EXACTNESS  JSON, CSV and HTML of equal input are equal bytes: seconds and rate, which differ from
 *            run to run, are in the text alone.
 */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H
#include <stdbool.h>

#include "cli/buffer.h"
#include "cli/report.h"

/* How a page begins, by which it is known again. */
#define PAGE_DOCTYPE "<!doctype html>"
#define PAGE_MARK "<meta name=\"generator\" content=\"oddball\">"

typedef struct {
    int  columns;
    bool color;
    bool unicode; /* Bars and dots beyond ASCII. */
} Look;

void render_text(Buffer *out, const Report *report, Look look);
void render_json(Buffer *out, const Report *report);
void render_csv(Buffer *out, const Report *report);
void render_html(Buffer *out, const Report *report);

#endif
