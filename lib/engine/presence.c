/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/presence.h"

#include <assert.h>
#include <stdio.h>

#include "base/real.h"
#include "base/time.h"
#include "stats/combine.h"

#define LEAST_NS (120 * NS_PER_S)  /* A shorter pause is nobody's concern. */
#define WHOLE_NS (30 * NS_PER_S)   /* Silent since about the same moment. */
#define ENDED_NS (S_PER_DAY * NS_PER_S)
#define SWEEP_NS (600 * NS_PER_S)
#define WHO_SIZE (TARGET_TEXT_SIZE + 16)

void presence_open(Presence *presence, Mem *mem)
{
    *presence = (Presence){.mem = mem, .now = ODD_TIME_NONE, .swept = ODD_TIME_NONE};
    presence->places = (Names){.mem = mem, .count_max = PRESENCE_MAX};
}

void presence_close(Presence *presence)
{
    names_close(&presence->places);
    mem_free(presence->mem, presence->targets, presence->capacity * sizeof *presence->targets);
}

static Str place_bytes(const uint64_t *place)
{
    return (Str){.text = (const char *)place, .size = sizeof *place};
}

static PresenceTarget *target_at(const Presence *presence, uint64_t place)
{
    uint32_t number = names_find(&presence->places, place_bytes(&place));
    return number != NAME_NONE ? &presence->targets[number] : NULL;
}

static bool is_over(const Presence *presence, const PresenceTarget *target)
{
    assert(target != NULL);
    const Interval *interval = &target->pause.interval;
    return interval->timed && time_minus(presence->now, interval->last_time) > ENDED_NS;
}

/* Those that are silent for long go, if there are any. */
static void make_room(Presence *presence)
{
    if (presence->swept != ODD_TIME_NONE && time_minus(presence->now, presence->swept) < SWEEP_NS)
        return; /* Looking at all of them costs time. */
    presence->swept = presence->now;
    Names kept = {.mem = presence->mem, .count_max = PRESENCE_MAX};
    size_t count = presence->places.count;
    for (size_t i = 0; i < count; i++) {
        const PresenceTarget *target = &presence->targets[i];
        if (is_over(presence, target))
            continue;
        bool is_new;
        uint32_t number = names_add(&kept, place_bytes(&target->place), &is_new);
        if (number == NAME_NONE) { /* No memory: all stay. */
            names_close(&kept);
            return;
        }
    }
    size_t to = 0;
    for (size_t i = 0; i < count; i++)
        if (names_find(&kept, place_bytes(&presence->targets[i].place)) != NAME_NONE)
            presence->targets[to++] = presence->targets[i];
    names_close(&presence->places);
    presence->places = kept;
}

static bool is_source(const PresenceTarget *target)
{
    return target->place == target->source_place;
}

