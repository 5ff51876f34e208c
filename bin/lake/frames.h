/* SPDX-License-Identifier: Apache-2.0
 *
 * frames.h - what parent and child of the lake say to each other, as bytes.
 *
 *     frame    its kind (1 byte), size (4, little-endian), bytes
 *
 * The parent's job is a file of fields, FRAME_FIELD with "name\0value\0" in each.  The child
 * answers with columns, cells (left to right, row after row), texts and, last, FRAME_END: a byte of
 * odd_rc and a sentence.  Without it the child has died.
 *
 * OWNERSHIP  A FrameBuffer owns its bytes; what frame_next gives points into them.
 */
#ifndef LAKE_FRAMES_H
#define LAKE_FRAMES_H
#include <oddball.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    FRAME_FIELD = 1,
    FRAME_COLUMN,  /* Its name.                                  */
    FRAME_MISSING, /* Cells: without bytes, 1, 8, 8 bytes, text. */
    FRAME_BOOL,
    FRAME_INT,
    FRAME_REAL,
    FRAME_TEXT,
    FRAME_CUT,    /* There are more rows.                        */
    FRAME_NOTE,   /* What of the lake was left out.              */
    FRAME_ANSWER, /* Of what is no question: names, sentences.   */
    FRAME_END
} FrameKind;

typedef struct {
    FrameKind   kind;
    const char *bytes;
    size_t      size;
} Frame;

typedef struct {
    char  *bytes;
    size_t size, capacity;
    bool   failed; /* No memory. */
} FrameBuffer;

void frame_add(FrameBuffer *buffer, FrameKind kind, const void *bytes, size_t size);
void frame_add_u64(FrameBuffer *buffer, FrameKind kind, uint64_t value);
void frame_add_field(FrameBuffer *buffer, const char *name, const char *value);
void frame_add_number(FrameBuffer *buffer, const char *name, int64_t value); /* A field. */
void frame_put(FrameBuffer *buffer, const void *bytes, size_t size); /* Bytes as they came. */
void frames_free(FrameBuffer *buffer);

/* The frame at *at, which moves behind it; false: it is not there as a whole. */
bool     frame_next(const FrameBuffer *buffer, size_t *at, Frame *ret_frame);
uint64_t frame_u64(Frame frame);

#endif
