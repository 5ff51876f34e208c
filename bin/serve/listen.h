/* SPDX-License-Identifier: Apache-2.0
 *
 * listen.h - where the server listens: the interface, OTLP over HTTP, OTLP over gRPC.
 *
 * OWNERSHIP  settings and context outlive the listeners.
 * ERRORS     NULL: problem (SETTINGS_PROBLEM_SIZE) says which address and why.
 */
#ifndef SERVE_LISTEN_H
#define SERVE_LISTEN_H
#include "api/api.h"

#define LISTEN_ADDRESS_SIZE 256

typedef struct Listening Listening;

Listening *listening_open(const Settings *settings, ApiContext *context, char *problem);
void       listening_close(Listening *listening, double seconds); /* NULL is a no-op. */

/* With the ports that were given; "" where there is none. */
const char *listening_address(const Listening *listening);
const char *listening_otlp_http(const Listening *listening);
const char *listening_otlp_grpc(const Listening *listening);

/* A sentence for each. */
void listening_tell(const Listening *listening, void (*say)(const char *sentence));

#endif
