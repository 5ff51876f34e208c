/* SPDX-License-Identifier: Apache-2.0
 *
 * address.h - "HOST:PORT" as sockets and as what people read.
 */
#ifndef HTTP_ADDRESS_H
#define HTTP_ADDRESS_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define ADDRESS_TEXT_SIZE 64

typedef struct {
    struct sockaddr_storage bytes;
    socklen_t               size;
} Address;

/* "127.0.0.1:6330", "[::1]:0", "localhost:80", ":6330" (all addresses).  False: `problem` says
 * why. */
bool address_read(const char *text, Address *ret, char *problem, size_t problem_size);

bool  address_is_loopback(const Address *address);
int   address_port(const Address *address);
char *address_text(const Address *address, char text[ADDRESS_TEXT_SIZE]); /* Without the port. */

/* Who counts as one: an IPv4 address, or the first half of an IPv6 address. */
typedef struct {
    unsigned char bytes[9];
} Peer;
Peer address_peer(const Address *address);

/* A socket that listens, or -1 and why. */
int address_listen(const Address *address, const char *text, char *problem, size_t problem_size);

#endif
