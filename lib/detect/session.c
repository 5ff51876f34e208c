/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/session.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define PARTS_INLINE 10
#define PARTS_MORE 16
#define NONE UINT32_MAX
#define REFRESH_SESSIONS 32 /* Ended early; then the model is made ready anew. */
#define FADE_SESSIONS_MIN 64
#define NS_PER_S INT64_C(1000000000)

typedef struct { /* Further parts of a session. */
    uint32_t  next;
    uint32_t  part_count;
    ShapePart parts[PARTS_MORE];
} More;

typedef struct {
    uint64_t  hash;
    uint64_t  first_row, last_row, events;
    odd_time  first_time, last_time;
    odd_time  first_at, last_at; /* As above, or by row where there is no time. */
    uint32_t  older, newer;      /* By last event. */
    uint32_t  more;              /* Of the table's blocks. */
    uint32_t  first_symbol;
    uint16_t  place;             /* Of the last event among its moments; see ShapePart. */
    uint8_t   part_count;        /* Of the inline ones. */
    uint8_t   key_size;
    bool      reference;
    char      key[SESSION_KEY_BYTES_MAX];
    ShapePart parts[PARTS_INLINE];
} Session;

struct SessionTable {
    Mem        *mem;
    ShapeModel *model;
    Session    *sessions;
    size_t      session_capacity;
    uint32_t    session_count, session_count_max;
    uint32_t    oldest, newest;
    More       *blocks;
    size_t      block_capacity;
    uint32_t    block_count, block_free;
    uint32_t   *slots; /* Open addressing: index of the session + 1; 0 is free. */
    size_t      slot_capacity;
    uint32_t   *roots; /* By symbol: what it has become + 1; 0: itself. */
    size_t      root_capacity;
    uint32_t   *order; /* After the end of the input, by first row. */
    size_t      order_capacity;
    uint32_t    order_next;
    bool        ended;
    bool        timed;
    odd_time    begin_at, now_at;
    uint64_t    seed, lost, ended_early;
};

SessionTable *session_table_open(Mem *mem, uint64_t seed, uint32_t session_count_max)
{
    assert(session_count_max > 0);
    assert(session_count_max < NONE / 4);
    SessionTable *table = mem_take(mem, sizeof *table);
    if (table == NULL)
        return NULL;
    table->mem = mem;
    table->model = shape_model_open(mem);
    table->seed = seed;
    table->session_count_max = session_count_max;
    table->oldest = table->newest = table->block_free = NONE;
    if (table->model != NULL)
        return table;
    session_table_close(table);
    return NULL;
}

void session_table_close(SessionTable *table)
{
    if (table == NULL)
        return;
    Mem *mem = table->mem;
    shape_model_close(table->model);
    mem_free(mem, table->sessions, table->session_capacity * sizeof *table->sessions);
    mem_free(mem, table->blocks, table->block_capacity * sizeof *table->blocks);
    mem_free(mem, table->slots, table->slot_capacity * sizeof *table->slots);
    mem_free(mem, table->roots, table->root_capacity * sizeof *table->roots);
    mem_free(mem, table->order, table->order_capacity * sizeof *table->order);
    mem_free(mem, table, sizeof *table);
}

uint64_t session_lost(const SessionTable *table)
{
    return table->lost;
}

/* -- by key: the slots --------------------------------------------------------------------- */

static size_t slot_find(const SessionTable *table, uint64_t hash)
{
    assert(table->slots != NULL);
    size_t mask = table->slot_capacity - 1, slot = hash & mask;
    while (table->slots[slot] != 0 && table->sessions[table->slots[slot] - 1].hash != hash)
        slot = (slot + 1) & mask;
    return slot;
}

