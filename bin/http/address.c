/* SPDX-License-Identifier: Apache-2.0 */
#include "http/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http/server.h"

/* Both halves of "HOST:PORT"; false: it is none. */
static bool split(const char *text, char *host, size_t host_size, char *port, size_t port_size)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || colon[1] == '\0' || strlen(colon + 1) >= port_size ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1) || atoi(colon + 1) > 65535)
        return false;
    size_t size = (size_t)(colon - text);
    if (size >= 2 && text[0] == '[' && text[size - 1] == ']') {
        text++;
        size -= 2;
    } else if (memchr(text, ':', size) != NULL) {
        return false;
    }
    if (size >= host_size)
        return false;
    memcpy(host, text, size);
    host[size] = '\0';
    snprintf(port, port_size, "%s", colon + 1);
    return true;
}

bool address_read(const char *text, Address *ret, char *problem, size_t problem_size)
{
    char host[256], port[8];
    if (!split(text, host, sizeof host, port, sizeof port)) {
        snprintf(problem, problem_size,
                 "\"%s\" is no address to listen on; write HOST:PORT, such as 127.0.0.1:6330 or "
                 "[::1]:6330",
                 text);
        return false;
    }
    struct addrinfo  hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    int              rc = getaddrinfo(host[0] != '\0' ? host : NULL, port, &hints, &list);
    if (rc != 0) {
        snprintf(problem, problem_size,
                 "the host of \"%s\" cannot be found (%s); write an address of this machine, such "
                 "as 127.0.0.1",
                 text, gai_strerror(rc));
        return false;
    }
    memcpy(&ret->bytes, list->ai_addr, list->ai_addrlen);
    ret->size = list->ai_addrlen;
    freeaddrinfo(list);
    return true;
}

/* The IPv4 address that an address is, also inside IPv6 (::ffff:192.0.2.1); NULL: none. */
static const unsigned char *ipv4_of(const Address *address)
{
    if (address->bytes.ss_family == AF_INET)
        return (const unsigned char *)&((const struct sockaddr_in *)&address->bytes)->sin_addr;
    const struct in6_addr *six = &((const struct sockaddr_in6 *)&address->bytes)->sin6_addr;
    return IN6_IS_ADDR_V4MAPPED(six) ? six->s6_addr + 12 : NULL;
}

bool address_is_loopback(const Address *address)
{
    const unsigned char *four = ipv4_of(address);
    if (four != NULL)
        return four[0] == 127;
    return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)&address->bytes)->sin6_addr);
}

int address_port(const Address *address)
{
    if (address->bytes.ss_family == AF_INET)
        return ntohs(((const struct sockaddr_in *)&address->bytes)->sin_port);
    return ntohs(((const struct sockaddr_in6 *)&address->bytes)->sin6_port);
}

char *address_text(const Address *address, char text[ADDRESS_TEXT_SIZE])
{
    const unsigned char *four = ipv4_of(address);
    text[0] = '\0';
    if (four != NULL)
        inet_ntop(AF_INET, four, text, ADDRESS_TEXT_SIZE);
    else
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)&address->bytes)->sin6_addr, text,
                  ADDRESS_TEXT_SIZE);
    return text;
}

Peer address_peer(const Address *address)
{
    Peer                 peer = {{4}};
    const unsigned char *four = ipv4_of(address);
    if (four != NULL) {
        memcpy(peer.bytes + 1, four, 4);
        return peer;
    }
    peer.bytes[0] = 6; /* Who has one address of a /64 has them all. */
    memcpy(peer.bytes + 1, &((const struct sockaddr_in6 *)&address->bytes)->sin6_addr, 8);
    return peer;
}

int address_listen(const Address *address, const char *text, char *problem, size_t problem_size)
{
    int on = 1;
    int listener = socket(address->bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(listener, (const struct sockaddr *)&address->bytes, address->size) == 0 &&
        listen(listener, SOMAXCONN) == 0)
        return listener;
    int why = errno;
    if (listener >= 0)
        close(listener);
    const char *cure = why == EADDRINUSE   ? "end the program that listens there, or choose another "
                                             "port"
                       : why == EACCES     ? "ports below 1024 are for root; choose a higher one"
                       : why == EADDRNOTAVAIL ? "choose an address that this machine has"
                                              : "choose another address";
    snprintf(problem, problem_size, "cannot listen on %s: %s; %s", text, strerror(why), cure);
    return -1;
}

bool http_address_is_loopback(const char *text)
{
    Address address;
    char    problem[256];
    return address_read(text, &address, problem, sizeof problem) && address_is_loopback(&address);
}

bool http_address_allowed(const char *text, const char *token, char *problem, size_t problem_size)
{
    Address address;
    if (!address_read(text, &address, problem, problem_size))
        return false;
    if (address_is_loopback(&address) || (token != NULL && token[0] != '\0'))
        return true;
    snprintf(problem, problem_size,
             "%s would be open to everybody on the network; give a token by which senders and "
             "readers are known (--token-file), or listen on 127.0.0.1",
             text);
    return false;
}
