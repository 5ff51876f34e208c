/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/http.h"

/* The body has room for `size` more and a NUL; false: no memory, and the response knows. */
static bool response_reserve(HttpResponse *response, size_t size)
{
    if (response->broken)
        return false;
    if (response->body_capacity - response->body_size > size)
        return true;
    size_t capacity = response->body_capacity < 128 ? 256 : response->body_capacity * 2;
    while (capacity - response->body_size <= size)
        capacity *= 2;
    char *body = realloc(response->body, capacity);
    if (body == NULL) {
        response->broken = true;
        return false;
    }
    response->body = body;
    response->body_capacity = capacity;
    return true;
}

void response_add(HttpResponse *response, const void *bytes, size_t size)
{
    if (size == 0 || !response_reserve(response, size))
        return;
    memcpy(response->body + response->body_size, bytes, size);
    response->body_size += size;
    response->body[response->body_size] = '\0';
}

static void response_print_list(HttpResponse *response, const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int size = vsnprintf(NULL, 0, format, list);
    assert(size >= 0);
    if (response_reserve(response, (size_t)size)) {
        vsnprintf(response->body + response->body_size, (size_t)size + 1, format, again);
        response->body_size += (size_t)size;
    }
    va_end(again);
}

void response_print(HttpResponse *response, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    response_print_list(response, format, list);
    va_end(list);
}

void response_header(HttpResponse *response, const char *name, const char *value)
{
    assert(response->header_count < HTTP_RESPONSE_HEADERS_MAX);
    char *copy = strdup(value);
    if (copy == NULL) {
        response->broken = true;
        return;
    }
    response->headers[response->header_count++] = (HttpField){.name = name, .value = copy};
}

void response_clear(HttpResponse *response)
{
    for (size_t i = 0; i < response->header_count; i++)
        free(response->headers[i].value);
    free(response->body);
    *response = (HttpResponse){0};
}

size_t response_character(const char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text;
    static const struct {
        unsigned char first, last, second_min, second_max, size;
    } kinds[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    if (size > 0 && at[0] < 0x80)
        return 1;
    for (size_t i = 0; size > 0 && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (at[0] < kinds[i].first || at[0] > kinds[i].last)
            continue;
        if (size < kinds[i].size || at[1] < kinds[i].second_min || at[1] > kinds[i].second_max)
            return 0;
        for (size_t j = 2; j < kinds[i].size; j++) {
            if ((at[j] & 0xc0) != 0x80)
                return 0;
        }
        return kinds[i].size;
    }
    return 0;
}

void response_json(HttpResponse *response, const char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    response_add(response, "\"", 1);
    for (size_t i = 0; i < size;) {
        size_t plain = i;
        while (plain < size && bytes[plain] >= 0x20 && bytes[plain] < 0x7f && bytes[plain] != '"' &&
               bytes[plain] != '\\')
            plain++;
        response_add(response, text + i, plain - i);
        i = plain;
        if (i == size)
            break;
        size_t whole = bytes[i] >= 0x80 ? response_character(text + i, size - i) : 0;
        if (whole > 0)
            response_add(response, text + i, whole);
        else if (bytes[i] == '"' || bytes[i] == '\\')
            response_print(response, "\\%c", bytes[i]);
        else if (bytes[i] < 0x80)
            response_print(response, "\\u%04x", bytes[i]);
        else
            response_print(response, "\\\\x%02x", bytes[i]); /* Shown, as it can't be said. */
        i += whole > 0 ? whole : 1;
    }
    response_add(response, "\"", 1);
}

HttpReply response_end(HttpResponse *response, int status, const char *content_type)
{
    response->status = status;
    if (content_type != NULL)
        response_header(response, "Content-Type", content_type);
    return HTTP_NOW;
}

HttpReply response_stream(HttpResponse *response, const char *content_type, HttpStream stream)
{
    assert(stream.more != NULL);
    response->stream = stream;
    response_header(response, "Cache-Control", "no-store");
    response_header(response, "X-Accel-Buffering", "no"); /* Or a proxy would wait for its end. */
    return response_end(response, 200, content_type);
}

const char *http_status_words(int status)
{
    static const struct {
        int         status;
        const char *words;
    } all[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {507, "Insufficient Storage"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].status == status)
            return all[i].words;
    }
    return status < 400 ? "OK" : status < 500 ? "Client Error" : "Server Error";
}

HttpReply http_problem(HttpResponse *response, int status, const char *title, const char *format,
                       ...)
{
    if (title == NULL)
        title = http_status_words(status);
    char    detail[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(detail, sizeof detail, format, list);
    va_end(list);
    response_print(response, "{\"type\":\"about:blank\",\"title\":");
    response_json(response, title, strlen(title));
    response_print(response, ",\"status\":%d,\"detail\":", status);
    response_json(response, detail, strlen(detail));
    response_print(response, "}\n");
    return response_end(response, status, "application/problem+json");
}