static bool slots_grow(SessionTable *table)
{
    if (table->slots != NULL && (size_t)table->session_count * 2 < table->slot_capacity)
        return true;
    size_t capacity = table->slots == NULL ? 64 : table->slot_capacity * 2;
    uint32_t *slots = mem_take(table->mem, capacity * sizeof *slots);
    if (slots == NULL)
        return false;
    mem_free(table->mem, table->slots, table->slot_capacity * sizeof *table->slots);
    table->slots = slots;
    table->slot_capacity = capacity;
    for (uint32_t i = 0; i < table->session_count; i++)
        table->slots[slot_find(table, table->sessions[i].hash)] = i + 1;
    return true;
}

/* Those behind the hole move up, unless that would put them before their home. */
static void slot_remove(SessionTable *table, uint64_t hash)
{
    assert(table->slots != NULL);
    size_t mask = table->slot_capacity - 1, hole = slot_find(table, hash);
    for (size_t slot = (hole + 1) & mask; table->slots[slot] != 0; slot = (slot + 1) & mask) {
        size_t home = table->sessions[table->slots[slot] - 1].hash & mask;
        if (((slot - home) & mask) < ((slot - hole) & mask))
            continue;
        table->slots[hole] = table->slots[slot];
        hole = slot;
    }
    table->slots[hole] = 0;
}

/* -- by age: a list ------------------------------------------------------------------------ */

static void age_unlink(SessionTable *table, uint32_t index)
{
    const Session *s = &table->sessions[index];
    if (s->older != NONE)
        table->sessions[s->older].newer = s->newer;
    else
        table->oldest = s->newer;
    if (s->newer != NONE)
        table->sessions[s->newer].older = s->older;
    else
        table->newest = s->older;
}

static void age_append(SessionTable *table, uint32_t index)
{
    Session *s = &table->sessions[index];
    s->older = table->newest;
    s->newer = NONE;
    if (table->newest != NONE)
        table->sessions[table->newest].newer = index;
    else
        table->oldest = index;
    table->newest = index;
}

/* -- the parts of a session ---------------------------------------------------------------- */

static uint32_t block_take(SessionTable *table)
{
    uint32_t index = table->block_free;
    if (index != NONE) {
        table->block_free = table->blocks[index].next;
    } else {
        More *grown = mem_grow(table->mem, table->blocks, &table->block_capacity,
                               (size_t)table->block_count + 1, sizeof *grown);
        if (grown == NULL)
            return NONE;
        table->blocks = grown;
        index = table->block_count++;
    }
    memset(&table->blocks[index], 0, sizeof table->blocks[index]);
    table->blocks[index].next = NONE;
    return index;
}

static ShapePart *part_find(ShapePart *parts, uint32_t count, uint32_t symbol)
{
    for (uint32_t i = 0; i < count; i++)
        if (parts[i].symbol == symbol)
            return &parts[i];
    return NULL;
}

/* The part of a symbol, a new one if need be; NULL: no room. */
static ShapePart *part_at(SessionTable *table, uint32_t index, uint32_t symbol)
{
    Session *s = &table->sessions[index];
    ShapePart *part = part_find(s->parts, s->part_count, symbol);
    if (part != NULL)
        return part;
    if (s->part_count < PARTS_INLINE)
        part = &s->parts[s->part_count++];
    uint32_t before = NONE, total = PARTS_INLINE;
    for (uint32_t at = s->more; part == NULL && at != NONE; at = table->blocks[at].next) {
        More *more = &table->blocks[at];
        part = part_find(more->parts, more->part_count, symbol);
        if (part != NULL)
            return part;
        if (more->part_count < PARTS_MORE)
            part = &more->parts[more->part_count++];
        before = at;
        total += more->part_count;
    }
    if (part == NULL && total < SHAPE_PARTS_MAX - PARTS_MORE) {
        uint32_t at = block_take(table);
        if (at == NONE)
            return NULL;
        if (before == NONE)
            s->more = at;
        else
            table->blocks[before].next = at;
        part = &table->blocks[at].parts[table->blocks[at].part_count++];
    }
    if (part != NULL)
        part->symbol = symbol;
    return part;
}

