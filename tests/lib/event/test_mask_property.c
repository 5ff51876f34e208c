/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "base/rng.h"
#include "event/json.h"
#include "masking.h"

#define SEEDS 1000
#define TEXT_SIZE 8192
#define SECRET "hunTer2x9"

typedef struct {
    char   text[TEXT_SIZE];
    size_t size;
} Drawn;

static void add(Drawn *drawn, const char *text)
{
    size_t size = strlen(text);
    assert_true(drawn->size + size < TEXT_SIZE);
    memcpy(drawn->text + drawn->size, text, size + 1);
    drawn->size += size;
}

static const char *one_of(Rng *rng, const char *const *words, size_t count)
{
    return words[rng_below(rng, count)];
}
#define ONE_OF(rng, words) one_of(rng, words, sizeof(words) / sizeof(words)[0])

static void add_filler(Drawn *drawn, Rng *rng)
{
    static const char *const words[] = {
        " ", "  ", "user=bob", "GET /a/b?c=d&e=f", "took 12 ms", "[main]", "INFO", "10:42:50.123",
        "4711", "id=5105105105", "a@b", "token", "password", "x=\"y z\"", "{\"a\": 1}", "C:\\dir",
        "10.0.0.1:8080", "--flag", "eyJ", "=", ":", "\"", "'", "@", "-", "\xc3\xa4", ",", ";",
    };
    for (uint64_t left = rng_below(rng, 5); left > 0; left--) {
        add(drawn, ONE_OF(rng, words));
        add(drawn, " ");
    }
}

/* Each a line's part that says SECRET in a way that must be seen wherever it stands. */
static const char *const plantings[] = {
    "password=" SECRET,
    "passwd: " SECRET,
    "\"db_password\":\"" SECRET "\"",
    "'password' => '" SECRET "'",
    "<password>" SECRET "</password>",
    "--password " SECRET,
    "api_key=" SECRET,
    "X-Auth-Token: " SECRET,
    "{\\\"secret\\\":\\\"" SECRET "\\\"}",
    "Authorization: Bearer " SECRET,
    "postgres://bob:" SECRET "@db.example.com/x",
    SECRET "@mail.example.com",
    "ghp_" SECRET "0123456789abcdefghijABCDE",
    "eyJhbGciOiJIUzI1NiJ9." SECRET ".c2ln",
    "-----BEGIN PRIVATE KEY----- " SECRET " -----END PRIVATE KEY-----",
};

static char *masked_twice(const Masks *masks, const Drawn *drawn, uint64_t seed)
{
    size_t size = 0, again_size = 0;
    uint64_t count = 0, again_count = 0;
    Str text = {.text = drawn->text, .size = drawn->size};
    char *masked = masking_apply(masks, text, &size, &count);
    assert_non_null(masked);
    Str first = {.text = masked, .size = size};
    char *again = masking_apply(masks, first, &again_size, &again_count);
    assert_non_null(again);
    if (again_count > 0 || size != again_size || memcmp(masked, again, size) != 0) {
        print_message("seed %llu: %s\n%s\n%s\n", (unsigned long long)seed, drawn->text, masked,
                      again);
        fail();
    }
    free(again);
    return masked;
}

static void a_planted_secret_never_survives(void **state)
{
    (void)state;
    Masks *masks = masking_defaults();
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        Rng rng = rng_seeded(seed);
        Drawn drawn = {.size = 0};
        for (uint64_t lines = rng_below(&rng, 4) + 1; lines > 0; lines--) {
            add_filler(&drawn, &rng);
            /* Behind an open quote a name is part of a value, and the whole value goes or stays. */
            add(&drawn, "\n");
            add(&drawn, ONE_OF(&rng, plantings));
            add(&drawn, " ");
            add_filler(&drawn, &rng);
            add(&drawn, "\n");
        }
        char *masked = masked_twice(masks, &drawn, seed);
        if (strstr(masked, SECRET) != NULL) {
            print_message("seed %llu: %s\n%s\n", (unsigned long long)seed, drawn.text, masked);
            fail();
        }
        free(masked);
    }
    masks_close(masks);
}

