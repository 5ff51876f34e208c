/* SPDX-License-Identifier: Apache-2.0
 *
 * house.h - the directory of a server, for commands that ask it: where it is, and who is at home.
 *
 * OWNERSHIP  house_close frees all.
 * ERRORS     false, after a sentence on standard error.
 */
#ifndef CLI_HOUSE_H
#define CLI_HOUSE_H
#include <oddball.h>
#include <stdbool.h>

#include "cli/options.h"
#include "settings/settings.h"

#define HOUSE_PATH_SIZE 4096

typedef struct {
    Settings settings;
    char     lake[HOUSE_PATH_SIZE];
    char     server[512];  /* "http://127.0.0.1:6330": who runs on it; "": nobody. */
    bool     is_ours;      /* The settings are those of that server. */
    char     token[4096];  /* It wants to be told; "": none. */
} House;

/* DIR/server.json says who runs: {"address":"127.0.0.1:6330","pid":123}.  A process that is gone
 * has left it behind. */
bool house_open(const Options *options, House *house);

/* The same for who only wants to ask a server: the directory may be closed to us, and without a
 * note in it the server is where the settings let it listen. */
bool house_open_server(const Options *options, House *house);

/* The same for who changes what a server knows: where --data names a folder, its server alone. */
bool house_open_this_server(const Options *options, House *house);
void house_close(House *house);

/* A moment before now as a time; `none` if it was not given. */
odd_time house_limit(Moment moment, odd_time none);

#endif
