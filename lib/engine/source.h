/* SPDX-License-Identifier: Apache-2.0
 *
 * source.h - one source of lines: how to read it, and the counts that add up.
 *
 * OWNERSHIP  The engine owns its sources; `torn` is the line whose rest odd_put waits for.
 */
#ifndef ENGINE_SOURCE_H
#define ENGINE_SOURCE_H
#include <oddball.h>

#include "base/mem.h"
#include "base/str.h"
#include "event/layout.h"

#define LINE_BYTES_MAX 65536 /* Longer lines are cut here, and counted. */

typedef struct {
    uint64_t rows, records, bytes;
    uint64_t timed_rows, cut_rows, nul_rows, invalid_utf8_rows, backward_rows;
    odd_time first_time, last_time;
} SourceCounts;

typedef struct {
    char        *name;
    size_t       name_size;
    uint32_t     family; /* Index of the first source of the same family (rotated files are one). */
    uint32_t     unused; /* It is saved: none of its bytes is left open. */
    odd_reading  reading;
    Layout       layout;
    bool         ended;   /* No more bytes are taken. */
    bool         sampled; /* The layout is learnt. */
    SourceCounts counts;
    uint32_t     last_signal; /* Of the last record; lines that continue it join it. */
    odd_time     last_time;   /* Of the last timed record; lines without time inherit it. */
    char        *torn;        /* Bytes put, not yet learnt. */
    size_t       torn_size, torn_capacity;
} Source;

/* Two names are one family if they are equal but for digits and the endings of rotation and
 * compression: app.log, app.log.1, app.log-20261101.gz. */
bool     source_same_family(Str name, Str other);
uint64_t source_family_hash(Str name, uint64_t seed); /* Equal for names of one family. */

#endif
