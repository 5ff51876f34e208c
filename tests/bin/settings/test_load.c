/* SPDX-License-Identifier: Apache-2.0
 *
 * Origins, one over the other, in a folder of the test; the environment is the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "settings/keys.h"

static char     folder[] = "/tmp/oddball_settings_XXXXXX";
static char     problem[SETTINGS_PROBLEM_SIZE];
static Settings settings;

static char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int make_folder(void **state)
{
    (void)state;
    char conf[64];
    clearenv();
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(conf, sizeof conf, "%s/conf.d", folder);
    setenv("CONFIGURATION_DIRECTORY", folder, 1);
    setenv("STATE_DIRECTORY", "/var/lib/one:/var/lib/two", 1);
    return mkdir(conf, 0700);
}

static void unlink_all(void)
{
    static const char *const names[] = {"oddball.yaml", "other.yaml", "token", "conf.d/10.yaml",
                                        "conf.d/20.yaml", "conf.d/x.txt", "conf.d/.a.yaml"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(path_of(names[i]));
}

static int remove_folder(void **state)
{
    (void)state;
    unlink_all();
    rmdir(path_of("conf.d"));
    return rmdir(folder);
}

static int forget(void **state)
{
    (void)state;
    settings_free(&settings);
    unlink_all();
    static const char *const names[] = {"ODDBALL_MEMORY", "ODDBALL_FILES", "ODDBALL_CONFIG",
                                        "ODDBALL_LISTN", "ODDBALL_DATA", "ODDBALL_MASK",
                                        "ODDBALL_MASK_RULES", "CREDENTIALS_DIRECTORY"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unsetenv(names[i]);
    return 0;
}

/* "" or the problem. */
static const char *load(const SettingFlag *flags, size_t count)
{
    settings_free(&settings);
    bool good = settings_load(&settings, flags, count, problem);
    assert_int_equal(good, problem[0] == '\0');
    return problem;
}

static const char *load_none(void)
{
    return load(NULL, 0);
}

static const char *origin(const char *key)
{
    return settings.origins[keys_find(key)];
}

static void without_any_word_the_defaults_hold(void **state)
{
    (void)state;
    assert_string_equal(load_none(), "");
    assert_string_equal(settings.listen, "127.0.0.1:6330");
    assert_string_equal(settings.syslog_udp, "off");
    assert_int_equal(settings.memory_bytes, 512 << 20);
    assert_true(settings.discovery && settings.mask && settings.journal && settings.host);
    assert_string_equal(settings.data, "/var/lib/one");
    assert_string_equal(origin("listen"), "default");
    assert_int_equal(settings.read.count, 0);
    assert_int_equal(settings.notes.count, 0);
}

static void without_discovery_the_machine_is_watched_where_that_is_said(void **state)
{
    (void)state;
    write_file("oddball.yaml", "discovery: false\nhost: true\n");
    assert_string_equal(load_none(), "");
    assert_false(settings.journal);
    assert_true(settings.host);
    assert_string_equal(origin("journal"), "discovery");
    assert_non_null(strstr(origin("host"), "oddball.yaml:2"));
}

static void a_later_origin_wins(void **state)
{
    (void)state;
    write_file("oddball.yaml", "memory: 100M\nthreads: 1\nmask: false\nsql: {rows: 1, time: 1s}\n");
    write_file("conf.d/20.yaml", "sql.rows: 20\n");
    write_file("conf.d/10.yaml", "sql.rows: 10\nthreads: 10\n");
    write_file("conf.d/x.txt", "not: read\n");
    write_file("conf.d/.a.yaml", "not: read\n");
    setenv("ODDBALL_MEMORY", "200M", 1);
    assert_string_equal(load_none(), "");
    assert_int_equal(settings.memory_bytes, 200 << 20);
    assert_string_equal(origin("memory"), "ODDBALL_MEMORY");
    assert_int_equal(settings.threads, 10);
    assert_int_equal(settings.sql_rows, 20);
    assert_false(settings.mask);
    assert_int_equal(settings.read.count, 3);
    char expected[128];
    snprintf(expected, sizeof expected, "%s/conf.d/20.yaml:1", folder);
    assert_string_equal(origin("sql.rows"), expected);
    const SettingFlag flags[] = {{"memory", "300M"}, {"memory", "400M"}, {"mask", NULL},
                                 {"no-host", NULL}};
    assert_string_equal(load(flags, 4), "");
    assert_int_equal(settings.memory_bytes, 400 << 20);
    assert_string_equal(origin("memory"), "--memory");
    assert_true(settings.mask);
    assert_false(settings.host);
}

