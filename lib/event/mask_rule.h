/* SPDX-License-Identifier: Apache-2.0
 *
 * mask_rule.h - a rule of the user's: a regular expression, and the name of what it finds.
 *
 * ALGORITHM  A tagged automaton that follows all ways at once (V. Laurikari, "NFAs with tagged
 *            transitions", 2000), as TRE has it: no text is slow.  Where a rule has text that must
 *            be there, a line without it is not looked at.
 * SHAPE      A match begins and ends in one line and holds no token.  A line is looked at in
 *            stretches of MASK_RULE_STRETCH bytes that overlap by half, so that time is linear in
 *            the text for every rule; a longer match is masked in parts.
 * OWNERSHIP  mask_rule_close frees what TRE has; a rule is only read by mask_rule_next.
 */
#ifndef EVENT_MASK_RULE_H
#define EVENT_MASK_RULE_H
#include <oddball.h>

#include "base/mem.h"
#include "event/mask_expression.h"
#include "event/mask_span.h"

#define MASK_RULE_STRETCH 1024

typedef struct {
    char   name[MASK_NAME_BYTES_MAX + 1];
    void  *compiled;
    bool   has_group;
    char   literal[MASK_EXPRESSION_BYTES_MAX];
    size_t literal_size;
} MaskRule;

/* ODD_SYNTAX, with a sentence in `problem`; ODD_NOMEM. */
odd_rc mask_rule_open(const odd_mask *rule, Mem *mem, char *problem, size_t problem_size,
                      MaskRule *ret_rule);
void   mask_rule_close(MaskRule *rule, Mem *mem);

typedef struct {
    const MaskRule *rule;
    Str    text;
    bool   searched;
    size_t literal_at; /* The next place of the literal, if it was searched. */
} MaskRuleSearch;

MaskRuleSearch mask_rule_search(const MaskRule *rule, Str text);

/* The first stretch to be masked that begins at or behind `from`; `from` goes up. */
bool mask_rule_next(MaskRuleSearch *search, size_t from, size_t *ret_from, size_t *ret_to);

#endif
