/* SPDX-License-Identifier: Apache-2.0
 *
 * writer.h - words into a buffer of fixed size: cut at its end, never past it, always terminated.
 */
#ifndef INCIDENT_WRITER_H
#define INCIDENT_WRITER_H
#include "base/str.h"

#define NUMBER_SIZE 40

typedef struct {
    char  *text;
    size_t size, used; /* Room in all; used without the NUL. */
} Writer;

Writer writer_make(char *buffer, size_t size); /* size > 0 */
void   writer_add(Writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* `text` between grave accents, cut to so many bytes and never within a UTF-8 character.  Log text
 * may hold any byte; it is quoted as it is, and whoever shows it escapes it. */
void writer_quote(Writer *w, Str text, size_t bytes_max);

/* 1234567 -> "1,234,567"; below ten what is not whole keeps a digit.  buffer holds NUMBER_SIZE. */
const char *number_text(double value, char *buffer);
const char *ratio_text(double value, char *buffer); /* Always a digit below ten. */

#endif
