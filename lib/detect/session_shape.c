/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/session_shape.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/real.h"
#include "detect/session_order.h"

#define COUNT_CLASSES 16 /* 1 to 8 each alone, then one class for each power of two. */
#define DELAY_CLASSES 32
#define BINS 120 /* Of evidence. */
#define BIN_WIDTH 0.05
#define VOUCH_BINS 10 /* Half a unit: whether it is in one session or in two is chance. */
#define COUNT_SESSIONS_MIN 20     /* A count is compared when so many have the pattern.   */
#define COUNT_FIXED_SHARE 0.8     /* So many agree: any other count is a deviation.       */
#define REFERENCE_SESSIONS_MIN 30 /* Fewer known good sessions do not bear a comparison.  */
#define LEVEL_BONUS 0.4           /* Evidence that a warning or worse adds to a rare step. */
#define LN10 2.302585092994045684

typedef struct {
    uint32_t sessions;
    uint32_t counts[COUNT_CLASSES];
} Tally;

typedef struct {
    Tally    all;
    Tally    reference;
    uint32_t begins;                /* Sessions whose first event it is.                   */
    uint32_t delays[DELAY_CLASSES]; /* Sessions by delay of the last event of this symbol. */
    uint8_t  level;                 /* Highest seen.                                       */
    uint8_t  count_bins;            /* Bins up to the oddest count of it in a session.     */
} Symbol;

typedef struct {
    uint64_t sessions;
    uint64_t bins[TRAIT_KINDS][BINS]; /* Those with evidence above 0. */
} Calibration;

struct ShapeModel {
    Mem      *mem;
    OrderModel *order;
    Symbol   *symbols;
    size_t    symbol_capacity;
    uint32_t  symbol_count;
    uint32_t *usual; /* Symbols that nearly all sessions have, since the last refresh. */
    size_t    usual_capacity, usual_count;
    uint64_t *known; /* Open addressing; 0 is free. */
    size_t    known_capacity, known_count;
    uint64_t  sessions, reference_sessions;
    uint32_t  durations[DELAY_CLASSES]; /* Sessions by duration. */
    Calibration now, before;
    double    surprises[TRAIT_KINDS][BINS];
};

ShapeModel *shape_model_open(Mem *mem)
{
    ShapeModel *model = mem_take(mem, sizeof *model);
    if (model == NULL)
        return NULL;
    model->mem = mem;
    model->order = order_model_open(mem);
    if (model->order != NULL)
        return model;
    shape_model_close(model);
    return NULL;
}

void shape_model_close(ShapeModel *model)
{
    if (model == NULL)
        return;
    Mem *mem = model->mem;
    order_model_close(model->order);
    mem_free(mem, model->symbols, model->symbol_capacity * sizeof *model->symbols);
    mem_free(mem, model->usual, model->usual_capacity * sizeof *model->usual);
    mem_free(mem, model->known, model->known_capacity * sizeof *model->known);
    mem_free(mem, model, sizeof *model);
}

uint64_t shape_count(const ShapeModel *model)
{
    return model->sessions;
}

static unsigned log2_floor(uint64_t x)
{
    assert(x > 0);
    return 63u - (unsigned)__builtin_clzll(x);
}

uint8_t shape_delay(int64_t seconds)
{
    if (seconds < 1)
        return 0;
    unsigned class = log2_floor((uint64_t)seconds) + 1;
    return (uint8_t)(class < DELAY_CLASSES ? class : DELAY_CLASSES - 1);
}

static unsigned count_class(uint32_t count)
{
    if (count <= 8)
        return count - 1;
    unsigned class = log2_floor(count) + 5;
    return class < COUNT_CLASSES ? class : COUNT_CLASSES - 1;
}

static uint32_t count_class_least(unsigned class)
{
    if (class < 8)
        return class + 1;
    return class == 8 ? 9 : 1u << (class - 5);
}

