/* SPDX-License-Identifier: Apache-2.0
 *
 * testing.h - routes that tests use beside the real ones.
 *
 *     GET  /healthz                always answered
 *     GET  /test/echo              method, path, query parameter q, scope, peer
 *     POST /test/echo              the body
 *     GET  /test/part/{a}/{b}      both parameters
 *     GET  /test/later?ms=N        answered by another thread after N ms
 *     GET  /test/slow?ms=N         its function sleeps that long, on a thread of its own
 *     GET  /test/stream?count=N    N server-sent events, 10 ms apart; gone is counted
 *     POST /test/pieces            a body in pieces: answers how many bytes, whether later or not
 *     POST /test/intake?status=N&ms=N  from now on the intake does so
 *     GET  /test/counts            of the intake and of the streams
 */
#ifndef TESTS_TESTING_H
#define TESTS_TESTING_H
#include "http/http.h"

extern const RouteGroup routes_testing;

#endif
