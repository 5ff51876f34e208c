/* SPDX-License-Identifier: Apache-2.0
 *
 * syslog.h - the parts of syslog that a general header has not: <PRI> and the whole of RFC 5424.
 *
 * As a wire format (codec_syslog) each message is a line of the source "syslog:HOST", kept as it
 * came with its <PRI>; HOST is the field of RFC 5424, or what stands between stamp and tag in RFC
 * 3164.  Messages without one are of wire->source.  Messages are separated by LF; a line without
 * <PRI> behind one with it belongs to that one.
 *
 * ERRORS     0 or false if the line is something else.  The codec refuses nothing.
 */
#ifndef EVENT_SYSLOG_H
#define EVENT_SYSLOG_H
#include "event/record.h"
#include "event/timestamp.h"

/* "<34>" at the beginning: gives its bytes and the level of its severity. */
size_t syslog_read_priority(Str line, Level *ret_level);

/* at: behind the priority.  Structured data goes behind the message as name=value, built in buffer,
 * which holds line.size + SYSLOG_BUFFER_BYTES_MORE. */
#define SYSLOG_BUFFER_BYTES_MORE 16
bool syslog_read_5424(Str line, size_t at, TimeFormat format, const TimeFrame *frame, char *buffer,
                      Record *record);

#endif
