/* SPDX-License-Identifier: Apache-2.0
 *
 * web_files.h - the files of the page in the program; written by tools/web.py.
 *
 * OWNERSHIP  Static.
 */
#ifndef API_WEB_FILES_H
#define API_WEB_FILES_H
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *path;  /* "/index.html" */
    const char *type;  /* Content-Type. */
    const char *etag;  /* With its quotes. */
    bool        named; /* By its content: it never changes. */
    const char *plain;
    size_t      plain_size;
    const char *packed; /* By gzip. */
    size_t      packed_size;
} WebFile;

extern const WebFile web_files[]; /* Sorted by path. */
extern const size_t  web_files_count;

#endif
