/* SPDX-License-Identifier: Apache-2.0
 *
 * features.c - values of features, beside the thread that learns: who reads waits for facts to be
 * added, and not for a step. */
#include <stdio.h>
#include <stdlib.h>

#include "live/live_inside.h"

static bool make_room(LiveFeatures *told, size_t count)
{
    told->values = calloc(count > 0 ? count : 1, sizeof *told->values);
    told->names = calloc(count > 0 ? count : 1, sizeof *told->names);
    told->numbers = calloc(count > 0 ? count : 1, sizeof *told->numbers);
    return told->values != NULL && told->names != NULL && told->numbers != NULL;
}

void live_features_free(LiveFeatures *told)
{
    free(told->values);
    free(told->names);
    free(told->numbers);
    told->values = NULL;
    told->names = NULL;
    told->numbers = NULL;
}

static odd_rc find_all(const odd_fold *fold, LiveFeatures *told)
{
    for (size_t i = 0; i < told->count; i++) {
        if (told->wanted_count == 0) {
            told->numbers[i] = (int)i;
            snprintf(told->names[i], sizeof told->names[i], "%s", odd_feature_name(fold, (int)i));
            continue;
        }
        snprintf(told->names[i], sizeof told->names[i], "%s", told->wanted[i]);
        told->numbers[i] = odd_feature_find(fold, told->wanted[i]);
        if (told->numbers[i] >= 0)
            continue;
        const char *near = odd_feature_near(fold, told->wanted[i]);
        told->unknown = told->wanted[i];
        snprintf(told->near, sizeof told->near, "%s", near != NULL ? near : "");
        return ODD_NOTFOUND;
    }
    return ODD_OK;
}

static odd_rc read_all(const odd_fold *fold, const char *entity, LiveFeatures *told)
{
    odd_feature_counts counts = odd_feature_count(fold);
    told->count = told->wanted_count > 0 ? told->wanted_count : counts.features;
    if (!make_room(told, told->count))
        return ODD_NOMEM;
    odd_rc rc = find_all(fold, told);
    if (told->as_of == ODD_TIME_NONE)
        told->as_of = told->clock > counts.now ? told->clock : counts.now;
    told->position = counts.position;
    if (rc == ODD_OK && told->count > 0)
        rc = odd_feature_get(fold, entity, told->numbers, told->count, told->as_of, told->values);
    return rc;
}

odd_rc live_features(Live *live, const char *entity, LiveFeatures *told)
{
    pthread_mutex_lock(&live->features_lock);
    odd_rc rc = read_all(live->fold, entity, told);
    pthread_mutex_unlock(&live->features_lock);
    return rc;
}

odd_feature_counts live_feature_counts(Live *live)
{
    pthread_mutex_lock(&live->features_lock);
    odd_feature_counts counts = odd_feature_count(live->fold);
    pthread_mutex_unlock(&live->features_lock);
    return counts;
}

void live_feature_entities(Live *live, size_t most, LiveTellEntity tell, void *context)
{
    pthread_mutex_lock(&live->features_lock);
    size_t all = odd_feature_count(live->fold).entities, step = all / most + 1, size;
    for (size_t i = 0; i < all; i += step) {
        const char *entity = odd_feature_entity(live->fold, i, &size);
        if (entity != NULL)
            tell(context, entity, size);
    }
    pthread_mutex_unlock(&live->features_lock);
}
