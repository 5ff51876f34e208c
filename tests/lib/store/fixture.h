/* SPDX-License-Identifier: Apache-2.0
 *
 * fixture.h - a store in a folder of its own, commits whose events say which they are, and what a
 * cursor gives of them.
 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <oddball.h>
#include <stdbool.h>

#define PLACE_SIZE 256

/* A new folder, in memory where the system has such a place. */
void place_make(char place[PLACE_SIZE]);
void place_remove(const char *place);

odd_store *store_opened(const char *place, const odd_store_options *options);

/* One commit of `size` bytes of text that begins with `number`; 0: it failed, with *ret_rc. */
uint64_t store_commit_number(odd_store *store, uint64_t number, size_t size, odd_rc *ret_rc);

/* The number at the beginning of the text of a commit's first record. */
uint64_t number_in(const odd_events *events);

/* All that a cursor gives: numbers in the texts, and how often it said ODD_CORRUPT. */
typedef struct {
    uint64_t *numbers;   /* To be freed. */
    uint64_t *positions; /* To be freed. */
    size_t    count, corrupt_count;
    char      sentence[512]; /* The last one. */
} WhatIsThere;
WhatIsThere store_read(odd_store *store, uint64_t after);
void        what_free(WhatIsThere *what);

#endif
