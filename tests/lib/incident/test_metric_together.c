/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "incident/metric_together.h"

static Crowded crowded(void)
{
    return (Crowded){
        .odd = 47,
        .series = 1400,
        .expected = 11.2,
        .source = STR("prometheus"),
        .who = STR("instance web-3, job node"),
        .most = {STR("node_load1{instance=\"web-3\",job=\"node\"}"),
                 STR("node_disk_io_time_seconds_total{device=\"sda\",instance=\"web-3\"}")},
        .most_count = 2,
    };
}

static void a_crowd_is_told_with_how_many_are_usual_and_who_pays(void **state)
{
    (void)state;
    char text[512];
    Crowded c = crowded();
    metric_together(&c, text, sizeof text);
    assert_string_equal(text,
                        "47 of 1,400 series of instance web-3, job node are odd at once, where "
                        "11 are usual; most of all `node_load1`, "
                        "`node_disk_io_time_seconds_total` (device sda)");
    metric_together_how_rare(&c, text, sizeof text);
    assert_string_equal(text, "4.2x as many as usual");
}

static void a_source_without_machines_is_called_so(void **state)
{
    (void)state;
    char text[512];
    Crowded c = crowded();
    c.who = STR("");
    c.expected = 0.2;
    c.most_count = 0;
    metric_together(&c, text, sizeof text);
    assert_string_equal(
        text, "47 of 1,400 series of source prometheus are odd at once, where 1 is usual");
}

static void long_names_are_cut(void **state)
{
    (void)state;
    char name[2000], text[512];
    memset(name, 'x', sizeof name);
    Crowded c = crowded();
    for (uint32_t i = 0; i < CROWDED_TOLD_MAX; i++)
        c.most[i] = c.who = (Str){.text = name, .size = sizeof name};
    c.most_count = CROWDED_TOLD_MAX;
    assert_true(metric_together(&c, text, sizeof text) < sizeof text - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crowd_is_told_with_how_many_are_usual_and_who_pays),
        cmocka_unit_test(a_source_without_machines_is_called_so),
        cmocka_unit_test(long_names_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
