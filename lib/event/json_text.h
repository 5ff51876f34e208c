/* SPDX-License-Identifier: Apache-2.0
 *
 * json_text.h - compact JSON text, built from its beginning; commas come by themselves.
 *
 *     json_put_open(&text, '{');
 *     json_put_name(&text, STR("resource."), key);    a name in two parts; either may be empty
 *     json_put_string(&text, value);
 *     json_put_close(&text, '}');
 *
 * SHAPE      One array that grows, or a buffer of fixed size where mem is NULL.
 * OWNERSHIP  The caller gives mem or a buffer, and frees the array with json_text_free.
 * ERRORS     Adding never fails at once: `failed` tells that room was short; the text is torn then.
 * EXACTNESS  The same values give the same bytes.  A byte that is not UTF-8 becomes U+FFFD; a real
 *            number has as few digits as read back to it, and is a string where it is not finite.
 */
#ifndef EVENT_JSON_TEXT_H
#define EVENT_JSON_TEXT_H
#include <oddball.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/str.h"

typedef struct {
    Mem   *mem;
    char  *text;
    size_t size, capacity;
    bool   failed;
} JsonText;

void json_put_open(JsonText *text, char bracket);
void json_put_close(JsonText *text, char bracket);
void json_put_name(JsonText *text, Str first, Str rest);
void json_put_string(JsonText *text, Str value);
void json_put_int(JsonText *text, int64_t value);
void json_put_real(JsonText *text, double value);
void json_put_base64(JsonText *text, Str bytes);
void json_put_hex(JsonText *text, Str bytes);
void json_put_word(JsonText *text, Str word); /* true, null, or JSON text made elsewhere. */

/* A whole member of an object.  ODD_TIME_NONE: nothing. */
void json_put_named(JsonText *text, const char *name, const char *value);
void json_put_time(JsonText *text, const char *name, odd_time time);

static inline Str json_text_str(const JsonText *text)
{
    return (Str){.text = text->text, .size = text->size};
}

void json_text_clear(JsonText *text); /* Empty and not failed; keeps its room. */
void json_text_free(JsonText *text);  /* Where mem is not NULL. */

/* The shortest text of a double that reads back to it: "0.1", "1e+300", "NaN", "-Infinity".
 * buffer holds REAL_TEXT_SIZE bytes.  Gives the text in it. */
#define REAL_TEXT_SIZE 32
Str real_text(double value, char *buffer);

#endif
