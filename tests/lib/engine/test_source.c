/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/source.h"

static void rotated_and_compressed_files_are_one_family(void **state)
{
    (void)state;
    assert_true(source_same_family(STR("/var/log/app.log"), STR("/var/log/app.log.1")));
    assert_true(source_same_family(STR("/var/log/app.log.2.gz"), STR("/var/log/app.log.1")));
    assert_true(source_same_family(STR("app-20261101.zst"), STR("app-20261102.zst")));
    assert_true(source_same_family(STR("container_01/out"), STR("container_207/out")));
}

static void other_files_are_other_families(void **state)
{
    (void)state;
    assert_false(source_same_family(STR("/var/log/app.log"), STR("/var/log/auth.log")));
    assert_false(source_same_family(STR("web1.log"), STR("web.log")));
    assert_false(source_same_family(STR("a/x.log"), STR("b/x.log")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rotated_and_compressed_files_are_one_family),
        cmocka_unit_test(other_files_are_other_families),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
