/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/hints.h"

#include <stdio.h>

#include "base/cut.h"
#include "engine/board.h"

static Hint hint_of(const Candidate *c)
{
    Hint hint;
    memset(&hint, 0, sizeof hint);
    hint.time = c->time;
    hint.pattern = c->pattern;
    hint.surprise = c->surprise;
    hint.seen = c->seen;
    hint.kind = c->kind;
    hint.level = c->level;
    hint.is_metric = c->is_metric;
    board_id(c, hint.id);
    cut_into(hint.source, sizeof hint.source, str_of(c->source));
    cut_into(hint.text, sizeof hint.text, str_of(c->pattern_text));
    cut_into(hint.sentence, sizeof hint.sentence, str_of(c->sentence));
    return hint;
}

static void forget_old(Hints *hints, odd_time clock)
{
    size_t kept = 0;
    for (size_t i = 0; i < hints->count; i++)
        if (time_minus(clock, hints->hints[i].time) <= HINT_NS)
            hints->hints[kept++] = hints->hints[i];
    hints->count = kept;
}

static Hint *least_odd(const Hints *hints)
{
    Hint *least = &hints->hints[0];
    for (size_t i = 1; i < hints->count; i++)
        if (hints->hints[i].surprise < least->surprise)
            least = &hints->hints[i];
    return least;
}

odd_rc hints_take(Hints *hints, const Candidate *candidate, odd_time clock)
{
    if (hints->count == HINTS_MAX)
        forget_old(hints, clock);
    if (hints->count == HINTS_MAX) {
        Hint *least = least_odd(hints);
        if (least->surprise < candidate->surprise)
            *least = hint_of(candidate);
        return ODD_OK;
    }
    Hint *grown =
        mem_grow(hints->mem, hints->hints, &hints->capacity, hints->count + 1, sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    hints->hints = grown;
    grown[hints->count++] = hint_of(candidate);
    return ODD_OK;
}

void hints_close(Hints *hints)
{
    mem_free(hints->mem, hints->hints, hints->capacity * sizeof *hints->hints);
}

void hints_save(const Hints *hints, ImageOut *out)
{
    image_put_array(out, hints->hints, hints->count, hints->capacity, sizeof *hints->hints);
}

void hints_load(Hints *hints, ImageIn *in)
{
    hints->hints =
        image_get_array(in, hints->mem, &hints->count, &hints->capacity, sizeof *hints->hints);
}

Who hint_who(const Hint *hint)
{
    return who_of(str_of(hint->source), hint->is_metric ? str_of(hint->text) : STR(""));
}