static Symbol *symbol_at(ShapeModel *model, uint32_t symbol)
{
    if (symbol >= SHAPE_SYMBOLS_MAX)
        return NULL;
    Symbol *grown = mem_grow(model->mem, model->symbols, &model->symbol_capacity,
                             (size_t)symbol + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    model->symbols = grown;
    if (symbol >= model->symbol_count)
        model->symbol_count = symbol + 1;
    return &grown[symbol];
}

/* -- shapes that a reference session had --------------------------------------------------- */

static uint64_t shape_hash(const Shape *shape)
{
    uint64_t hash = 1;
    for (size_t i = 0; i < shape->part_count; i++)
        hash = hash_add(hash,
                        (uint64_t)shape->parts[i].symbol << 8 | count_class(shape->parts[i].count));
    return hash != 0 ? hash : 1;
}

static size_t known_slot(const ShapeModel *model, uint64_t hash)
{
    size_t slot = hash & (model->known_capacity - 1);
    while (model->known[slot] != 0 && model->known[slot] != hash)
        slot = (slot + 1) & (model->known_capacity - 1);
    return slot;
}

static void known_add(ShapeModel *model, uint64_t hash)
{
    if (model->known == NULL) {
        model->known = mem_take(model->mem, 2 * SHAPE_KNOWN_MAX * sizeof *model->known);
        if (model->known == NULL)
            return;
        model->known_capacity = 2 * SHAPE_KNOWN_MAX;
    }
    size_t slot = known_slot(model, hash);
    if (model->known[slot] == hash || model->known_count == SHAPE_KNOWN_MAX)
        return;
    model->known[slot] = hash;
    model->known_count++;
}

static bool known_has(const ShapeModel *model, uint64_t hash)
{
    return model->known != NULL && model->known[known_slot(model, hash)] == hash;
}

/* -- learning ------------------------------------------------------------------------------ */

static void tally_add(Tally *tally, const ShapePart *part)
{
    tally->sessions++;
    tally->counts[count_class(part->count)]++;
}

void shape_learn(ShapeModel *model, const Shape *shape)
{
    assert(shape->duration < DELAY_CLASSES);
    model->sessions++;
    model->durations[shape->duration]++;
    model->reference_sessions += shape->reference;
    for (size_t i = 0; i < shape->part_count; i++) {
        const ShapePart *part = &shape->parts[i];
        assert(part->count > 0);
        assert(part->delay < DELAY_CLASSES);
        Symbol *symbol = symbol_at(model, part->symbol);
        if (symbol == NULL)
            continue;
        tally_add(&symbol->all, part);
        if (shape->reference)
            tally_add(&symbol->reference, part);
        symbol->delays[part->delay]++;
        if (part->level > symbol->level)
            symbol->level = part->level;
    }
    Symbol *first = symbol_at(model, shape->first);
    if (first != NULL)
        first->begins++;
    order_learn(model->order, shape);
    if (shape->reference)
        known_add(model, shape_hash(shape));
}

static void tally_merge(Tally *into, const Tally *from, uint64_t sessions)
{
    /* Sessions that had both are counted twice: their number is not known any more. */
    uint64_t sum = (uint64_t)into->sessions + from->sessions;
    into->sessions = (uint32_t)(sum < sessions ? sum : sessions);
    for (unsigned i = 0; i < COUNT_CLASSES; i++)
        into->counts[i] += from->counts[i];
}

void shape_merge(ShapeModel *model, uint32_t from, uint32_t into)
{
    assert(from != into);
    if (from >= model->symbol_count)
        return;
    Symbol *target = symbol_at(model, into);
    if (target == NULL)
        return;
    Symbol *gone = &model->symbols[from];
    tally_merge(&target->all, &gone->all, model->sessions);
    tally_merge(&target->reference, &gone->reference, model->reference_sessions);
    for (unsigned i = 0; i < DELAY_CLASSES; i++)
        target->delays[i] += gone->delays[i];
    target->begins += gone->begins;
    if (gone->level > target->level)
        target->level = gone->level;
    memset(gone, 0, sizeof *gone);
}

/* -- the valley: from evidence to surprise ------------------------------------------------- */

static int bins_vouched(const Symbol *symbol)
{
    return symbol->count_bins > 0 ? symbol->count_bins + VOUCH_BINS : 0;
}

/* Counts scatter by themselves, those of each pattern in its own way: where several patterns have
 * a session with so rare a count, that is how sessions are.  Gives the others for each bin. */
static void patterns_vouching(const ShapeModel *model, uint32_t ret_patterns[BINS])
{
    memset(ret_patterns, 0, BINS * sizeof *ret_patterns);
    for (uint32_t s = 0; s < model->symbol_count; s++)
        for (int bin = 0; bin < BINS && bin < bins_vouched(&model->symbols[s]); bin++)
            ret_patterns[bin]++;
    for (int bin = 0; bin < BINS; bin++)
        ret_patterns[bin] -= ret_patterns[bin] > 0;
}

/* Normal evidence falls by ten for each unit, for a trait of share f is in a share f of the
 * sessions.  So the normal tail at e follows from what lies between 0 and e / 2, and sessions as
 * odd as this one do not vouch for each other, however many they are.  Once the tail is found to
 * be thin, all that lies beyond is at least as surprising. */
static void channel_calibrate(ShapeModel *model, int channel)
{
    const Calibration *now = &model->now, *before = &model->before;
    double sessions = (double)(now->sessions + before->sessions);
    double surprise = 0, valley = 0.5;
    uint32_t vouching[BINS] = {0};
    if (channel == TRAIT_COUNT)
        patterns_vouching(model, vouching);
    for (int bin = 0; bin < BINS; bin++) {
        double e = (bin + 1) * BIN_WIDTH;
        const int half_bin = bin / 2;
        if (bin % 2 == 1)
            valley += (double)(now->bins[channel][half_bin] + before->bins[channel][half_bin]);
        double tail = real_exp(-e * LN10), half = real_exp(-e / 2 * LN10);
        double p = valley / (sessions + 1) * tail / (1 - half);
        if (p < vouching[bin] / (sessions + 1))
            p = vouching[bin] / (sessions + 1);
        double here = p < 1 ? -real_log10(p) : 0;
        if (here > surprise)
            surprise = here;
        model->surprises[channel][bin] = surprise;
    }
}

double shape_rarity(double sessions, double of, double normal_share)
{
    double share = (sessions + 0.5) / (of + 1);
    return share < normal_share ? -real_log10(share / normal_share) : 0;
}

static double rarity(double sessions, double of)
{
    return shape_rarity(sessions, of, SHAPE_NORMAL_SHARE);
}

void shape_refresh(ShapeModel *model)
{
    for (int channel = 0; channel < TRAIT_KINDS; channel++)
        channel_calibrate(model, channel);
    model->usual_count = 0;
    for (uint32_t s = 0; s < model->symbol_count; s++) {
        double lacking = (double)(model->sessions - model->symbols[s].all.sessions);
        if (rarity(lacking > 0 ? lacking - 1 : 0, (double)model->sessions) <= 0)
            continue;
        uint32_t *grown = mem_grow(model->mem, model->usual, &model->usual_capacity,
                                   model->usual_count + 1, sizeof *grown);
        if (grown == NULL)
            return;
        model->usual = grown;
        model->usual[model->usual_count++] = s;
    }
}

/* -- evidence ------------------------------------------------------------------------------ */

void shape_trait_add(ShapeEvidence *evidence, const ShapeTrait *added)
{
    ShapeTrait trait = *added;
    if (trait.evidence <= 0)
        return;
    ShapeTrait *traits = evidence->traits[trait.kind];
    for (int i = 0; i < SHAPE_TRAITS_MAX; i++)
        if (trait.evidence > traits[i].evidence) {
            ShapeTrait lower = traits[i];
            traits[i] = trait;
            trait = lower;
        }
}

static void rare_add(const ShapeModel *model, const Symbol *symbol, const ShapePart *part,
                     uint32_t self, ShapeEvidence *evidence)
{
    ShapeTrait trait = {.kind = TRAIT_RARE,
                        .symbol = part->symbol,
                        .count = part->count,
                        .sessions = symbol->all.sessions,
                        .of = (uint32_t)model->sessions};
    trait.evidence = rarity(symbol->all.sessions - self, (double)model->sessions);
    if (trait.evidence > 0 && symbol->level >= SHAPE_LEVEL_WARN)
        trait.evidence += LEVEL_BONUS;
    shape_trait_add(evidence, &trait);
}

static unsigned tally_mode(const Tally *tally)
{
    unsigned mode = 0;
    for (unsigned class = 1; class < COUNT_CLASSES; class ++)
        if (tally->counts[class] > tally->counts[mode])
            mode = class;
    return mode;
}

/* How many sessions deviate as much: where most agree on a count, those whose count is as rare;
 * where counts scatter, those with as many or more. */
static uint32_t tally_as_odd(const Tally *tally, unsigned class, unsigned mode)
{
    uint32_t sum = 0;
    bool fixed = tally->counts[mode] >= COUNT_FIXED_SHARE * tally->sessions;
    if (!fixed && class < 8)
        return tally->sessions;
    for (unsigned i = 0; i < COUNT_CLASSES; i++)
        if (fixed ? tally->counts[i] <= tally->counts[class] : i >= class)
            sum += tally->counts[i];
    return sum;
}

static bool more_last(const uint32_t *delays, uint8_t watched, double of)
{
    uint64_t later = 0;
    for (unsigned i = watched; i < DELAY_CLASSES; i++)
        later += delays[i];
    return (double)later > SHAPE_NORMAL_SHARE * of;
}

/* It begins as few do, and the input begins so shortly before that the real beginning may lie
 * before that. */
static bool beginning_is_cut(const ShapeModel *model, const Shape *shape)
{
    double sessions = (double)model->sessions;
    bool   usual = shape->first < model->symbol_count &&
                 model->symbols[shape->first].begins > SHAPE_NORMAL_SHARE * sessions;
    return !usual && more_last(model->durations, shape->watched_before, sessions);
}

/* Others do it only after a time that this one was not watched. */
static bool may_come_yet(const Symbol *symbol, const Shape *shape)
{
    return more_last(symbol->delays, shape->watched, symbol->all.sessions);
}

static void count_add(const Symbol *symbol, const ShapePart *part, uint32_t self,
                      const Shape *shape, bool cut, ShapeEvidence *evidence)
{
    const Tally *tally = &symbol->all;
    if (tally->sessions < COUNT_SESSIONS_MIN)
        return;
    unsigned class = count_class(part->count), mode = tally_mode(tally);
    if (class < mode && (cut || may_come_yet(symbol, shape)))
        return;
    uint32_t as_odd = tally_as_odd(tally, class, mode);
    ShapeTrait trait = {.kind = TRAIT_COUNT,
                        .symbol = part->symbol,
                        .count = part->count,
                        .usual = count_class_least(mode),
                        .sessions = as_odd,
                        .of = tally->sessions};
    trait.evidence = rarity(as_odd > self ? as_odd - self : 0, (double)tally->sessions);
    shape_trait_add(evidence, &trait);
}

static bool shape_has(const Shape *shape, uint32_t symbol)
{
    size_t low = 0, high = shape->part_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (shape->parts[middle].symbol < symbol)
            low = middle + 1;
        else
            high = middle;
    }
    return low < shape->part_count && shape->parts[low].symbol == symbol;
}

