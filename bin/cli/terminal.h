/* SPDX-License-Identifier: Apache-2.0
 *
 * terminal.h - what the screen can do: width, colour, letters beyond ASCII.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H
#include <stdbool.h>

#include "cli/options.h"

#define TERMINAL_WIDTH_USUAL 80
#define TERMINAL_WIDTH_MAX 120

/* asked: of --width, 0 for none.  Not a terminal: 80.  A terminal: its own, up to 120. */
int terminal_width(int descriptor, int asked);

/* AUTO: a terminal that is not dumb, and NO_COLOR is not set. */
bool terminal_color(int descriptor, Color color);

/* A terminal whose cursor can be moved. */
bool terminal_is_screen(int descriptor);

bool terminal_unicode(void); /* The locale of the environment is UTF-8. */

#endif
