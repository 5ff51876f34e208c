/* SPDX-License-Identifier: Apache-2.0
 *
 * join.h - labels and facts in order of time, one way past both: what each label could know.
 *
 * A label is a moment and the entities that it is of, one for each kind.  Facts come in order of a
 * key, which is when they came (what was known) or when they happened.  Before a fact is taken, all
 * labels of earlier moments are answered: so no label sees a fact whose key is behind it.
 *
 * SHAPE      Memory: labels (24 bytes and 4 for each kind), and values of their entities alone.
 * OWNERSHIP  Borrows the table, which has its definitions and no facts.
 */
#ifndef FEATURE_JOIN_H
#define FEATURE_JOIN_H
#include "feature/table.h"

typedef struct {
    odd_time time;
    uint64_t row;  /* The order in which labels came. */
    uint64_t hash; /* Of its entities. */
} Label;

typedef bool (*JoinEmit)(void *context, uint64_t row, odd_time time, const FeatureValue *values);

typedef struct {
    Mem          *mem;
    FeatureTable *table;
    Names         wanted[FEATURE_ENTITIES_MAX]; /* By kind of the table. */
    Label        *labels;
    size_t        count, capacity;
    uint32_t     *entities; /* Of label `row`, from row * kinds on: numbers in `wanted`. */
    size_t        entity_count, entity_capacity;
    size_t        next;     /* Label to answer. */
    FeatureValue *values;
    JoinEmit      emit;
    void         *context;
    bool          failed;   /* emit gave false. */
} Join;

void join_open(Join *join, Mem *mem, FeatureTable *table);
void join_close(Join *join);
bool join_label(Join *join, odd_time time, const Str *entities); /* False: no memory. */

/* Labels are all there: in order.  False: no memory. */
bool join_begin(Join *join, JoinEmit emit, void *context);
/* Before join_begin: two labels of one moment and the same entities.  False: there are none. */
bool join_twice(Join *join, uint64_t *ret_row, uint64_t *ret_other);
bool join_wants(const Join *join, const Fact *fact, Str entity);
void join_fact(Join *join, odd_time key, const Fact *fact, Str entity);
void join_end(Join *join); /* No more facts. */

#endif
