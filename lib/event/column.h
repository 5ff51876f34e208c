/* SPDX-License-Identifier: Apache-2.0
 *
 * column.h - one column of a header: read it at a place of a line.
 *
 * SHAPE      Pure functions.  Blanks before a column belong to it.
 * ERRORS     COLUMN_NONE: there is no such column at this place; the record is then unchanged.
 */
#ifndef EVENT_COLUMN_H
#define EVENT_COLUMN_H
#include <stdint.h>

#include "event/record.h"
#include "event/timestamp.h"

typedef enum {
    COLUMN_TIME = 1, /* [stamp] or stamp; mark: its TimeFormat                         */
    COLUMN_STAMP,    /* The same, but another column is the record's time              */
    COLUMN_UPTIME,   /* "[   12.345678]"                                               */
    COLUMN_LEVEL,    /* "INFO", "[warn]", "error:"; mark 1: single letters too         */
    COLUMN_GLUED,    /* The letter of "I1123 20:15:42", right before its stamp         */
    COLUMN_NUMBER,   /* "1234", "-1", "0x7f00", "1234#5678:"                           */
    COLUMN_BRACKET,  /* "[main]", balanced; mark: the opening character                */
    COLUMN_PUNCTUATION, /* "-", ":", "|", ",", "---"; mark: the character, or '?' for one
                        of "*#-."                                                      */
    COLUMN_TAG,      /* "sshd[123]:", "kernel:", "dfs.DataNode:"                       */
    COLUMN_FIELD,    /* All up to a separator; mark: the character, see column.c       */
    COLUMN_CLOSED,   /* "file.c:123]", a word that ends in a bracket                   */
    COLUMN_HOST,     /* A word                                                         */
    COLUMN_NAME,     /* A word: the component                                          */
    COLUMN_WORD,     /* A word: unused                                                 */
} Column;

#define COLUMN_NONE ((size_t)-1)
#define COLUMN_BYTES_MAX 256 /* A column is never longer, so a line without end costs no more. */

/* Where the column that starts at line[at] ends, or COLUMN_NONE; what it says goes into *record. */
size_t column_read(Column column, uint8_t mark, const TimeFrame *frame, Str line, size_t at,
                   Record *record);

/* False: no time column starts at line[at], in no format.  A cheap look. */
bool column_may_be_time(Str line, size_t at);

size_t column_skip_blanks(Str line, size_t at);
size_t column_skip_word(Str line, size_t at); /* Up to the next blank. */

#endif
