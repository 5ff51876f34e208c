/* SPDX-License-Identifier: Apache-2.0
 *
 * table_feed.h - the registry of the folder of a server, and tables of files into it.
 *
 * OWNERSHIP  registry_home_close frees all.
 * ERRORS     false, after a sentence on standard error.
 */
#ifndef CLI_TABLE_FEED_H
#define CLI_TABLE_FEED_H
#include <oddball.h>

#include "cli/options.h"
#include "settings/settings.h"

typedef struct {
    Settings      settings;
    odd_registry *registry;
} RegistryHome;

bool registry_home_open(const Options *options, RegistryHome *home);
void registry_home_close(RegistryHome *home);

/* The sentence of the last failure, on standard error; gives the exit status of an error. */
int registry_home_failed(const RegistryHome *home, odd_rc rc);

/* What the registry tells, as --format wishes; the exit status. */
int registry_home_show(const Options *options, RegistryHome *home, odd_registry_view view,
                       const char *name);

/* A table (CSV, Parquet, packed or not) is put into the registry. */
bool table_feed(odd_registry *registry, const char *name);

/* Who says so: --author, else $USER; may be NULL. */
const char *registry_author(const Options *options);

#endif
