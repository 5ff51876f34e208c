/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_grpc.h - OTLP over gRPC: the methods of grpc_server_open.
 *
 * OWNERSHIP  Their context is an ApiContext.
 */
#ifndef API_OTLP_GRPC_H
#define API_OTLP_GRPC_H
#include "api/api.h"
#include "http/grpc.h"

#define OTLP_GRPC_METHODS 3
extern const GrpcMethod otlp_grpc_methods[OTLP_GRPC_METHODS];

#endif
