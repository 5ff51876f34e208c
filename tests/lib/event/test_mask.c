/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "event/events.h"
#include "event/mask_span.h"
#include "masking.h"

/* Each token's hash is written as '#', so that an expectation can be read. */
static void without_hashes(char *text)
{
    char *to = text;
    Str all = str_of(text);
    for (size_t at = 0; at < all.size;) {
        size_t size = mask_token_at(all, at);
        if (size == 0) {
            *to++ = text[at++];
            continue;
        }
        for (size_t i = 0; i < size - MASK_TOKEN_HEX - 1; i++)
            *to++ = text[at + i];
        *to++ = '#';
        *to++ = '>';
        at += size;
    }
    *to = '\0';
}

static void assert_masked_by(const Masks *masks, const char *text, const char *expected)
{
    size_t size = 0, again_size = 0;
    uint64_t count = 0, again_count = 0;
    char *masked = masking_apply(masks, str_of(text), &size, &count);
    assert_non_null(masked);
    char *again =
        masking_apply(masks, (Str){.text = masked, .size = size}, &again_size, &again_count);
    assert_non_null(again);
    assert_string_equal(again, masked);
    assert_int_equal(again_count, 0);
    assert_true((count > 0) == (strcmp(text, masked) != 0));
    without_hashes(masked);
    assert_string_equal(masked, expected);
    free(masked);
    free(again);
}

typedef struct {
    const char *text, *expected;
} Pair;

static void assert_pairs(const Pair *pairs, size_t count)
{
    Masks *masks = masking_defaults();
    assert_non_null(masks);
    for (size_t i = 0; i < count; i++)
        assert_masked_by(masks, pairs[i].text, pairs[i].expected);
    masks_close(masks);
}
#define ASSERT_PAIRS(pairs) assert_pairs(pairs, sizeof(pairs) / sizeof(pairs)[0])

static void a_password_is_masked_in_every_spelling(void **state)
{
    (void)state;
    const Pair pairs[] = {
        {"login password=hunter2 ok", "login password=<password:#> ok"},
        {"password: hunter2", "password: <password:#>"},
        {"PASSWORD = hunter2;", "PASSWORD = <password:#>;"},
        {"passwd:abc, user=x", "passwd:<password:#>, user=x"},
        {"password=ab,cd;ef user=x", "password=<password:#> user=x"},
        {"password=ab,user=x", "password=<password:#>,user=x"},
        {"(password=secret)", "(password=<password:#>)"},
        {"db_password=\"a b \\\" c\" x=1", "db_password=\"<password:#>\" x=1"},
        {"{'password': 'it'}", "{'password': '<password:#>'}"},
        {"$c['passwd'] => 'x y'", "$c['passwd'] => '<password:#>'"},
        {"mysql --password hunter2 -h db", "mysql --password <password:#> -h db"},
        {"mysql --db-password=hunter2 -h db", "mysql --db-password=<password:#> -h db"},
        {"x --password --verbose", "x --password --verbose"},
        {"<password>hunter2</password>", "<password><password:#></password>"},
        {"/login?user=a&password=b%20c&x=1", "/login?user=a&password=<password:#>&x=1"},
        {"pwd=abc", "pwd=<password:#>"},
        {"pass=abc class=\"x\" bypass=yes", "pass=<password:#> class=\"x\" bypass=yes"},
        {"password='open ended", "password='<password:#> ended"},
        {"passphrase: correct", "passphrase: <password:#>"},
        {"if (password == \"x\")", "if (password == \"<password:#>\")"},
    };
    ASSERT_PAIRS(pairs);
}