static uint32_t symbol_root(const SessionTable *table, uint32_t symbol)
{
    while (symbol < table->root_capacity && table->roots[symbol] != 0)
        symbol = table->roots[symbol] - 1;
    return symbol;
}

static int part_compare(const void *a, const void *b)
{
    const ShapePart *left = a, *right = b;
    return (left->symbol > right->symbol) - (left->symbol < right->symbol);
}

/* All parts by today's symbols, each once, in order. */
static size_t parts_gather(const SessionTable *table, const Session *s, ShapePart *ret_parts)
{
    size_t count = s->part_count;
    memcpy(ret_parts, s->parts, count * sizeof *ret_parts);
    for (uint32_t at = s->more; at != NONE; at = table->blocks[at].next) {
        const More *more = &table->blocks[at];
        assert(count + more->part_count <= SHAPE_PARTS_MAX);
        memcpy(ret_parts + count, more->parts, more->part_count * sizeof *ret_parts);
        count += more->part_count;
    }
    for (size_t i = 0; i < count; i++)
        ret_parts[i].symbol = symbol_root(table, ret_parts[i].symbol);
    /* Equal symbols become one part whatever their order, so the sort need not be stable. */
    qsort(ret_parts, count, sizeof *ret_parts, part_compare);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        ShapePart *last = kept > 0 ? &ret_parts[kept - 1] : NULL;
        if (last == NULL || last->symbol != ret_parts[i].symbol) {
            ret_parts[kept++] = ret_parts[i];
            continue;
        }
        uint32_t sum = (uint32_t)last->count + ret_parts[i].count;
        last->count = (uint16_t)(sum < UINT16_MAX ? sum : UINT16_MAX);
        last->first = last->first < ret_parts[i].first ? last->first : ret_parts[i].first;
        last->last = last->last > ret_parts[i].last ? last->last : ret_parts[i].last;
        last->delay = last->delay > ret_parts[i].delay ? last->delay : ret_parts[i].delay;
        last->level = last->level > ret_parts[i].level ? last->level : ret_parts[i].level;
    }
    return kept;
}

void session_merge(SessionTable *table, uint32_t from, uint32_t into)
{
    from = symbol_root(table, from);
    into = symbol_root(table, into);
    if (from == into || from >= SHAPE_SYMBOLS_MAX)
        return;
    uint32_t *grown =
        mem_grow(table->mem, table->roots, &table->root_capacity, (size_t)from + 1, sizeof *grown);
    if (grown == NULL)
        return;
    table->roots = grown;
    table->roots[from] = into + 1;
    shape_merge(table->model, from, into);
}

/* -- judging ------------------------------------------------------------------------------- */

static int64_t seconds_between(odd_time from, odd_time to)
{
    return to > from ? (int64_t)(((uint64_t)to - (uint64_t)from) / NS_PER_S) : 0;
}

/* A session near either end of the input may have events that are not in it. */
static Shape session_shape(const SessionTable *table, const Session *s, ShapePart *ret_parts)
{
    size_t count = parts_gather(table, s, ret_parts);
    int64_t after = seconds_between(s->first_at, table->now_at);
    int64_t before = seconds_between(table->begin_at, s->last_at);
    return (Shape){.parts = ret_parts,
                   .part_count = count,
                   .reference = s->reference,
                   .first = symbol_root(table, s->first_symbol),
                   .watched = shape_delay(after),
                   .watched_before = shape_delay(before),
                   .duration = shape_delay(seconds_between(s->first_at, s->last_at))};
}

static void session_judge(const SessionTable *table, const Session *s,
                          const ShapeEvidence *evidence, SessionJudgement *ret_ended)
{
    memset(ret_ended, 0, sizeof *ret_ended);
    memcpy(ret_ended->key, s->key, s->key_size);
    ret_ended->first_row = s->first_row;
    ret_ended->last_row = s->last_row;
    ret_ended->events = s->events;
    ret_ended->first_time = s->first_time;
    ret_ended->last_time = s->last_time;
    TraitKind channel;
    ret_ended->surprise = shape_surprise(table->model, evidence, &channel);
    if (ret_ended->surprise > 0)
        memcpy(ret_ended->traits, evidence->traits[channel], sizeof ret_ended->traits);
}

