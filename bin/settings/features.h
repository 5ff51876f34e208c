/* SPDX-License-Identifier: Apache-2.0
 *
 * features.h - YAML files of feature definitions, for git to hold, as one event.
 *
 *     features:
 *       - name: errors_5m
 *         from: logs
 *         entity: host
 *         filter: {level: error}
 *         aggregate: count
 *         window: 5m
 *
 * The keys of a feature are lib/feature/definition.h, doc/features.md.  Features of several files
 * may name each other.
 *
 * OWNERSHIP  feature_files_close frees all.
 * ERRORS     Sentences that begin with "NAME:LINE: "; feature_files_read goes on behind each.
 */
#ifndef SETTINGS_FEATURES_H
#define SETTINGS_FEATURES_H
#include <oddball.h>
#include <stdbool.h>

#include "settings/settings.h"

#define FEATURE_FOLDER_SIZE 4096

typedef void (*FeatureFilesTell)(void *context, const char *sentence);

typedef struct {
    char *file;
    int   line;
} FeatureLine;

typedef struct {
    char        *json; /* {"features":[...]}, once it is finished. */
    size_t       size;
    FeatureLine *lines; /* Where each feature stands. */
    size_t       count, capacity;
    bool         is_wrong; /* Something was told. */
    FeatureFilesTell tell;
    void        *context;
    void        *out;
} FeatureFiles;

/* tell: hears what is wrong.  False: no memory. */
bool feature_files_open(FeatureFiles *files, FeatureFilesTell tell, void *context);
void feature_files_close(FeatureFiles *files);

/* One file more; or all *.yaml and *.yml of a folder, by name.  False: it could not be read (told);
 * or, of a folder, it is not there (not told). */
bool feature_files_read(FeatureFiles *files, const char *path);
bool feature_files_read_bytes(FeatureFiles *files, const char *name, const char *bytes,
                              size_t size);
bool feature_files_read_folder(FeatureFiles *files, const char *folder);

/* Where the settings say that definitions are, in `room`. */
const char *feature_files_folder(const Settings *settings, char room[FEATURE_FOLDER_SIZE]);

/* All of them together, as an event.  False: something was told. */
bool feature_files_events(FeatureFiles *files, int64_t retention_ns, odd_events *events);

#endif