static void lists_of_files_add_up_and_a_stronger_origin_replaces_them(void **state)
{
    (void)state;
    write_file("oddball.yaml", "files: [/a, b.log]\nmask_rules: {ticket: 'T-[0-9]+'}\n");
    write_file("conf.d/10.yaml", "files: /c\n");
    assert_string_equal(load_none(), "");
    assert_int_equal(settings.files.count, 3);
    assert_string_equal(settings.files.items[0], "/a");
    assert_string_equal(settings.files.items[1], path_of("b.log")); /* Beside the file. */
    assert_string_equal(settings.files.items[2], "/c");
    assert_string_equal(settings.mask_rules[0].name, "ticket");
    assert_string_equal(settings.mask_rules[0].expression, "T-[0-9]+");
    write_file("conf.d/20.yaml", "files: []\n");
    assert_string_equal(load_none(), "");
    assert_int_equal(settings.files.count, 0);
    setenv("ODDBALL_FILES", "/x,/y", 1);
    setenv("ODDBALL_MASK_RULES", "a=1,2\nb=3", 1);
    assert_string_equal(load_none(), "");
    assert_int_equal(settings.files.count, 2);
    assert_int_equal(settings.mask_rule_count, 2);
    assert_string_equal(settings.mask_rules[0].expression, "1,2");
    const SettingFlag flags[] = {{"files", "/z,"}};
    assert_string_equal(load(flags, 1), "");
    assert_int_equal(settings.files.count, 1);
    assert_string_equal(settings.files.items[0], "/z,");
}

static void the_file_that_is_asked_for_is_read_alone(void **state)
{
    (void)state;
    write_file("oddball.yaml", "threads: 1\n");
    write_file("other.yaml", "memory: 64M\n");
    setenv("ODDBALL_CONFIG", path_of("other.yaml"), 1);
    assert_string_equal(load_none(), "");
    assert_int_equal(settings.threads, 0);
    assert_int_equal(settings.memory_bytes, 64 << 20);
    const SettingFlag off[] = {{"config", "off"}};
    assert_string_equal(load(off, 1), "");
    assert_int_equal(settings.read.count, 0);
    const SettingFlag nothing[] = {{"config", "/nonexistent/x.yaml"}};
    assert_non_null(strstr(load(nothing, 1), "cannot read the settings in /nonexistent/x.yaml: No "
                                             "such file"));
    const SettingFlag is_folder[] = {{"config", folder}};
    assert_non_null(strstr(load(is_folder, 1), "is a folder, not a file"));
}