static void blocks_free(SessionTable *table, uint32_t first)
{
    while (first != NONE) {
        uint32_t next = table->blocks[first].next;
        table->blocks[first].next = table->block_free;
        table->block_free = first;
        first = next;
    }
}

/* What the first sessions do is rare because the stream is young: whenever the number of sessions
 * has doubled, what was rare until then counts half. */
static void early_count(SessionTable *table)
{
    uint64_t n = table->ended_early++;
    if (n >= FADE_SESSIONS_MIN && (n & (n - 1)) == 0)
        shape_fade(table->model);
    if (n % REFRESH_SESSIONS == 0)
        shape_refresh(table->model);
}

/* Ends the quietest session; gives its index for the next one. */
static uint32_t oldest_end(SessionTable *table, SessionJudgement *ret_ended)
{
    uint32_t index = table->oldest;
    Session *s = &table->sessions[index];
    ShapePart parts[SHAPE_PARTS_MAX];
    Shape shape = session_shape(table, s, parts);
    ShapeEvidence evidence;
    early_count(table);
    shape_evidence(table->model, &shape, false, &evidence);
    session_judge(table, s, &evidence, ret_ended);
    shape_calibrate(table->model, &evidence);
    shape_learn(table->model, &shape);
    slot_remove(table, s->hash);
    age_unlink(table, index);
    blocks_free(table, s->more);
    return index;
}

/* -- events -------------------------------------------------------------------------------- */

static odd_time event_at(SessionTable *table, const SessionEvent *event)
{
    odd_time at = table->now_at;
    if (event->time != ODD_TIME_NONE) {
        table->timed = true;
        at = event->time;
    } else if (!table->timed) {
        at = (odd_time)(event->row % (uint64_t)(INT64_MAX / NS_PER_S)) * NS_PER_S;
    }
    if (table->session_count == 0 && table->ended_early == 0)
        table->begin_at = table->now_at = at;
    if (at > table->now_at)
        table->now_at = at;
    return at;
}

static uint32_t session_begin(SessionTable *table, uint64_t hash, const SessionEvent *event,
                              odd_time at, bool *ret_ended_one, SessionJudgement *ret_ended)
{
    uint32_t index = table->session_count;
    if (index == table->session_count_max) {
        index = oldest_end(table, ret_ended);
        *ret_ended_one = true;
    } else {
        Session *grown = mem_grow(table->mem, table->sessions, &table->session_capacity,
                                  (size_t)index + 1, sizeof *grown);
        if (grown == NULL)
            return NONE;
        table->sessions = grown;
        if (!slots_grow(table))
            return NONE;
        table->session_count++;
    }
    Session *s = &table->sessions[index];
    memset(s, 0, sizeof *s);
    s->more = NONE;
    s->first_row = event->row;
    s->first_symbol = event->symbol;
    s->first_time = s->last_time = event->time;
    s->first_at = s->last_at = at;
    s->key_size = (uint8_t)(event->key.size < sizeof s->key ? event->key.size : sizeof s->key);
    memcpy(s->key, event->key.text, s->key_size);
    /* The slot is looked for under the new hash before the session has it, so it is free. */
    table->slots[slot_find(table, hash)] = index + 1;
    s->hash = hash;
    age_append(table, index);
    return index;
}

