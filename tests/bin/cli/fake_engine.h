/* SPDX-License-Identifier: Apache-2.0
 *
 * fake_engine.h - answers for renderers and commands without an engine: tables made up by a test.
 *
 * It is the odd_query, odd_next ... of the public header over cells of text; linked instead of the
 * library.
 * OWNERSHIP  Tables are the test's.
 */
#ifndef FAKE_ENGINE_H
#define FAKE_ENGINE_H
#include <oddball.h>

typedef struct {
    const char        *columns; /* Names, separated by spaces. */
    const char *const *cells;   /* Row by row; NULL at the end. */
} FakeTable;

void fake_answer(odd_view view, const FakeTable *table); /* NULL: an empty table. */
void fake_explain(const FakeTable *table);
void fake_line(const FakeTable *table);
void fake_bytes(const char *cell, size_t size); /* This cell (by address) has NULs in its text. */

#endif
