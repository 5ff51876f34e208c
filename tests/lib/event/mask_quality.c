/* SPDX-License-Identifier: Apache-2.0
 *
 * What the default masks hit in logs of the world: nearly nothing that is no secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "loghub.h"
#include "masking.h"

#define HITS_MAX 10 /* In all sets together; each was looked at by a person. */

static void ordinary_logs_stay_as_they_are(void **state)
{
    (void)state;
    static Loghub loghub;
    Masks *masks = masking_defaults();
    uint64_t hits = 0;
    size_t set_count = 0;
    for (size_t i = 0; i < LOGHUB_SET_COUNT; i++) {
        if (!loghub_open(loghub_sets[i], &loghub))
            continue;
        set_count++;
        for (size_t line = 0; line < loghub.count; line++) {
            size_t size;
            free(masking_apply(masks, loghub.raw[line], &size, &hits));
        }
        loghub_close(&loghub);
    }
    masks_close(masks);
    if (set_count == 0) {
        print_message("skipped: no data\n");
        skip();
    }
    assert_in_range(hits, 0, HITS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ordinary_logs_stay_as_they_are)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