bool session_put(SessionTable *table, const SessionEvent *event, SessionJudgement *ret_ended)
{
    assert(!table->ended);
    assert(event->key.size > 0);
    uint64_t hash = hash_bytes(event->key.text, event->key.size, table->seed);
    odd_time at = event_at(table, event);
    size_t slot = table->slots != NULL ? slot_find(table, hash) : 0;
    uint32_t index = table->slots != NULL ? table->slots[slot] - 1 : NONE;
    bool ended = false;
    if (index == NONE) {
        index = session_begin(table, hash, event, at, &ended, ret_ended);
        if (index == NONE) {
            table->lost++;
            return false;
        }
    } else if (index != table->newest) {
        age_unlink(table, index);
        age_append(table, index);
    }
    ShapePart *part = part_at(table, index, event->symbol);
    if (part == NULL) {
        table->lost++;
        return ended;
    }
    Session *s = &table->sessions[index];
    if (!table->timed || at > s->last_at)
        s->place = (uint16_t)(s->place + (s->place < SHAPE_PLACE_MAX));
    s->events++;
    s->last_row = event->row;
    s->reference = s->reference || event->reference;
    if (event->time != ODD_TIME_NONE)
        s->last_time = event->time;
    s->last_at = at > s->last_at ? at : s->last_at;
    part->first = part->count == 0 ? s->place : part->first;
    part->last = s->place;
    part->count = (uint16_t)(part->count + (part->count < UINT16_MAX));
    part->delay = shape_delay(seconds_between(s->first_at, at));
    part->level = part->level > event->level ? part->level : event->level;
    return ended;
}

/* -- the end of the input ------------------------------------------------------------------ */

static bool order_before(const SessionTable *table, uint32_t a, uint32_t b)
{
    const Session *left = &table->sessions[a], *right = &table->sessions[b];
    if (left->first_row != right->first_row)
        return left->first_row < right->first_row;
    return left->hash < right->hash;
}

static void order_sink(SessionTable *table, size_t root, size_t count)
{
    uint32_t *order = table->order;
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && order_before(table, order[child], order[child + 1]))
            child++;
        if (!order_before(table, order[root], order[child]))
            return;
        uint32_t lower = order[root];
        order[root] = order[child];
        order[child] = lower;
        root = child;
    }
}

/* Heap sort: in place, and the order of equal elements does not arise. */
static bool order_make(SessionTable *table)
{
    size_t count = table->session_count;
    if (count == 0)
        return false;
    table->order = mem_take(table->mem, count * sizeof *table->order);
    if (table->order == NULL)
        return false;
    table->order_capacity = count;
    for (size_t i = 0; i < count; i++)
        table->order[i] = (uint32_t)i;
    for (size_t root = count / 2; root-- > 0;)
        order_sink(table, root, count);
    for (size_t last = count - 1; last > 0; last--) {
        uint32_t first = table->order[0];
        table->order[0] = table->order[last];
        table->order[last] = first;
        order_sink(table, 0, last);
    }
    return true;
}

static void rest_learn(SessionTable *table)
{
    ShapePart parts[SHAPE_PARTS_MAX];
    for (uint32_t i = 0; i < table->session_count; i++) {
        Shape shape = session_shape(table, &table->sessions[i], parts);
        shape_learn(table->model, &shape);
    }
    shape_refresh(table->model);
    ShapeEvidence evidence;
    for (uint32_t i = 0; i < table->session_count; i++) {
        Shape shape = session_shape(table, &table->sessions[i], parts);
        shape_evidence(table->model, &shape, true, &evidence);
        shape_calibrate(table->model, &evidence);
    }
    shape_refresh(table->model);
}

bool session_end(SessionTable *table, SessionJudgement *ret_ended)
{
    if (!table->ended) {
        table->ended = true;
        if (!order_make(table))
            table->lost += table->session_count;
        else
            rest_learn(table);
    }
    if (table->order == NULL || table->order_next == table->session_count)
        return false;
    const Session *s = &table->sessions[table->order[table->order_next++]];
    ShapePart parts[SHAPE_PARTS_MAX];
    Shape shape = session_shape(table, s, parts);
    ShapeEvidence evidence;
    shape_evidence(table->model, &shape, true, &evidence);
    session_judge(table, s, &evidence, ret_ended);
    return true;
}
