/* SPDX-License-Identifier: Apache-2.0
 *
 * table.h - the values of all features of all entities: facts in, values out.
 *
 * Time is cut into panes, as long as a feature's step; of each entity and feature a ring of the
 * newest panes is kept, each an aggregate of its facts.  A value is that of the panes of its window
 * put together: so a window moves in steps, and its oldest step falls off as a whole.
 *
 * ALGORITHM  Panes: J. Li, D. Maier et al., "No pane, no gain", SIGMOD Record 34(1), 2005.
 * SHAPE      A record of an entity is one flat block: for each feature of its kind a Ring, then its
 *            cells.  64 records a block.
 * OWNERSHIP  Not moved once opened.  Texts belong to it.
 * ERRORS     A fact of a new entity beyond the memory is refused, and counted.
 * EXACTNESS  A value at a moment no fact of which is known later does not depend on the order of
 *            the facts.  A fact older than the ring is counted as late: no window reaches it.
 */
#ifndef FEATURE_TABLE_H
#define FEATURE_TABLE_H
#include "base/names.h"
#include "feature/definition.h"
#include "feature/fact.h"

#define TABLE_RECORDS_OF_BLOCK 64

typedef struct {          /* Before the cells of a feature in a record. */
    int64_t  newest;      /* Number of its newest pane. */
    odd_time last;        /* Of the newest fact, ... */
    double   last_value;  /* ... the greatest of equals. */
    uint64_t facts;       /* 0: the rest says nothing. */
} Ring;

typedef struct {
    char     field[FIELD_NAME_SIZE]; /* That says of whom; "": all together. */
    Names    names;
    char   **blocks;
    size_t   block_count, block_capacity;
    uint32_t record_bytes;
} EntityKind;

typedef struct {
    uint32_t kind, at; /* Of its Ring in the record. */
    uint32_t panes;
    char    *state;    /* Of its imputer. */
} FeaturePlace;

typedef struct {
    Mem          mem;
    uint64_t     seed;
    FeatureSet  *set; /* NULL: there are no features. */
    FeaturePlace places[FEATURES_MAX];
    EntityKind   kinds[FEATURE_ENTITIES_MAX];
    size_t       kind_count;
    odd_time     now; /* When the newest event came, of any kind. */
    uint64_t     facts, late, refused;
} FeatureTable;

typedef struct {
    double   value;       /* NaN: missing. */
    bool     was_missing; /* It is imputed, or still missing. */
    odd_time time;        /* Of the newest fact; ODD_TIME_NONE: there is none. */
} FeatureValue;

void feature_table_open(FeatureTable *table, uint64_t seed, uint64_t bytes_max);
void feature_table_close(FeatureTable *table);

/* From now on these count, and no others; what is known of those that stay the same is kept.  The
 * text is one that feature_set_read takes; ODD_SYNTAX: it is not, and nothing changes. */
odd_rc feature_table_define(FeatureTable *table, Str json);

void feature_table_take(FeatureTable *table, const Fact *fact, Str entity);

/* Values of one entity.  as_of: not before the newest fact came. */
void feature_table_read(const FeatureTable *table, Str entity, const size_t *features, size_t count,
                        odd_time as_of, FeatureValue *ret);

size_t feature_table_entities(const FeatureTable *table);

void   feature_table_save(const FeatureTable *table, ImageOut *out);
odd_rc feature_table_load(FeatureTable *table, ImageIn *in); /* Into one that was just opened. */

/* -- between the files of the table ------------------------------------------------------------ */

static inline char *table_record(const EntityKind *kind, uint32_t entity)
{
    return kind->blocks[entity / TABLE_RECORDS_OF_BLOCK] +
           (size_t)(entity % TABLE_RECORDS_OF_BLOCK) * kind->record_bytes;
}

static inline int64_t pane_of(odd_time time, int64_t step_ns)
{
    return time / step_ns - (time % step_ns < 0);
}

static inline uint32_t pane_slot(int64_t pane, uint32_t panes)
{
    int64_t slot = pane % (int64_t)panes;
    return (uint32_t)(slot < 0 ? slot + (int64_t)panes : slot);
}

#endif
