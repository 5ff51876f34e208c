/* SPDX-License-Identifier: Apache-2.0
 *
 * server_file.h - DATA/server.json: where a running server is to be found.
 *
 *     {"pid":4711,"address":"127.0.0.1:6330","otlp_http":"127.0.0.1:4318","otlp_grpc":"..."}
 *
 * ERRORS     False, with errno.
 */
#ifndef SERVE_SERVER_FILE_H
#define SERVE_SERVER_FILE_H
#include "serve/listen.h"

bool server_file_write(const char *data, const Listening *listening);
void server_file_remove(const char *data);

#endif
