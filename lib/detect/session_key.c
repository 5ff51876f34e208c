/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/session_key.h"

#include <stdlib.h>

#include "base/hash.h"

#define VALUE_BYTES_MIN 2
#define VALUE_BYTES_MAX 80
#define GAP_BYTES_MAX 4    /* Between a word and the value behind it.             */
#define GROUPS_MIN 16       /* Among fewer no trait can be rare: SHAPE_NORMAL_SHARE. */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_value(char c)
{
    return is_letter(c) || is_digit(c) || c == '_' || c == '-';
}

static bool is_gap(char c)
{
    return c == '=' || c == ':' || c == '[' || c == '(' || c == ')' || c == '#' || c == '"' ||
           c == '\'' || c == ' ';
}

static bool is_word(char c)
{
    return is_letter(c) || c == '_' || c == '-' || c == '.';
}

SessionKey session_key_of(Str name)
{
    SessionKey none = {.kind = SESSION_KEY_NONE}, key = {.told = true};
    for (size_t i = 0; i < name.size; i++)
        if (name.text[i] == '<')
            name.size = i;
    while (name.size > 0 && is_gap(name.text[name.size - 1]))
        name.size--;
    bool letter = false;
    for (size_t i = 0; i < name.size; i++)
        letter = letter || is_letter(name.text[i]);
    if (!letter || name.size > sizeof key.word)
        return none;
    char last = name.text[name.size - 1];
    key.kind = last == '_' || last == '-' ? SESSION_KEY_BEGINS : SESSION_KEY_FOLLOWS;
    key.size = (uint8_t)name.size;
    memcpy(key.word, name.text, name.size);
    return key;
}

/* -- reading ------------------------------------------------------------------------------- */

static size_t value_end(Str line, size_t from)
{
    while (from < line.size && is_value(line.text[from]))
        from++;
    return from;
}

/* A sentence or a range may end right behind the value: "req-7-", "job 4_". */
static size_t value_trim(Str line, size_t from, size_t to)
{
    while (to > from && !is_letter(line.text[to - 1]) && !is_digit(line.text[to - 1]))
        to--;
    return to;
}

static bool value_has_digit(Str line, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (is_digit(line.text[i]))
            return true;
    return false;
}

/* Hosts like calvisitor-10-105-160-95: an address in disguise. */
static bool value_ends_as_address(Str value)
{
    int groups = 0, digits = 0;
    for (size_t i = value.size; i-- > 0 && groups < 4;) {
        if (is_digit(value.text[i]) && digits < 3) {
            digits++;
        } else if (value.text[i] == '-' && digits > 0) {
            groups++;
            digits = 0;
        } else {
            return false;
        }
    }
    return groups == 4;
}

static bool is_month(Str word)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (size_t i = 0; word.size == 3 && i < sizeof months - 1; i += 3)
        if (memcmp(months + i, word.text, 3) == 0)
            return true;
    return false;
}

/* 10.0.0.7 and 3.14 are no names of sessions. */
static bool value_goes_on_as_number(Str line, size_t to)
{
    return to + 1 < line.size && line.text[to] == '.' && is_digit(line.text[to + 1]);
}

Str session_key_next(const SessionKey *key, Str line, size_t *at)
{
    while (key->kind != SESSION_KEY_NONE && *at < line.size) {
        const char *hit = memmem(line.text + *at, line.size - *at, key->word, key->size);
        if (hit == NULL)
            break;
        size_t from = (size_t)(hit - line.text), start = from + key->size;
        *at = start;
        if (from > 0 && is_value(line.text[from - 1]))
            continue;
        if (key->kind == SESSION_KEY_FOLLOWS) {
            size_t word_end = start;
            while (start < line.size && start - word_end < GAP_BYTES_MAX &&
                   is_gap(line.text[start]))
                start++;
            if (start == word_end)
                continue;
            from = start;
        }
        size_t end = value_end(line, start), to = value_trim(line, from, end);
        *at = end;
        bool named = key->told || value_has_digit(line, start, to);
        if (to > start && named && !value_goes_on_as_number(line, to))
            return str_part(line, from, to);
    }
    *at = line.size;
    return (Str){.text = NULL, .size = 0};
}