static void missing_add(const ShapeModel *model, const Shape *shape, uint32_t s, uint32_t self,
                        ShapeEvidence *evidence)
{
    const Symbol *symbol = &model->symbols[s];
    if (shape_has(shape, s) || may_come_yet(symbol, shape))
        return;
    uint32_t lacking = (uint32_t)(model->sessions - symbol->all.sessions);
    ShapeTrait trait = {
        .kind = TRAIT_MISSING, .symbol = s, .sessions = lacking, .of = (uint32_t)model->sessions};
    trait.evidence = rarity(lacking > self ? lacking - self : 0, (double)model->sessions);
    shape_trait_add(evidence, &trait);
}

void shape_evidence(const ShapeModel *model, const Shape *shape, bool learnt,
                    ShapeEvidence *ret_evidence)
{
    static const Symbol unseen;
    static const double weights[SHAPE_TRAITS_MAX] = {1, 0.5, 0.25};
    const bool cut = beginning_is_cut(model, shape);
    memset(ret_evidence, 0, sizeof *ret_evidence);
    for (size_t i = 0; i < shape->part_count; i++) {
        const ShapePart *part = &shape->parts[i];
        if (part->symbol >= SHAPE_SYMBOLS_MAX)
            continue;
        bool seen = part->symbol < model->symbol_count;
        const Symbol *symbol = seen ? &model->symbols[part->symbol] : &unseen;
        uint32_t self = learnt && symbol->all.sessions > 0;
        rare_add(model, symbol, part, self, ret_evidence);
        count_add(symbol, part, self, shape, cut, ret_evidence);
    }
    bool open[ORDER_PARTS_MAX] = {false};
    for (size_t i = 0; i < shape->part_count && i < ORDER_PARTS_MAX; i++)
        open[i] = shape->parts[i].symbol < model->symbol_count &&
                  may_come_yet(&model->symbols[shape->parts[i].symbol], shape);
    order_evidence(model->order, shape, learnt, cut, open, ret_evidence);
    for (size_t i = 0; !cut && i < model->usual_count; i++)
        missing_add(model, shape, model->usual[i], learnt, ret_evidence);
    for (int channel = 0; channel < TRAIT_KINDS; channel++)
        for (int i = 0; i < SHAPE_TRAITS_MAX; i++)
            ret_evidence->channels[channel] +=
                weights[i] * ret_evidence->traits[channel][i].evidence;
    ret_evidence->known =
        model->reference_sessions >= REFERENCE_SESSIONS_MIN && known_has(model, shape_hash(shape));
}

