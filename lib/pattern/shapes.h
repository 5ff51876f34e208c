/* SPDX-License-Identifier: Apache-2.0
 *
 * shapes.h - what a run of bytes looks like: number, address, host, path, id ...
 *
 * SHAPE      Pure functions of the text.
 */
#ifndef PATTERN_SHAPES_H
#define PATTERN_SHAPES_H
#include "pattern/scan.h"

enum { /* Classes of bytes; scan_class[] is their table. */
       ALPHA = 1, /* Letters, the underscore, and every byte of a non-ASCII character. */
       DIGIT = 2,
       DOT = 4,
       SLASH = 8, /* And the backslash. */
       AT = 16,
       DASH = 32, /* Hyphen and #. */
       OTHER = 64 /* Other punctuation that may stand inside a field. */
};

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_hex(char c)
{
    return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

static inline bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool is_letter(char c)
{
    return (scan_class[(unsigned char)c] & ALPHA) != 0;
}

size_t digits_of(Str s, size_t at); /* Length of the run of digits at s[at]. */
size_t count_of(Str s, char c);
bool   all_hex(Str s);
bool   has_digit(Str s);

/* A list of short words in lower case, padded with NUL; the empty one ends it. */
typedef char ShortWord[16];
bool is_one_of(Str s, const ShortWord *words); /* Whatever the case of s. */

bool is_number(Str s);            /* 12  -3  +4.5  1.5e-05                               */
bool is_ip(Str s);                /* 10.1.2.3                                            */
#define UUID_SIZE 36
bool is_uuid(Str s);
bool is_known_value(Str s);       /* true false null, in any case                         */
bool is_account(Str s);           /* The names that every system has: root, admin         */
bool is_host(Str s, size_t dots); /* example.com: so many dots, known top-level domain   */
bool is_email(Str s);
bool is_path(Str s, bool letters); /* Starts like one, or two slashes and a letter        */
bool is_name_and_ip(Str s);       /* msra-sa-41/10.190.173.170                           */
bool is_id(Str s);                /* 2nd  task_01_m  40b58fd8: no name that people choose */
bool is_timestamp(Str s);         /* The beginning of 2026-11-23T20:15:00Z               */

/* Shapes that hold delimiters.  Each tells whether field (with .from and its first bytes up to
 * `end`) is that, and then sets its size, kind and mould. */
bool field_url(Str text, size_t end, Field *field);      /* scheme://...                       */
bool field_drive(Str text, size_t end, Field *field);    /* C:\dir\file                        */
bool field_colons(Str text, size_t end, Field *field);   /* 12:34:56  00:1b:21:3c:9d:f8  fe80::1 */
bool field_date(Str text, Field *field);                 /* Sun Jul 17 07:06:00 2005           */
bool field_quantity(Str text, size_t end, Field *field); /* 12 KB  3.5 ms  2048 bytes (2 KB)   */

void field_blank(Field *field, Kind kind);
void field_set(Field *field, Kind kind, const char *mould, size_t end);

#endif
