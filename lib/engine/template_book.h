/* SPDX-License-Identifier: Apache-2.0
 *
 * template_book.h - what lines of a pattern have in common to the byte, so that only their
 * variables are stored, and every line can be put together again exactly.
 *
 * A template is a pattern and the gaps between the variables of a line: one more gap than there are
 * variables.  Lines of one pattern have several templates where their white space differs, or where
 * evidence made a word a variable after they came.
 *
 * SHAPE      A hash table of flat records and one pool of text.
 * OWNERSHIP  TemplateBook owns all.
 * ERRORS     TEMPLATE_NONE: no memory, TEMPLATES_MAX of them or bytes_max of their texts, or
 *            another template has the same hash: the line is stored whole then.
 */
#ifndef ENGINE_TEMPLATE_BOOK_H
#define ENGINE_TEMPLATE_BOOK_H
#include "base/image.h"
#include "pattern/pattern.h"

#define TEMPLATES_MAX (1u << 20)
#define TEMPLATE_VARIABLES_MAX (LEX_VALUES_MAX + 1)
#define TEMPLATE_NONE 0 /* No hash of a template. */

typedef struct {
    uint64_t   hash;
    uint64_t   from; /* Of its gaps in the pool, each followed by its NUL-free size (4 bytes). */
    PatternRef signal;
    uint32_t   gap_count;
} Template;

typedef struct {
    Mem      *mem;
    Template *templates;
    size_t    count, capacity;
    char     *pool;
    size_t    pool_size, pool_capacity;
    uint32_t *slots; /* Number + 1; 0 is free. */
    size_t    slot_count;
    uint64_t  seed;      /* So that templates of two shards differ.   */
    uint64_t  bytes_max; /* Of the pool: no new ones then.  0: no limit. */
} TemplateBook; /* {.mem, .seed, .bytes_max} is empty. */

/* gaps is (gap_count).  The hash that names the template, learnt if need be. */
uint64_t template_book_learn(TemplateBook *templates, PatternRef signal, const Str *gaps,
                             uint32_t gap_count);

/* Gap number i of a template, i from 0, in order: *at is 0 before the first. */
Str template_book_gap(const TemplateBook *templates, const Template *template, size_t *at);

void template_book_close(TemplateBook *templates);
void template_book_save(const TemplateBook *templates, ImageOut *out);
void template_book_load(TemplateBook *templates, ImageIn *in);

#endif
