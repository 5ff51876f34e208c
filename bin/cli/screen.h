/* SPDX-License-Identifier: Apache-2.0
 *
 * screen.h - the whole terminal for one command: another page, keys as they are pressed, and all as
 * it was when it ends, however it ends.
 *
 * Ctrl-C, SIGTERM and SIGHUP ask to end; Ctrl-Z gives the terminal back until the command goes on;
 * a crash gives it back first.
 *
 * SHAPE      One screen per process.
 * ERRORS     screen_open: false and errno, if the terminal cannot be set so.
 */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H
#include <stdbool.h>

#include "cli/buffer.h"

typedef enum {
    KEY_NONE = 0, /* Time is over, or the size has changed.              */
    KEY_END,      /* Asked to end: a signal, or the terminal went away.  */
    KEY_UP = 256,
    KEY_DOWN,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_HOME,
    KEY_LAST,
    KEY_ENTER,
    KEY_ESCAPE
} ScreenKey; /* Else the letter itself. */

bool screen_open(void);
void screen_close(void);
void screen_size(int *ret_columns, int *ret_rows);

/* What the whole screen shows from now on: at most so many rows, each ended by "\n". */
void screen_show(const Buffer *text);

/* Waits for a key; `wake` (a descriptor, or -1) ends the wait too. */
int screen_key(int wake, int timeout_ms);

#endif
