/* SPDX-License-Identifier: Apache-2.0 */
#include "feature/fact.h"

#include <assert.h>

#define BYTES_KEPT (256u << 10)

bool facts_add(Facts *facts, Fact fact, Str entity)
{
    assert(entity.size <= ENTITY_SIZE_MAX);
    size_t size = facts->size + sizeof fact + entity.size;
    char *grown = mem_grow(facts->mem, facts->bytes, &facts->capacity, size, 1);
    if (grown == NULL)
        return false;
    facts->bytes = grown;
    fact.entity_size = (uint32_t)entity.size;
    memcpy(grown + facts->size, &fact, sizeof fact);
    if (entity.size > 0)
        memcpy(grown + facts->size + sizeof fact, entity.text, entity.size);
    facts->size = size;
    return true;
}

bool facts_next(Str bytes, size_t *at, Fact *ret, Str *ret_entity)
{
    Fact fact;
    if (bytes.size - *at < sizeof fact)
        return false;
    memcpy(&fact, bytes.text + *at, sizeof fact);
    size_t from = *at + sizeof fact;
    if (fact.entity_size > ENTITY_SIZE_MAX || fact.entity_size > bytes.size - from)
        return false;
    *at = from + fact.entity_size;
    *ret = fact;
    *ret_entity = str_part(bytes, from, *at);
    return true;
}

void facts_clear(Facts *facts)
{
    facts->size = 0;
    if (facts->capacity > BYTES_KEPT)
        facts_close(facts);
}

void facts_close(Facts *facts)
{
    mem_free(facts->mem, facts->bytes, facts->capacity);
    *facts = (Facts){.mem = facts->mem};
}
