/* SPDX-License-Identifier: Apache-2.0
 *
 * serve.h - the server: everything opened in its order, run until a signal, and closed again.
 *
 *     store -> masks -> intake -> live -> listeners -> sources
 *
 * SIGTERM and SIGINT stop it within five seconds, SIGHUP reads the settings again.
 */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H
#include "settings/settings.h"

typedef struct {
    /* The settings again, for SIGHUP.  False: problem (SETTINGS_PROBLEM_SIZE) says why. */
    bool (*load)(void *context, Settings *settings, char *problem);
    void *context;
    /* A sentence for the person who started it (NULL-free, without line end). */
    void (*say)(const char *sentence);
} ServeOptions;

/* Blocks.  settings are the server's from now on.  False: it could not start, and say has said
 * why. */
bool serve(Settings *settings, const ServeOptions *options);

#endif
