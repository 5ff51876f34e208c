/* SPDX-License-Identifier: Apache-2.0
 *
 * fixture.h - what tests of bin/input stand on: a folder of their own, files in it, taps over
 * memory that give their bytes in odd pieces, and text growing as it is read.
 *
 * OWNERSHIP  A Text is freed by text_free; a folder by folder_remove, with all that is in it.
 * ERRORS     Every failure of the system fails the test.
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "input/input.h"
#include "input/stream.h"

#define PATH_SIZE 256
#define BYTES(literal) (literal), sizeof(literal) - 1 /* Two arguments: bytes and size. */

typedef struct {
    char  *bytes; /* Terminated. */
    size_t size, capacity;
} Text;

void text_add(Text *text, const void *bytes, size_t size);
void text_free(Text *text);

/* A sequence that the seed gives: splitmix64. */
uint64_t random_next(uint64_t *seed);
uint64_t random_below(uint64_t *seed, uint64_t limit);

/* Gives the bytes of `text` in pieces of 1..piece_max.  setting_of: notes, no stop. */
Tap       *memory_tap(const void *bytes, size_t size, uint64_t seed, size_t piece_max);
TapSetting setting_of(Notes *notes);

void  folder_make(char *ret_path); /* PATH_SIZE bytes. */
void  folder_remove(const char *path);
char *path_in(const char *folder, const char *name, char *ret_path); /* Returns ret_path. */
void  file_write(const char *path, const void *bytes, size_t size);

void gzip_of(const void *bytes, size_t size, Text *ret);
void gunzip_file(const char *path, Text *ret);
void zstd_of(const void *bytes, size_t size, int window_log, Text *ret); /* 0: as it likes. */

/* All blocks of a stream, one behind the other; the stream is closed. */
StreamCounts stream_read_all(Stream *stream, Notes *notes, Text *ret);

/* A file as an input that was named.  The caller frees *ret_inputs behind the stream. */
Stream *file_open(const char *path, const StreamOptions *options, Notes *notes, Inputs *ret_inputs);

/* What a file holds, and its notes. */
StreamCounts file_read(const char *path, Notes *notes, Text *ret);

/* One of the sentences holds all the words (parted by '|'), in this order. */
bool notes_tell(const Notes *notes, const char *words);
void notes_show(const Notes *notes);

#endif
