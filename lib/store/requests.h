/* SPDX-License-Identifier: Apache-2.0
 *
 * requests.h - the names of requests that were stored, so that a repeated one counts once.
 *
 * A key is remembered for 24 hours of the events' own time, and the newest REQUESTS_MAX of them.
 *
 * ALGORITHM  A ring in the order of arrival, and a table of places in it (linear probing, deletion
 *            by shifting back).
 *            Places are keyed, since senders choose the keys.
 * SHAPE      Two hashes of 64 bits stand for a key: 24 bytes each, about 7 MB in all, taken at the
 *            first key.
 * ERRORS     requests_add gives false when memory is short.
 */
#ifndef STORE_REQUESTS_H
#define STORE_REQUESTS_H
#include <oddball.h>
#include <stdbool.h>

#include "base/mem.h"
#include "base/str.h"

#define REQUESTS_MAX 200000
#define REQUEST_BYTES 24 /* Of one, written. */
#define REQUEST_AGE_NS_MAX (24 * 3600 * (odd_time)1000000000)

typedef struct {
    uint64_t first_hash, second_hash;
    odd_time known;
} Request;

typedef struct {
    Mem       mem;
    Request      *ring;   /* REQUESTS_MAX                                    */
    uint32_t *slots;  /* Place in the ring, and 1; 0: empty.         */
    uint64_t  oldest, end; /* Counted from the first key ever.       */
    uint64_t  seed;   /* Of places in the table; set while it is empty. */
} Requests; /* All zero is empty. */

bool requests_has(const Requests *requests, Str key, odd_time now);
bool requests_add(Requests *requests, Str key, odd_time known); /* One that it does not have. */
void requests_take_back(Requests *requests, uint64_t count);    /* The last ones that were added. */
void requests_close(Requests *requests);

/* As bytes for a checkpoint, and back (into an empty one; false: not such bytes, or no memory). */
size_t requests_bytes(const Requests *requests);
void   requests_write(const Requests *requests, char *bytes);
bool   requests_read(Requests *requests, Str bytes);

#endif
