/* SPDX-License-Identifier: Apache-2.0
 *
 * made.h - rows of tables made for tests of the lake, and the lake that holds them.
 *
 * OWNERSHIP  made_close frees all; a lake folder is made anew for each test and removed at its end.
 */
#ifndef TESTS_MADE_H
#define TESTS_MADE_H
#include <oddball.h>

#include "event/table.h"
#include "event/tables.h"

typedef struct {
    Mem   mem;
    Table tables[ODD_TABLE_COUNT];
    char  folder[64];
    char  file[96];
    int   file_count;
} Made;

#define MADE_TEMPLATE 0x8000000000000001u /* Gaps "user ", " came from ", "". */
#define MADE_PATTERN 0xabcdef0123456789u

Made made_open(void);
void made_close(Made *made);

/* Lines: by the template, and raw. */
void made_line(Made *made, odd_time time, const char *source, int64_t seq, const char *user,
               const char *place, int64_t position);
void made_raw(Made *made, odd_time time, const char *source, int64_t seq, Str raw);
void made_sample(Made *made, odd_time time, const char *series, double value, int64_t position);
void made_template(Made *made);
void made_other_template(Made *made); /* Of other lines. */
void made_finding(Made *made, const char *id, odd_time time);

/* A lake of the folder, with the rows that were made since the last time as the hot ones. */
odd_lake *made_lake(Made *made);
odd_lake *made_lake_with(Made *made, const odd_lake_options *options);

/* The rows that were made since then are hot ones of this lake too. */
void made_hot(Made *made, odd_lake *lake);

/* The rows of an answer, "a|b\nc|d\n", missing cells as NULL; or the sentence why there is none. */
const char *made_answer(odd_lake *lake, const char *sql, char *text, size_t size);

#endif
