/* SPDX-License-Identifier: Apache-2.0
 *
 * level.h - the words that say how severe a line is.
 *
 * SHAPE      Pure functions of the text.
 * ERRORS     None: what is no level is LEVEL_NONE.
 */
#ifndef EVENT_LEVEL_H
#define EVENT_LEVEL_H
#include "event/record.h"

Level level_of_word(Str word);        /* "INFO", "warn", "Severe": any case, the whole word.     */
Level level_of_letter(char letter);   /* "I", "W", "E": for a column of levels only.             */
Level level_of_severity(int severity); /* Of syslog, 0 emergency to 7 debug.                      */
Level level_of_number(Str digits);    /* 10 to 60 as bunyan and pino, 0 to 7 as syslog.          */

/* What a message says of trouble by its words, whatever level it was given: LEVEL_ERROR for a word
 * that shouts (ERROR, FATAL), LEVEL_WARN for the others (failed, panic, IOException), else none. */
Level level_of_words(Str message);

const char *level_name(Level level); /* "error"; "" for LEVEL_NONE.  Static. */

/* A message that opens with its level: "error: ...", "WARNING ...", "Traceback (most recent". */
Level level_of_start(Str message);

#endif
