/* SPDX-License-Identifier: Apache-2.0
 *
 * feature_files.c - any bytes as a file of feature definitions: definitions that a fold takes and
 * answers, or sentences. */
#include <assert.h>
#include <stdint.h>

#include "settings/features.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define NOW 1764547200000000000

static void tell(void *context, const char *sentence)
{
    int *told = context;
    assert(sentence[0] != '\0');
    *told += 1;
}

/* All values of somebody whom nobody knows. */
static void read_all(const odd_fold *fold)
{
    odd_feature_value value;
    for (int i = 0; odd_feature_name(fold, i) != NULL; i++) {
        assert(odd_feature_find(fold, odd_feature_name(fold, i)) == i);
        assert(odd_feature_get(fold, "x", &i, 1, ODD_TIME_NONE, &value) == ODD_OK);
    }
}

static void take(const odd_events *events)
{
    odd_fold *fold;
    odd_events *tick;
    if (odd_fold_open(NULL, &fold) != ODD_OK || odd_events_open(NULL, NOW, &tick) != ODD_OK)
        return;
    assert(odd_fold_features(fold, events) == ODD_OK);
    assert(odd_events_tick(tick) == ODD_OK && odd_fold_feed(fold, tick, 1) == ODD_ROW);
    assert(odd_fold_merge(fold) == ODD_OK);
    read_all(fold);
    odd_events_close(tick);
    odd_fold_close(fold);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FeatureFiles files;
    odd_events *events;
    int told = 0;
    if (!feature_files_open(&files, tell, &told) || odd_events_open(NULL, NOW, &events) != ODD_OK)
        return 0;
    feature_files_read_bytes(&files, "a.yaml", (const char *)bytes, size);
    bool good = feature_files_events(&files, 0, events);
    assert(good == (told == 0));
    if (good)
        take(events);
    odd_events_close(events);
    feature_files_close(&files);
    return 0;
}