static void what_is_no_secret_stays(void **state)
{
    (void)state;
    const Pair pairs[] = {
        {"Failed password for root from 10.0.0.1", "Failed password for root from 10.0.0.1"},
        {"password=", "password="},
        {"password=\"\"", "password=\"\""},
        {"password=null", "password=null"},
        {"password=******** ok", "password=******** ok"},
        {"password=<redacted>", "password=<redacted>"},
        {"PWD=/home/bob ; USER=root", "PWD=/home/bob ; USER=root"},
        {"pass=12 fail=0", "pass=12 fail=0"},
        {"unexpected token: identifier", "unexpected token: identifier"},
        {"max_tokens=4096 password_hash=1", "max_tokens=4096 password_hash=1"},
        {"Token::next(", "Token::next("},
        {"keyword=foobar1 monkey=foobar1", "keyword=foobar1 monkey=foobar1"},
        {"getty@tty1.service user@1000.service", "getty@tty1.service user@1000.service"},
        {"react@18.2.0 a@1.0.0-beta.rc x@2.jar", "react@18.2.0 a@1.0.0-beta.rc x@2.jar"},
        {"this@Main.onCreate Foo@1a2b3c root@host", "this@Main.onCreate Foo@1a2b3c root@host"},
        {"ssh://git@example.com/x.git", "ssh://git@example.com/x.git"},
        {"Asia/Tokyo AKIA", "Asia/Tokyo AKIA"},
        {"WWW-Authenticate: Bearer realm=\"x\"", "WWW-Authenticate: Bearer realm=\"x\""},
        {"-----BEGIN CERTIFICATE-----\nAAAA\n", "-----BEGIN CERTIFICATE-----\nAAAA\n"},
        {"", ""},
    };
    ASSERT_PAIRS(pairs);
}

static void tokens_are_masked_by_name_by_scheme_and_by_prefix(void **state)
{
    (void)state;
    const Pair pairs[] = {
        {"token=abcdef12", "token=<token:#>"},
        {"X-Auth-Token: abcdef12", "X-Auth-Token: <token:#>"},
        {"api_key=abcdefgh apikey: abc12345", "api_key=<token:#> apikey: <token:#>"},
        {"\"clientSecret\":\"abcdefgh\"", "\"clientSecret\":\"<token:#>\""},
        {"secretAccessKey=wJalrXUtnFEMI/K7MDENG", "secretAccessKey=<token:#>"},
        {"AccountKey=abcdef==;Endpoint=x", "AccountKey=<token:#>;Endpoint=x"},
        {"Authorization: Bearer abc.def-ghi", "Authorization: Bearer <token:#>"},
        {"\"authorization\":\"Basic dXNlcjpwYXNz\"", "\"authorization\":\"Basic <token:#>\""},
        {"authorization=0123456789abcdef01", "authorization=<token:#>"},
        {"sent bearer 0123456789abcdef01", "sent bearer <token:#>"},
        {"jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln.", "jwt <token:#>"},
        {"key AKIAIOSFODNN7EXAMPLE used", "key <token:#> used"},
        {"ghp_0123456789abcdefghijABCDEFGHIJ0123456", "<token:#>"},
        {"github_pat_0123456789abcdefghij_x", "<token:#>"},
        {"\\nxoxb-0123456789-abc", "\\n<token:#>"},
    };
    ASSERT_PAIRS(pairs);
}

static void private_keys_go_and_their_marks_stay(void **state)
{
    (void)state;
    const Pair pairs[] = {
        {"a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabcd\n-----END RSA PRIVATE KEY-----\nb\n",
         "a\n-----BEGIN RSA PRIVATE KEY-----\n<key:#>\n-----END RSA PRIVATE KEY-----\nb\n"},
        {"{\"k\":\"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n\"}",
         "{\"k\":\"-----BEGIN PRIVATE KEY-----<key:#>-----END PRIVATE KEY-----\\n\"}"},
        {"-----BEGIN PRIVATE KEY-----\nMIIE\nabcd\nthe next line\n",
         "-----BEGIN PRIVATE KEY-----\n<key:#>\nthe next line\n"},
        {"a line\nMIIE\nabcd\n-----END PRIVATE KEY-----\n",
         "a line\n<key:#>\n-----END PRIVATE KEY-----\n"},
    };
    ASSERT_PAIRS(pairs);
}

