/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "feature/definition.h"

#define HEAD "{\"features\":["
#define COUNT(more) \
    "{\"name\":\"a\",\"from\":\"logs\",\"aggregate\":\"count\",\"window\":\"5m\"" more "}"

static void keep(void *context, size_t number, const char *name, const char *sentence)
{
    char *told = context;
    size_t size = strlen(told);
    (void)number; /* The name says it. */
    snprintf(told + size, 2000 - size, "%s: %s\n", name, sentence);
}

/* What is wrong with it; "" if nothing is. */
static const char *wrong_of(const char *json, int64_t retention_ns)
{
    static char told[2000];
    FeatureSet set;
    told[0] = '\0';
    odd_rc rc = feature_set_read(&set, str_of(json), retention_ns, keep, told);
    assert_int_equal(rc, told[0] == '\0' ? ODD_OK : ODD_SYNTAX);
    if (rc == ODD_OK)
        feature_set_close(&set);
    return told;
}

static void says(const char *json, const char *part)
{
    const char *told = wrong_of(json, 0);
    if (strstr(told, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, told);
}

static void a_good_definition_is_taken(void **state)
{
    (void)state;
    FeatureSet set;
    const char *json = HEAD COUNT("") "]}";
    assert_int_equal(feature_set_read(&set, str_of(json), 0, NULL, NULL), ODD_OK);
    assert_int_equal(set.count, 1);
    assert_int_equal(set.features[0].step_ns, 25 * NS_PER_S);
    assert_int_equal(feature_panes(&set.features[0]), 13);
    FeatureSet again;
    assert_int_equal(feature_set_read(&again, json_text_str(&set.text), 0, NULL, NULL), ODD_OK);
    assert_true(str_equal(json_text_str(&set.text), json_text_str(&again.text)));
    assert_string_equal(set.features[0].version, again.features[0].version);
    feature_set_close(&set);
    feature_set_close(&again);
}

static void version_of(const char *json, char version[FEATURE_VERSION_SIZE])
{
    FeatureSet set;
    assert_int_equal(feature_set_read(&set, str_of(json), 0, NULL, NULL), ODD_OK);
    memcpy(version, set.features[set.count - 1].version, FEATURE_VERSION_SIZE);
    feature_set_close(&set);
}

static void the_version_follows_what_changes_values(void **state)
{
    (void)state;
    char plain[FEATURE_VERSION_SIZE], owned[FEATURE_VERSION_SIZE], other[FEATURE_VERSION_SIZE];
    version_of(HEAD COUNT("") "]}", plain);
    version_of(HEAD COUNT(",\"owner\":\"ops\",\"description\":\"d\"") "]}", owned);
    version_of(HEAD COUNT(",\"filter\":{\"level\":\"error\"}") "]}", other);
    assert_string_equal(plain, owned);
    assert_string_not_equal(plain, other);
    const char *made = ",{\"name\":\"r\",\"from\":\"features\",\"ratio\":\"a / a\"}]}";
    char first[FEATURE_VERSION_SIZE], second[FEATURE_VERSION_SIZE], json[600];
    snprintf(json, sizeof json, HEAD COUNT("") "%s", made);
    version_of(json, first);
    snprintf(json, sizeof json, HEAD COUNT(",\"step\":\"5m\"") "%s", made);
    version_of(json, second);
    assert_string_not_equal(first, second);
}

static void what_is_mistyped_comes_with_the_nearest_name(void **state)
{
    (void)state;
    says(HEAD "{\"name\":\"a\",\"from\":\"lgos\"}]}", "did you mean logs?");
    says(HEAD "{\"name\":\"a\",\"from\":\"logs\",\"agregate\":\"count\"}]}", "aggregate?");
    says(HEAD "{\"name\":\"a\",\"from\":\"logs\",\"aggregate\":\"cuont\"}]}", "mean count?");
    says(HEAD COUNT(",\"transform\":\"lgo\"") "]}", "did you mean log?");
    says(HEAD COUNT(",\"impute\":\"constnt 1\"") "]}", "did you mean constant?");
    says(
        HEAD COUNT("") ",{\"name\":\"errors\",\"from\":\"logs\",\"aggregate\":\"count\",\"window\":"
                       "\"5m\"},{\"name\":\"r\",\"from\":\"features\",\"ratio\":\"erors / a\"}]}",
        "there is no feature erors; did you mean errors?");
}

static void what_makes_no_sense_is_refused_with_a_sentence(void **state)
{
    (void)state;
    says("[]", "this is no list of features");
    says("{", ":");
    says(HEAD "{}]}", "it has no name");
    says(HEAD "{\"name\":\"a b\"}]}", "letters, digits");
    says(HEAD "{\"name\":\"a\"}]}", "what it is from");
    says(HEAD "{\"name\":\"a\",\"from\":\"logs\"}]}", "it has no aggregate");
    says(HEAD "{\"name\":\"a\",\"from\":\"logs\",\"aggregate\":\"count\"}]}", "no window");
    says(HEAD COUNT(",\"step\":\"7s\"") "]}", "whole numbers of steps");
    says(HEAD COUNT(",\"step\":\"1s\"") "]}", "more than 240 steps");
    says(HEAD COUNT(",\"lag\":\"soon\"") "]}", "no span of time");
    says(HEAD COUNT(",\"windows\":\"hopping\"") "]}", "sliding or tumbling");
    says(HEAD COUNT(",\"series\":\"cpu\"") "]}", "belongs to features from metrics");
    says(HEAD COUNT(",\"filter\":{\"s\":\"> x\"}") "]}", "there must be a number");
    says(HEAD COUNT(",\"filter\":\"x\"") "]}", "must be a map");
    says(HEAD COUNT(",\"of\":{\"s\":\"1\"}") "]}", "belongs to the aggregate share");
    says(HEAD COUNT(",\"quantile\":\"0.5\"") "]}", "belongs to the aggregate quantile");
    says(HEAD COUNT(",\"quantile\":\"2\"") "]}", "above 0 and below 1");
    says(HEAD COUNT(",\"impute\":\"mean\"") "]}", "cannot be imputed");
    says(HEAD COUNT(",\"transform\":\"normalise 1 nan\"") "]}", "is no number");
    says(HEAD COUNT(",\"transform\":\"normalise 2 1\"") "]}", "below the upper");
    says(HEAD COUNT(",\"hash\":\"1\"") "]}", "from 2 to");
    says(HEAD "{\"name\":\"a\",\"from\":\"events\",\"aggregate\":\"sum\",\"window\":\"5m\"}]}",
         "needs a value");
    says(HEAD "{\"name\":\"a\",\"from\":\"features\",\"ratio\":\"b\"}]}", "names two of them");
}

static void features_of_one_name_and_of_themselves_are_refused(void **state)
{
    (void)state;
    says(HEAD COUNT("") "," COUNT("") "]}", "two features of this name");
    says(HEAD "{\"name\":\"a\",\"from\":\"features\",\"total\":\"b b\"},"
              "{\"name\":\"b\",\"from\":\"features\",\"total\":\"a a\"}]}",
         "it is made of itself");
    says(HEAD COUNT(",\"entity\":\"host\"") ",{\"name\":\"b\",\"from\":\"logs\",\"aggregate\":"
                                            "\"count\",\"window\":\"5m\"},{\"name\":\"r\","
                                            "\"from\":\"features\",\"ratio\":\"a / b\"}]}",
         "both must be of the same");
}

static void features_of_features_are_not_endlessly_deep(void **state)
{
    (void)state;
    char json[4000] = HEAD COUNT("");
    for (int i = 1; i < 20; i++) {
        char one[120], before[8] = "a";
        if (i > 1)
            snprintf(before, sizeof before, "f%d", i - 1);
        snprintf(one, sizeof one, ",{\"name\":\"f%d\",\"from\":\"features\",\"total\":\"%s %s\"}",
                 i, before, before);
        strcat(json, one);
    }
    strcat(json, "]}");
    says(json, "more than 8 deep");
}

static void windows_beyond_the_retention_are_refused(void **state)
{
    (void)state;
    const char *json =
        HEAD "{\"name\":\"a\",\"from\":\"logs\",\"aggregate\":\"count\",\"window\":\"30d\"}]}";
    assert_string_equal(wrong_of(json, 31 * S_PER_DAY * NS_PER_S), "");
    assert_non_null(strstr(wrong_of(json, 7 * S_PER_DAY * NS_PER_S), "30 days back"));
}

static void conditions_compare_numbers_and_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value;
        bool        holds;
    } cases[] = {{">= 500", "500", true}, {">=500", "499.9", false}, {"< 5", "x", false},
                 {"web-*", "web-1", true}, {"!= GET", "POST", true}, {"!= GET", "GET", false},
                 {"5", "5.0", true},      {"= error", "error", true}, {"> -1", "0", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Condition condition;
        assert_null(condition_read(STR("f"), str_of(cases[i].text), &condition));
        double number = strtod(cases[i].value, NULL);
        bool is_number = strspn(cases[i].value, "0123456789.") == strlen(cases[i].value);
        FieldValue value = {.is_there = true, .text = str_of(cases[i].value),
                            .number = is_number ? number : (double)NAN};
        assert_int_equal(condition_holds(&condition, value), cases[i].holds);
    }
    Condition is_not;
    assert_null(condition_read(STR("f"), STR("!= x"), &is_not));
    assert_true(condition_holds(&is_not, (FieldValue){.number = (double)NAN}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_definition_is_taken),
        cmocka_unit_test(the_version_follows_what_changes_values),
        cmocka_unit_test(what_is_mistyped_comes_with_the_nearest_name),
        cmocka_unit_test(what_makes_no_sense_is_refused_with_a_sentence),
        cmocka_unit_test(features_of_one_name_and_of_themselves_are_refused),
        cmocka_unit_test(features_of_features_are_not_endlessly_deep),
        cmocka_unit_test(windows_beyond_the_retention_are_refused),
        cmocka_unit_test(conditions_compare_numbers_and_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
