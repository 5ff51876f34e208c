/* SPDX-License-Identifier: Apache-2.0
 *
 * dataset_file.h - the rows of a dataset into a file: CSV, or Parquet where its name says so.
 *
 * ERRORS     Gives the exit status, after a sentence on standard error.
 */
#ifndef CLI_DATASET_FILE_H
#define CLI_DATASET_FILE_H
#include "cli/buffer.h"
#include "cli/table_feed.h"

int dataset_export(const Options *options, RegistryHome *home, const char *name);

/* For odd_dataset_csv and odd_registry_export: context is a FileWriter. */
typedef struct {
    int descriptor, problem; /* problem: errno, or 0. */
} FileWriter;
int file_write(void *context, const void *bytes, size_t size);

int file_close(FileWriter *writer, const char *path);

/* What `give` says of a dataset or a model, in the file of --out or on standard output. */
typedef odd_rc (*FileGive)(odd_registry *registry, const char *name, odd_registry_write write,
                           void *context);
int file_give(RegistryHome *home, FileGive give, const char *name, const char *path);

/* Rows that are there as CSV, one of `kinds` for each column ('n' 's' 't'), as --out says. */
int table_write(const RegistryHome *home, const Buffer *csv, const char *kinds, const char *path);

/* All of a file; false: told. */
bool file_read(const char *path, Buffer *ret);

#endif
