/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE_NS (5 * MINUTE_NS)

typedef struct {
    int  service, host; /* -1: none is named. */
    bool is_model;
} Place;

static bool is_of_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool names(const char *text, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = strstr(text, name); at != NULL; at = strstr(at + 1, name))
        if ((at == text || !is_of_name(at[-1])) && !is_of_name(at[size]))
            return true;
    return false;
}

static Place place_in(const char *text)
{
    Place place = {.service = -1, .host = -1};
    for (int i = 0; i < SERVICE_COUNT; i++)
        if (names(text, company_services[i].name))
            place.service = i;
    for (int i = 0; i < HOST_COUNT; i++)
        if (names(text, company_hosts[i]))
            place.host = i;
    return place;
}

static bool is_of_model(const Told *told)
{
    return strcmp(told->source, COMPANY_MODEL) == 0 || strstr(told->signal, " of " COMPANY_MODEL);
}

static Place place_of(const Told *told)
{
    if (is_of_model(told))
        return (Place){.service = -1, .host = -1, .is_model = true};
    return place_in(told->is_metric ? told->signal : told->source);
}

/* -- of which fault ---------------------------------------------------------------------------- */

static bool is_touched(const Fault *fault, Place place)
{
    if (place.is_model)
        return fault->sort == FAULT_DRIFT;
    if (place.service < 0)
        return place.host == fault->host;
    if (fault->service >= 0)
        return place.service == fault->service || company_depends(place.service, fault->service);
    return fault->sort == FAULT_CLOCK && (int)company_services[place.service].host == fault->host;
}

const Fault *judge_finding(const Play *play, const Told *told)
{
    Place place = place_of(told);
    for (int i = 0; i < FAULT_COUNT; i++) {
        const Fault *fault = &play->faults[i];
        if (told->told > fault->first &&
            told->time <= play_time(play, fault->last + FAULTS_AFTER) && is_touched(fault, place))
            return fault;
    }
    return NULL;
}

/* The first finding of it that was told before it ended; NULL: it was not found. */
static const Told *found(const Play *play, const Tale *tale, const Fault *fault)
{
    for (int i = 0; i < tale->finding_count; i++)
        if (tale->findings[i].told <= fault->last &&
            judge_finding(play, &tale->findings[i]) == fault)
            return &tale->findings[i];
    return NULL;
}

static bool found_by_chance(const Play *play, const Tale *tale, const Fault *fault, int later)
{
    for (int i = 0; i < tale->finding_count; i++) {
        const Told *told = &tale->findings[i];
        if (told->told > fault->first + later && told->told <= fault->last + later &&
            is_touched(fault, place_of(told)) && judge_finding(play, told) == NULL)
            return true;
    }
    return false;
}

static FaultJudged judge_fault(const Play *play, const Tale *tale, const Fault *fault)
{
    FaultJudged judged = {.sort = fault->sort};
    const Told *first = found(play, tale, fault);
    judged.is_found = first != NULL;
    judged.minutes = first != NULL ? first->told - fault->first : 0;
    for (int later = -fault->first / DAY_MINUTES * DAY_MINUTES; fault->last + later < WEEK_MINUTES;
         later += DAY_MINUTES) {
        if (fault->first + later < FAULTS_CALM || later == 0)
            continue;
        judged.chances++;
        judged.found_by_chance += found_by_chance(play, tale, fault, later);
    }
    return judged;
}

/* -- suspects ---------------------------------------------------------------------------------- */

static bool is_cause(const Fault *fault, Place place)
{
    if (place.is_model)
        return false;
    if (fault->service >= 0 && place.service >= 0)
        return place.service == fault->service;
    if (place.service >= 0)
        return (int)company_services[place.service].host == fault->host;
    return place.host == fault->host;
}

bool judge_suspect(const Play *play, const Tale *tale, const Fault *fault, const char *cause)
{
    for (int i = 0; i < tale->finding_count; i++)
        if (strcmp(tale->findings[i].id, cause) == 0)
            return is_cause(fault, place_of(&tale->findings[i]));
    for (int i = 0; i < tale->change_count; i++) {
        const ToldChange *change = &tale->changes[i];
        if (strcmp(change->id, cause) != 0)
            continue;
        const char *text = change->service[0] != '\0' ? change->service
                           : change->host[0] != '\0'  ? change->host
                                                      : change->source;
        return change->time >= play_time(play, fault->first) && is_cause(fault, place_in(text));
    }
    return false;
}

/* -- incidents --------------------------------------------------------------------------------- */

typedef struct { /* What an incident consists of. */
    int         of[FAULT_COUNT], of_none, count;
    const Told *first;
} Sum;

