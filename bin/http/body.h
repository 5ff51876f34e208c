/* SPDX-License-Identifier: Apache-2.0
 *
 * body.h - the body of a request: collected as it comes, then unpacked, within limits.
 *
 * OWNERSHIP  A Body owns its bytes until body_free; a BodyBudget outlives its bodies.
 * THREADS    A Body belongs to one thread at a time; the budget is shared by all.
 */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t         body_bytes_max;  /* Of one, packed and unpacked. */
    size_t         bytes_max;       /* Of all.                      */
    _Atomic size_t bytes;           /* Of all, now.                 */
} BodyBudget;

typedef enum { BODY_PLAIN = 0, BODY_GZIP, BODY_DEFLATE, BODY_ZSTD, BODY_UNKNOWN } BodyPacking;

typedef enum {
    BODY_GOOD = 0,
    BODY_TOO_LARGE, /* Over body_bytes_max.                       */
    BODY_NO_ROOM,   /* All bodies together are too large now.     */
    BODY_DAMAGED    /* It is not what its Content-Encoding says.  */
} BodyFault;

typedef struct {
    BodyBudget *budget;
    char       *bytes;
    size_t      size, capacity; /* The capacity is what is taken of the budget. */
} Body;

BodyPacking body_packing(const char *content_encoding); /* NULL is plain. */

/* Room for so many bytes, before they come. */
BodyFault body_reserve(Body *body, size_t size);
BodyFault body_add(Body *body, const char *bytes, size_t size);

/* The body becomes what was packed in it.  Failed: it is empty, and `why` has half a sentence. */
BodyFault body_unpack(Body *body, BodyPacking packing, char *why, size_t why_size);

void body_free(Body *body); /* Empty, and its budget is given back. */

#endif
