/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/spell.h"

#include <string.h>

static void take_oddest(Spell *spell, odd_time time, double value, const Judgement *judgement)
{
    spell->oddest = time;
    spell->surprise = judgement->surprise;
    spell->seen = value;
    spell->expected = judgement->expected;
    spell->lower = judgement->lower;
    spell->upper = judgement->upper;
    spell->reason = judgement->reason;
}

static void begin(Spell *spell, Spot spot, uint64_t moment, double value,
                  const Judgement *judgement)
{
    *spell = (Spell){.first = spot, .last = spot, .moment = moment, .samples = 1, .is_open = true};
    take_oddest(spell, spot.time, value, judgement);
}

static void go_on(Spell *spell, Spot spot, double value, const Judgement *judgement)
{
    spell->last = spot;
    spell->samples += spell->quiet + 1;
    spell->quiet = 0;
    if (judgement->surprise > spell->surprise)
        take_oddest(spell, spot.time, value, judgement);
}

static bool is_of_shape(const char *reason)
{
    return strcmp(reason, "shape") == 0;
}

/* A curve that moves oddly after its values were odd is their echo. */
static bool goes_on(const Spell *spell, const Judgement *judgement)
{
    return judgement->surprise >= SPELL_SURPRISE &&
           (is_of_shape(spell->reason) || !is_of_shape(judgement->reason));
}

bool spell_feed(Spell *spell, Spot spot, uint64_t moment, double value, const Judgement *judgement,
                Spell *ret)
{
    if (!spell->is_open) {
        if (judgement->alarm >= SPELL_ALARM)
            begin(spell, spot, moment, value, judgement);
        return false;
    }
    if (goes_on(spell, judgement)) {
        go_on(spell, spot, value, judgement);
        return false;
    }
    if (++spell->quiet < SPELL_QUIET_MAX)
        return false;
    *ret = *spell;
    spell->is_open = false;
    return true;
}
