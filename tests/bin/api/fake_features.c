/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_features.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/rows.h"
#include "fake_live.h"
#include "fake_models.h"

#define COUNT 2
#define POSITION 7

static const char *const names[COUNT] = {"paid", "load"};

odd_rows *fake_features(void)
{
    static const char *const columns[] = {"name",      "version",     "from",   "entity",
                                          "aggregate", "window_s",    "step_s", "unit",
                                          "owner",     "description", NULL};
    odd_rows *rows = rows_open(columns);
    for (int i = 0; i < COUNT; i++) {
        rows_constant(rows, names[i]);
        rows_constant(rows, "00112233aabbccdd");
        rows_constant(rows, i == 0 ? "events" : "features");
        rows_constant(rows, "user");
        rows_constant(rows, i == 0 ? "sum" : "");
        rows_double(rows, i == 0 ? 3600 : (double)NAN);
        rows_double(rows, i == 0 ? 300 : (double)NAN);
        rows_constant(rows, i == 0 ? "EUR" : "");
        rows_constant(rows, "");
        rows_constant(rows, "");
    }
    return rows;
}

void live_features_free(LiveFeatures *told)
{
    free(told->values);
    free(told->names);
    told->values = NULL;
    told->names = NULL;
}

static int number_of(const char *name)
{
    for (int i = 0; i < COUNT; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

odd_rc live_features(Live *live, const char *entity, LiveFeatures *told)
{
    (void)live; /* It always knows the same. */
    told->count = told->wanted_count > 0 ? told->wanted_count : COUNT;
    told->values = calloc(told->count, sizeof *told->values);
    told->names = calloc(told->count, sizeof *told->names);
    told->position = POSITION;
    if (told->as_of == ODD_TIME_NONE)
        told->as_of = FAKE_START + FAKE_MINUTE;
    if (told->as_of < FAKE_START)
        return ODD_RANGE;
    for (size_t i = 0; i < told->count; i++) {
        int number = told->wanted_count > 0 ? number_of(told->wanted[i]) : (int)i;
        if (number < 0) {
            told->unknown = told->wanted[i];
            snprintf(told->near, sizeof told->near, "%s", told->unknown[0] == 'p' ? "paid" : "");
            return ODD_NOTFOUND;
        }
        bool is_there = number == 0 && strcmp(entity, "nobody") != 0;
        snprintf(told->names[i], sizeof told->names[i], "%s", names[number]);
        told->values[i] = (odd_feature_value){.value = is_there ? 12.5 : (double)NAN,
                                              .was_missing = !is_there,
                                              .time = is_there ? FAKE_START : ODD_TIME_NONE};
    }
    return ODD_OK;
}

void live_feature_entities(Live *live, size_t most, LiveTellEntity tell, void *context)
{
    (void)live; /* It always knows the same. */
    tell(context, "u1", 2);
    if (most > 1)
        tell(context, "u2", 2);
}

odd_feature_counts live_feature_counts(Live *live)
{
    (void)live; /* It always knows the same. */
    return (odd_feature_counts){.features = COUNT, .entities = 2, .now = FAKE_START};
}