static void cards_are_masked_and_other_numbers_stay(void **state)
{
    (void)state;
    const Pair pairs[] = {
        {"card 4111111111111111.", "card <card:#>."},
        {"card 4111 1111 1111 1111 exp 12", "card <card:#> exp 12"},
        {"card 5500-0000-0000-0004", "card <card:#>"},
        {"amex 3782 822463 10005", "amex <card:#>"},
        {"6221260062379698 4222222222222", "<card:#> <card:#>"},
        {"4111111111111112", "4111111111111112"},
        {"blk_4111111111111111 x-4111111111111111", "blk_4111111111111111 x-4111111111111111"},
        {"14111111111111111 41111111111111110", "14111111111111111 41111111111111110"},
        {"0.4111111111111111 4111-1111 1111 1111", "0.4111111111111111 4111-1111 1111 1111"},
        {"{\"card\": 4111111111111111}", "{\"card\": \"<card:#>\"}"},
        {"{\"a\":\"4111111111111111\"}", "{\"a\":\"<card:#>\"}"},
        {"1700000000000 2026-11-27 10:42:50.123456", "1700000000000 2026-11-27 10:42:50.123456"},
    };
    ASSERT_PAIRS(pairs);
}

static void addresses_and_passwords_of_urls_are_masked(void **state)
{
    (void)state;
    const Pair pairs[] = {
        {"from=<bob.smith+x@mail.example.com>, size=1", "from=<<email:#>>, size=1"},
        {"mailto:bob@example.org.", "mailto:<email:#>."},
        {"a@163.com,b@x.io", "<email:#>,<email:#>"},
        {"postgres://bob:hunter2@db.example.com:5432/x",
         "postgres://bob:<password:#>@db.example.com:5432/x"},
        {"https://bob:p@ss@host/x", "https://bob:<password:#>@host/x"},
        {"\"https:\\/\\/bob:pw@host\\/x\"", "\"https:\\/\\/bob:<password:#>@host\\/x\""},
        {"{\"m\":\"\\nbob@example.com\"}", "{\"m\":\"\\n<email:#>\"}"},
        {"password=bob@example.com,x", "password=<password:#>"},
    };
    ASSERT_PAIRS(pairs);
}

static void json_stays_json(void **state)
{
    (void)state;
    const Pair pairs[] = {
        {"{\"password\": 12345, \"a\":1}", "{\"password\": \"<password:#>\", \"a\":1}"},
        {"{\"password\":true,\"token\":null}", "{\"password\":true,\"token\":null}"},
        {"{\"password\":{\"a\":1}}", "{\"password\":{\"a\":1}}"},
        {"{\"password\":\"a\\\"b\\\\\",\"x\":\"y\"}",
         "{\"password\":\"<password:#>\",\"x\":\"y\"}"},
        {"{\"m\":\"{\\\"password\\\":\\\"a\\\\\\\"b\\\",\\\"x\\\":1}\"}",
         "{\"m\":\"{\\\"password\\\":\\\"<password:#>\\\",\\\"x\\\":1}\"}"},
        {"{\"m\":\"password=abc\\ndone\"}", "{\"m\":\"password=<password:#>\\ndone\"}"},
        {"{\"m\":\"password='abc\",\"n\":\"d'\"}",
         "{\"m\":\"password='<password:#>\",\"n\":\"d'\"}"},
        {"{\"m\":\"x\"} password=abc", "{\"m\":\"x\"} password=<password:#>"},
        {"[2026-11-27] password=12345", "[2026-11-27] password=<password:#>"},
        {"  \"password\": 123,", "  \"password\": \"<password:#>\","},
    };
    ASSERT_PAIRS(pairs);
}

