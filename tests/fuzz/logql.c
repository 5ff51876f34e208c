/* SPDX-License-Identifier: Apache-2.0
 *
 * logql.c - any bytes as a query of Loki: it is understood, or there is a sentence. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/logql.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *query = malloc(size + 1);
    assert(query != NULL);
    if (size > 0)
        memcpy(query, bytes, size);
    query[size] = '\0';
    QueryText text = {.at = query};
    Logql logql;
    bool good = logql_read(&text, &logql);
    assert(good == (text.problem[0] == '\0'));
    if (good) {
        bool counts = logql.kind == LOGQL_COUNT || logql.kind == LOGQL_RATE;
        assert(*text.at == '\0');
        assert(counts == (logql.window_ns > 0));
        assert(counts || logql.fold.kind == FOLD_NONE);
        assert(logql.matchers.count <= QUERY_MATCHERS_MAX);
        assert(logql.fold.by_count <= QUERY_BY_MAX);
        assert(logql.filter_count <= LOGQL_FILTERS_MAX);
        for (size_t i = 0; i < logql.filter_count; i++)
            assert(strlen(logql.filters[i].text) < QUERY_VALUE_SIZE);
    }
    free(query);
    return 0;
}
