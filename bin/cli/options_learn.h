/* SPDX-License-Identifier: Apache-2.0
 *
 * options_learn.h - the options of the commands about datasets and models: their place, and the
 * functions that the table of options.c sets them by.
 *
 * OWNERSHIP  Texts point into argv.
 */
#ifndef CLI_OPTIONS_LEARN_H
#define CLI_OPTIONS_LEARN_H
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *name, *dataset, *target, *task, *keys, *note, *protected_columns, *to_file;
    double      budget; /* 0: the default. */
    int64_t     gap;    /* Rows; 0: the default. */
    bool        force;
} LearnOptions;

#define LEARN_TASKS "classification,regression,anomaly"

bool learn_set_name(LearnOptions *learn, const char *value);
bool learn_set_dataset(LearnOptions *learn, const char *value);
bool learn_set_target(LearnOptions *learn, const char *value);
bool learn_set_task(LearnOptions *learn, const char *value);
bool learn_set_keys(LearnOptions *learn, const char *value);
bool learn_set_note(LearnOptions *learn, const char *value);
bool learn_set_protected(LearnOptions *learn, const char *value);
bool learn_set_file(LearnOptions *learn, const char *value);
bool learn_set_budget(LearnOptions *learn, const char *value);
bool learn_set_gap(LearnOptions *learn, const char *value);

#endif