static void a_value_never_crosses_a_line_end(void **state)
{
    (void)state;
    const Pair pairs[] = {
        {"password=\nnext", "password=\nnext"},
        {"password: \n next", "password: \n next"},
        {"password=\"abc\ndef\"", "password=\"<password:#>\ndef\""},
        {"4111 1111\n1111 1111", "4111 1111\n1111 1111"},
        {"token=abcdef1\r\ntoken=abcdef2\r\n", "token=<token:#>\r\ntoken=<token:#>\r\n"},
    };
    ASSERT_PAIRS(pairs);
}

static void equal_values_have_equal_tokens_of_one_installation_only(void **state)
{
    (void)state;
    Masks *masks = masking_defaults(), *others = NULL;
    unsigned char key[SIPHASH_KEY_BYTES] = {1};
    char problem[256];
    assert_int_equal(masks_open(NULL, 0, true, key, problem, sizeof problem, &others), ODD_OK);
    size_t size;
    uint64_t count = 0;
    char *one = masking_apply(masks, STR("4111111111111111 Bob@X.com"), &size, &count);
    char *two = masking_apply(masks, STR("4111-1111-1111-1111 bob@x.com"), &size, &count);
    char *three = masking_apply(others, STR("4111111111111111 bob@x.com"), &size, &count);
    assert_string_equal(one, two);
    assert_string_not_equal(one, three);
    assert_int_equal(count, 6);
    free(one);
    free(two);
    free(three);
    masks_close(masks);
    masks_close(others);
}

static void a_rule_masks_its_group_or_all_that_fits(void **state)
{
    (void)state;
    const odd_mask rules[] = {{"user", "user=([a-z]+)"}, {"ssn", "[0-9]{3}-[0-9]{2}-[0-9]{4}"},
                              {"tail", "^end (.*)$"}};
    Masks *masks = NULL;
    char problem[256];
    assert_int_equal(masks_open(rules, 3, false, masking_key, problem, sizeof problem, &masks),
                     ODD_OK);
    assert_masked_by(masks, "user=bob user=alice1 user=\n", "user=<user:#> user=<user:#>1 user=\n");
    assert_masked_by(masks, "a 123-45-6789 b\n123-45-678\n", "a <ssn:#> b\n123-45-678\n");
    assert_masked_by(masks, "the end x\nend of it\n", "the end x\nend <tail:#>\n");
    assert_masked_by(masks, "password=stays bob@example.com", "password=stays bob@example.com");
    masks_close(masks);
}

static void rules_come_before_what_is_found_by_default(void **state)
{
    (void)state;
    const odd_mask rules[] = {{"login", "[a-z]+@corp[.]example[.]com"}};
    Masks *masks = NULL;
    char problem[256];
    assert_int_equal(masks_open(rules, 1, true, masking_key, problem, sizeof problem, &masks),
                     ODD_OK);
    assert_masked_by(masks, "bob@corp.example.com eve@example.com", "<login:#> <email:#>");
    masks_close(masks);
}