/* -- finding ------------------------------------------------------------------------------- */

typedef struct {
    uint64_t value;
    uint32_t line;
    uint32_t symbol;
    uint32_t word;
} Seen;

struct SessionKeyFinder {
    Mem       *mem;
    uint64_t   seed;
    SessionKey words[SESSION_KEY_WORDS_MAX];
    uint32_t   slots[2 * SESSION_KEY_WORDS_MAX]; /* Index of the word + 1; 0 is free. */
    uint32_t   word_count;
    uint32_t   line_count;
    Seen      *seen;
    size_t     seen_capacity, seen_count;
};

SessionKeyFinder *session_key_finder_open(Mem *mem, uint64_t seed)
{
    SessionKeyFinder *finder = mem_take(mem, sizeof *finder);
    if (finder == NULL)
        return NULL;
    finder->mem = mem;
    finder->seed = seed;
    return finder;
}

void session_key_finder_close(SessionKeyFinder *finder)
{
    if (finder == NULL)
        return;
    Mem *mem = finder->mem;
    mem_free(mem, finder->seen, finder->seen_capacity * sizeof *finder->seen);
    mem_free(mem, finder, sizeof *finder);
}

static uint32_t word_index(SessionKeyFinder *finder, SessionKeyKind kind, Str word)
{
    const uint64_t mask = 2 * SESSION_KEY_WORDS_MAX - 1;
    uint64_t slot = hash_bytes(word.text, word.size, finder->seed + kind) & mask;
    for (; finder->slots[slot] != 0; slot = (slot + 1) & mask) {
        const SessionKey *key = &finder->words[finder->slots[slot] - 1];
        if (key->kind == kind && str_equal((Str){key->word, key->size}, word))
            return finder->slots[slot] - 1;
    }
    if (finder->word_count == SESSION_KEY_WORDS_MAX)
        return UINT32_MAX;
    SessionKey *key = &finder->words[finder->word_count++];
    key->kind = (uint8_t)kind;
    key->size = (uint8_t)word.size;
    memcpy(key->word, word.text, word.size);
    finder->slots[slot] = finder->word_count;
    return finder->word_count - 1;
}

static void seen_add(SessionKeyFinder *finder, SessionKeyKind kind, Str word, Str value,
                     uint32_t symbol)
{
    if (word.size > SESSION_KEY_WORD_MAX || finder->seen_count == SESSION_KEY_VALUES_MAX)
        return;
    uint32_t index = word_index(finder, kind, word);
    if (index == UINT32_MAX)
        return;
    Seen *grown = mem_grow(finder->mem, finder->seen, &finder->seen_capacity,
                           finder->seen_count + 1, sizeof *grown);
    if (grown == NULL)
        return;
    finder->seen = grown;
    grown[finder->seen_count++] = (Seen){.value = hash_bytes(value.text, value.size, finder->seed),
                                         .line = finder->line_count,
                                         .symbol = symbol,
                                         .word = index};
}

/* The letters at its beginning and one mark: blk_ of blk_-1608, req- of req-3e1f. */
static void look_at_beginning(SessionKeyFinder *finder, Str value, uint32_t symbol)
{
    size_t size = 0;
    while (size < value.size && is_letter(value.text[size]))
        size++;
    if (size < 2 || size == value.size || is_digit(value.text[size]))
        return;
    size++;
    if (value_has_digit(value, size, value.size) && !value_ends_as_address(value))
        seen_add(finder, SESSION_KEY_BEGINS, str_part(value, 0, size), value, symbol);
}

