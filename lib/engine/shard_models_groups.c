/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_models_groups.c - groups of rows for which a model got worse than for all are told. */
#include <math.h>
#include <stdio.h>

#include "engine/model_finding.h"
#include "engine/served.h"
#include "engine/shard.h"

#define ROWS_BEFORE_MIN 100.0 /* Of a group in the reference. */
#define LOOK_ROWS 300.0       /* Of a group: the first look, and then each time there are ... */
#define LOOK_MORE 2.0         /* ... so many times as many; ...                               */
#define WINDOW_ROWS 2400.0    /* ... behind these it begins anew.                             */

static bool has_outcomes(const ServedGroup *group)
{
    return group->now.known > 0 || group->last.known > 0;
}

static void begin_anew(const Served *served, ServedGroup *group)
{
    const GroupSums *all = &served->plain.all_now;
    group->last = group->now;
    group->now = (GroupSums){.rows = 0};
    group->all_known = all->known;
    group->all_loss = all->loss;
    group->all_rows = all->rows;
    group->all_guess = all->guess;
    group->next_look = 0;
}

/* Of outcomes where they come at all, else of what was to be expected. */
static Gap gap_now(const Served *served, const ServedGroup *group)
{
    GroupSums all = served_groups_all(served, group);
    bool is_known = has_outcomes(group);
    GroupLoss now = is_known ? group_known(&group->now) : group_expected(&group->now);
    double mean = is_known ? all.loss / all.known : all.guess / all.rows;
    const GroupSums *before = &served->plain.all_before;
    return gap_of(now, mean, group_known(&group->before), before->loss / before->known,
                  served_of_numbers(served));
}

static void say(Shard *shard, const Served *served, const ServedGroup *group, const Gap *gap,
                double surprise, odd_time time)
{
    char name[2 * FINDING_NAME_BYTES], words[FINDING_TEXT_BYTES], sentence[SENTENCE_SIZE];
    char signal[SERVED_NAME_BYTES], place[SERVED_NAME_BYTES];
    Str group_name = served_group_name(served, group, name, sizeof name);
    Str whose = served_name(served, STR(""), "", place);
    snprintf(words, sizeof words,
             "the group %.170s of %.*s has %.1f %s %s errors than all rows%s, it had %.1f %s", name,
             (int)(whose.size < FINDING_NAME_BYTES ? whose.size : FINDING_NAME_BYTES), whose.text,
             100 * fabs(gap->now), served_of_numbers(served) ? "%" : "points",
             gap->now > 0 ? "more" : "fewer", has_outcomes(group) ? "" : " (estimated)",
             100 * fabs(gap->before), gap->before > 0 ? "more" : "fewer");
    served_say(served, words, "", NAN, sentence);
    Finding finding = {.kind = FINDING_QUALITY,
                       .first = {.time = time},
                       .last = {.time = time},
                       .surprise = surprise,
                       .seen = 100 * gap->now,
                       .expected = 100 * gap->before,
                       .pattern = served_name(served, group_name, " of ", signal),
                       .value = str_of(sentence),
                       .place = STR("beside all rows")};
    shard_model_candidate(shard, &finding, hash_bytes(name, strlen(name), served->plain.hash),
                          served, group->told != ODD_TIME_NONE);
}

static void look(Shard *shard, Served *served, ServedGroup *group, odd_time known)
{
    double rows = has_outcomes(group) ? group->now.known : group->now.rows;
    if (group->before.known < ROWS_BEFORE_MIN || rows < LOOK_ROWS || rows < group->next_look)
        return;
    group->next_look = LOOK_MORE * rows;
    Gap gap = gap_now(served, group);
    double surprise = gap.surprise - served_looks(served, LOOK_ROWS);
    bool is_odd = gap.matters && surprise >= FINDING_ODD;
    if (is_odd && (group->told != ODD_TIME_NONE || surprise >= shard->threshold_models)) {
        say(shard, served, group, &gap, surprise, served->plain.last_time);
        group->told = known;
    }
    if (rows < WINDOW_ROWS && !is_odd)
        return;
    group->is_worse = is_odd && gap.size > 0;
    group->is_better = is_odd && gap.size < 0;
    if (!is_odd)
        group->told = ODD_TIME_NONE;
    begin_anew(served, group);
}

void shard_models_tell_groups(Shard *shard, Served *served, odd_time known)
{
    bool has_reference = served->plain.truths_frozen && served->truths->quality != NULL &&
                         served->plain.all_before.known >= (double)ROWS_BEFORE_MIN;
    for (size_t g = 0; has_reference && g < served->group_count; g++)
        look(shard, served, &served->groups[g], known);
}
