/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "incident/change_words.h"
#include "incident/nature.h"

static void metrics_are_known_by_their_names(void **state)
{
    (void)state;
    static const struct {
        const char *series;
        Nature      nature;
    } all[] = {{"node_memory_MemAvailable_bytes{host=\"a\"}", NATURE_RESOURCE},
               {"http_request_duration_seconds_sum{service=\"shop\"}", NATURE_LATENCY},
               {"http_requests_total{service=\"shop\",code=\"200\"}", NATURE_LOAD},
               {"http_requests_total{service=\"shop\",status=\"503\"}", NATURE_ERROR},
               {"grpc_errors_total", NATURE_ERROR},
               {"process_start_time_seconds", NATURE_CHANGE},
               {"temperature", NATURE_OTHER},
               {"", NATURE_OTHER}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_int_equal(nature_of(FINDING_HIGH, true, LEVEL_NONE, str_of(all[i].series)),
                         all[i].nature);
}

static void lines_are_known_by_their_level_and_words(void **state)
{
    (void)state;
    assert_int_equal(nature_of(FINDING_RARE, false, LEVEL_ERROR, STR("x")), NATURE_ERROR);
    assert_int_equal(nature_of(FINDING_RARE, false, LEVEL_NONE, STR("disk write failed")),
                     NATURE_ERROR);
    assert_int_equal(nature_of(FINDING_SILENT, false, LEVEL_INFO, STR("heartbeat")),
                     NATURE_SILENCE);
    assert_int_equal(nature_of(FINDING_LESS, false, LEVEL_INFO, STR("order paid")), NATURE_LOAD);
    assert_int_equal(nature_of(FINDING_RARE, false, LEVEL_INFO, STR("order paid")), NATURE_OTHER);
}

static void what_comes_into_a_model_may_be_a_cause_and_its_quality_is_none(void **state)
{
    (void)state;
    assert_false(nature_is_impact(nature_of(FINDING_DRIFT, false, LEVEL_NONE, STR("a"))));
    assert_true(nature_is_impact(nature_of(FINDING_QUALITY, false, LEVEL_NONE, STR("a"))));
    assert_true(nature_is_impact(nature_of(FINDING_ERRORS, false, LEVEL_NONE, STR("a"))));
}

static void lines_that_tell_of_a_change_are_known(void **state)
{
    (void)state;
    assert_string_equal(change_of_pattern(STR("Deployed version <num> to shop")), "deploy");
    assert_string_equal(change_of_pattern(STR("configuration reloaded")), "config");
    assert_string_equal(change_of_pattern(STR("Migration <num> applied in <num> ms")), "migration");
    assert_string_equal(change_of_pattern(STR("database system is ready to accept connections")),
                        "restart");
    assert_null(change_of_pattern(STR("undeployed nothing")));
    assert_null(change_of_pattern(STR("request served")));
    assert_null(change_of_pattern(STR("")));
}

static void metrics_that_tell_of_a_change_are_known(void **state)
{
    (void)state;
    assert_int_equal(change_of_metric(STR("process_start_time_seconds{job=\"a\"}")),
                     CHANGE_METRIC_START);
    assert_int_equal(change_of_metric(STR("kube_pod_container_status_restarts_total{pod=\"a\"}")),
                     CHANGE_METRIC_COUNT);
    assert_int_equal(change_of_metric(STR("shop_build_info{version=\"1\"}")),
                     CHANGE_METRIC_VERSION);
    assert_int_equal(change_of_metric(STR("restarts_total_seconds")), CHANGE_METRIC_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_are_known_by_their_names),
        cmocka_unit_test(lines_are_known_by_their_level_and_words),
        cmocka_unit_test(what_comes_into_a_model_may_be_a_cause_and_its_quality_is_none),
        cmocka_unit_test(lines_that_tell_of_a_change_are_known),
        cmocka_unit_test(metrics_that_tell_of_a_change_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