static void a_mistake_is_told_with_its_place_and_cure(void **state)
{
    (void)state;
    static const struct {
        const char *text, *told;
    } cases[] = {
        {"lissten: off\n", "oddball.yaml:1: there is no key lissten; did you mean listen? `oddball "
                           "config show --effective` lists them all"},
        {"syslog:\n  upd: off\n", "oddball.yaml:2: there is no key syslog.upd; did you mean "
                                  "syslog.udp?"},
        {"elephants: 1\n", "oddball.yaml:1: there is no key elephants; `oddball config"},
        {"\nmemory: lots\n", "oddball.yaml:2: memory does not take 'lots'; a good value is 512M "
                             "(at least 32M)"},
        {"memory: [1]\n", "oddball.yaml:1: memory takes one value, not a list"},
        {"memory: []\n", "oddball.yaml:1: memory takes one value, not a list"},
        {"memory:\n", "oddball.yaml:1: memory has no value; a good one is 512M"},
        {"listen: {port: 1}\n", "oddball.yaml:1: there is no key listen.port"},
        {"config: x\n", "oddball.yaml:1: config names the file of settings"},
        {"mask_rules: {'A B': x}\n", "oddball.yaml:1: mask_rules does not take 'A B=x'"},
        {"a: &b 1\n", "oddball.yaml:1: tags (!) and anchors"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_file("oddball.yaml", cases[i].text);
        const char *told = load_none();
        if (strstr(told, cases[i].told) == NULL || strstr(told, folder) != told)
            fail_msg("%s says '%s'", cases[i].text, told);
        Settings nothing = {0};
        assert_memory_equal(&settings, &nothing, sizeof settings);
    }
    write_file("oddball.yaml", "syslog:\n# all of it is commented out\nmemory: 64M\n");
    assert_string_equal(load_none(), "");
    setenv("ODDBALL_MEMORY", "x", 1);
    assert_non_null(strstr(load_none(), "ODDBALL_MEMORY does not take 'x'; a good value is"));
    const SettingFlag flags[] = {{"threads", "999"}};
    unsetenv("ODDBALL_MEMORY");
    assert_non_null(
        strstr(load(flags, 1), "--threads does not take '999'; a good value is 2 (0 to"));
}

static void a_mistyped_variable_is_noted(void **state)
{
    (void)state;
    setenv("ODDBALL_LISTN", "off", 1);
    setenv("ODDBALL_DATA", "/public/data", 1);
    setenv("ODDBALL_MASK", "", 1);
    assert_string_equal(load_none(), "");
    assert_int_equal(settings.notes.count, 1);
    assert_string_equal(settings.notes.items[0], "ODDBALL_LISTN is in the environment and no "
                                                 "setting; did you mean ODDBALL_LISTEN?");
    assert_string_equal(settings.data, "/var/lib/one");
    assert_true(settings.mask);
}

static void what_does_not_go_together_is_refused(void **state)
{
    (void)state;
    static const struct {
        SettingFlag flags[4];
        const char *told; /* NULL: good. */
    } cases[] = {
        {{{"listen", "0.0.0.0:6330"}}, "listen 0.0.0.0:6330 is open to others, and nothing guards"},
        {{{"listen", ":6330"}}, "listen :6330 is open to others"},
        {{{"listen", "[::]:6330"}}, "listen [::]:6330 is open to others"},
        {{{"listen", ":6330"}, {"ingest-token-file", "/x"}}, "listen :6330 is open to others"},
        {{{"listen", ":6330"}, {"token-file", "/x"}}, NULL},
        {{{"listen", ":1"}, {"tls-certificate", "/c"}, {"tls-key", "/k"}, {"tls-client-ca", "/a"}},
         "listen :1 is open to others"},
        {{{"listen", "localhost:1"}}, NULL},
        {{{"listen", "[::1]:1"}}, NULL},
        {{{"otlp-grpc", "0.0.0.0:4317"}}, "otlp.grpc 0.0.0.0:4317 is open to others"},
        {{{"otlp-http", ":4318"}, {"ingest-token-file", "/x"}}, NULL},
        {{{"syslog-udp", "0.0.0.0:514"}}, NULL},
        {{{"tls-certificate", "/c"}}, "tls.certificate needs tls.key"},
        {{{"tls-key", "/k"}}, "tls.key needs tls.certificate"},
        {{{"tls-client-ca", "/a"}}, "tls.client_ca needs tls.certificate"},
        {{{"tls-certificate", "/c"}, {"tls-key", "/k"}, {"syslog-tls", ":6514"}}, NULL},
        {{{"syslog-tls", ":6514"}}, "syslog.tls needs tls.certificate"},
        {{{"listen", "127.0.0.1:4318"}}, "listen and otlp.http are both 127.0.0.1:4318; give one"},
        {{{"listen", "127.0.0.1:0"}, {"otlp-http", "127.0.0.1:0"}}, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t count = 0;
        while (count < 4 && cases[i].flags[count].name != NULL)
            count++;
        const char *told = load(cases[i].flags, count);
        if (cases[i].told == NULL ? told[0] != '\0' : strstr(told, cases[i].told) != told)
            fail_msg("case %zu says '%s'", i, told);
    }
}

static void secrets_come_from_files_and_credentials(void **state)
{
    (void)state;
    char secret[16];
    write_file("token", "s3cret\n");
    chmod(path_of("token"), 0600);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    assert_string_equal(load_none(), "");
    assert_string_equal(settings.token_file, path_of("token"));
    assert_string_equal(origin("token_file"), "credential token");
    assert_int_equal(settings.notes.count, 0);
    assert_true(settings_secret(settings.token_file, secret, sizeof secret, problem));
    assert_string_equal(secret, "s3cret");
    assert_true(settings_secret("", secret, sizeof secret, problem));
    assert_string_equal(secret, "");
    assert_false(settings_secret(settings.token_file, secret, 7, problem));
    assert_non_null(strstr(problem, "longer than 6 bytes"));
    assert_false(settings_secret("/nonexistent", secret, sizeof secret, problem));
    assert_string_equal(problem, "cannot read the secret in /nonexistent: No such file or "
                                 "directory");
    chmod(path_of("token"), 0644);
    assert_string_equal(load_none(), "");
    assert_int_equal(settings.notes.count, 1);
    assert_non_null(strstr(settings.notes.items[0], "can be read by everybody; chmod o-r"));
    write_file("token", "\n");
    assert_false(settings_secret(path_of("token"), secret, sizeof secret, problem));
    assert_non_null(strstr(problem, "is empty"));
}

static char differing[256];

static void differ(void *context, const char *key, bool needs_restart)
{
    (void)context; /* One text is enough. */
    size_t size = strlen(differing);
    snprintf(differing + size, sizeof differing - size, "%s%s ", key, needs_restart ? "!" : "");
}

static void a_reload_tells_what_differs_and_what_needs_a_restart(void **state)
{
    (void)state;
    Settings          was;
    const SettingFlag before[] = {{"memory", "64M"}, {"webhook", "http://a/"}, {"sql-rows", "5"}};
    const SettingFlag after[] = {{"memory", "96M"}, {"webhook", "http://b/"}, {"sql-rows", "5"}};
    assert_true(settings_load(&was, before, 3, problem));
    assert_string_equal(load(before, 3), "");
    assert_int_equal(settings_compare(&was, &settings, differ, NULL), 0);
    assert_string_equal(load(after, 3), "");
    differing[0] = '\0';
    assert_int_equal(settings_compare(&was, &settings, differ, NULL), 2);
    assert_string_equal(differing, "memory! webhook ");
    settings_free(&was);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(without_any_word_the_defaults_hold, forget),
        cmocka_unit_test_teardown(without_discovery_the_machine_is_watched_where_that_is_said,
                                  forget),
        cmocka_unit_test_teardown(a_later_origin_wins, forget),
        cmocka_unit_test_teardown(lists_of_files_add_up_and_a_stronger_origin_replaces_them,
                                  forget),
        cmocka_unit_test_teardown(the_file_that_is_asked_for_is_read_alone, forget),
        cmocka_unit_test_teardown(a_mistake_is_told_with_its_place_and_cure, forget),
        cmocka_unit_test_teardown(a_mistyped_variable_is_noted, forget),
        cmocka_unit_test_teardown(what_does_not_go_together_is_refused, forget),
        cmocka_unit_test_teardown(secrets_come_from_files_and_credentials, forget),
        cmocka_unit_test_teardown(a_reload_tells_what_differs_and_what_needs_a_restart, forget),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
