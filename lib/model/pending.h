/* SPDX-License-Identifier: Apache-2.0
 *
 * pending.h - predictions that wait for their outcome, and outcomes that came first.
 *
 * Where there are more than fit, a sample of the ids is kept, chosen by their hashes: whatever is
 * late, it is in the sample with the same chance, so figures of the sample are those of all.
 *
 * ALGORITHM  Open addressing with linear probing, at most half full.  Thinning by hash: with the
 *            threshold k only ids count whose hash ends in k zero bits (M. Wegman's adaptive
 *            sampling; P. Flajolet, Computing 43, 1990).
 * SHAPE      Flat entries of 56 bytes, each with a tail of so many bytes as the caller asks for;
 *            PENDING_MAX of them and 16 MiB at most; less where memory is short.
 * OWNERSHIP  pending_close gives back what pending_add has taken from `mem`.
 * EXACTNESS  The table is the same after the same calls.
 */
#ifndef MODEL_PENDING_H
#define MODEL_PENDING_H
#include <oddball.h>
#include <stdbool.h>

#include "base/image.h"

#define PENDING_MAX 131072
#define PENDING_BYTES_MAX (16u << 20) /* Of the table, of which at most half is full. */

typedef enum {
    PENDING_NONE = 0,
    PENDING_PREDICTION, /* Waits for its outcome.                             */
    PENDING_OUTCOME,    /* Came before its prediction.                        */
    PENDING_JOINED      /* Had both; is kept for a while to tell what repeats. */
} PendingState;

typedef struct {
    uint64_t id;     /* Hash. */
    odd_time time;   /* Of the prediction, or of the outcome. */
    odd_time known;  /* When it came. */
    double   probability; /* NaN: none. */
    double   number; /* The output, or the outcome, if it is a number. */
    uint64_t hash;   /* If it is a text. */
    uint8_t  state;  /* PendingState */
    uint8_t  kind;   /* Of the output, or the outcome: PredictionKind. */
    uint8_t  has_tail;      /* What stands there is of this row. */
    uint8_t  unused;
    uint32_t reference_row; /* The caller's; 0: none. */
} PendingRow;

typedef struct {
    Mem        *mem;
    PendingRow *rows; /* By hash; state PENDING_NONE: free. */
    uint8_t    *tails; /* (capacity, tail_bytes) */
    size_t      count, capacity;
    uint64_t    predictions, outcomes; /* Of them, by state. */
    uint32_t    thinned; /* Bits: one of 2^thinned ids is kept. */
    uint32_t    tail_bytes;
    size_t      swept;   /* The sweep goes on here. */
    uint64_t    sampled_out; /* Rows of ids that are not in the sample. */
    uint64_t    expired_predictions, expired_outcomes;
} Pending; /* All zero but for `mem` is empty. */

/* Whether the id is in the sample at all. */
static inline bool pending_samples(const Pending *pending, uint64_t id)
{
    return (id & ((1ull << pending->thinned) - 1)) == 0;
}

PendingRow *pending_find(const Pending *pending, uint64_t id); /* NULL: not there. */
/* One that is not there yet; NULL: it is not in the sample (any more). */
PendingRow *pending_add(Pending *pending, const PendingRow *row);
void        pending_state(Pending *pending, PendingRow *row, PendingState state);

/* Behind each row there is room for so many bytes from now on; what stood there is gone.  False: no
 * memory; there is none then. */
bool pending_tails(Pending *pending, uint32_t bytes);

static inline uint8_t *pending_tail(const Pending *pending, const PendingRow *row)
{
    return pending->tails + (size_t)(row - pending->rows) * pending->tail_bytes;
}

/* A part of the table is looked through: what is older than `wait` goes, and what is joined after
 * an hour. */
void pending_sweep(Pending *pending, odd_time now, int64_t wait_ns);

void pending_close(Pending *pending);
void pending_save(const Pending *pending, ImageOut *out);
void pending_load(Pending *pending, ImageIn *in);

#endif
