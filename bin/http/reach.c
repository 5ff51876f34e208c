/* SPDX-License-Identifier: Apache-2.0 */
#include "http/reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    uint8_t     prefix[16];
    int         bits;
    AddressKind kind;
} Network;

/* IANA's registries of special-purpose addresses; the first that matches counts. */
static const Network networks_4[] = {
    {{0}, 8, ADDRESS_NEVER},
    {{169, 254}, 16, ADDRESS_NEVER},
    {{100, 100, 100, 200}, 32, ADDRESS_NEVER}, /* A cloud's metadata service. */
    {{224}, 3, ADDRESS_NEVER},                 /* Multicast, reserved, broadcast. */
    {{10}, 8, ADDRESS_PRIVATE},
    {{100, 64}, 10, ADDRESS_PRIVATE},
    {{127}, 8, ADDRESS_PRIVATE},
    {{172, 16}, 12, ADDRESS_PRIVATE},
    {{192, 0, 0}, 24, ADDRESS_PRIVATE},
    {{192, 168}, 16, ADDRESS_PRIVATE},
    {{198, 18}, 15, ADDRESS_PRIVATE},
};

static const Network networks_6[] = {
    {{0xfd, 0x00, 0x0e, 0xc2}, 32, ADDRESS_NEVER}, /* A cloud's metadata service. */
    {{0xfe, 0x80}, 10, ADDRESS_NEVER},
    {{0xff}, 8, ADDRESS_NEVER},
    {{0, [15] = 1}, 128, ADDRESS_PRIVATE},
    {{0}, 128, ADDRESS_NEVER},
    {{0xfc}, 7, ADDRESS_PRIVATE},
    {{0xfe, 0xc0}, 10, ADDRESS_PRIVATE},
};

static bool network_has(const Network *network, const uint8_t *address)
{
    int whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->prefix, address, (size_t)whole) != 0)
        return false;
    return rest == 0 || (network->prefix[whole] ^ address[whole]) >> (8 - rest) == 0;
}

static AddressKind kind_in(const Network *networks, size_t count, const uint8_t *address)
{
    for (size_t i = 0; i < count; i++)
        if (network_has(&networks[i], address))
            return networks[i].kind;
    return ADDRESS_PUBLIC;
}

static AddressKind kind_4(const uint8_t *address)
{
    return kind_in(networks_4, sizeof networks_4 / sizeof networks_4[0], address);
}

/* Mapped (::ffff:0:0/96), translated (64:ff9b::/96) and 6to4 (2002::/16). */
static const uint8_t *inner_4(const uint8_t *address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    static const uint8_t translated[12] = {0x00, 0x64, 0xff, 0x9b};
    if (memcmp(address, mapped, 12) == 0 || memcmp(address, translated, 12) == 0)
        return address + 12;
    return address[0] == 0x20 && address[1] == 0x02 ? address + 2 : NULL;
}

AddressKind reach_kind(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        return kind_4((const uint8_t *)&four.sin_addr);
    }
    if (address->sa_family != AF_INET6)
        return ADDRESS_NEVER;
    struct sockaddr_in6 six;
    memcpy(&six, address, sizeof six);
    const uint8_t *inner = inner_4(six.sin6_addr.s6_addr);
    if (inner != NULL)
        return kind_4(inner);
    return kind_in(networks_6, sizeof networks_6 / sizeof networks_6[0], six.sin6_addr.s6_addr);
}

bool reach_allows(Reach reach, const struct sockaddr *address)
{
    AddressKind kind = reach_kind(address);
    return kind == ADDRESS_PUBLIC || (kind == ADDRESS_PRIVATE && reach == REACH_ALL);
}

bool reach_host_is_plain(const char *host)
{
    char    text[INET6_ADDRSTRLEN];
    uint8_t address[16];
    size_t  size = strlen(host);
    if (strcasecmp(host, "localhost") == 0 || inet_pton(AF_INET, host, address) == 1)
        return true;
    bool brackets = size > 2 && host[0] == '[' && host[size - 1] == ']';
    snprintf(text, sizeof text, "%.*s", (int)(brackets ? size - 2 : size), host + brackets);
    return inet_pton(AF_INET6, text, address) == 1;
}