static int evidence_bin(double evidence)
{
    int bin = (int)(evidence / BIN_WIDTH);
    return bin < BINS ? bin : BINS - 1;
}

void shape_fade(ShapeModel *model)
{
    model->before = model->now;
    memset(&model->now, 0, sizeof model->now);
}

void shape_calibrate(ShapeModel *model, const ShapeEvidence *evidence)
{
    model->now.sessions++;
    for (int channel = 0; channel < TRAIT_KINDS; channel++)
        if (evidence->channels[channel] > 0)
            model->now.bins[channel][evidence_bin(evidence->channels[channel])]++;
    const double e = evidence->channels[TRAIT_COUNT];
    Symbol *symbol = e > 0 ? symbol_at(model, evidence->traits[TRAIT_COUNT][0].symbol) : NULL;
    if (symbol != NULL && symbol->count_bins <= evidence_bin(e))
        symbol->count_bins = (uint8_t)(evidence_bin(e) + 1);
}

double shape_surprise(const ShapeModel *model, const ShapeEvidence *evidence,
                      TraitKind *ret_channel)
{
    double most = 0;
    *ret_channel = TRAIT_RARE;
    if (evidence->known)
        return 0;
    for (int channel = 0; channel < TRAIT_KINDS; channel++) {
        double e = evidence->channels[channel];
        double surprise = e >= BIN_WIDTH ? model->surprises[channel][evidence_bin(e) - 1] : 0;
        if (surprise > most) {
            most = surprise;
            *ret_channel = (TraitKind)channel;
        }
    }
    most -= real_log10(TRAIT_KINDS);
    return most > 0 ? most : 0;
}
