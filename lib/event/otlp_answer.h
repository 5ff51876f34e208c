/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_answer.h - what OTLP answers: Export...Response with what was rejected, google.rpc.Status.
 *
 * The answer to a request of which all was accepted is the empty message, without partial_success.
 *
 * SHAPE      Pure; at most ODD_OTLP_ANSWER_BYTES bytes, whatever the message holds.
 * ERRORS     None.  A byte of a message that is not UTF-8 becomes U+FFFD, what is longer than
 *            OTLP_MESSAGE_BYTES_MAX is cut.
 */
#ifndef EVENT_OTLP_ANSWER_H
#define EVENT_OTLP_ANSWER_H
#include <oddball.h>
#include <stdbool.h>

#define OTLP_MESSAGE_BYTES_MAX 256

typedef enum { OTLP_LOGS = 'l', OTLP_METRICS = 'm', OTLP_TRACES = 't' } OtlpSignal;

size_t otlp_answer(OtlpSignal signal, bool is_json, const odd_decoded *decoded,
                   char buffer[ODD_OTLP_ANSWER_BYTES]);
size_t otlp_status(bool is_json, int code, const char *message, char buffer[ODD_OTLP_ANSWER_BYTES]);

#endif
