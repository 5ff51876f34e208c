/* SPDX-License-Identifier: Apache-2.0
 *
 * reach.h - which network addresses the program may be sent to.
 *
 * A name can resolve to anything, so what is judged is the address itself, at the moment when the
 * connection to it is made: a second answer of the name service changes nothing.
 *
 * SHAPE      An IPv4 address inside an IPv6 one (::ffff:a.b.c.d, 64:ff9b::/96) is judged as IPv4.
 */
#ifndef HTTP_REACH_H
#define HTTP_REACH_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

typedef enum {
    REACH_ALL = 0, /* All but REACH_NEVER: what the operator himself wrote. */
    REACH_PUBLIC   /* Neither this machine nor a private network.           */
} Reach;

typedef enum {
    ADDRESS_PUBLIC = 0,
    ADDRESS_PRIVATE, /* This machine, or a network of the house.                           */
    ADDRESS_NEVER    /* Link-local, multicast, unspecified; where clouds keep credentials. */
} AddressKind;

AddressKind reach_kind(const struct sockaddr *address);
bool        reach_allows(Reach reach, const struct sockaddr *address);

/* The host is written as an address (also [::1]), or is localhost: it means what it says. */
bool reach_host_is_plain(const char *host);

#endif
