/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/json.h"

#include <assert.h>
#include <inttypes.h>

#include "cli/utf8.h"
#include "cli/visible.h"
#include "cli/words.h"

/* Members of the outer two levels have a line each, so that a diff of answers reads well. */
static void json_begin(Json *json)
{
    if (json->after_name) {
        json->after_name = false;
        return;
    }
    if (json->filled[json->depth])
        buffer_puts(json->out, ",");
    if (json->depth > 0 && json->depth <= 2)
        buffer_puts(json->out, "\n");
    else if (json->filled[json->depth])
        buffer_puts(json->out, " ");
    json->filled[json->depth] = true;
}

void json_open(Json *json, char bracket)
{
    assert(json->depth + 1 < JSON_DEPTH_MAX);
    json_begin(json);
    buffer_add(json->out, &bracket, 1);
    json->filled[++json->depth] = false;
}

void json_close(Json *json, char bracket)
{
    assert(json->depth > 0);
    if (json->depth <= 2 && json->filled[json->depth])
        buffer_puts(json->out, "\n");
    json->depth--;
    buffer_add(json->out, &bracket, 1);
    if (json->depth == 0)
        buffer_puts(json->out, "\n");
}

static void json_escape(Buffer *out, int32_t character, unsigned char byte)
{
    if (character == UTF8_INVALID)
        buffer_format(out, "\\\\x%02x", byte);
    else if (character >= 0x10000)
        buffer_format(out, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (character >> 10)),
                      (unsigned)(0xdc00 | (character & 0x3ff)));
    else
        buffer_format(out, "\\u%04x", (unsigned)character);
}

static void json_string(Buffer *out, const char *bytes, size_t size)
{
    buffer_puts(out, "\"");
    size_t clean = 0; /* Start of what needs no escape and is not written yet. */
    for (size_t i = 0, length; i < size; i += length) {
        int32_t character = utf8_decode(bytes + i, size - i, &length);
        if (character != '"' && character != '\\' && visible_is_safe(character))
            continue;
        buffer_add(out, bytes + clean, i - clean);
        clean = i + length;
        if (character == '"' || character == '\\')
            buffer_format(out, "\\%c", (char)character);
        else if (character == '\n' || character == '\t' || character == '\r')
            buffer_puts(out, character == '\n' ? "\\n" : character == '\t' ? "\\t" : "\\r");
        else
            json_escape(out, character, (unsigned char)bytes[i]);
    }
    buffer_add(out, bytes + clean, size - clean);
    buffer_puts(out, "\"");
}

void json_text(Json *json, const char *bytes, size_t size)
{
    json_begin(json);
    json_string(json->out, bytes, size);
}

void json_piece(Json *json, Piece piece)
{
    json_text(json, piece.text, piece.size);
}

void json_name(Json *json, const char *name)
{
    json_begin(json);
    size_t size = 0;
    while (name[size])
        size++;
    json_string(json->out, name, size);
    buffer_puts(json->out, ": ");
    json->after_name = true;
}

void json_integer(Json *json, int64_t value)
{
    json_begin(json);
    buffer_format(json->out, "%" PRId64, value);
}

void json_real(Json *json, double value)
{
    json_begin(json);
    if (value - value != 0)
        buffer_puts(json->out, "null");
    else
        buffer_format(json->out, "%.3f", value == 0 ? 0.0 : value);
}

void json_number(Json *json, double value)
{
    json_begin(json);
    if (value - value != 0)
        buffer_puts(json->out, "null");
    else
        buffer_format(json->out, "%.9g", value == 0 ? 0.0 : value);
}

void json_exact(Json *json, double value)
{
    json_begin(json);
    if (value - value != 0)
        buffer_puts(json->out, "null");
    else
        words_exact(json->out, value);
}

void json_bool(Json *json, bool value)
{
    json_begin(json);
    buffer_puts(json->out, value ? "true" : "false");
}

void json_null(Json *json)
{
    json_begin(json);
    buffer_puts(json->out, "null");
}

void json_time(Json *json, odd_time time)
{
    if (time == ODD_TIME_NONE) {
        json_null(json);
        return;
    }
    json_begin(json);
    buffer_puts(json->out, "\"");
    words_time_iso(json->out, time);
    buffer_puts(json->out, "\"");
}
