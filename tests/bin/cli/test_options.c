/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"

#define WORDS_MAX 16

static const char *rest[WORDS_MAX];

/* The words of a command line, separated by spaces; gives the problem, or "". */
static const char *parse(const char *line, Options *options)
{
    static char words[512], problem_text[512];
    const char *argv[WORDS_MAX] = {"oddball"};
    int argc = 1;
    strcpy(words, line);
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    Buffer problem = {0};
    bool good = options_parse(argc, argv, rest, options, &problem);
    assert_int_equal(good, problem.size == 0);
    strcpy(problem_text, buffer_text(&problem));
    buffer_free(&problem);
    return problem_text;
}

static void options_stand_anywhere_in_both_spellings(void **state)
{
    (void)state;
    Options options;
    assert_string_equal(parse("--findings 5 scan --format=json a.log -q b.log", &options), "");
    assert_int_equal(options.findings, 5);
    assert_int_equal(options.format, FORMAT_JSON);
    assert_true(options.quiet);
    assert_int_equal(options.argument_count, 3);
    assert_string_equal(options.arguments[0], "scan");
    assert_string_equal(options.arguments[2], "b.log");
}

static void two_dashes_end_options_and_one_is_standard_input(void **state)
{
    (void)state;
    Options options;
    assert_string_equal(parse("scan - -- --format -x", &options), "");
    assert_int_equal(options.argument_count, 4);
    assert_string_equal(options.arguments[1], "-");
    assert_string_equal(options.arguments[2], "--format");
    assert_string_equal(options.arguments[3], "-x");
}

static void a_shortened_name_is_enough_if_it_is_clear(void **state)
{
    (void)state;
    Options options;
    assert_string_equal(parse("--wild <*>", &options), "");
    assert_string_equal(options.wildcard, "<*>");
    assert_string_equal(parse("--findings 3", &options), ""); /* Though --findings-per-day too. */
    assert_int_equal(options.findings, 3);
    assert_string_equal(parse("--fi 3", &options),
                        "--fi is ambiguous: --findings or --findings-per-day");
}

static void an_unknown_option_names_its_neighbour(void **state)
{
    (void)state;
    Options options;
    assert_string_equal(parse("scan --fidnings 3", &options),
                        "unknown option --fidnings; did you mean --findings? `oddball help scan` "
                        "lists them");
    assert_string_equal(parse("diff --elephant=3", &options),
                        "unknown option --elephant; `oddball help diff` lists them");
    assert_string_equal(parse("scan -seed", &options),
                        "unknown option -seed; did you mean --seed?");
}

static void a_wrong_value_names_a_good_one(void **state)
{
    (void)state;
    Options options;
    const char *const wrong[] = {"--findings 0",     "--findings x",      "--memory 31M",
                                 "--threads 0",      "--zone Berlin",     "--since yesterday",
                                 "--memory lots",    "--threads 257",     "--findings-per-day -1",
                                 "--width 5",        "--seed -1",         "--now 5m"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_non_null(strstr(parse(wrong[i], &options), "a good value is"));
    assert_string_equal(parse("--findings", &options),
                        "--findings needs a value, for example --findings 20 (1 or more, or all)");
    assert_non_null(strstr(parse("--width 5", &options), "100 (40 to 1000)"));
    assert_non_null(strstr(parse("--memory 1M", &options), "512M (at least 32M)"));
    assert_string_equal(parse("--format jsno", &options),
                        "--format does not take 'jsno'; did you mean json? It takes text, json, "
                        "csv and html");
    assert_non_null(strstr(parse("--fail-on new,silet,gone", &options),
                           "does not take 'silet'; did you mean silent? It takes any, none, new,"));
    assert_non_null(strstr(parse("--fail-on new,", &options), "does not take ''; it takes"));
    assert_non_null(strstr(parse("--fail-on order", &options), "does not take 'order'"));
    assert_string_equal(parse("--quiet=yes", &options), "--quiet takes no value");
}

static void an_option_of_another_command_is_refused(void **state)
{
    (void)state;
    const Command *patterns = command_find("patterns");
    Options options;
    Buffer problem = {0};
    parse("patterns --wildcard x --quiet", &options);
    assert_true(options_allowed(&options, patterns, &problem));
    parse("patterns --html x", &options);
    assert_false(options_allowed(&options, patterns, &problem));
    assert_string_equal(buffer_text(&problem),
                        "`patterns` does not take --html; `scan`, `diff` and `score` can have it; "
                        "`oddball help patterns` lists what it takes");
    buffer_free(&problem);
}

static void every_example_of_a_value_is_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < options_count(); i++) {
        Option option = option_at(i);
        if (!option.value || (!option.set && !option.learn))
            continue;
        char example[128];
        snprintf(example, sizeof example, "%s", option.example);
        example[strcspn(example, " (")] = '\0';
        Options options = {0};
        assert_true(option_take(&option, &options, example));
    }
}

