/* SPDX-License-Identifier: Apache-2.0 */
#include "lake/serve_parquet.h"

#include <oddball.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lake/confine.h"
#include "lake/library.h"

#define MEMORY_BYTES (512u << 20)

static odd_rc serve(const char *library, const char *file)
{
    char problem[1024] = "";
    const char *left_out;
    odd_parquet *parquet;
    odd_rc rc = odd_parquet_open(library, MEMORY_BYTES, &parquet, problem, sizeof problem);
    if (rc != ODD_OK) {
        fputs(problem[0] != '\0' ? problem : odd_strerror(rc), stderr);
        return rc;
    }
    confine_to_file(file);
    rc = odd_parquet_csv(parquet, file, "/dev/stdout", &left_out);
    const char *why = odd_parquet_errmsg(parquet);
    if (rc != ODD_OK)
        fputs(*why != '\0' ? why : odd_strerror(rc), stderr);
    else if (*left_out != '\0')
        fprintf(stderr, "columns that are neither numbers, times nor text are left out: %s",
                left_out);
    odd_parquet_close(parquet);
    return rc;
}

int parquet_serve(int descriptor)
{
    char library[LIBRARY_PATH_MAX], file[32];
    char *problem = NULL;
    confine_resources(0, MEMORY_BYTES);
    if (!library_find(NULL, library, sizeof library, &problem)) {
        fputs(problem != NULL ? problem : odd_strerror(ODD_NOMEM), stderr);
        free(problem);
        return 1;
    }
    snprintf(file, sizeof file, "/dev/fd/%d", descriptor);
    /* What libraries do at an exit needs files that nobody may open any more. */
    _exit(serve(library, file) == ODD_OK ? 0 : 1);
}
