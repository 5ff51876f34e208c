/* SPDX-License-Identifier: Apache-2.0
 *
 * timestamp.h - time stamps in their usual spellings, read at a given place of a line.
 *
 * A spelling is found once for a source (timestamp_guess); each line then runs that one only.
 *
 * ALGORITHM  A table of spellings in a small language, one character a step; see timestamp.c.
 * SHAPE      Pure functions; a TimeFrame is a value.
 * UNITS      odd_time: ns since 1970-01-01 UTC.  zone_s: seconds east of UTC.
 * ERRORS     A text of the right shape that is no date (31 February) is read: its bytes count, its
 *            time is ODD_TIME_NONE.  Another shape reads 0 bytes.
 * EXACTNESS  To the nanosecond; further digits are cut.  A missing year becomes the one that puts
 *            the stamp nearest to `now`, at most a day after it; a missing date that of `now`.
 */
#ifndef EVENT_TIMESTAMP_H
#define EVENT_TIMESTAMP_H
#include <oddball.h>

#include "base/str.h"

typedef uint8_t TimeFormat; /* From 1; 0 is none. */
#define TIME_FORMAT_NONE 0
#define TIMESTAMP_BYTES_MAX 64 /* A stamp is never longer. */

typedef struct {
    odd_time now;      /* 0: unknown, years are 1970 then. */
    int32_t  zone_s;   /* Of stamps without a zone.        */
    int32_t  now_year; /* In that zone.                    */
} TimeFrame;

TimeFrame time_frame(odd_time now, int32_t zone_s);

/* Reads a stamp of this format at text[at].  Gives its bytes, 0 if there is none. */
size_t timestamp_read(TimeFormat format, const TimeFrame *frame, Str text, size_t at,
                      odd_time *ret_time);

/* False: what is at text[at] begins a stamp of no format. */
bool timestamp_may_start(Str text, size_t at);

/* The format that reads most at text[at], among those that give a time; TIME_FORMAT_NONE. */
TimeFormat timestamp_guess(const TimeFrame *frame, Str text, size_t at);

/* The whole text is a stamp of some format; else false, and *ret_time may be anything. */
bool timestamp_whole(const TimeFrame *frame, Str text, odd_time *ret_time);

TimeFormat  timestamp_format_count(void); /* Formats are 1 to this, the likelier ones first. */
TimeFormat  timestamp_cell_format_count(void); /* Further ones, of a cell that is nothing else. */
const char *timestamp_spelling(TimeFormat format);

/* What a format tells: the more, the better it stands for the time of a line with several. */
int timestamp_worth(TimeFormat format);

bool timestamp_has_date(TimeFormat format);
bool timestamp_is_syslog(TimeFormat format);     /* "Jun  4 15:16:01"            */
bool timestamp_is_access_log(TimeFormat format); /* "10/Oct/2000:13:55:36 -0700" */

#endif
