/* SPDX-License-Identifier: Apache-2.0
 *
 * json_word.h - a text as a JSON string, quotes and all.
 *
 * ERRORS     Those of the file: ferror says so.
 */
#ifndef SETTINGS_JSON_WORD_H
#define SETTINGS_JSON_WORD_H
#include <stdio.h>

void json_word(FILE *json, const char *text);

#endif
