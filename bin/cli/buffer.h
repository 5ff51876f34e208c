/* SPDX-License-Identifier: Apache-2.0
 *
 * buffer.h - text that grows.
 *
 * OWNERSHIP  A Buffer owns its bytes until buffer_free.  All zero is empty.  The text is always
 *            terminated, and may hold NULs before its end.
 * ERRORS     None to check: without memory the program ends with a sentence and status 2.
 */
#ifndef CLI_BUFFER_H
#define CLI_BUFFER_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char  *text; /* NULL as long as nothing was ever added. */
    size_t size;
    size_t capacity;
} Buffer;

void buffer_add(Buffer *buffer, const void *bytes, size_t size);
void buffer_puts(Buffer *buffer, const char *text);
void buffer_repeat(Buffer *buffer, char c, size_t count);
void buffer_number(Buffer *buffer, uint64_t number, int digits); /* At least so many digits. */
void buffer_format(Buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What may stand anywhere in an address: all else than A-Z a-z 0-9 - . _ ~ as %XX (RFC 3986). */
void        buffer_percent(Buffer *buffer, const char *text);
void        buffer_clear(Buffer *buffer); /* Empty; keeps its memory. */
void        buffer_free(Buffer *buffer);
const char *buffer_text(const Buffer *buffer); /* Never NULL. */

#endif
