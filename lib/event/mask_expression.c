/* SPDX-License-Identifier: Apache-2.0 */
#include "event/mask_expression.h"

#include <stdint.h>

#define ENDLESS 1

typedef enum {
    PART_CHAR,   /* Stands for itself: `c`. */
    PART_SET,    /* One character of several. */
    PART_OPEN,
    PART_CLOSE,
    PART_BAR,
    PART_REPEAT, /* At most `times`; one more than its lower bound if it is endless. */
    PART_EMPTY,  /* Fits between characters. */
    PART_REFUSED
} PartKind;

typedef struct {
    PartKind kind;
    size_t   size;
    char     c;
    uint32_t times; /* Of a set: how many items it has. */
    const char *why; /* REFUSED */
} Part;

static Part refused(const char *why)
{
    return (Part){.kind = PART_REFUSED, .size = 1, .why = why};
}

/* "[]a]", "[^]a]", "[[:alpha:]]".  Each of its characters, ranges and classes is matched by itself,
 * and so has a cost of its own. */
static Part bracket(Str e, size_t at)
{
    size_t to = at + 1;
    uint32_t items = 0;
    to += to < e.size && e.text[to] == '^';
    for (bool first = true; to < e.size && (first || e.text[to] != ']'); first = false, items++) {
        char mark = e.text[to] == '[' && to + 1 < e.size ? e.text[to + 1] : '\0';
        if (mark == ':' || mark == '.' || mark == '=') {
            for (to += 2; to + 1 < e.size && (e.text[to] != mark || e.text[to + 1] != ']');)
                to++;
            to += 2;
            continue;
        }
        bool range = to + 2 < e.size && e.text[to + 1] == '-' && e.text[to + 2] != ']';
        to += range ? 3 : 1;
    }
    if (to >= e.size)
        return refused("a '[' has no ']'");
    return (Part){.kind = PART_SET, .size = to + 1 - at, .times = items};
}

static bool number_at(Str e, size_t *at, uint32_t *ret)
{
    uint32_t value = 0;
    size_t from = *at;
    for (; *at < e.size && e.text[*at] >= '0' && e.text[*at] <= '9'; (*at)++)
        if (value < MASK_EXPRESSION_COST_MAX * 10)
            value = value * 10 + (uint32_t)(e.text[*at] - '0');
    *ret = value;
    return *at > from;
}

/* "{3}", "{3,}", "{3,5}"; the engine's other uses of braces are inexact matching. */
static Part braces(Str e, size_t at)
{
    size_t to = at + 1;
    uint32_t low = 0, high = 0;
    bool good = number_at(e, &to, &low);
    high = low;
    if (good && to < e.size && e.text[to] == ',') {
        to++;
        if (!number_at(e, &to, &high))
            high = low + ENDLESS;
    }
    if (!good || to >= e.size || e.text[to] != '}')
        return refused(
            "a '{' has no number of times and '}' behind it (write \\{ for the character)");
    return (Part){.kind = PART_REPEAT, .size = to + 1 - at, .times = high > low ? high : low};
}

static Part escaped(Str e, size_t at)
{
    if (at + 1 >= e.size)
        return refused("it ends with a backslash");
    char c = e.text[at + 1];
    if (c >= '0' && c <= '9')
        return refused("it has a back-reference, which no matcher can follow in linear time");
    if (c == '<' || c == '>' || c == 'b' || c == 'B')
        return refused("it has a word boundary; name the characters that may stand there instead");
    if (c == '\0' || strchr("wWsSdDt", c) != NULL)
        return (Part){.kind = PART_SET, .size = 2};
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return refused("behind a backslash only w, W, s, S, d, D and t have a meaning");
    return (Part){.kind = PART_CHAR, .size = 2, .c = c};
}

static Part part_at(Str e, size_t at)
{
    switch (e.text[at]) {
    case '\0':
    case '\n':
        return refused("it has a line end or a NUL, which no line has");
    case '[':
        return bracket(e, at);
    case '{':
        return braces(e, at);
    case '\\':
        return escaped(e, at);
    case '(':
        return at + 1 < e.size && e.text[at + 1] == '?'
                   ? refused("it has a '(?', which is not POSIX")
                   : (Part){.kind = PART_OPEN, .size = 1};
    case ')':
        return (Part){.kind = PART_CLOSE, .size = 1};
    case '|':
        return (Part){.kind = PART_BAR, .size = 1};
    case '*':
    case '+':
    case '?':
        return (Part){.kind = PART_REPEAT, .size = 1, .times = 1};
    case '^':
    case '$':
        return (Part){.kind = PART_EMPTY, .size = 1};
    case '.':
        return (Part){.kind = PART_SET, .size = 1};
    default:
        return (Part){.kind = PART_CHAR, .size = 1, .c = e.text[at]};
    }
}

typedef struct {
    uint64_t cost, last; /* Of all so far; of the last character, set or group. */
} Level;

/* False: too costly. */
static bool level_add(Level *level, uint64_t cost)
{
    level->last = cost;
    level->cost += cost;
    return level->cost <= MASK_EXPRESSION_COST_MAX;
}

static bool level_repeat(Level *level, uint32_t times)
{
    uint64_t more = times > 1 ? level->last * (times - 1) : 0;
    level->last += more;
    level->cost += more;
    return level->cost <= MASK_EXPRESSION_COST_MAX;
}

const char *mask_expression_problem(Str e)
{
    static const char *const too_costly =
        "written out, its repetitions are more than 500 characters and sets";
    Level levels[MASK_EXPRESSION_DEPTH_MAX] = {{0}};
    size_t depth = 0;
    if (e.size == 0 || e.size > MASK_EXPRESSION_BYTES_MAX)
        return e.size == 0 ? "it is empty" : "it is longer than 1024 bytes";
    for (size_t at = 0; at < e.size;) {
        Part part = part_at(e, at);
        at += part.size;
        if (part.kind == PART_REFUSED)
            return part.why;
        if (part.kind == PART_OPEN) {
            if (++depth == MASK_EXPRESSION_DEPTH_MAX)
                return "its groups are more than 31 deep";
            levels[depth] = (Level){0};
        } else if (part.kind == PART_CLOSE) {
            if (depth-- == 0)
                return "a ')' has no '('";
            if (!level_add(&levels[depth], levels[depth + 1].cost + 1))
                return too_costly;
        } else if (part.kind == PART_REPEAT) {
            if (!level_repeat(&levels[depth], part.times))
                return too_costly;
        } else if (!level_add(&levels[depth], part.times > 1 ? part.times : 1)) {
            return too_costly;
        }
    }
    return depth > 0 ? "a '(' has no ')'" : NULL;
}

size_t mask_expression_literal(Str e, char *buffer)
{
    size_t best = 0, run = 0, depth = 0, kept = 0;
    char *current = buffer; /* The run goes right behind the best one, and moves down if it wins. */
    for (size_t at = 0; at <= e.size;) {
        Part part = at < e.size ? part_at(e, at) : (Part){.kind = PART_EMPTY, .size = 1};
        at += part.size;
        if (part.kind == PART_BAR && depth == 0)
            return 0;
        depth += part.kind == PART_OPEN;
        depth -= part.kind == PART_CLOSE;
        if (part.kind == PART_CHAR && depth == 0) {
            current[run++] = part.c;
            continue;
        }
        /* What is repeated may be missing, or stand once. */
        if (part.kind == PART_REPEAT && run > 0)
            run--;
        if (run > best) {
            memmove(buffer, current, run);
            best = run;
        }
        run = 0;
        kept = best;
        current = buffer + kept;
    }
    return best;
}
