/* SPDX-License-Identifier: Apache-2.0 */
#include "event/otlp_answer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "event/json_text.h"
#include "event/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define TAG_NUMBER (1 << 3)     /* Field 1, a varint:  how many were rejected; a status's code. */
#define TAG_MESSAGE (2 << 3 | 2) /* Field 2, text: why.                                          */
#define TAG_PARTIAL (1 << 3 | 2) /* Field 1, a message: partial_success.                         */
#define CLEAN_BYTES_MAX (3 * OTLP_MESSAGE_BYTES_MAX)
#define INNER_BYTES_MAX (CLEAN_BYTES_MAX + 2 * (1 + VARINT_BYTES_MAX))

static const char *rejected_name(OtlpSignal signal)
{
    switch (signal) {
    case OTLP_LOGS: return "rejectedLogRecords";
    case OTLP_METRICS: return "rejectedDataPoints";
    case OTLP_TRACES: return "rejectedSpans";
    }
    return "rejected";
}

static Str message_part(const char *message)
{
    return (Str){.text = message, .size = strnlen(message, OTLP_MESSAGE_BYTES_MAX)};
}

/* Text as Protocol Buffers want it: well-formed UTF-8. */
static size_t clean(Str text, char *to)
{
    size_t size = 0;
    for (size_t at = 0; at < text.size;) {
        size_t character = utf8_size(str_part(text, at, text.size));
        Str    bytes = character > 0 ? str_part(text, at, at + character) : STR(REPLACEMENT);
        memcpy(to + size, bytes.text, bytes.size);
        size += bytes.size;
        at += character > 0 ? character : 1;
    }
    return size;
}

/* Both messages are a number and a text: fields 1 and 2, each left out where it is nothing. */
static size_t number_and_text(uint64_t number, const char *message, char *to)
{
    size_t size = 0;
    char   text[CLEAN_BYTES_MAX];
    if (number > 0) {
        to[size++] = TAG_NUMBER;
        size += varint_put(to + size, number);
    }
    size_t text_size = clean(message_part(message), text);
    if (text_size > 0) {
        to[size++] = TAG_MESSAGE;
        size += varint_put(to + size, text_size);
        memcpy(to + size, text, text_size);
        size += text_size;
    }
    return size;
}

size_t otlp_answer(OtlpSignal signal, bool is_json, const odd_decoded *decoded,
                   char buffer[ODD_OTLP_ANSWER_BYTES])
{
    bool is_partial = decoded->rejected > 0 || decoded->message[0] != '\0';
    if (!is_json) {
        char inner[INNER_BYTES_MAX];
        if (!is_partial)
            return 0;
        size_t inner_size = number_and_text(decoded->rejected, decoded->message, inner);
        buffer[0] = TAG_PARTIAL;
        size_t head = 1 + varint_put(buffer + 1, inner_size);
        memcpy(buffer + head, inner, inner_size);
        return head + inner_size;
    }
    JsonText text = {.text = buffer, .capacity = ODD_OTLP_ANSWER_BYTES};
    json_put_open(&text, '{');
    if (is_partial) {
        char digits[24]; /* Protocol Buffers' JSON has integers of 64 bits as strings. */
        snprintf(digits, sizeof digits, "%" PRIu64, decoded->rejected);
        json_put_name(&text, STR(""), STR("partialSuccess"));
        json_put_open(&text, '{');
        json_put_name(&text, STR(""), str_of(rejected_name(signal)));
        json_put_string(&text, str_of(digits));
        json_put_name(&text, STR(""), STR("errorMessage"));
        json_put_string(&text, message_part(decoded->message));
        json_put_close(&text, '}');
    }
    json_put_close(&text, '}');
    assert(!text.failed);
    return text.size;
}

size_t otlp_status(bool is_json, int code, const char *message, char buffer[ODD_OTLP_ANSWER_BYTES])
{
    if (!is_json)
        return number_and_text((uint64_t)code, message, buffer);
    JsonText text = {.text = buffer, .capacity = ODD_OTLP_ANSWER_BYTES};
    json_put_open(&text, '{');
    json_put_name(&text, STR(""), STR("code"));
    json_put_int(&text, code);
    json_put_name(&text, STR(""), STR("message"));
    json_put_string(&text, message_part(message));
    json_put_close(&text, '}');
    assert(!text.failed);
    return text.size;
}
