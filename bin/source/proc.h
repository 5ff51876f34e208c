/* SPDX-License-Identifier: Apache-2.0
 *
 * proc.h - small files of the kernel: read whole, taken apart by lines and words.
 *
 * OWNERSHIP  ProcText owns its bytes; all zero is empty; proc_free.  Words point into them.
 */
#ifndef SOURCE_PROC_H
#define SOURCE_PROC_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROC_BYTES_MAX (4u << 20) /* What is behind is not read. */
#define PROC_WORDS_MAX 64

typedef struct {
    char  *bytes; /* Ends with a NUL. */
    size_t size, capacity;
    char  *next;  /* The line that comes next. */
} ProcText;

bool proc_read(ProcText *text, const char *root, const char *path); /* False: not there. */
void proc_free(ProcText *text);

/* The next line, cut into its words (at blanks, tabs and `also`); false at the end. */
typedef struct {
    char  *words[PROC_WORDS_MAX];
    size_t count;
} ProcLine;
bool proc_line(ProcText *text, char also, ProcLine *ret);

double proc_number(const char *word); /* 0 if it is none. */

/* A file with nothing but a number in it; false: there is none. */
bool proc_value(ProcText *text, const char *root, const char *path, double *ret);

#endif
