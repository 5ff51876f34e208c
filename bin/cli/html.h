/* SPDX-License-Identifier: Apache-2.0
 *
 * html.h - log text in HTML: made visible (visible.h), and no byte of it can be a tag.
 *
 * EXACTNESS  & < > " ' become character references, so the text may stand in an element or in a
 *            quoted attribute.
 */
#ifndef CLI_HTML_H
#define CLI_HTML_H
#include <stdbool.h>
#include <stddef.h>

#include "cli/buffer.h"
#include "cli/pool.h"

void html_piece(Buffer *out, Piece piece);

/* The same with what had to be escaped in <span class="esc">; only for elements. */
void html_sample(Buffer *out, Piece piece);

#endif
