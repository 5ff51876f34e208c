/* SPDX-License-Identifier: Apache-2.0 */
#include "event/mask_rule.h"

#include <stdio.h>
#include <tre/regex.h>
#include <wchar.h>

#define GROUPS 2 /* The whole, and the first group. */

static bool is_name(const char *name)
{
    size_t size = strlen(name);
    return size > 0 && size <= MASK_NAME_BYTES_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == size;
}

static odd_rc rule_fail(const odd_mask *rule, const char *why, char *problem, size_t problem_size)
{
    snprintf(problem, problem_size, "the mask rule \"%.40s\" cannot be used: %s", rule->name, why);
    return ODD_SYNTAX;
}

/* Byte by byte, so that what a rule fits does not depend on the locale. */
static int compile(regex_t *regex, Str expression)
{
    wchar_t wide[MASK_EXPRESSION_BYTES_MAX];
    for (size_t i = 0; i < expression.size; i++)
        wide[i] = (unsigned char)expression.text[i];
    return tre_regwncomp(regex, wide, expression.size, REG_EXTENDED);
}

/* What TRE reads from: a piece of a text, byte by byte. */
typedef struct {
    const unsigned char *at, *end;
} Feed;

static int feed_next(tre_char_t *ret_c, unsigned int *ret_step, void *context)
{
    Feed *feed = context;
    *ret_step = 1;
    if (feed->at == feed->end) {
        *ret_c = 0;
        return 1;
    }
    *ret_c = *feed->at++;
    return 0;
}

/* Only back-references go back, and rules have none. */
static void feed_rewind(size_t at, void *context)
{
    (void)at, (void)context;
}

static int feed_compare(size_t a, size_t b, size_t size, void *context)
{
    (void)a, (void)b, (void)size, (void)context;
    return 1;
}

static bool run(const regex_t *regex, Str text, int flags, regmatch_t found[GROUPS])
{
    Feed feed = {.at = (const unsigned char *)text.text,
                 .end = (const unsigned char *)text.text + text.size};
    tre_str_source source = {.get_next_char = feed_next,
                             .rewind = feed_rewind,
                             .compare = feed_compare,
                             .context = &feed};
    return tre_reguexec(regex, &source, GROUPS, found, flags) == REG_OK;
}

/* Compiles; gives why not, half a sentence in `said`, or NULL. */
static const char *compile_useful(regex_t *regex, Str expression, char *said, size_t said_size,
                                  bool *ret_no_memory)
{
    regmatch_t found[GROUPS];
    int code = compile(regex, expression);
    *ret_no_memory = code == REG_ESPACE;
    if (code != REG_OK) {
        tre_regerror(code, regex, said, said_size);
        return said;
    }
    if (!run(regex, STR(""), 0, found))
        return NULL;
    tre_regfree(regex);
    return "it fits where there is nothing, and so everywhere";
}

odd_rc mask_rule_open(const odd_mask *rule, Mem *mem, char *problem, size_t problem_size,
                      MaskRule *ret_rule)
{
    if (!is_name(rule->name))
        return rule_fail(rule, "its name must be 1 to 32 of a-z, 0-9, '_' and '-'", problem,
                         problem_size);
    Str expression = str_of(rule->expression);
    const char *why = mask_expression_problem(expression);
    if (why != NULL)
        return rule_fail(rule, why, problem, problem_size);
    regex_t *regex = mem_take(mem, sizeof *regex);
    if (regex == NULL)
        return ODD_NOMEM;
    char said[128];
    bool no_memory;
    why = compile_useful(regex, expression, said, sizeof said, &no_memory);
    if (why != NULL) {
        mem_free(mem, regex, sizeof *regex);
        return no_memory ? ODD_NOMEM : rule_fail(rule, why, problem, problem_size);
    }
    *ret_rule = (MaskRule){.compiled = regex, .has_group = regex->re_nsub > 0};
    snprintf(ret_rule->name, sizeof ret_rule->name, "%s", rule->name);
    ret_rule->literal_size = mask_expression_literal(expression, ret_rule->literal);
    return ODD_OK;
}

void mask_rule_close(MaskRule *rule, Mem *mem)
{
    if (rule->compiled == NULL)
        return;
    tre_regfree(rule->compiled);
    mem_free(mem, rule->compiled, sizeof(regex_t));
}

typedef struct {
    size_t from, to;
} Part;

/* The leftmost match in text[from, to): all of it, and what of it is to be masked (empty if the
 * group took no part). */
