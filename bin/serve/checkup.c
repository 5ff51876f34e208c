/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/checkup.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "serve/keepers.h"

#define FOLDERS_OPEN_MAX 8

static bool always_behind(void *context)
{
    (void)context; /* It is so for everybody. */
    return true;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place; /* Whatever it is, it is ours. */
    return remove(path);
}

static void wait_for(double seconds)
{
    const struct timespec span = {.tv_sec = (time_t)seconds,
                                  .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&span, NULL);
}

static bool look(const Settings *settings, const char *folder, double seconds,
                 void (*tell)(void *context, const char *kind, const Watch *watch), void *context,
                 char *problem)
{
    const IntakeOptions refusing = {.is_behind = always_behind};
    odd_store          *store = NULL;
    Intake             *intake = NULL;
    Keepers            *keepers = NULL;
    if (odd_store_open(folder, NULL, &store, problem, SETTINGS_PROBLEM_SIZE) != ODD_OK)
        return false;
    if (intake_open(store, NULL, &refusing, &intake) == ODD_OK)
        keepers = keepers_open(intake, settings);
    if (keepers != NULL) {
        wait_for(seconds);
        keepers_describe(keepers, tell, context);
    } else {
        snprintf(problem, SETTINGS_PROBLEM_SIZE, "there is no memory to look around");
    }
    keepers_close(keepers);
    intake_close(intake);
    odd_store_close(store);
    return keepers != NULL;
}

bool checkup_sources(const Settings *settings, double seconds,
                     void (*tell)(void *context, const char *kind, const Watch *watch),
                     void *context, char *problem)
{
    const char *temporary = getenv("TMPDIR");
    char        folder[512];
    snprintf(folder, sizeof folder, "%.400s/oddball-doctor-XXXXXX",
             temporary != NULL && temporary[0] == '/' ? temporary : "/tmp");
    if (mkdtemp(folder) == NULL) {
        snprintf(problem, SETTINGS_PROBLEM_SIZE,
                 "cannot make a folder %s: %s; TMPDIR names "
                 "another place",
                 folder, strerror(errno));
        return false;
    }
    bool good = look(settings, folder, seconds, tell, context, problem);
    nftw(folder, remove_one, FOLDERS_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
    return good;
}
