/* SPDX-License-Identifier: Apache-2.0
 *
 * bins.h - where the values of one column fall: the cells that the reference fixes for good.
 *
 * A number goes to one of up to 64 bins between quantiles of the reference, a category to one of
 * the 64 that are most frequent there.  Four further cells hold what is not so plain.  Bins never
 * change once they are made, so counts of machines, hours and shards can be added.
 *
 * ALGORITHM  Bins of equal share, left to right; a value that fills a bin alone gets it alone.
 *            Known categories beyond the 64: a Bloom filter (B. Bloom, CACM 13(7), 1970).
 * SHAPE      Flat, without pointers.  bins_cell is a search in 64 sorted numbers.
 * ERRORS     None.  NaN counts as missing.
 */
#ifndef MODEL_BINS_H
#define MODEL_BINS_H
#include <stdint.h>

#include "base/hash.h"
#include "event/prediction.h"

#define BINS_MAX 64
#define CELL_OTHER 64   /* A category of the reference that is not among its 64.              */
#define CELL_MISSING 65
#define CELL_FAULT 66   /* Text where numbers belong, an infinity.                            */
#define CELL_UNSEEN 67  /* A category that the reference does not have.                       */
#define CELL_COUNT 68
#define BINS_BLOOM_WORDS 128

typedef enum { BINS_NUMBER = 0, BINS_CATEGORY } BinsKind;

typedef struct {
    uint8_t  kind; /* BinsKind */
    uint8_t  is_whole; /* All numbers of the reference are whole. */
    uint16_t count; /* Bins in use. */
    uint32_t unused;
    double   center, scale; /* Of the reference: median, and a spread that is above 0.  */
    double   edges[BINS_MAX];   /* Of numbers: bin i holds edges[i-1] <= x < edges[i].      */
    uint64_t hashes[BINS_MAX];  /* Of categories, sorted.                                   */
    uint64_t known[BINS_BLOOM_WORDS];
} Bins;

/* sorted: n > 0 finite numbers, ascending. */
void bins_of_numbers(const double *sorted, size_t n, Bins *ret);

typedef struct {
    uint64_t hash, count;
} BinsCategory;

/* categories: all of the reference, the most frequent first. */
void bins_of_categories(const BinsCategory *categories, size_t n, Bins *ret);

static inline uint64_t bins_hash(Str text)
{
    return hash_bytes(text.text, text.size, 0);
}

uint8_t bins_number_cell(const Bins *bins, double x);
uint8_t bins_category_cell(const Bins *bins, uint64_t hash);
uint8_t bins_cell(const Bins *bins, const PredictionCell *cell);

#endif
