/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fold.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void step_and_merge(odd_fold *fold)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++)
        assert(odd_fold_step(fold, i) == ODD_OK);
    assert(odd_fold_merge(fold) == ODD_OK);
}

/* Ticks end commits, as the intake makes them. */
static void feed(odd_fold *fold, odd_events *events, uint64_t *position)
{
    odd_rc rc = odd_fold_feed(fold, events, ++*position);
    assert(rc == ODD_OK || rc == ODD_ROW);
    if (rc == ODD_ROW)
        step_and_merge(fold);
    events_clear(events);
}

static void ask_all(odd_fold *fold)
{
    static const odd_view views[] = {ODD_FINDINGS, ODD_INCIDENTS, ODD_PATTERNS,
                                     ODD_SOURCES,  ODD_SERIES,    ODD_NOTES};
    const void *bytes;
    size_t size;
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        odd_rows *rows;
        odd_question question = {.view = views[i]};
        assert(odd_fold_query(fold, &question, &rows) == ODD_OK);
        odd_rows_close(rows);
    }
    for (int i = 0; i < ODD_TABLE_COUNT; i++)
        assert(odd_fold_table(fold, (odd_table)i, &bytes, &size) == ODD_OK);
}

/* Whatever a journal holds is learnt without a failure, and can be asked for. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    odd_fold *fold;
    odd_options options = {.memory_bytes_max = 8u << 20};
    odd_events *events = events_open(NULL, 0);
    assert(events != NULL && odd_fold_open(&options, &fold) == ODD_OK);
    EventReader reader = {.bytes = {.text = (const char *)bytes, .size = size}};
    Event event;
    uint64_t position = 0;
    while (event_next(&reader, &event) == EVENT_READ) {
        assert(events_copy(events, &event));
        if (event.kind == EVENT_TICK)
            feed(fold, events, &position);
    }
    assert(events_tick(events));
    feed(fold, events, &position);
    ask_all(fold);
    odd_fold_close(fold);
    events_close(events);
    return 0;
}