static void a_rule_that_cannot_be_used_is_refused_with_its_reason(void **state)
{
    (void)state;
    const struct {
        odd_mask rule;
        const char *reason;
    } cases[] = {
        {{"a", "(x)\\1"}, "back-reference"},     {{"a", "(((x{50}){50}){50})"}, "repetitions"},
        {{"a", "x{400}{400}"}, "repetitions"},   {{"a", ""}, "empty"},
        {{"a", "(x"}, "'('"},                    {{"a", "[x"}, "']'"},
        {{"a", "x{~2}"}, "'{'"},                 {{"a", "(?i)x"}, "POSIX"},
        {{"a", "\\bx"}, "word boundary"},        {{"A b", "x"}, "name"},
        {{"a", "(x*|y?)"}, "nothing"},           {{"a", "[a-z0-9_]{200}"}, "repetitions"},
        {{"a", "x\\"}, "backslash"},             {{"a", "x**{3}("}, "'('"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Masks *masks = NULL;
        char problem[256] = "";
        odd_rc rc =
            masks_open(&cases[i].rule, 1, true, masking_key, problem, sizeof problem, &masks);
        assert_int_equal(rc, ODD_SYNTAX);
        assert_null(masks);
        assert_non_null(strstr(problem, cases[i].reason));
    }
}

static void events_are_masked_on_their_way_in(void **state)
{
    (void)state;
    Masks *masks = masking_defaults();
    odd_events *events = events_open(masks, 1);
    assert_true(events_lines(events, STR("a"), 0, STR("password=abc\n")));
    assert_true(events_record(events, STR("a"), 1, LEVEL_INFO, STR("mail a@b.com"),
                              STR("{\"token\":\"abcdefg1\"}")));
    assert_true(events_change(events, STR("a"), 1, STR("{\"secret\":\"abcdefg1\"}")));
    assert_int_equal(events->counts.masked[ODD_MASK_PASSWORD], 1);
    assert_int_equal(events->counts.masked[ODD_MASK_EMAIL], 1);
    assert_int_equal(events->counts.masked[ODD_MASK_TOKEN], 2);
    Str bytes = {.text = events->bytes, .size = events->size};
    assert_null(memmem(bytes.text, bytes.size, "abc", 3));
    assert_null(memmem(bytes.text, bytes.size, "a@b", 3));
    events_close(events);
    masks_close(masks);
}

static void each_kind_is_counted_for_itself(void **state)
{
    (void)state;
    static const struct {
        const char   *text;
        odd_mask_kind kind;
    } cases[] = {
        {"password=hunter22", ODD_MASK_PASSWORD},
        {"https://bob:hunter22@example.com/", ODD_MASK_PASSWORD},
        {"Authorization: Bearer abcdef0123456789", ODD_MASK_TOKEN},
        {"ghp_0123456789abcdefghijABCDEFGHIJ012345", ODD_MASK_TOKEN},
        {"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", ODD_MASK_KEY},
        {"card 4111 1111 1111 1111", ODD_MASK_CARD},
        {"mail from ann@example.com", ODD_MASK_EMAIL},
        {"customer 12345678 called", ODD_MASK_RULE},
    };
    odd_mask rule = {.name = "customer", .expression = "customer ([0-9]+)"};
    char problem[256];
    Masks *masks;
    assert_int_equal(masks_open(&rule, 1, true, masking_key, problem, sizeof problem, &masks),
                     ODD_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Mem mem = {0};
        MaskRoom room = {0};
        Str masked;
        uint64_t counts[ODD_MASK_KIND_COUNT] = {0};
        assert_true(masks_apply(masks, &mem, &room, str_of(cases[i].text), &masked, counts));
        for (int kind = 0; kind < ODD_MASK_KIND_COUNT; kind++)
            assert_int_equal(counts[kind], kind == (int)cases[i].kind);
        mask_room_free(&room, &mem);
    }
    assert_string_equal(mask_kind_name(ODD_MASK_EMAIL), "email");
    masks_close(masks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_masked_in_every_spelling),
        cmocka_unit_test(what_is_no_secret_stays),
        cmocka_unit_test(tokens_are_masked_by_name_by_scheme_and_by_prefix),
        cmocka_unit_test(private_keys_go_and_their_marks_stay),
        cmocka_unit_test(cards_are_masked_and_other_numbers_stay),
        cmocka_unit_test(addresses_and_passwords_of_urls_are_masked),
        cmocka_unit_test(json_stays_json),
        cmocka_unit_test(a_value_never_crosses_a_line_end),
        cmocka_unit_test(equal_values_have_equal_tokens_of_one_installation_only),
        cmocka_unit_test(a_rule_masks_its_group_or_all_that_fits),
        cmocka_unit_test(rules_come_before_what_is_found_by_default),
        cmocka_unit_test(a_rule_that_cannot_be_used_is_refused_with_its_reason),
        cmocka_unit_test(events_are_masked_on_their_way_in),
        cmocka_unit_test(each_kind_is_counted_for_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
