/* SPDX-License-Identifier: Apache-2.0
 *
 * notes.h - sentences that a person should read: what was skipped, cut or refused, and the cure.
 *
 * OWNERSHIP  A list owns its sentences; notes_free.  All zero is the empty list.
 * ERRORS     None: a sentence without room (NOTE_COUNT_MAX, no memory) is counted in left_out.
 * THREADS    One list, one thread at a time.  Sentences hold file names as they are, so control
 *            characters too: whoever prints them escapes them.
 */
#ifndef INPUT_NOTES_H
#define INPUT_NOTES_H
#include <stddef.h>
#include <stdint.h>

#define NOTE_COUNT_MAX 100
#define NOTE_BYTES_MAX 8192 /* Longer sentences are cut. */

typedef struct {
    char   **sentences;
    size_t   count;
    uint64_t left_out;
} Notes;

void notes_add(Notes *notes, const char *format, ...) __attribute__((format(printf, 2, 3)));
void notes_move(Notes *to, Notes *from); /* `from` is empty after it. */
void notes_free(Notes *notes);

/* "2.5 MB" into buffer, which holds SIZE_TEXT_SIZE bytes.  Returns buffer. */
#define SIZE_TEXT_SIZE 32
char *size_text(uint64_t bytes, char *buffer);

#endif