static void every_choice_is_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < options_count(); i++) {
        Option option = option_at(i);
        if (!option.choices)
            continue;
        char choices[256];
        snprintf(choices, sizeof choices, "%s", option.choices);
        for (char *word = strtok(choices, ","); word; word = strtok(NULL, ",")) {
            Options options = {0};
            assert_true(option_take(&option, &options, word));
        }
    }
}

static void every_option_has_a_name_and_a_help_that_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < options_count(); i++) {
        Option option = option_at(i);
        size_t value_size = option.value ? strlen(option.value) + 1 : 0;
        assert_true((!option.set && !option.learn) || strlen(option.name) + value_size + 4 < 25);
        assert_true(strlen(option.help) > 5);
        assert_true(!option.value || option.example != NULL);
    }
}

static void every_command_names_only_options_that_exist(void **state)
{
    (void)state;
    for (size_t c = 0; c < commands_count; c++) {
        assert_ptr_equal(command_find(commands[c]->name), commands[c]);
        assert_int_equal(strncmp(commands[c]->example, "oddball ", 8) == 0 ||
                             strncmp(commands[c]->example, "source ", 7) == 0,
                         1);
        for (size_t i = 0; commands[c]->options[i]; i++) {
            bool known = false;
            for (size_t o = 0; o < options_count(); o++)
                known = known || strcmp(option_at(o).name, commands[c]->options[i]) == 0;
            assert_true(known);
        }
    }
}

static void settings_are_options_of_the_commands_that_take_them(void **state)
{
    (void)state;
    Options options;
    Buffer problem = {0};
    assert_string_equal(parse("config show --listen=off --no-mask --discovery --files a --files b "
                              "--memory 64M", &options), "");
    assert_int_equal(options.setting_count, 6);
    assert_string_equal(options.settings[0].name, "listen");
    assert_string_equal(options.settings[0].value, "off");
    assert_string_equal(options.settings[1].name, "no-mask");
    assert_null(options.settings[1].value);
    assert_string_equal(options.settings[2].name, "discovery");
    assert_string_equal(options.settings[4].value, "b");
    assert_string_equal(options.settings[5].name, "memory");
    assert_true(options_allowed(&options, command_find("config"), &problem));
    assert_false(options_allowed(&options, command_find("scan"), &problem));
    assert_non_null(strstr(buffer_text(&problem), "`scan` does not take --listen; `"));
    assert_non_null(strstr(buffer_text(&problem), "`config`"));
    assert_string_equal(parse("config show --no-mask=yes", &options), "--no-mask takes no value");
    assert_non_null(strstr(parse("config show --listen", &options), "--listen needs a value"));
    assert_non_null(strstr(parse("config show --lisen off", &options), "did you mean --listen?"));
    buffer_free(&problem);
}

static void a_shortened_name_is_meant_for_its_command(void **state)
{
    (void)state;
    Options options;
    assert_string_equal(parse("scan --w 80", &options), "");
    assert_int_equal(options.width, 80);
    assert_string_equal(parse("config --list off", &options), "");
    assert_string_equal(options.settings[0].name, "listen");
    assert_string_equal(parse("config --ot off", &options),
                        "--ot is ambiguous: --otlp-http or --otlp-grpc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_anywhere_in_both_spellings),
        cmocka_unit_test(two_dashes_end_options_and_one_is_standard_input),
        cmocka_unit_test(a_shortened_name_is_enough_if_it_is_clear),
        cmocka_unit_test(settings_are_options_of_the_commands_that_take_them),
        cmocka_unit_test(a_shortened_name_is_meant_for_its_command),
        cmocka_unit_test(an_unknown_option_names_its_neighbour),
        cmocka_unit_test(a_wrong_value_names_a_good_one),
        cmocka_unit_test(an_option_of_another_command_is_refused),
        cmocka_unit_test(every_example_of_a_value_is_good),
        cmocka_unit_test(every_choice_is_taken),
        cmocka_unit_test(every_option_has_a_name_and_a_help_that_fit),
        cmocka_unit_test(every_command_names_only_options_that_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
