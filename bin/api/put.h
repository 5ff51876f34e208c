/* SPDX-License-Identifier: Apache-2.0
 *
 * put.h - JSON of an answer: commas and nesting by themselves, times in RFC 3339.
 *
 * OWNERSHIP  Writes to the body of a response of the caller.
 * ERRORS     None: without memory the response is marked, and goes out as 503.
 */
#ifndef API_PUT_H
#define API_PUT_H
#include <oddball.h>

#include "http/http.h"

#define PUT_DEPTH_MAX 12

typedef struct {
    HttpResponse *response;
    int           depth;
    bool          filled[PUT_DEPTH_MAX]; /* The array or object at this depth has a member. */
    bool          after_name;
} Put; /* {.response = ...} has written nothing. */

void put_open(Put *put, char bracket);  /* '{' or '[' */
void put_close(Put *put, char bracket); /* '}' or ']' */
void put_name(Put *put, const char *name);
void put_text(Put *put, const char *text, size_t size);
void put_word(Put *put, const char *text); /* NULL: null. */
void put_named(Put *put, const char *name, const char *text); /* A name and a word. */
void put_integer(Put *put, int64_t value);
void put_count(Put *put, uint64_t value);
void put_real(Put *put, double value); /* Not finite: null. */
void put_bool(Put *put, bool value);
void put_null(Put *put);
void put_time(Put *put, odd_time time); /* ODD_TIME_NONE: null. */
void put_raw(Put *put, const char *json, size_t size); /* A whole value, as it is. */

/* "2026-11-27T10:42:50.5Z", as many digits as it needs. */
#define TIME_TEXT_SIZE 40
char *time_rfc3339(odd_time time, char text[TIME_TEXT_SIZE]);

#endif
