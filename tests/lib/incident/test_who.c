/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "incident/who.h"

static Who lines(const char *source)
{
    return who_of(str_of(source), STR(""));
}

static Who series(const char *name)
{
    return who_of(STR("prometheus"), str_of(name));
}

static void expect(const Who *who, const char *const *names)
{
    size_t count = 0;
    for (; names[count] != NULL; count++) {
        assert_true(count < who->count);
        assert_string_equal(who->names[count].text, names[count]);
    }
    assert_int_equal(who->count, count);
}

static void a_path_names_this_machine_and_the_service(void **state)
{
    (void)state;
    Who who = lines("/var/log/nginx/access.log");
    expect(&who, (const char *const[]){WHO_HERE, "nginx", NULL});
    assert_int_equal(who.names[0].sort, WHO_MACHINE);
    assert_int_equal(who.names[1].sort, WHO_SERVICE);
    who = lines("host");
    expect(&who, (const char *const[]){WHO_HERE, NULL});
}

static void labels_name_machines_and_services_and_not_who_sends_them(void **state)
{
    (void)state;
    Who who = series("up{instance=\"DB-1:9100\",job=\"node\",region=\"eu\"}");
    expect(&who, (const char *const[]){"db-1", NULL});
    who = series("requests{instance=\"10.0.0.7:80\",service=\"shop\"}");
    expect(&who, (const char *const[]){"10.0.0.7", "shop", NULL});
    who = series("lag{topic=\"orders\"}");
    expect(&who, (const char *const[]){NULL}); /* "prometheus" is nobody. */
}

static void a_target_is_read_as_its_labels_were(void **state)
{
    (void)state;
    Who who =
        who_of_target(STR("prometheus"), STR("instance db-1:9100, job node, service_name shop"));
    expect(&who, (const char *const[]){"db-1", "shop", NULL});
    who = who_of_target(STR("shop"), STR("shop"));
    expect(&who, (const char *const[]){"shop", NULL});
}

static void what_is_no_word_or_too_short_is_no_name(void **state)
{
    (void)state;
    Who who = lines("/var/log/2026/11/28/db/a/x1.log");
    expect(&who, (const char *const[]){WHO_HERE, NULL});
    who = lines("");
    assert_int_equal(who.count, 0);
}

static void names_beyond_the_limit_are_left_out_and_long_ones_are_cut(void **state)
{
    (void)state;
    char text[300];
    memset(text, 'a', sizeof text);
    Who who = who_of((Str){.text = text, .size = sizeof text}, STR(""));
    assert_int_equal(who.count, 1);
    assert_int_equal(strlen(who.names[0].text), WHO_NAME_SIZE - 1);
    who = lines("one1/two2/three3/four4/five5/six6/seven7/eight8");
    assert_int_equal(who.count, WHO_MAX);
}

static void two_of_one_machine_share_it(void **state)
{
    (void)state;
    Who a = series("cpu{instance=\"db-1:9100\"}"), b = series("disk{host=\"db-1\"}"),
        c = series("disk{host=\"db-10\"}");
    assert_non_null(who_shared(&a, &b));
    assert_string_equal(who_shared(&a, &b)->text, "db-1");
    assert_null(who_shared(&a, &c));
}

static void a_text_names_somebody_by_a_whole_word(void **state)
{
    (void)state;
    Who who = series("cpu{instance=\"db-1:9100\"}");
    assert_non_null(who_named(&who, STR("connection to DB-1 failed")));
    assert_non_null(who_named(&who, STR("no answer of db-1.")));
    assert_non_null(who_named(&who, STR("db-1:5432 refused")));
    assert_null(who_named(&who, STR("connection to db-12 failed")));
    assert_null(who_named(&who, STR("mydb-1")));
    assert_null(who_named(&who, STR("")));
    who = lines("web1");
    assert_non_null(who_named(&who, STR("web1")));
    who = lines("abc"); /* Too short to be no chance. */
    assert_null(who_named(&who, STR("abc")));
}

static void pods_of_one_deployment_are_kin(void **state)
{
    (void)state;
    char stem[WHO_NAME_SIZE];
    Who a = series("up{pod=\"checkout-7d9f8b6c5-x2x9z\"}"),
        b = series("up{pod=\"checkout-7d9f8b6c5-aaaa1\"}"), c = series("up{pod=\"basket-1\"}");
    assert_true(who_is_kin(&a, &b, stem));
    assert_string_equal(stem, "checkout");
    assert_false(who_is_kin(&a, &c, stem));
    a = series("up{host=\"web-1\"}");
    b = series("up{host=\"web-2\"}");
    assert_true(who_is_kin(&a, &b, stem));
    assert_string_equal(stem, "web");
}

static void a_model_is_named_by_its_features_too(void **state)
{
    (void)state;
    Who who = who_of_model(STR("fraud"), STR("basket_value"));
    expect(&who, (const char *const[]){"fraud", "basket_value", NULL});
    assert_non_null(who_named(&who, STR("column basket_value is cents now")));
}

static void a_machine_that_is_this_one_is_called_so(void **state)
{
    (void)state;
    Who who = series("up{instance=\"localhost:9090\"}");
    expect(&who, (const char *const[]){WHO_HERE, NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_names_this_machine_and_the_service),
        cmocka_unit_test(labels_name_machines_and_services_and_not_who_sends_them),
        cmocka_unit_test(a_target_is_read_as_its_labels_were),
        cmocka_unit_test(what_is_no_word_or_too_short_is_no_name),
        cmocka_unit_test(names_beyond_the_limit_are_left_out_and_long_ones_are_cut),
        cmocka_unit_test(two_of_one_machine_share_it),
        cmocka_unit_test(a_text_names_somebody_by_a_whole_word),
        cmocka_unit_test(pods_of_one_deployment_are_kin),
        cmocka_unit_test(a_model_is_named_by_its_features_too),
        cmocka_unit_test(a_machine_that_is_this_one_is_called_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
