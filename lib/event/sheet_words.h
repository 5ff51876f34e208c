/* SPDX-License-Identifier: Apache-2.0
 *
 * sheet_words.h - what columns of tables are usually called, in any case.
 */
#ifndef EVENT_SHEET_WORDS_H
#define EVENT_SHEET_WORDS_H
#include "base/str.h"

/* word: in small letters. */
bool word_is(Str text, const char *word);

bool is_name_of_time(Str name);   /* timestamp, date, ts ...                  */
bool is_name_of_index(Str name);  /* index, row, step ...                     */
bool is_name_of_series(Str name); /* metric, series ...: its text is the name */
bool is_name_of_value(Str name);  /* value, y ...: says nothing itself        */
bool is_name_of_log(Str name);    /* message, level ...: of a log, not a table */

#endif
