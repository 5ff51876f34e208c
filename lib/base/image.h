/* SPDX-License-Identifier: Apache-2.0
 *
 * image.h - state as bytes: written part by part, read again in the same order.
 *
 * What is written are flat structs and arrays of them, as they lie in memory: little-endian, with
 * zeroed padding, without pointers.  An array keeps its capacity, since memory limits count it.
 *
 * OWNERSHIP  An ImageOut owns its bytes until image_close; an ImageIn borrows them.
 * ERRORS     Both remember the first failure (no memory; torn or wrong bytes) and do nothing after
 *            it: check image_at_end.  Reading an array takes its memory from `mem` first,
 *            without regard to its cap: it had that memory before.
 */
#ifndef BASE_IMAGE_H
#define BASE_IMAGE_H
#include <stdbool.h>

#include "base/mem.h"
#include "base/str.h"

typedef struct {
    Mem   *mem;
    char  *bytes;
    size_t size, capacity;
    bool   failed;
} ImageOut;

void image_put(ImageOut *out, const void *bytes, size_t size);
void image_put_array(ImageOut *out, const void *array, size_t count, size_t capacity,
                     size_t element_bytes);
void image_put_text(ImageOut *out, Str text);
void image_close(ImageOut *out);

typedef struct {
    Str    bytes;
    size_t at;
    bool   failed;
} ImageIn;

void image_get(ImageIn *in, void *bytes, size_t size);
/* The array, of *ret_capacity elements, of which *ret_count are filled; NULL if it had none. */
void *image_get_array(ImageIn *in, Mem *mem, size_t *ret_count, size_t *ret_capacity,
                      size_t element_bytes);
Str   image_get_text(ImageIn *in); /* Borrowed. */
bool  image_at_end(const ImageIn *in); /* Read whole, and nothing failed. */

#endif
