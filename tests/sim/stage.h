/* SPDX-License-Identifier: Apache-2.0
 *
 * stage.h - a play before a fold: what was told, when, and as which incidents.
 *
 * OWNERSHIP  stage_close frees what stage_open made; texts are copies.
 * ERRORS     A world without memory ends the program, with a sentence.
 * EXACTNESS  The same tale for the same seed and any number of threads.
 */
#ifndef SIM_STAGE_H
#define SIM_STAGE_H
#include "play.h"

#define ID_TEXT_SIZE 24
#define STAGE_TEXT_SIZE 640
#define STAGE_THREADS_MAX 8

typedef struct {
    char     id[ID_TEXT_SIZE], incident[ID_TEXT_SIZE], kind[16];
    char     source[64], signal[256]; /* signal: a series, or a pattern. */
    char     sentence[STAGE_TEXT_SIZE];
    odd_time time;
    int      told;  /* The minute of the play behind which it was told. */
    bool     is_metric;
} Told;

typedef struct {
    char     id[ID_TEXT_SIZE], cause[ID_TEXT_SIZE]; /* Of a finding or a change; "": none. */
    char     sentence[STAGE_TEXT_SIZE], state[16];
    odd_time time;
} ToldIncident;

typedef struct {
    char     id[ID_TEXT_SIZE], service[64], host[64], source[64];
    odd_time time;
} ToldChange;

typedef struct {
    Told         *findings;  /* By when they were told. */
    ToldIncident *incidents; /* The newest first, as all that follow. */
    ToldChange   *changes;
    int           finding_count, incident_count, change_count;
} Tale;

typedef struct {
    Play        play;
    odd_fold   *fold;
    odd_events *events;
    Tale        tale;
} Stage;

Stage *stage_open(uint64_t seed);
void   stage_play(Stage *stage, int until, int threads); /* Up to that minute. */
void   stage_ask(Stage *stage); /* The tale is as it stands now. */
/* The fold begins anew from what it knows, by way of a store in that folder. */
void   stage_restart(Stage *stage, const char *folder);
void   stage_close(Stage *stage);

#endif
