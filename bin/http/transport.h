/* SPDX-License-Identifier: Apache-2.0
 *
 * transport.h - HTTP/1.1 itself, by libmicrohttpd: sockets that were accepted go in, exchanges come
 * out.
 *
 * THREADS    suspend: only on the thread that libmicrohttpd called on; resume: any.
 */
#ifndef HTTP_TRANSPORT_H
#define HTTP_TRANSPORT_H
#include "http/exchange.h"

typedef struct Transport Transport;

bool transport_open(Shared *shared, bool tls, Transport **ret, char *problem, size_t problem_size);

/* The socket and its Conn belong to the transport, also when it fails. */
bool transport_take(Transport *transport, Conn *conn, const Address *from);
void transport_close(Transport *transport); /* Nothing may be suspended. */

void        transport_suspend(Exchange *exchange);
void        transport_resume(Exchange *exchange);
void        transport_never_idle(Exchange *exchange); /* Its silence is no reason to close it. */
const char *transport_header(const Exchange *exchange, const char *name); /* NULL: none. */

#endif
