/* SPDX-License-Identifier: Apache-2.0
 *
 * json.h - a stream of JSON: commas and nesting by themselves, every byte of log text valid.
 *
 * jansson and its like build a tree in memory and refuse text that is not UTF-8; answers here are
 * streamed and log text is whatever it is, hence a writer of our own.
 *
 * EXACTNESS  RFC 8259, UTF-8.  Control, C1, bidirectional and invisible characters are written as
 *            \u escapes: lossless, and harmless on a terminal.  A byte that is not UTF-8 becomes
 *            the four characters \xff (so "\\xff" in the JSON).  A double
 *            that is not finite is null.
 * OWNERSHIP  Writes to a Buffer of the caller, who may empty it between calls.
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <oddball.h>

#include "cli/buffer.h"
#include "cli/pool.h"

#define JSON_DEPTH_MAX 8

typedef struct {
    Buffer *out;
    int     depth;
    bool    filled[JSON_DEPTH_MAX]; /* The array or object at this depth has a member.   */
    bool    after_name;             /* A value follows its name: no comma, no line end.  */
} Json;

void json_open(Json *json, char bracket);  /* '{' or '[' */
void json_close(Json *json, char bracket); /* '}' or ']' */
void json_name(Json *json, const char *name);
void json_text(Json *json, const char *bytes, size_t size);
void json_piece(Json *json, Piece piece);
void json_integer(Json *json, int64_t value);
void json_real(Json *json, double value);   /* Three digits: a surprise. */
void json_number(Json *json, double value); /* Nine figures, of any size. */
void json_exact(Json *json, double value);  /* All figures. */
void json_bool(Json *json, bool value);
void json_null(Json *json);
void json_time(Json *json, odd_time time); /* ISO 8601, or null. */

#endif
