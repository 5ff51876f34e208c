/* SPDX-License-Identifier: Apache-2.0
 *
 * colour.h - takes the colours out of text that was written for a terminal.
 *
 * ALGORITHM  Select Graphic Rendition of ECMA-48, 8.3.117: ESC [ digits and semicolons m.  Other
 *            control sequences say something and stay.
 */
#ifndef EVENT_COLOUR_H
#define EVENT_COLOUR_H
#include <stddef.h>

/* In place; gives the size that is left. */
size_t colour_strip(char *bytes, size_t size);

#endif
