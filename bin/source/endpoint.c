/* SPDX-License-Identifier: Apache-2.0 */
#include "source/endpoint.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DATAGRAM_ROOM_BYTES (8 << 20) /* What the kernel keeps for us, if we may ask for it. */

bool endpoint_is_off(const char *address)
{
    return address == NULL || address[0] == '\0' || strcmp(address, "off") == 0;
}

static int datagrams_open(const Address *address, const char *text, char *problem)
{
    int yes = 1, room = DATAGRAM_ROOM_BYTES;
    int descriptor = socket(address->bytes.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 &&
        bind(descriptor, (const struct sockaddr *)&address->bytes, address->size) == 0) {
        setsockopt(descriptor, SOL_SOCKET, SO_RXQ_OVFL, &yes, sizeof yes);
        if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
        return descriptor;
    }
    int why = errno;
    if (descriptor >= 0)
        close(descriptor);
    snprintf(problem, ENDPOINT_PROBLEM_SIZE, "cannot listen on udp %s: %s; %s", text, strerror(why),
             why == EACCES ? "ports below 1024 are for root; choose a higher one"
                           : "end the program that listens there, or choose another address");
    return -1;
}

int endpoint_open(const char *address, bool stream, char *problem)
{
    Address read;
    if (!address_read(address, &read, problem, ENDPOINT_PROBLEM_SIZE))
        return -1;
    return stream ? address_listen(&read, address, problem, ENDPOINT_PROBLEM_SIZE)
                  : datagrams_open(&read, address, problem);
}

void endpoint_sender(const Address *address, char *to)
{
    char text[ADDRESS_TEXT_SIZE];
    snprintf(to, ENDPOINT_TEXT_SIZE, "%s", address_text(address, text));
}

void endpoint_bound(int descriptor, char *to)
{
    char    text[ADDRESS_TEXT_SIZE];
    Address address = {.size = sizeof address.bytes};
    getsockname(descriptor, (struct sockaddr *)&address.bytes, &address.size);
    address_text(&address, text);
    bool six = strchr(text, ':') != NULL;
    snprintf(to, ENDPOINT_TEXT_SIZE, "%s%s%s:%d", six ? "[" : "", text, six ? "]" : "",
             address_port(&address));
}