static bool match(const MaskRule *rule, Str text, size_t from, size_t to, bool at_line_end,
                  Part *ret_whole, Part *ret_masked)
{
    regmatch_t found[GROUPS];
    bool at_line_begin = from == 0 || text.text[from - 1] == '\n';
    int flags = (at_line_begin ? 0 : REG_NOTBOL) | (at_line_end ? 0 : REG_NOTEOL);
    if (!run(rule->compiled, str_part(text, from, to), flags, found))
        return false;
    *ret_whole = (Part){from + (size_t)found[0].rm_so, from + (size_t)found[0].rm_eo};
    *ret_masked = *ret_whole;
    if (rule->has_group)
        *ret_masked = found[1].rm_so >= 0
                          ? (Part){from + (size_t)found[1].rm_so, from + (size_t)found[1].rm_eo}
                          : (Part){ret_whole->from, ret_whole->from};
    return true;
}

/* The bytes of a token at text[at], with the quotes that it got in place of a number; 0: none. */
static size_t barrier_at(Str text, size_t at)
{
    if (text.text[at] == '<')
        return mask_token_at(text, at);
    size_t size = text.text[at] == '"' ? mask_token_at(text, at + 1) : 0;
    return size > 0 && at + 1 + size < text.size && text.text[at + 1 + size] == '"' ? size + 2 : 0;
}

/* Where the piece at text[from] ends: at a token, a line end, or a stretch later. */
static size_t piece_end(Str text, size_t from)
{
    size_t to = text.size - from > MASK_RULE_STRETCH ? from + MASK_RULE_STRETCH : text.size;
    for (size_t at = from; at < to; at++)
        if (text.text[at] == '\n' || barrier_at(text, at) > 0)
            return at;
    return to;
}

/* The first to be masked in text[from, to).  If more than a group fits, what stands before the
 * group is looked at again by itself, as it will be when the text is masked once more. */
static bool next_in_piece(const MaskRule *rule, Str text, size_t from, size_t to, bool at_line_end,
                          Part *ret_whole, Part *ret)
{
    bool found = false;
    Part whole, masked;
    while (from < to && match(rule, text, from, to, at_line_end, &whole, &masked)) {
        if (masked.from == masked.to) {
            from = whole.from + 1;
            continue;
        }
        found = true;
        *ret_whole = whole;
        *ret = masked;
        if (masked.from == from || masked.from == whole.from)
            break;
        to = masked.from;
        at_line_end = false;
    }
    return found;
}

MaskRuleSearch mask_rule_search(const MaskRule *rule, Str text)
{
    return (MaskRuleSearch){.rule = rule, .text = text};
}

/* The beginning of the line of the next literal, if that is not in the line of `from`. */
static size_t skip_lines(MaskRuleSearch *search, size_t from)
{
    const MaskRule *rule = search->rule;
    Str text = search->text;
    if (from >= text.size || rule->literal_size == 0)
        return from;
    if (search->literal_at < from || !search->searched) {
        const char *found =
            memmem(text.text + from, text.size - from, rule->literal, rule->literal_size);
        search->literal_at = found != NULL ? (size_t)(found - text.text) : text.size;
        search->searched = true;
    }
    if (search->literal_at == text.size)
        return text.size;
    const char *line = memrchr(text.text + from, '\n', search->literal_at - from);
    return line != NULL ? (size_t)(line - text.text) + 1 : from;
}

bool mask_rule_next(MaskRuleSearch *search, size_t from, size_t *ret_from, size_t *ret_to)
{
    Str text = search->text;
    for (size_t at = from; (at = skip_lines(search, at)) < text.size;) {
        size_t to = piece_end(text, at);
        bool at_line_end = to == text.size || text.text[to] == '\n';
        bool is_cut = to - at == MASK_RULE_STRETCH;
        Part whole = {0}, part = {0};
        bool found = next_in_piece(search->rule, text, at, to, at_line_end, &whole, &part);
        /* What reaches the end of a stretch may go on behind it. */
        if (found && is_cut && part.to == to && whole.from > at) {
            at = whole.from;
            continue;
        }
        if (found) {
            *ret_from = part.from;
            *ret_to = part.to;
            return true;
        }
        if (is_cut)
            at += MASK_RULE_STRETCH / 2;
        else
            at = to + (to < text.size && text.text[to] != '\n' ? barrier_at(text, to) : 1);
    }
    return false;
}
