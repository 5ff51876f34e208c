/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>

#include "base/glob.h"
#include "base/rng.h"

#define SEEDS 1000

static bool means(const char *glob, const char *text)
{
    return glob_means(str_of(glob), str_of(text));
}

static void a_star_stands_for_any_bytes_and_a_question_mark_for_one(void **state)
{
    (void)state;
    assert_true(means("web-*", "web-3"));
    assert_true(means("web-*", "web-"));
    assert_false(means("web-*", "web"));
    assert_true(means("*ab*b", "aabxbb"));
    assert_false(means("*ab*b", "aabxba"));
    assert_true(means("?x", "ax"));
    assert_false(means("?x", "x"));
    assert_true(means("", ""));
    assert_false(means("", "a"));
    assert_true(means("**", ""));
}

/* The obvious way. */
static bool means_slowly(const char *glob, const char *text)
{
    if (*glob == '*')
        return means_slowly(glob + 1, text) || (*text != '\0' && means_slowly(glob, text + 1));
    if (*glob == '\0' || *text == '\0')
        return *glob == *text;
    return (*glob == '?' || *glob == *text) && means_slowly(glob + 1, text + 1);
}

static void random_word(Rng *rng, const char *letters, char word[12])
{
    size_t size = rng_next(rng) % 11, count = strlen(letters);
    for (size_t i = 0; i < size; i++)
        word[i] = letters[rng_next(rng) % count];
    word[size] = '\0';
}

static void it_means_what_the_obvious_way_means_and_every_text_itself(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        Rng rng = rng_seeded(seed);
        char glob[12], text[12];
        random_word(&rng, "ab*?", glob);
        random_word(&rng, "ab*", text);
        assert_int_equal(means(glob, text), means_slowly(glob, text));
        assert_true(means(glob, glob));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_star_stands_for_any_bytes_and_a_question_mark_for_one),
        cmocka_unit_test(it_means_what_the_obvious_way_means_and_every_text_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
