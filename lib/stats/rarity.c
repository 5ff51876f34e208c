/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/rarity.h"

#include <assert.h>
#include <string.h>

#include "base/real.h"

#define PLAIN_PLACES 4.0  /* Places in which odd lines are no crowd yet; severe ones have their */
#define SEVERE_PLACES 2.0 /* weight already. */
#define PLACE_COUNT 256
/* Severity is the author's word that a line is odd: it is worth this many times its rarity. */
static const double severity_weight[SEVERITY_COUNT] = {1, 3, 20, 100};
/* Every file is taken to be preceded by so many plain lines, as far as severity goes. */
#define PLAIN_LINES_BEFORE 200

typedef struct {
    uint64_t count;
    size_t   index; /* In patterns. */
    uint64_t severity;
} Ranked;

typedef struct {
    uint64_t first, span; /* Rows of the file. */
    double   line_count;
    double   weight_mean; /* Of the severity weights over all lines. */
} Whole;

typedef struct {
    uint8_t  taken[PLACE_COUNT];
    uint32_t count;
} Places;

/* Rarest first; the index makes the order total, so any sort gives the same. */
static int is_before(const Ranked *a, const Ranked *b)
{
    return a->count != b->count ? a->count < b->count : a->index < b->index;
}

static void sift_down(Ranked *heap, size_t count, size_t at)
{
    Ranked moving = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && is_before(&heap[child], &heap[child + 1]))
            child++;
        if (!is_before(&moving, &heap[child]))
            break;
        heap[at] = heap[child];
    }
    heap[at] = moving;
}

/* Heapsort (J. Williams, 1964): in place, as qsort of the C library may go to the heap. */
static void sort(Ranked *ranked, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift_down(ranked, count, i);
    for (size_t i = count; i-- > 1;) {
        Ranked last = ranked[0];
        ranked[0] = ranked[i];
        ranked[i] = last;
        sift_down(ranked, i, 0);
    }
}

static Whole whole_of(const RarityPattern *patterns, size_t count)
{
    Whole whole = {.first = UINT64_MAX};
    uint64_t last = 0;
    double weights = PLAIN_LINES_BEFORE;
    for (size_t i = 0; i < count; i++) {
        const RarityPattern *p = &patterns[i];
        assert(p->severity < SEVERITY_COUNT);
        if (p->count == 0)
            continue;
        whole.line_count += (double)p->count;
        weights += (double)p->count * severity_weight[p->severity];
        if (p->first_row < whole.first)
            whole.first = p->first_row;
        if (p->last_row > last)
            last = p->last_row;
    }
    whole.span = last >= whole.first ? last - whole.first + 1 : 1;
    whole.weight_mean = weights / (whole.line_count + PLAIN_LINES_BEFORE);
    return whole;
}

static void places_take(Places *places, double share)
{
    int place = (int)(share * PLACE_COUNT);
    if (place >= PLACE_COUNT)
        place = PLACE_COUNT - 1;
    if (place < 0)
        place = 0;
    places->count += !places->taken[place];
    places->taken[place] = 1;
}

/* Lines between the first and the last are taken as evenly spread: only their ends are known. */
static void places_add(Places *places, const RarityPattern *p, const Whole *whole)
{
    double from = (double)(p->first_row - whole->first) / (double)whole->span;
    double to = p->last_row > p->first_row
                    ? (double)(p->last_row - whole->first) / (double)whole->span
                    : from;
    int steps = p->count < PLACE_COUNT ? (int)p->count : PLACE_COUNT;
    for (int i = 0; i < steps && places->count < PLACE_COUNT; i++)
        places_take(places, steps > 1 ? from + (to - from) * i / (steps - 1) : from);
}

static double surprise_of(const Rarity *r, uint64_t severity, const Whole *whole)
{
    assert(severity < SEVERITY_COUNT);
    double places = severity == SEVERITY_PLAIN ? PLAIN_PLACES : SEVERE_PLACES;
    double crowd = r->place_count > places ? r->place_count / places : 1;
    double lines = whole->line_count, weight = 1;
    if (severity != SEVERITY_PLAIN) {
        lines += PLAIN_LINES_BEFORE;
        /* What a severe word says wears off where it is heard all the time. */
        weight = severity_weight[severity] / whole->weight_mean / crowd;
    }
    double p = (double)r->line_count * crowd / (lines * (weight > 1 ? weight : 1));
    return p < 1 ? -real_log10(p) : 0;
}

/* All patterns of one severity: those at least as severe are walked from the rarest on. */
static void score_severity(const RarityPattern *patterns, const Ranked *ranked, size_t count,
                           uint64_t severity, const Whole *whole, Rarity *ret_rarities)
{
    Places places = {.count = 0};
    Rarity so_far = {.surprise = 0};
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && ranked[to].count == ranked[from].count; to++) {
            if (ranked[to].severity < severity)
                continue;
            so_far.line_count += ranked[to].count;
            so_far.pattern_count++;
            places_add(&places, &patterns[ranked[to].index], whole);
        }
        so_far.place_count = places.count;
        so_far.surprise = surprise_of(&so_far, severity, whole);
        for (size_t i = from; i < to; i++)
            if (ranked[i].severity == severity)
                ret_rarities[ranked[i].index] = so_far;
    }
}

size_t rarity_scratch_bytes(size_t count)
{
    return count * sizeof(Ranked);
}

void rarity_score(const RarityPattern *patterns, size_t count, void *scratch, Rarity *ret_rarities)
{
    memset(ret_rarities, 0, count * sizeof *ret_rarities);
    Ranked *ranked = scratch;
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (patterns[i].count > 0)
            ranked[used++] = (Ranked){patterns[i].count, i, patterns[i].severity};
    if (used == 0)
        return;
    sort(ranked, used);
    Whole whole = whole_of(patterns, count);
    for (uint64_t severity = 0; severity < SEVERITY_COUNT; severity++)
        score_severity(patterns, ranked, used, severity, &whole, ret_rarities);
}
