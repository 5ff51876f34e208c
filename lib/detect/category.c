/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/category.h"

#include <string.h>

#include "base/hash.h"
#include "base/real.h"
#include "detect/shared.h"
#include "stats/unseen.h"

#define COUNT_MAX (1u << 22)   /* Then the past is halved, so that the state keeps learning. */
#define JUDGE_COUNT_MIN 64     /* Lines before a place is called free.                        */
#define FREE_FRESH_SHARE 0.1   /* So many unseen symbols with all slots taken: a free place.  */
#define EVERYDAY_CHANCE 0.1
#define EVERYDAY_STEP_MASK 15  /* What is everyday is found anew every 16 lines.              */

static uint32_t tag_of(uint64_t symbol)
{
    return (uint32_t)hash_fold(symbol ^ HASH_P0, HASH_P1);
}

/* The slot of a tag, or `used`. */
static unsigned find(const Category *category, uint32_t tag)
{
    unsigned i = 0;
    while (i < category->used && category->tags[i] != tag)
        i++;
    return i;
}

static double fresh_chance(const Category *category)
{
    double p = unseen_chance(category->count, category->fresh_weight);
    double crowd = unseen_crowd(category->recent);
    return p > crowd ? p : crowd;
}

/* The share of the past in symbols at most as frequent as slot i; an unseen one is no likelier. */
static double rare_chance(const Category *category, unsigned i)
{
    uint64_t at_most = (uint64_t)category->lost + 1;
    uint32_t count = category->counts[i];
    for (unsigned k = 0; k < category->used; k++)
        if (category->counts[k] <= count)
            at_most += category->counts[k];
    double p = (double)at_most / ((double)category->count + 1);
    double unseen = fresh_chance(category);
    return p > unseen ? p : unseen;
}

static double surprise_at(const Category *category, unsigned i)
{
    if (category->free || category->count == 0)
        return 0;
    bool seen = i < category->used;
    if (seen && category->counts[i] >= category->everyday)
        return 0;
    double p = seen ? rare_chance(category, i) : fresh_chance(category);
    return p < EVERYDAY_CHANCE ? -real_log10(p) : 0;
}

/* The least count whose symbols and all rarer ones make a tenth of the past. */
static void find_everyday(Category *category)
{
    uint64_t at_most = (uint64_t)category->lost + 1;
    unsigned i = category->used;
    while (i > 0 && (double)at_most < EVERYDAY_CHANCE * ((double)category->count + 1))
        at_most += category->counts[--i];
    category->everyday = i < category->used ? category->counts[i] : 1;
}

void category_score(const Category *category, uint64_t symbol, Judgement *ret_judgement)
{
    *ret_judgement = detect_no_judgement();
    unsigned i = find(category, tag_of(symbol));
    double surprise = surprise_at(category, i);
    ret_judgement->surprise = surprise;
    ret_judgement->alarm = detect_alarm(surprise, category->envelope);
    if (surprise > 0)
        ret_judgement->reason = i < category->used ? "rare" : "new";
}

/* Slots stay sorted; among equals the latest comes first, so that the stalest one goes. */
static void rise(Category *category, unsigned i)
{
    uint32_t tag = category->tags[i], count = category->counts[i];
    for (; i > 0 && category->counts[i - 1] <= count; i--) {
        category->tags[i] = category->tags[i - 1];
        category->counts[i] = category->counts[i - 1];
    }
    category->tags[i] = tag;
    category->counts[i] = count;
}

static void insert(Category *category, uint32_t tag, uint32_t count)
{
    unsigned i = category->used;
    if (i < CATEGORY_SLOT_COUNT) {
        category->used++;
    } else if (category->counts[i - 1] <= count) {
        i--;
        category->lost += category->counts[i];
    } else {
        category->lost += count;
        return;
    }
    category->tags[i] = tag;
    category->counts[i] = count;
    rise(category, i);
}

static void halve(Category *category)
{
    category->count = 0;
    category->lost /= 2;
    category->fresh = (category->fresh + 1) / 2;
    category->fresh_weight /= 4;
    unsigned kept = 0;
    for (unsigned i = 0; i < category->used; i++) {
        category->counts[i] /= 2;
        category->count += category->counts[i];
        kept += category->counts[i] > 0;
    }
    for (unsigned i = kept; i < category->used; i++)
        category->tags[i] = category->counts[i] = 0;
    category->used = (uint16_t)kept;
    category->count += category->lost;
}

static void judge_free(Category *category)
{
    bool full = category->used == CATEGORY_SLOT_COUNT && category->count >= JUDGE_COUNT_MIN;
    if (full && (category->fresh > FREE_FRESH_SHARE * category->count ||
                 category->recent > 2 * FREE_FRESH_SHARE))
        category->free = 1;
}

void category_learn(Category *category, uint64_t symbol)
{
    if (category->free)
        return;
    uint32_t tag = tag_of(symbol);
    unsigned i = find(category, tag);
    bool fresh = i == category->used;
    double surprise = surprise_at(category, i);
    category->envelope = (float)detect_envelope(surprise, category->envelope);
    if (fresh && category->count > 0) /* The first symbol has to be new. */
        category->fresh_weight += category->count;
    category->count++;
    category->recent = (float)unseen_recent(category->recent, fresh);
    if (fresh) {
        category->fresh++;
        insert(category, tag, 1);
        judge_free(category);
    } else {
        category->counts[i]++;
        rise(category, i);
    }
    if (category->count >= COUNT_MAX)
        halve(category);
    if ((category->count & EVERYDAY_STEP_MASK) == 0)
        find_everyday(category);
}

uint32_t category_count(const Category *category, uint64_t symbol)
{
    unsigned i = find(category, tag_of(symbol));
    return i < category->used ? category->counts[i] : 0;
}

void category_merge(Category *category, const Category *other)
{
    double a = category->count, b = other->count;
    if (b == 0)
        return;
    if (a == 0) {
        *category = *other;
        return;
    }
    /* Weights grow with the square of the count: two pasts side by side weigh twice their sum. */
    category->fresh_weight =
        category->fresh_weight * ((a + b) / a) + other->fresh_weight * ((a + b) / b);
    category->recent = (float)((category->recent * a + other->recent * b) / (a + b));
    for (unsigned k = other->used; k-- > 0;) { /* From behind, so that equals keep their order. */
        unsigned i = find(category, other->tags[k]);
        if (i < category->used) {
            category->counts[i] += other->counts[k];
            rise(category, i);
        } else {
            insert(category, other->tags[k], other->counts[k]);
        }
    }
    category->count += other->count;
    category->lost += other->lost;
    category->fresh += other->fresh;
    category->free |= other->free;
    if (category->envelope < other->envelope)
        category->envelope = other->envelope;
    if (category->count >= COUNT_MAX)
        halve(category);
    find_everyday(category);
}

static size_t state_bytes(void)
{
    return sizeof(Category);
}

static void init(void *state, uint64_t seed)
{
    (void)seed; /* Nothing is drawn. */
    memset(state, 0, sizeof(Category));
}

static void score(const void *state, const Observation *o, Judgement *ret_judgement)
{
    category_score(state, o->symbol, ret_judgement);
}

static void learn(void *state, const Observation *o)
{
    category_learn(state, o->symbol);
}

static void merge(void *state, const void *other)
{
    category_merge(state, other);
}

const odd_detector detector_category = {
    .name = "category",
    .source = "Barber, Candes, Ramdas, Tibshirani, Annals of Statistics 51(2), 2023",
    .version = 1,
    .state_bytes = state_bytes,
    .init = init,
    .score = score,
    .learn = learn,
    .merge = merge,
};
