/* SPDX-License-Identifier: Apache-2.0
 *
 * sim.c - weeks of a made company with faults: which are found, how soon, and how explained.
 *
 *     sim FIRST_SEED WEEKS     a row of CSV for each fault, then one for each week
 *     sim tell SEED            all that was told of one week, in words, beside the truth
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/weeks.h"

#define THREADS 2

/* -- in words ---------------------------------------------------------------------------------- */

static void tell_moment(const Play *play, odd_time time)
{
    int minute = (int)((time - play->begins) / MINUTE_NS);
    printf("%d.%02d:%02d", minute / DAY_MINUTES, minute / 60 % 24, minute % 60);
}

static void tell_incident(const Stage *stage, const ToldIncident *incident, const Fault *fault)
{
    bool is_right =
        fault != NULL && judge_suspect(&stage->play, &stage->tale, fault, incident->cause);
    const char *verdict = is_right ? " RIGHT" : " WRONG";
    printf("  incident %s%s %s\n", incident->state, fault != NULL ? verdict : "",
           incident->sentence);
    for (int i = 0; i < stage->tale.finding_count; i++) {
        const Told *told = &stage->tale.findings[i];
        if (strcmp(told->incident, incident->id) != 0)
            continue;
        printf("    %c ", strcmp(told->id, incident->cause) == 0 ? '*' : '-');
        tell_moment(&stage->play, told->time);
        printf(" (told ");
        tell_moment(&stage->play, play_time(&stage->play, told->told));
        printf(") %s [%s] %s\n", told->kind, told->source, told->sentence);
    }
}

static void tell(uint64_t seed)
{
    Stage *stage = stage_open(seed);
    stage_play(stage, WEEK_MINUTES, THREADS);
    stage_ask(stage);
    const Tale *tale = &stage->tale;
    for (int f = 0; f <= FAULT_COUNT; f++) {
        const Fault *fault = f < FAULT_COUNT ? &stage->play.faults[f] : NULL;
        if (fault != NULL) {
            printf("%s of %s on %s, variant %d, size %.2f: ", fault_words(fault->sort),
                   fault->service >= 0 ? company_services[fault->service].name : "-",
                   company_hosts[fault->host], fault->variant, fault->size);
            tell_moment(&stage->play, play_time(&stage->play, fault->first));
            printf(" to ");
            tell_moment(&stage->play, play_time(&stage->play, fault->last));
            printf("\n");
        } else {
            printf("nothing\n");
        }
        for (int i = tale->incident_count; i-- > 0;)
            if (judge_incident(&stage->play, tale, &tale->incidents[i]) == fault)
                tell_incident(stage, &tale->incidents[i], fault);
    }
    stage_close(stage);
}

/* -- as rows ----------------------------------------------------------------------------------- */

static void print_rows(const Judged *judged, int weeks)
{
    printf("row,week,sort,found,chances,by_chance,minutes,incidents,findings,right,named,");
    printf("right_first,mixed,early_incidents,time_incidents,time_findings,time_right,");
    printf("time_mixed\n");
    for (int i = 0; i < weeks; i++) {
        const Judged *week = &judged[i];
        for (int f = 0; f < FAULT_COUNT; f++) {
            const FaultJudged *one = &week->faults[f];
            printf("fault,%d,%s,%d,%d,%d,%d,%d,%d,%d,%d,%d,,,%d,%d,%d,\n", i,
                   fault_words(one->sort), one->is_found, one->chances, one->found_by_chance,
                   one->minutes, one->ours.incidents, one->ours.findings, one->ours.right,
                   one->ours.named, one->ours.right_by_time, one->by_time.incidents,
                   one->by_time.findings, one->by_time.right_by_time);
        }
        printf("week,%d,,,,,,%d,%d,,,,%d,%d,%d,,,%d\n", i, week->false_incidents,
               week->false_findings, week->mixed, week->early_incidents, week->false_by_time,
               week->mixed_by_time);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: sim FIRST_SEED WEEKS | tell SEED\n");
        return 1;
    }
    if (strcmp(argv[1], "tell") == 0) {
        tell(strtoull(argv[2], NULL, 10));
        return 0;
    }
    int weeks = atoi(argv[2]);
    Judged *judged = calloc((size_t)(weeks > 0 ? weeks : 1), sizeof *judged);
    if (judged == NULL)
        return 1;
    weeks_play(strtoull(argv[1], NULL, 10), weeks, THREADS, judged);
    print_rows(judged, weeks);
    free(judged);
    return 0;
}
