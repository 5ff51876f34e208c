/* SPDX-License-Identifier: Apache-2.0 */
#include "api/put.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NS_PER_S 1000000000LL

static void put_begin(Put *put)
{
    if (put->after_name) {
        put->after_name = false;
        return;
    }
    if (put->filled[put->depth])
        response_add(put->response, ",", 1);
    put->filled[put->depth] = true;
}

void put_open(Put *put, char bracket)
{
    assert(put->depth + 1 < PUT_DEPTH_MAX);
    put_begin(put);
    response_add(put->response, &bracket, 1);
    put->filled[++put->depth] = false;
}

void put_close(Put *put, char bracket)
{
    assert(put->depth > 0);
    put->depth--;
    response_add(put->response, &bracket, 1);
    if (put->depth == 0)
        response_add(put->response, "\n", 1);
}

void put_name(Put *put, const char *name)
{
    put_begin(put);
    response_json(put->response, name, strlen(name));
    response_add(put->response, ":", 1);
    put->after_name = true;
}

void put_text(Put *put, const char *text, size_t size)
{
    put_begin(put);
    response_json(put->response, text, size);
}

void put_word(Put *put, const char *text)
{
    if (text != NULL)
        put_text(put, text, strlen(text));
    else
        put_null(put);
}

void put_named(Put *put, const char *name, const char *text)
{
    put_name(put, name);
    put_word(put, text);
}

void put_integer(Put *put, int64_t value)
{
    put_begin(put);
    response_print(put->response, "%" PRId64, value);
}

void put_count(Put *put, uint64_t value)
{
    put_begin(put);
    response_print(put->response, "%" PRIu64, value);
}

/* The fewest digits, of two tries, that give the number back. */
void put_real(Put *put, double value)
{
    char text[32];
    if (!isfinite(value)) {
        put_null(put);
        return;
    }
    put_begin(put);
    snprintf(text, sizeof text, "%.15g", value);
    double back = 0;
    if (sscanf(text, "%lf", &back) != 1 || back != value)
        snprintf(text, sizeof text, "%.17g", value);
    response_add(put->response, text, strlen(text));
}

void put_bool(Put *put, bool value)
{
    put_raw(put, value ? "true" : "false", value ? 4 : 5);
}

void put_null(Put *put)
{
    put_raw(put, "null", 4);
}

void put_raw(Put *put, const char *json, size_t size)
{
    put_begin(put);
    response_add(put->response, json, size);
}

char *time_rfc3339(odd_time time, char text[TIME_TEXT_SIZE])
{
    int64_t seconds = time / NS_PER_S, ns = time % NS_PER_S;
    if (ns < 0) {
        seconds--;
        ns += NS_PER_S;
    }
    struct tm parts;
    time_t clock = (time_t)seconds;
    gmtime_r(&clock, &parts);
    size_t size = strftime(text, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
    if (ns > 0) {
        size += (size_t)snprintf(text + size, TIME_TEXT_SIZE - size, ".%09" PRId64, ns);
        while (text[size - 1] == '0')
            size--;
    }
    memcpy(text + size, "Z", 2);
    return text;
}

void put_time(Put *put, odd_time time)
{
    char text[TIME_TEXT_SIZE];
    put_word(put, time != ODD_TIME_NONE ? time_rfc3339(time, text) : NULL);
}
