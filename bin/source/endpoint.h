/* SPDX-License-Identifier: Apache-2.0
 *
 * endpoint.h - sockets of syslog at an address that is written as HOST:PORT.
 *
 * OWNERSHIP  The caller closes the descriptor.
 * ERRORS     endpoint_open gives -1, and `problem` is a sentence with cause and cure.
 */
#ifndef SOURCE_ENDPOINT_H
#define SOURCE_ENDPOINT_H
#include "http/address.h"

#define ENDPOINT_TEXT_SIZE 96
#define ENDPOINT_PROBLEM_SIZE 512

/* stream: TCP, listening; else UDP.  Both do not block. */
int endpoint_open(const char *address, bool stream, char *problem);

void endpoint_sender(const Address *address, char *to); /* Without its port. */
void endpoint_bound(int descriptor, char *to); /* "127.0.0.1:514", where port 0 is known by now. */

bool endpoint_is_off(const char *address); /* NULL, "" or "off". */

#endif