static void any_bytes_are_masked_once_and_for_all(void **state)
{
    (void)state;
    Masks *masks = masking_defaults();
    static const char alphabet[] = "pasword=:\"'\\ \n@.token4111111 -{}[],<>&eyJ/";
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        Rng rng = rng_seeded(seed);
        Drawn drawn = {.size = rng_below(&rng, 400)};
        for (size_t i = 0; i < drawn.size; i++)
            drawn.text[i] = seed % 2 == 0 ? (char)rng_below(&rng, 256)
                                          : alphabet[rng_below(&rng, sizeof alphabet - 1)];
        for (uint64_t left = rng_below(&rng, 4); left > 0; left--)
            add(&drawn, ONE_OF(&rng, plantings));
        free(masked_twice(masks, &drawn, seed));
    }
    masks_close(masks);
}

/* As a writer of JSON would write it. */
static void add_escaped(Drawn *drawn, const char *text)
{
    for (; *text != '\0'; text++) {
        char piece[3] = {'\\', *text, '\0'};
        bool plain = *text != '"' && *text != '\\' && *text != '\n';
        piece[1] = *text == '\n' ? 'n' : *text;
        add(drawn, plain ? piece + 1 : piece);
    }
}

static void add_member(Drawn *drawn, Rng *rng, int number)
{
    static const char *const names[] = {"password", "message", "token",
                                        "n",        "card",    "Authorization"};
    static const char *const numbers[] = {
        "4111111111111111", "-12.5e3", "0",  "true", "null", "[1,2]", "{\"password\": 12}",
        "[\"password=x\"]"};
    char name[32];
    snprintf(name, sizeof name, "\"%s%d\": ", ONE_OF(rng, names), number);
    if (rng_below(rng, 2) == 0) /* Without its number the name counts. */
        snprintf(name, sizeof name, "\"%d%s\":", number, ONE_OF(rng, names));
    add(drawn, number > 0 ? ", " : "");
    add(drawn, name);
    if (rng_below(rng, 3) == 0) {
        add(drawn, ONE_OF(rng, numbers));
        return;
    }
    Drawn value = {.size = 0};
    add_filler(&value, rng);
    add(&value, ONE_OF(rng, plantings));
    add(&value, rng_below(rng, 2) == 0 ? "\n" : "");
    add_filler(&value, rng);
    add(drawn, "\"");
    add_escaped(drawn, value.text);
    add(drawn, "\"");
}

static void a_line_of_json_stays_json(void **state)
{
    (void)state;
    Masks *masks = masking_defaults();
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        Rng rng = rng_seeded(seed);
        Drawn drawn = {.size = 0};
        add(&drawn, "{");
        int count = (int)rng_below(&rng, 5);
        for (int i = 0; i < count; i++)
            add_member(&drawn, &rng, i);
        add(&drawn, "}");
        JsonNode *root = NULL;
        char problem[JSON_PROBLEM_SIZE];
        assert_int_equal(json_read(str_of(drawn.text), &root, problem), ODD_OK);
        json_free(root);
        char *masked = masked_twice(masks, &drawn, seed);
        if (json_read(str_of(masked), &root, problem) != ODD_OK) {
            print_message("seed %llu: %s\n%s\n%s\n", (unsigned long long)seed, drawn.text, masked,
                          problem);
            fail();
        }
        json_free(root);
        free(masked);
    }
    masks_close(masks);
}

/* What is hard for a search that looks back, or ahead, or twice. */
static void time_grows_with_the_text_alone(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "password=\"", "password='", "token:", "token=\\\"", "eyJ-", "eyJaaaaaaaa-", "a@", "@a.b",
        "http://a:b", "://", "4111 ", "1 ", "411111111111", "\\", "\"", "{\"",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----", "AKIA", "xoxb-", "password", "<password:", "Authorization: ",
        "pwd=,",
    };
    const odd_mask rules[] = {{"r", "((a*)*)*b"}, {"s", "[^x]*y"}};
    Masks *masks = NULL;
    char problem[256];
    assert_int_equal(masks_open(rules, 2, true, masking_key, problem, sizeof problem, &masks),
                     ODD_OK);
    size_t size = 1 << 20;
    char *text = malloc(size);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        size_t piece = strlen(pieces[i]);
        for (size_t at = 0; at < size; at++)
            text[at] = pieces[i][at % piece];
        size_t masked_size;
        uint64_t count = 0;
        Str all = {.text = text, .size = size};
        char *masked = masking_apply(masks, all, &masked_size, &count);
        assert_non_null(masked); /* What is not linear would take hours: the test's limit. */
        free(masked);
    }
    free(text);
    masks_close(masks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_planted_secret_never_survives),
        cmocka_unit_test(any_bytes_are_masked_once_and_for_all),
        cmocka_unit_test(a_line_of_json_stays_json),
        cmocka_unit_test(time_grows_with_the_text_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
