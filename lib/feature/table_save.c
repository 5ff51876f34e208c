/* SPDX-License-Identifier: Apache-2.0
 *
 * table_save.c - the table of features as bytes, and back. */
#include "feature/table.h"

typedef struct {
    odd_time now;
    uint64_t facts, late, refused, has_set;
} TablePlain;

static void kind_save(const EntityKind *kind, ImageOut *out)
{
    names_save(&kind->names, out);
    uint64_t blocks = kind->block_count;
    image_put(out, &blocks, sizeof blocks);
    for (size_t i = 0; i < kind->block_count; i++)
        image_put(out, kind->blocks[i], (size_t)kind->record_bytes * TABLE_RECORDS_OF_BLOCK);
}

void feature_table_save(const FeatureTable *table, ImageOut *out)
{
    TablePlain plain = {.now = table->now,
                        .facts = table->facts,
                        .late = table->late,
                        .refused = table->refused,
                        .has_set = table->set != NULL};
    image_put(out, &plain, sizeof plain);
    if (table->set == NULL)
        return;
    image_put_text(out, json_text_str(&table->set->text));
    for (size_t i = 0; i < table->set->count; i++)
        if (table->places[i].state != NULL)
            image_put(out, table->places[i].state, table->set->features[i].imputer->state_bytes);
    for (size_t i = 0; i < table->kind_count; i++)
        kind_save(&table->kinds[i], out);
}

static bool blocks_load(FeatureTable *table, EntityKind *kind, uint64_t count, ImageIn *in)
{
    size_t bytes = (size_t)kind->record_bytes * TABLE_RECORDS_OF_BLOCK;
    for (uint64_t i = 0; i < count && !in->failed; i++) {
        char **grown = mem_grow(&table->mem, kind->blocks, &kind->block_capacity,
                                kind->block_count + 1, sizeof *grown);
        if (grown == NULL)
            return false;
        kind->blocks = grown;
        grown[kind->block_count] = mem_take(&table->mem, bytes);
        if (grown[kind->block_count] == NULL)
            return false;
        image_get(in, grown[kind->block_count++], bytes);
    }
    return !in->failed;
}

static bool kind_load(FeatureTable *table, EntityKind *kind, ImageIn *in)
{
    uint64_t blocks = 0;
    names_load(&kind->names, in);
    image_get(in, &blocks, sizeof blocks);
    uint64_t room = blocks * TABLE_RECORDS_OF_BLOCK;
    if (in->failed || blocks > in->bytes.size || kind->names.count > room)
        return false;
    return blocks_load(table, kind, blocks, in);
}

odd_rc feature_table_load(FeatureTable *table, ImageIn *in)
{
    TablePlain plain = {0};
    image_get(in, &plain, sizeof plain);
    if (in->failed)
        return ODD_CORRUPT;
    table->now = plain.now;
    table->facts = plain.facts;
    table->late = plain.late;
    table->refused = plain.refused;
    if (!plain.has_set)
        return ODD_OK;
    odd_rc rc = feature_table_define(table, image_get_text(in));
    if (in->failed || rc == ODD_SYNTAX)
        return ODD_CORRUPT;
    uint64_t bytes_max = table->mem.bytes_max;
    table->mem.bytes_max = 0; /* It had that memory before. */
    bool good = rc == ODD_OK;
    for (size_t i = 0; good && i < table->set->count; i++)
        if (table->places[i].state != NULL)
            image_get(in, table->places[i].state, table->set->features[i].imputer->state_bytes);
    for (size_t i = 0; good && i < table->kind_count; i++)
        good = kind_load(table, &table->kinds[i], in);
    table->mem.bytes_max = bytes_max;
    return rc != ODD_OK ? rc : good ? ODD_OK : ODD_CORRUPT;
}
