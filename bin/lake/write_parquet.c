/* SPDX-License-Identifier: Apache-2.0 */
#include "lake/write_parquet.h"

#include <oddball.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lake/library.h"

bool write_parquet(const char *library, const char *csv, const char *kinds, const char *to,
                   char *problem, size_t size)
{
    char path[LIBRARY_PATH_MAX], *why = NULL;
    odd_parquet *parquet;
    if (!library_find(library, path, sizeof path, &why)) {
        snprintf(problem, size, "%s", why != NULL ? why : odd_strerror(ODD_NOMEM));
        free(why);
        return false;
    }
    odd_rc rc = odd_parquet_open(path, 0, &parquet, problem, size);
    if (rc != ODD_OK)
        return false;
    rc = odd_parquet_write_kinds(parquet, csv, kinds, to);
    if (rc != ODD_OK) {
        const char *story = odd_parquet_errmsg(parquet);
        snprintf(problem, size, "%s", *story != '\0' ? story : odd_strerror(rc));
        unlink(to);
    }
    odd_parquet_close(parquet);
    return rc == ODD_OK;
}
