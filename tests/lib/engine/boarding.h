/* SPDX-License-Identifier: Apache-2.0
 *
 * boarding.h - a board for tests: opened, given what is odd, and told what people say of it.
 *
 * OWNERSHIP  fixture_close checks that nothing is left.
 */
#ifndef BOARDING_H
#define BOARDING_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "base/time.h"
#include "engine/board.h"

#define NOW (1764547200LL * NS_PER_S)
#define SECOND NS_PER_S
#define MINUTE (60 * NS_PER_S)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

typedef struct {
    Mem   mem;
    Board board;
} Fixture;

static inline void fixture_open(Fixture *f)
{
    *f = (Fixture){.mem = {0}};
    board_open(&f->board, &f->mem, 1e6); /* All that is odd is told. */
    board_tick(&f->board, NOW, NOW, 0);
}

static inline void fixture_close(Fixture *f)
{
    board_close(&f->board);
    assert_int_equal(f->mem.bytes, 0);
}

static inline void take(Fixture *f, Candidate c)
{
    assert_int_equal(board_take(&f->board, &c), ODD_OK);
}

/* For ever, of all findings of the source; its id is the word of its kind. */
static inline Verdict verdict_of(VerdictKind kind, const char *source)
{
    Verdict verdict;
    memset(&verdict, 0, sizeof verdict);
    verdict.kind = (uint8_t)kind;
    verdict.lasts = LASTS_FOREVER;
    verdict.from = verdict.until = ODD_TIME_NONE;
    snprintf(verdict.id, sizeof verdict.id, "%s", verdict_word(kind));
    snprintf(verdict.source, sizeof verdict.source, "%s", source);
    return verdict;
}

static inline void hear(Fixture *f, Verdict verdict)
{
    assert_int_equal(board_hear(&f->board, &verdict, 1), ODD_OK);
}

static inline void hear_undo(Fixture *f, Verdict verdict)
{
    verdict.kind = VERDICT_UNDO;
    hear(f, verdict);
}

/* A deploy, a restart ... of a service. */
static inline Change change_of(const char *what, const char *service, odd_time time)
{
    Change change;
    memset(&change, 0, sizeof change);
    change.time = time;
    snprintf(change.what, sizeof change.what, "%s", what);
    snprintf(change.service, sizeof change.service, "%s", service);
    change_set_id(&change);
    return change;
}

static inline void take_change(Fixture *f, Change change)
{
    assert_int_equal(board_take_change(&f->board, &change), ODD_OK);
}

#endif
