/* SPDX-License-Identifier: Apache-2.0
 *
 * label_file.h - a table of labels: CSV, packed or not, or Parquet, whole in memory.
 *
 * SHAPE      A line of names, then a row a line; quotes as in RFC 4180, but no line ends in them.
 * OWNERSHIP  label_file_close frees all; cells point into it.
 * ERRORS     False after a sentence on standard error.
 */
#ifndef CLI_LABEL_FILE_H
#define CLI_LABEL_FILE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LABEL_COLUMNS_MAX 1024

typedef struct {
    char    *bytes;
    size_t   size, capacity;
    uint64_t *rows; /* Where each begins. */
    size_t   row_count, row_capacity;
    char    *names[LABEL_COLUMNS_MAX];
    size_t   column_count;
} LabelFile;

bool label_file_read(const char *path, LabelFile *ret);
void label_file_close(LabelFile *file);

int label_file_column(const LabelFile *file, const char *name); /* -1: there is none. */

/* Cells of a row, each terminated, unquoted into `room` of label_file_room bytes; missing ones are
 * "".  False: it has more cells than there are columns. */
size_t label_file_room(const LabelFile *file, size_t row);
bool   label_file_cells(const LabelFile *file, size_t row, char *room, const char **cells);

#endif
