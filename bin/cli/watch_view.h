/* SPDX-License-Identifier: Apache-2.0
 *
 * watch_view.h - what `watch` shows, drawn as text: findings, the oddest first; lanes of sources
 * over time, each cell a number for how odd; the last odd lines; how the server is.
 *
 * All text of logs is made visible (visible.h).
 *
 * OWNERSHIP  Borrows all of it for the call.
 */
#ifndef CLI_WATCH_VIEW_H
#define CLI_WATCH_VIEW_H
#include <oddball.h>

#include "cli/buffer.h"
#include "http/json_tree.h"

typedef struct {
    JsonTree   *oddest, *newest, *sources, *status; /* Answers of the server; NULL: none yet. */
    const char *server;  /* "127.0.0.1:6330" */
    const char *trouble; /* Why nothing newer is shown; "": it is new. */
    double      rate;    /* Rows and samples each second; below 0: unknown. */
    odd_time    now;
} WatchData;

typedef struct {
    int    columns, rows;
    bool   color, unicode;
    size_t selected; /* Finding, from 0. */
    size_t first;    /* At the top of the list; watch_draw sees to it that `selected` is shown. */
    bool   details;  /* Of the selected one, instead of all. */
    size_t details_first; /* Row of them at the top. */
} WatchLook;

size_t          watch_count(const WatchData *data); /* Findings in the list. */
const JsonTree *watch_finding(const WatchData *data, size_t index);

/* look->rows rows, each with its line end. */
void watch_draw(const WatchData *data, WatchLook *look, Buffer *out);

/* One finding as a row of plain text, with its line end: for a pipe. */
void watch_line(const JsonTree *finding, Buffer *out);

/* Of a member "time" and the like; ODD_TIME_NONE: there is none. */
odd_time watch_time(const JsonTree *object, const char *name);

#endif