static void sum_add(Sum *sum, const Play *play, const Told *told)
{
    const Fault *fault = judge_finding(play, told);
    if (fault != NULL)
        sum->of[fault - play->faults]++;
    else
        sum->of_none++;
    sum->count++;
    if (sum->first == NULL || told->time < sum->first->time)
        sum->first = told;
}

/* -1: of none. */
static int sum_most(const Sum *sum)
{
    int most = -1;
    for (int i = 0; i < FAULT_COUNT; i++)
        if (sum->of[i] > (most < 0 ? 0 : sum->of[most]))
            most = i;
    return most;
}

static bool sum_is_mixed(const Sum *sum)
{
    int sorts = sum->of_none > 0;
    for (int i = 0; i < FAULT_COUNT; i++)
        sorts += sum->of[i] > 0;
    return sorts > 1;
}

static Sum sum_of(const Play *play, const Tale *tale, const ToldIncident *incident)
{
    Sum sum = {.count = 0};
    for (int i = 0; i < tale->finding_count; i++)
        if (strcmp(tale->findings[i].incident, incident->id) == 0)
            sum_add(&sum, play, &tale->findings[i]);
    return sum;
}

const Fault *judge_incident(const Play *play, const Tale *tale, const ToldIncident *incident)
{
    Sum sum = sum_of(play, tale, incident);
    int most = sum_most(&sum);
    return most >= 0 ? &play->faults[most] : NULL;
}

static bool is_early(const Play *play, const ToldIncident *incident)
{
    return incident->time < play_time(play, FAULTS_CALM);
}

/* What it says first names where the fault began. */
static bool is_named(const Fault *fault, const ToldIncident *incident)
{
    char first[STAGE_TEXT_SIZE];
    strcpy(first, incident->sentence);
    char *end = strstr(first, "; ");
    if (end != NULL)
        *end = '\0';
    return names(first, company_hosts[fault->host]) ||
           (fault->service >= 0 && names(first, company_services[fault->service].name));
}

static void judge_incidents(const Play *play, const Tale *tale, Judged *judged)
{
    for (int i = 0; i < tale->incident_count; i++) {
        Sum sum = sum_of(play, tale, &tale->incidents[i]);
        int most = sum_most(&sum);
        judged->mixed += sum_is_mixed(&sum);
        if (most < 0) {
            judged->false_incidents++;
            judged->early_incidents += is_early(play, &tale->incidents[i]);
            continue;
        }
        Share *share = &judged->faults[most].ours;
        share->incidents++;
        share->findings += sum.count;
        bool is_right = judge_suspect(play, tale, &play->faults[most], tale->incidents[i].cause);
        share->right += is_right;
        share->named += is_right || is_named(&play->faults[most], &tale->incidents[i]);
        share->right_by_time += is_cause(&play->faults[most], place_of(sum.first));
    }
}

static void take_by_time(const Play *play, const Sum *sum, Judged *judged)
{
    int most = sum_most(sum);
    judged->mixed_by_time += sum_is_mixed(sum);
    if (most < 0) {
        judged->false_by_time++;
        return;
    }
    Share *share = &judged->faults[most].by_time;
    share->incidents++;
    share->findings += sum->count;
    share->right_by_time += is_cause(&play->faults[most], place_of(sum->first));
}

static int by_onset(const void *a, const void *b)
{
    const Told *left = *(const Told *const *)a, *right = *(const Told *const *)b;
    if (left->time != right->time)
        return left->time < right->time ? -1 : 1;
    return strcmp(left->id, right->id);
}

static void judge_by_time(const Play *play, const Tale *tale, Judged *judged)
{
    const Told **order = malloc((size_t)(tale->finding_count + 1) * sizeof *order);
    assert(order != NULL);
    for (int i = 0; i < tale->finding_count; i++)
        order[i] = &tale->findings[i];
    qsort(order, (size_t)tale->finding_count, sizeof *order, by_onset);
    Sum sum = {.count = 0};
    for (int i = 0; i < tale->finding_count; i++) {
        if (i > 0 && order[i]->time - order[i - 1]->time > AT_ONCE_NS) {
            take_by_time(play, &sum, judged);
            sum = (Sum){.count = 0};
        }
        sum_add(&sum, play, order[i]);
    }
    if (sum.count > 0)
        take_by_time(play, &sum, judged);
    free(order);
}

Judged judge(const Play *play, const Tale *tale)
{
    Judged judged;
    memset(&judged, 0, sizeof judged);
    judged.findings = tale->finding_count;
    for (int i = 0; i < tale->finding_count; i++)
        judged.false_findings += judge_finding(play, &tale->findings[i]) == NULL;
    for (int i = 0; i < FAULT_COUNT; i++)
        judged.faults[i] = judge_fault(play, tale, &play->faults[i]);
    judge_incidents(play, tale, &judged);
    judge_by_time(play, tale, &judged);
    return judged;
}
