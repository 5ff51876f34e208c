/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "http/reach.h"

static AddressKind kind_of(const char *text)
{
    struct sockaddr_in  four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        return reach_kind((const struct sockaddr *)&four);
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return reach_kind((const struct sockaddr *)&six);
}

static void networks_of_the_house_are_private(void **state)
{
    (void)state;
    const char *const addresses[] = {
        "127.0.0.1",   "127.255.255.255", "10.0.0.1",       "172.16.0.1",    "172.31.255.255",
        "192.168.1.1", "100.64.0.1",      "100.127.255.1",  "::1",           "fd12::1",
        "fc00::1",     "::ffff:10.1.2.3", "64:ff9b::a01:1", "2002:7f00:1::", "198.19.0.1"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_int_equal(kind_of(addresses[i]), ADDRESS_PRIVATE);
}

static void where_clouds_keep_credentials_is_never_reached(void **state)
{
    (void)state;
    const char *const addresses[] = {
        "169.254.169.254", "169.254.0.1",          "0.0.0.0",       "0.1.2.3", "224.0.0.1",
        "255.255.255.255", "fe80::1",              "febf::1",       "ff02::1", "::",
        "fd00:ec2::254",   "::ffff:169.254.169.254", "100.100.100.200",
        "64:ff9b::a9fe:a9fe"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_int_equal(kind_of(addresses[i]), ADDRESS_NEVER);
}

static void all_else_is_public(void **state)
{
    (void)state;
    const char *const addresses[] = {"1.1.1.1",    "172.15.255.255", "172.32.0.1", "11.0.0.1",
                                     "100.63.0.1", "100.128.0.1",    "169.253.0.1", "2001:db8::1",
                                     "2606:4700::1111", "::ffff:8.8.8.8", "192.169.0.1"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_int_equal(kind_of(addresses[i]), ADDRESS_PUBLIC);
}

static void the_reach_decides_about_private_ones_only(void **state)
{
    (void)state;
    struct sockaddr_in at = {.sin_family = AF_INET};
    inet_pton(AF_INET, "10.0.0.1", &at.sin_addr);
    assert_true(reach_allows(REACH_ALL, (const struct sockaddr *)&at));
    assert_false(reach_allows(REACH_PUBLIC, (const struct sockaddr *)&at));
    inet_pton(AF_INET, "169.254.169.254", &at.sin_addr);
    assert_false(reach_allows(REACH_ALL, (const struct sockaddr *)&at));
    inet_pton(AF_INET, "1.1.1.1", &at.sin_addr);
    assert_true(reach_allows(REACH_PUBLIC, (const struct sockaddr *)&at));
    at.sin_family = AF_UNIX;
    assert_false(reach_allows(REACH_ALL, (const struct sockaddr *)&at));
}

static void an_address_is_plain_and_a_name_is_not(void **state)
{
    (void)state;
    assert_true(reach_host_is_plain("127.0.0.1"));
    assert_true(reach_host_is_plain("[::1]"));
    assert_true(reach_host_is_plain("::1"));
    assert_true(reach_host_is_plain("LocalHost"));
    assert_false(reach_host_is_plain("hooks.example.com"));
    assert_false(reach_host_is_plain("localhost.evil.example"));
    assert_false(reach_host_is_plain(""));
    assert_false(reach_host_is_plain("[]"));
    assert_false(reach_host_is_plain("10.0.0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_of_the_house_are_private),
        cmocka_unit_test(where_clouds_keep_credentials_is_never_reached),
        cmocka_unit_test(all_else_is_public),
        cmocka_unit_test(the_reach_decides_about_private_ones_only),
        cmocka_unit_test(an_address_is_plain_and_a_name_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
