/* SPDX-License-Identifier: Apache-2.0
 *
 * promql.c - any bytes as a query of Prometheus: it is understood, or there is a sentence. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/promql.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_matchers(const Matchers *matchers)
{
    assert(matchers->count <= QUERY_MATCHERS_MAX);
    for (size_t i = 0; i < matchers->count; i++) {
        assert(matchers->items[i].name[0] != '\0');
        assert(strlen(matchers->items[i].name) < QUERY_NAME_SIZE);
        assert(strlen(matchers->items[i].value) < QUERY_VALUE_SIZE);
    }
}

static void read_query(const char *query)
{
    QueryText text = {.at = query};
    Promql promql;
    bool good = promql_read(&text, &promql);
    assert(good == (text.problem[0] == '\0'));
    if (!good)
        return;
    assert(*text.at == '\0');
    assert(promql.rate_ns >= 0);
    assert(promql.is_number || promql.matchers.count > 0);
    assert(promql.fold.by_count <= QUERY_BY_MAX);
    assert(promql.fold.by_count == 0 || promql.fold.kind != FOLD_NONE);
    check_matchers(&promql.matchers);
}

static void read_selector(const char *query)
{
    QueryText text = {.at = query};
    Matchers matchers;
    bool good = promql_selector(&text, &matchers);
    assert(good == (text.problem[0] == '\0'));
    if (good)
        check_matchers(&matchers);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *query = malloc(size + 1);
    assert(query != NULL);
    if (size > 0)
        memcpy(query, bytes, size);
    query[size] = '\0';
    read_query(query);
    read_selector(query);
    free(query);
    return 0;
}
