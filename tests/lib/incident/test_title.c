/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "incident/title.h"

#define S INT64_C(1000000000)

static const char *title(const TitlePart *parts, size_t count, size_t more)
{
    static char text[TITLE_SIZE];
    Writer w = writer_make(text, sizeof text);
    title_write(&w, parts, count, more);
    return text;
}

static void one_finding_is_its_own_sentence(void **state)
{
    (void)state;
    TitlePart part = {.sentence = "Pattern `x` came.", .where = "shop"};
    assert_string_equal(title(&part, 1, 0), "Pattern `x` came");
}

static void the_cause_comes_first_then_what_came_of_it_and_when(void **state)
{
    (void)state;
    TitlePart parts[] = {{.sentence = "deploy of shop 1.2.3", .where = ""},
                         {.sentence = "`no column` is new", .where = "shop", .onset = 40 * S},
                         {.sentence = "web sees 502", .where = "web", .onset = 300 * S}};
    assert_string_equal(title(parts, 3, 2),
                        "deploy of shop 1.2.3; 40 s later shop: `no column` is new; 5 min later "
                        "web sees 502; 2 more findings");
    parts[1].onset = 4 * S;
    assert_string_equal(title(parts, 2, 1),
                        "deploy of shop 1.2.3; at once shop: `no column` is new; 1 more finding");
    parts[1].onset = -90 * S;
    assert_string_equal(title(parts, 2, 0),
                        "deploy of shop 1.2.3; 90 s before shop: `no column` is new");
}

static void spans_are_told_as_people_do(void **state)
{
    (void)state;
    static const struct {
        int64_t     seconds;
        const char *text;
    } spans[] = {{0, "0 s"},       {119, "119 s"},   {120, "2 min"},      {7199, "119 min"},
                 {7200, "2 h"},    {172799, "47 h"}, {172800, "2 days"},  {-600, "10 min"}};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        char text[40];
        Writer w = writer_make(text, sizeof text);
        span_write(&w, spans[i].seconds * S);
        assert_string_equal(text, spans[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_finding_is_its_own_sentence),
        cmocka_unit_test(the_cause_comes_first_then_what_came_of_it_and_when),
        cmocka_unit_test(spans_are_told_as_people_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
