/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/yaml.h"

static YamlEntries entries;
static char        problem[512];

/* "" or the problem. */
static const char *read_text(const char *text)
{
    problem[0] = '\0';
    bool good = yaml_entries_read("a.yaml", text, strlen(text), &entries, problem, sizeof problem);
    assert_int_equal(good, problem[0] == '\0');
    return problem;
}

static void is_entry(size_t at, const char *key, const char *value, int item, int line)
{
    assert_true(at < entries.count);
    const YamlEntry *entry = &entries.entries[at];
    assert_string_equal(entry->key, key);
    if (value != NULL)
        assert_string_equal(entry->value, value);
    else
        assert_null(entry->value);
    assert_int_equal(entry->item, item);
    assert_int_equal(entry->line, line);
}

static void maps_in_maps_are_dotted_keys(void **state)
{
    (void)state;
    assert_string_equal(read_text("listen: 127.0.0.1:1\nsyslog: {udp: off, tcp: \":514\"}\n"
                                  "a:\n  b:\n    c: 'x y'\n  d: 2\ne.f: 3\n"),
                        "");
    assert_int_equal(entries.count, 6);
    is_entry(0, "listen", "127.0.0.1:1", -1, 1);
    is_entry(1, "syslog.udp", "off", -1, 2);
    is_entry(2, "syslog.tcp", ":514", -1, 2);
    is_entry(3, "a.b.c", "x y", -1, 5);
    is_entry(4, "a.d", "2", -1, 6);
    is_entry(5, "e.f", "3", -1, 7);
    yaml_entries_free(&entries);
}

static void items_of_lists_are_numbered(void **state)
{
    (void)state;
    assert_string_equal(read_text("files: [a, b]\nrules:\n- name: x\n  more: {y: 1}\n- name: z\n"
                                  "none: []\n"),
                        "");
    is_entry(0, "files", "a", 0, 1);
    is_entry(1, "files", "b", 1, 1);
    is_entry(2, "rules.name", "x", 0, 3);
    is_entry(3, "rules.more.y", "1", 0, 4);
    is_entry(4, "rules.name", "z", 1, 5);
    is_entry(5, "none", NULL, -1, 6);
    assert_int_equal(entries.entries[5].kind, YAML_EMPTY_LIST);
    yaml_entries_free(&entries);
}

static void what_has_no_value_is_nothing_and_quotes_are_a_value(void **state)
{
    (void)state;
    assert_string_equal(read_text("a:\nb: ~\nc: null\nd: {}\ne: ''\nf: 'null'\n"), "");
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(entries.entries[i].kind, YAML_NOTHING);
    is_entry(4, "e", "", -1, 5);
    is_entry(5, "f", "null", -1, 6);
    yaml_entries_free(&entries);
}

static void an_empty_text_has_no_entries(void **state)
{
    (void)state;
    const char *const texts[] = {"", "\n", "# only a comment\n", "---\n", "~\n", "---\n...\n",
                                 "\xef\xbb\xbf# with a mark\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_string_equal(read_text(texts[i]), "");
        assert_int_equal(entries.count, 0);
        yaml_entries_free(&entries);
    }
}

static void hostile_texts_are_refused_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *problem;
    } cases[] = {
        {"a: &x 1\nb: *x\n", "a.yaml:1: tags (!) and anchors (&) are not taken; write the value "
                             "itself"},
        {"a: 1\nb: *x\n", "a.yaml:2: aliases (*) are not taken; write the value itself"},
        {"a: !!int 1\n", "a.yaml:1: tags (!)"},
        {"a: !!python/object {}\n", "a.yaml:1: tags (!)"},
        {"a: &x [1]\n", "a.yaml:1: tags (!)"},
        {"a: 1\na: 2\n", "a.yaml:2: a is said twice; the first time in line 1"},
        {"a: {b: 1}\na: {b: 2}\n", "a.yaml:2: a.b is said twice"},
        {"a: 1\n---\nb: 2\n", "a.yaml:2: a second document"},
        {"- a\n- b\n", "a.yaml:1: this is no map"},
        {"just text\n", "a.yaml:1: this is no map"},
        {"? [a, b]\n: c\n", "a.yaml:1: a key must be a word"},
        {"a: [[1]]\n", "a.yaml:1: a is a list within a list"},
        {"a: [{b: [1]}]\n", "a.yaml:1: a.b is a list within a list"},
        {"a: \"x\\0y\"\n", "a.yaml:1: a holds a NUL"},
        {"a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}\n", "a.yaml:1: it is nested deeper than 8"},
        {"ok: 1\na: [1\nb: 2\n", "a.yaml:3: this is not YAML"},
        {"a: 1\n\tb: 2\n", "a.yaml:2: this is not YAML"},
        {"a: \"\xff\xfe\"\n", "a.yaml:1: this is not YAML"},
        {"'': 1\n", "a.yaml:1: a key must be a word"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *told = read_text(cases[i].text);
        if (strstr(told, cases[i].problem) != told)
            fail_msg("%s\nsays '%s'\nnot  '%s'", cases[i].text, told, cases[i].problem);
        assert_int_equal(entries.count, 0);
    }
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    size_t size = YAML_BYTES_MAX + 1;
    char  *text = malloc(size + 1);
    memset(text, '#', size);
    text[size] = '\0';
    assert_non_null(strstr(read_text(text), "it is larger than 1048576 bytes"));
    size_t used = 0;
    for (int i = 0; i < YAML_ENTRIES_MAX + 1; i++)
        used += (size_t)sprintf(text + used, "k%d: 1\n", i);
    assert_string_equal(read_text(text), "a.yaml:8193: there are more than 8192 values");
    memset(text, '[', 100000);
    memcpy(text, "a: ", 3);
    text[100000] = '\0';
    assert_string_equal(read_text(text), "a.yaml:1: a is a list within a list");
    memset(text, '{', 100000);
    text[100000] = '\0';
    assert_string_equal(read_text(text), "a.yaml:1: a key must be a word");
    memset(text, 'k', 300);
    strcpy(text + 300, ": 1\n");
    assert_string_equal(read_text(text), "a.yaml:1: a key is longer than 255 bytes");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_in_maps_are_dotted_keys),
        cmocka_unit_test(items_of_lists_are_numbered),
        cmocka_unit_test(what_has_no_value_is_nothing_and_quotes_are_a_value),
        cmocka_unit_test(an_empty_text_has_no_entries),
        cmocka_unit_test(hostile_texts_are_refused_with_their_line),
        cmocka_unit_test(sizes_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
