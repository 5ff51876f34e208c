/* SPDX-License-Identifier: Apache-2.0
 *
 * field.h - one text of an answer's row with its size: the size first, for the text lives only
 * until the next call on its handle.
 */
#ifndef CLI_FIELD_H
#define CLI_FIELD_H
#include <oddball.h>

#include "cli/pool.h"

static inline Piece field_text(const odd_rows *rows, int column)
{
    size_t size = odd_text_size(rows, column);
    return (Piece){.text = odd_text(rows, column), .size = size};
}

#endif