static PresenceTarget *target_add(Presence *presence, const Shard *shard, const Target *heard)
{
    Names *places = &presence->places;
    if (places->count == PRESENCE_MAX && presence->now != ODD_TIME_NONE)
        make_room(presence);
    PresenceTarget *grown = mem_grow(presence->mem, presence->targets, &presence->capacity,
                                     places->count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    presence->targets = grown;
    bool is_new;
    uint32_t number = names_add(places, place_bytes(&heard->place), &is_new);
    if (number == NAME_NONE)
        return NULL;
    PresenceTarget *made = &grown[number];
    Str source = names_text(&shard->metric_source_names, heard->source);
    memset(made, 0, sizeof *made);
    made->place = heard->place;
    made->source_place = shard_place(source, STR(""));
    made->heard = made->told = ODD_TIME_NONE;
    size_t size = source.size < sizeof made->source - 1 ? source.size : sizeof made->source - 1;
    if (size > 0)
        memcpy(made->source, source.text, size);
    if (!is_source(made))
        target_text(shard_series_name(shard, heard->series), made->text);
    return made;
}

void presence_hear(Presence *presence, const Shard *shard)
{
    for (size_t i = 0; i < shard->heard_count; i++) {
        const Heard *all = &shard->heard[i];
        const Target *heard = &shard->targets[all->target];
        PresenceTarget *target = target_at(presence, heard->place);
        if (target == NULL)
            target = target_add(presence, shard, heard);
        if (target == NULL)
            continue;
        if (target->heard == ODD_TIME_NONE || heard->known > target->heard)
            target->heard = heard->known;
        together_join(&target->moment, &all->moment);
        for (int k = 0; k < HEARD_MOST && all->most[k].surprise > 0; k++)
            heard_keep_oddest(target->most, all->most[k]);
    }
}

static Str name_of(const PresenceTarget *target)
{
    return str_of(is_source(target) ? target->source : target->text);
}

void presence_name(const PresenceTarget *target, Candidate *candidate)
{
    Str name = name_of(target);
    memcpy(candidate->source, target->source, sizeof candidate->source);
    memcpy(candidate->pattern_text, name.text, name.size + 1);
}

static bool is_missed(const Presence *presence, const PresenceTarget *target, odd_time now)
{
    odd_time last = target->pause.interval.last_time;
    if (time_minus(now, last) < LEAST_NS)
        return false;
    const PresenceTarget *source =
        !is_source(target) ? target_at(presence, target->source_place) : NULL;
    return source == NULL || time_minus(source->pause.interval.last_time, last) > WHOLE_NS;
}

static void candidate_of(const PresenceTarget *target, odd_time now, const Judgement *judgement,
                         double looks, Candidate *ret)
{
    char who[WHO_SIZE];
    snprintf(who, sizeof who, "%s%s", is_source(target) ? "source " : "", name_of(target).text);
    odd_time last = target->pause.interval.last_time;
    double lasts_s = (double)time_minus(now, last) / (double)NS_PER_S;
    Finding finding = {.kind = FINDING_SILENT,
                       .is_metric = true,
                       .pattern = str_of(who),
                       .seen = lasts_s,
                       .expected = lasts_s / judgement->expected};
    memset(ret, 0, sizeof *ret);
    ret->time = last;
    ret->last_time = now;
    ret->pattern = target->place;
    ret->place = target->source_place;
    ret->surprise = combine_bonferroni(judgement->alarm, looks);
    ret->seen = 0;
    ret->expected = judgement->expected;
    ret->kind = FINDING_SILENT;
    ret->is_metric = 1;
    presence_name(target, ret);
    sentence_write(&finding, ret->sentence, sizeof ret->sentence);
    sentence_how_rare(&finding, ret->how_rare, sizeof ret->how_rare);
}

static void all_heard(Presence *presence, odd_time now)
{
    bool absent = presence->now != ODD_TIME_NONE && time_minus(now, presence->now) > ABSENT_NS;
    for (size_t i = 0; i < presence->places.count; i++) {
        PresenceTarget *target = &presence->targets[i];
        if (absent)
            pause_begin_anew(&target->pause, now);
        else if (target->heard != ODD_TIME_NONE)
            pause_event(&target->pause, target->heard);
        target->heard = ODD_TIME_NONE;
    }
}

odd_rc presence_tick(Presence *presence, odd_time now, double least,
                     odd_rc (*take)(void *context, const Candidate *candidate), void *context)
{
    all_heard(presence, now);
    presence->now = now;
    double looks = (double)presence->places.count;
    double alone = looks > 1 ? least + real_log10(looks) : least;
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < presence->places.count; i++) {
        PresenceTarget *target = &presence->targets[i];
        Judgement judgement;
        Candidate candidate;
        if (!is_missed(presence, target, now) ||
            !pause_judge(&target->pause, now, 0, alone, &judgement))
            continue;
        candidate_of(target, now, &judgement, looks, &candidate);
        rc = take(context, &candidate);
    }
    return rc;
}

void presence_save(const Presence *presence, ImageOut *out)
{
    image_put(out, &presence->now, sizeof presence->now);
    image_put(out, &presence->swept, sizeof presence->swept);
    names_save(&presence->places, out);
    image_put_array(out, presence->targets, presence->places.count, presence->capacity,
                    sizeof *presence->targets);
}

void presence_load(Presence *presence, ImageIn *in)
{
    size_t count;
    image_get(in, &presence->now, sizeof presence->now);
    image_get(in, &presence->swept, sizeof presence->swept);
    names_load(&presence->places, in);
    presence->targets =
        image_get_array(in, presence->mem, &count, &presence->capacity, sizeof *presence->targets);
    if (count != presence->places.count)
        in->failed = true;
}
