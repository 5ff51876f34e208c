/* SPDX-License-Identifier: Apache-2.0
 *
 * rules.c - any bytes as a file of rules: events that a fold takes and tries, or a sentence. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "settings/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define NOW 1764547200000000000

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static odd_fold *fold;
    char problem[RULES_PROBLEM_SIZE];
    odd_events *events;
    odd_rows *rows;
    if (fold == NULL && odd_fold_open(NULL, &fold) != ODD_OK)
        return 0;
    if (odd_events_open(NULL, NOW, &events) != ODD_OK)
        return 0;
    bool good = rules_read("a.yaml", (const char *)bytes, size, NOW, 0, events, problem);
    assert(good == (problem[0] == '\0'));
    assert(odd_fold_rules(fold, events) == ODD_OK);
    if (odd_fold_query(fold, &(odd_question){.view = ODD_VERDICTS}, &rows) == ODD_OK) {
        uint64_t count = 0;
        while (odd_next(rows) == ODD_ROW)
            count++;
        assert(count <= odd_events_count(events).events);
        odd_rows_close(rows);
    }
    odd_events_close(events);
    return 0;
}
