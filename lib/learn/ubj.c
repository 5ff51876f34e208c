/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/ubj.h"

#include <stdint.h>

typedef struct {
    Str       bytes;
    size_t    at;
    JsonText *json;
    bool      failed;
} Reader;

static unsigned char next_byte(Reader *reader)
{
    if (reader->at >= reader->bytes.size) {
        reader->failed = true;
        return 0;
    }
    return (unsigned char)reader->bytes.text[reader->at++];
}

/* Most significant byte first. */
static uint64_t next_bits(Reader *reader, size_t bytes)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < bytes; i++)
        bits = bits << 8 | next_byte(reader);
    return bits;
}

/* -- numbers ---------------------------------------------------------------------------------- */

static bool next_integer(Reader *reader, unsigned char marker, int64_t *ret)
{
    switch (marker) {
    case 'i':
        *ret = (int64_t)next_bits(reader, 1);
        *ret -= *ret > INT8_MAX ? 256 : 0;
        return true;
    case 'U':
        *ret = (int64_t)next_bits(reader, 1);
        return true;
    case 'I':
        *ret = (int16_t)next_bits(reader, 2);
        return true;
    case 'l':
        *ret = (int32_t)next_bits(reader, 4);
        return true;
    case 'L':
        *ret = (int64_t)next_bits(reader, 8);
        return true;
    default:
        return false;
    }
}

static bool next_real(Reader *reader, unsigned char marker, double *ret)
{
    if (marker == 'd') {
        uint32_t bits = (uint32_t)next_bits(reader, 4);
        float value;
        memcpy(&value, &bits, sizeof value);
        *ret = (double)value;
        return true;
    }
    if (marker == 'D') {
        uint64_t bits = next_bits(reader, 8);
        memcpy(ret, &bits, sizeof bits);
        return true;
    }
    return false;
}

static size_t next_length(Reader *reader)
{
    int64_t length = 0;
    if (!next_integer(reader, next_byte(reader), &length) || length < 0 ||
        (uint64_t)length > reader->bytes.size - reader->at)
        reader->failed = true;
    return reader->failed ? 0 : (size_t)length;
}

static Str next_text(Reader *reader)
{
    size_t size = next_length(reader);
    Str text = str_part(reader->bytes, reader->at, reader->at + size);
    reader->at += size;
    return text;
}

/* What is no array and no object. */
static void put_plain(Reader *reader, unsigned char marker)
{
    int64_t integer;
    double real;
    if (next_integer(reader, marker, &integer))
        json_put_int(reader->json, integer);
    else if (next_real(reader, marker, &real))
        json_put_real(reader->json, real);
    else if (marker == 'S')
        json_put_string(reader->json, next_text(reader));
    else if (marker == 'C')
        json_put_int(reader->json, (int64_t)next_bits(reader, 1));
    else if (marker == 'T' || marker == 'F')
        json_put_word(reader->json, marker == 'T' ? STR("true") : STR("false"));
    else if (marker == 'Z')
        json_put_word(reader->json, STR("null"));
    else
        reader->failed = true;
}

/* -- arrays and objects ----------------------------------------------------------------------- */

typedef struct {
    unsigned char kind; /* '[' or '{' */
    bool          counted;
    size_t        left;
} Level;

/* An array of one type is written at once; true: it was one. */
static bool put_typed(Reader *reader)
{
    if (reader->at >= reader->bytes.size || reader->bytes.text[reader->at] != '$')
        return false;
    reader->at++;
    unsigned char type = next_byte(reader);
    if (next_byte(reader) != '#' || strchr("iUIlLdDC", type) == NULL || type == '\0')
        reader->failed = true;
    size_t count = reader->failed ? 0 : next_length(reader);
    for (size_t i = 0; i < count && !reader->failed; i++)
        put_plain(reader, type);
    return true;
}

static void begin(Reader *reader, unsigned char kind, Level *level)
{
    *level = (Level){.kind = kind};
    if (reader->at < reader->bytes.size && reader->bytes.text[reader->at] == '#') {
        reader->at++;
        level->counted = true;
        level->left = next_length(reader);
    }
}

static bool is_over(Reader *reader, Level *level)
{
    if (level->counted)
        return level->left-- == 0;
    if (reader->at >= reader->bytes.size) {
        reader->failed = true;
        return true;
    }
    if (reader->bytes.text[reader->at] != (level->kind == '[' ? ']' : '}'))
        return false;
    reader->at++;
    return true;
}

static void put_value(Reader *reader, Level *levels, size_t *depth)
{
    unsigned char marker = next_byte(reader);
    while (marker == 'N' && !reader->failed)
        marker = next_byte(reader);
    if (marker != '[' && marker != '{') {
        put_plain(reader, marker);
        return;
    }
    json_put_open(reader->json, (char)marker);
    if (marker == '[' && put_typed(reader)) {
        json_put_close(reader->json, ']');
        return;
    }
    if (*depth == UBJ_NESTING_MAX) {
        reader->failed = true;
        return;
    }
    begin(reader, marker, &levels[(*depth)++]);
}

odd_rc ubj_to_json(Str bytes, JsonText *json, Problem *problem)
{
    Level levels[UBJ_NESTING_MAX];
    size_t depth = 0;
    Reader reader = {.bytes = bytes, .json = json};
    if (bytes.size == 0 || bytes.text[0] != '{')
        return problem_say(problem, ODD_SYNTAX, "it begins like no UBJSON object");
    put_value(&reader, levels, &depth);
    while (depth > 0 && !reader.failed && !json->failed) {
        Level *level = &levels[depth - 1];
        if (is_over(&reader, level)) {
            json_put_close(json, level->kind == '[' ? ']' : '}');
            depth--;
            continue;
        }
        if (level->kind == '{')
            json_put_name(json, next_text(&reader), STR(""));
        put_value(&reader, levels, &depth);
    }
    if (json->failed)
        return ODD_NOMEM;
    if (reader.failed)
        return problem_say(problem, ODD_SYNTAX, "its UBJSON cannot be read at byte %zu of %zu",
                           reader.at, bytes.size);
    return ODD_OK;
}
