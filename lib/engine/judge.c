/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/judge.h"

static void take_if_odder(Judgement *judgement, Judgement other)
{
    if (other.surprise > judgement->surprise)
        *judgement = other;
}

Judgement judge_line(odd_db *db, const Line *line)
{
    Family *family = &db->families[line->family];
    const Signal *signal = &db->signals.signals[line->signal];
    double seen_before = (double)(signal->records[SIDE_JUDGED] + signal->records[SIDE_REFERENCE] +
                                  signal->frames[SIDE_JUDGED] + signal->frames[SIDE_REFERENCE]);
    Judgement judgement = {0}, other = {0};
    novelty_score(&family->novelty, seen_before, &judgement);
    novelty_learn(&family->novelty, seen_before);
    if (line->level != LEVEL_NONE) {
        category_score(&family->levels, line->level, &other);
        category_learn(&family->levels, line->level);
        if (line->level >= LEVEL_WARN)
            take_if_odder(&judgement, other);
    }
    return judgement;
}