static void look_before(SessionKeyFinder *finder, Str line, size_t from, Str value, uint32_t symbol)
{
    size_t word_end = from;
    while (word_end > 0 && from - word_end < GAP_BYTES_MAX && is_gap(line.text[word_end - 1]))
        word_end--;
    size_t word = word_end;
    while (word > 0 && is_word(line.text[word - 1]))
        word--;
    if (word == word_end || word_end == from || word_end - word < 2 || !is_letter(line.text[word]))
        return;
    if (is_month(str_part(line, word, word_end)) || (word > 0 && is_digit(line.text[word - 1])))
        return;
    seen_add(finder, SESSION_KEY_FOLLOWS, str_part(line, word, word_end), value, symbol);
}

void session_key_look(SessionKeyFinder *finder, Str line, uint32_t symbol)
{
    for (size_t from = 0; from < line.size;) {
        if (!is_value(line.text[from])) {
            from++;
            continue;
        }
        size_t end = value_end(line, from), to = value_trim(line, from, end);
        bool sized = to >= from + VALUE_BYTES_MIN && to <= from + VALUE_BYTES_MAX;
        bool fraction = from > 0 && line.text[from - 1] == '.';
        if (sized && !fraction && value_has_digit(line, from, to) &&
            !value_goes_on_as_number(line, to)) {
            Str value = str_part(line, from, to);
            look_at_beginning(finder, value, symbol);
            look_before(finder, line, from, value, symbol);
        }
        from = end;
    }
    finder->line_count++;
}

static int seen_compare(const void *a, const void *b)
{
    const Seen *left = a, *right = b;
    if (left->word != right->word)
        return left->word < right->word ? -1 : 1;
    if (left->value != right->value)
        return left->value < right->value ? -1 : 1;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    return (left->symbol > right->symbol) - (left->symbol < right->symbol);
}

typedef struct {
    uint32_t values;
    uint32_t groups; /* Values with two lines or more.          */
    uint32_t mixed;  /* Of them: with more than one pattern.    */
    uint64_t lines;  /* In groups; a line counts once per value. */
    double   spans;  /* Sum over groups: length, as a share of what scattered lines would span. */
} Worth;

/* k lines scattered at random over the sample span (k - 1) / (k + 1) of it on the mean: hosts and
 * users do, sessions begin and end. */
static void worth_add(Worth *worth, const Seen *group, size_t count, uint32_t line_count)
{
    uint32_t lines = 1;
    bool mixed = false;
    for (size_t i = 1; i < count; i++) {
        lines += group[i].line != group[i - 1].line;
        mixed = mixed || group[i].symbol != group[0].symbol;
    }
    worth->values++;
    if (lines < 2)
        return;
    worth->groups++;
    worth->mixed += mixed;
    worth->lines += lines;
    double span = (double)(group[count - 1].line - group[0].line) / line_count;
    worth->spans += span * (lines + 1) / (lines - 1);
}

static double worth_of(const Worth *worth, uint32_t line_count)
{
    if (worth->groups < GROUPS_MIN)
        return 0;
    double covered = (double)worth->lines / line_count;
    double mixed = (double)worth->mixed / worth->groups;
    double grouped = (double)worth->groups / worth->values;
    double span = worth->spans / worth->groups;
    return span < 1 ? (covered < 1 ? covered : 1) * mixed * grouped * (1 - span) : 0;
}

SessionKey session_key_found(SessionKeyFinder *finder, double *ret_worth)
{
    SessionKey best = {.kind = SESSION_KEY_NONE};
    *ret_worth = 0;
    if (finder->seen_count == 0)
        return best;
    qsort(finder->seen, finder->seen_count, sizeof *finder->seen, seen_compare);
    const Seen *seen = finder->seen, *end = seen + finder->seen_count;
    while (seen < end) {
        uint32_t word = seen->word;
        Worth sums = {0};
        while (seen < end && seen->word == word) {
            const Seen *group = seen;
            while (seen < end && seen->word == word && seen->value == group->value)
                seen++;
            worth_add(&sums, group, (size_t)(seen - group), finder->line_count);
        }
        double worth = worth_of(&sums, finder->line_count);
        if (worth >= SESSION_KEY_WORTH_MIN && worth > *ret_worth) {
            *ret_worth = worth;
            best = finder->words[word];
        }
    }
    return best;
}
