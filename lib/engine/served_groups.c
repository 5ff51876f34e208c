/* SPDX-License-Identifier: Apache-2.0
 *
 * served_groups.c - groups of rows of a model in production: how often it errs in each, and was to
 * be expected to. */
#include <math.h>
#include <stdio.h>

#include "engine/model_finding.h"
#include "engine/served.h"

#define GROUPS_MAX 128
#define VALUES_MAX 32 /* Of numbers that tell groups apart. */

static bool tells_groups(const Served *served, size_t k)
{
    const Watch *watch = &served->inputs->watches[served->plain.kept[k]];
    return served->inputs->table.columns[watch->column].is_segment &&
           (watch->bins.kind == BINS_CATEGORY || watch->bins.count <= VALUES_MAX);
}

bool served_groups_begin(Served *served, Mem *mem)
{
    ServedPlain *plain = &served->plain;
    size_t count = 0;
    for (size_t k = 0; k < plain->kept_count; k++) {
        size_t values = served->inputs->watches[plain->kept[k]].bins.count;
        bool fits = tells_groups(served, k) && count + values <= GROUPS_MAX;
        plain->group_first[k] = fits ? (uint16_t)count : UINT16_MAX;
        count += fits ? values : 0;
    }
    if (count == 0)
        return true;
    if (served->groups == NULL)
        served->groups = mem_take(mem, count * sizeof *served->groups);
    if (served->groups == NULL)
        return false;
    served->group_count = count;
    for (size_t k = 0; k < plain->kept_count; k++)
        for (size_t g = plain->group_first[k], c = 0;
             g != UINT16_MAX && c < served->inputs->watches[plain->kept[k]].bins.count; c++)
            served->groups[g + c] = (ServedGroup){
                .kept = (uint16_t)k, .cell = (uint8_t)c, .told = ODD_TIME_NONE};
    return true;
}

void served_groups_drop(Served *served, Mem *mem)
{
    mem_free(mem, served->groups, served->group_count * sizeof *served->groups);
    served->groups = NULL;
    served->group_count = 0;
    memset(&served->plain.all_before, 0, sizeof served->plain.all_before);
    memset(&served->plain.all_now, 0, sizeof served->plain.all_now);
}

static ServedGroup *group_at(Served *served, size_t k, uint8_t cell)
{
    size_t first = served->plain.group_first[k];
    if (first == UINT16_MAX || first + cell >= served->group_count)
        return NULL;
    ServedGroup *group = &served->groups[first + cell];
    return group->kept == k && group->cell == cell ? group : NULL;
}

void served_groups_predict(Served *served, const uint8_t *cells, double guess, double doubt)
{
    if (served->groups == NULL || cells == NULL)
        return;
    group_learn(&served->plain.all_now, NAN, guess, doubt);
    for (size_t k = 0; k < served->plain.kept_count; k++) {
        ServedGroup *group = group_at(served, k, cells[k]);
        if (group != NULL)
            group_learn(&group->now, NAN, guess, doubt);
    }
}

static void know(Served *served, const uint8_t *cells, double loss, bool is_before)
{
    group_know(is_before ? &served->plain.all_before : &served->plain.all_now, loss);
    for (size_t k = 0; k < served->plain.kept_count; k++) {
        ServedGroup *group = group_at(served, k, cells[k]);
        if (group != NULL)
            group_know(is_before ? &group->before : &group->now, loss);
    }
}

void served_groups_reference(Served *served, const uint8_t *cells, double loss)
{
    if (served->groups != NULL && cells != NULL && !isnan(loss))
        know(served, cells, loss, true);
}

/* Behind a reference of other bins, the first rows are the reference of groups. */
void served_groups_know(Served *served, const uint8_t *cells, double loss)
{
    const ServedPlain *plain = &served->plain;
    if (served->groups != NULL && cells != NULL && plain->truths_frozen)
        know(served, cells, loss, plain->all_before.known < (double)plain->labelled_wanted);
}

GroupSums served_groups_all(const Served *served, const ServedGroup *group)
{
    const GroupSums *all = &served->plain.all_now;
    return (GroupSums){.known = all->known - group->all_known,
                       .loss = all->loss - group->all_loss,
                       .rows = all->rows - group->all_rows,
                       .guess = all->guess - group->all_guess};
}

GroupSums served_group_recent(const ServedGroup *group)
{
    GroupSums recent = group->now;
    group_add(&recent, &group->last);
    return recent;
}

Str served_group_name(const Served *served, const ServedGroup *group, char *room, size_t size)
{
    const odd_model *model = served->inputs;
    const Watch *watch = &model->watches[served->plain.kept[group->kept]];
    char number[FINDING_NAME_BYTES];
    Str column = model_watch_name(model, watch);
    Str value = model_cell_name(model, watch, group->cell, number);
    snprintf(room, size, "%.*s=%.*s", finding_size(column), column.text, finding_size(value),
             value.text);
    return str_of(room);
}
