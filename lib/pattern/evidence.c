/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern/evidence.h"

#include "pattern/scan.h"
#include "pattern/shapes.h"

#define PRIOR 2.5 /* Most words are constants.                            */
#define TYPED 4   /* Among the values is one that is a variable already. */

static Str gap_at(const PatternTable *table, uint32_t skeleton, uint32_t n)
{
    Str gaps = words_text(&table->words, table->skeletons[skeleton].gaps);
    size_t from = 0;
    uint32_t field = 0;
    for (size_t i = 0; i < gaps.size; i++) {
        if (gaps.text[i] != MOULD_BLANK)
            continue;
        if (field++ == n)
            return str_part(gaps, from, i);
        from = i + 1;
    }
    return str_part(gaps, from, gaps.size);
}

/* Nouns that a name follows, and words that a name often follows. */
static double neighbour_odds(const PatternTable *table, uint32_t cell)
{
    static const ShortWord nouns[] = {"user", "username", "login", "hostname", "domain",
                                        "device", "interface", "named", "id", ""};
    static const ShortWord links[] = {"from", "to", "for", "by", "at", "via", "on", "host", "node",
                                        "file", "group", "account", ""};
    Str word = words_text(&table->words, cell_word(cell));
    if (is_one_of(word, nouns))
        return 2.2;
    return is_one_of(word, links) ? 0.5 : 0;
}

static bool mask_has(const Mask *mask, uint32_t field)
{
    for (uint32_t i = 0; i < mask->count; i++)
        if (mask->fields[i] == field)
            return true;
    return false;
}

/* The fewer words stay the same, the less it is the same message. */
static double constants_odds(const PatternTable *table, uint32_t skeleton, const uint32_t *cells,
                             const Mask *mask)
{
    static const double odds[] = {-8, -1.5, -0.5, 0};
    uint32_t constants = 0;
    for (uint32_t f = 0; f < table->skeletons[skeleton].field_count && constants < 3; f++)
        constants += cell_kind(cells[f]) == KIND_WORD && !mask_has(mask, f);
    return odds[constants];
}

void evidence_open(Evidence *e, const PatternTable *table, uint32_t skeleton, const uint32_t *cells,
                   const Mask *mask, uint32_t field)
{
    *e = (Evidence){.table = table};
    Str gap = gap_at(table, skeleton, field);
    e->context = constants_odds(table, skeleton, cells, mask);
    char last = gap.size > 0 ? gap.text[gap.size - 1] : ' ';
    if (last == '=')
        e->context += 2;
    else if (last == '"' || last == '\'')
        e->context += 1.5;
    else if (memchr(gap.text, ':', gap.size) != NULL)
        e->context += 0.5;
    if (field > 0 && (gap.size == 1 || (gap.size == 2 && last == ' ')) && !mask_has(mask, field - 1))
        e->context += neighbour_odds(table, cells[field - 1]);
    e->context -= 0.5 * (mask->count - 1);
}

void evidence_add(Evidence *e, uint32_t cell)
{
    unsigned look = e->table->words.words[cell_word(cell)].look;
    e->count++;
    if (look & LOOK_BLANK && !(look & (LOOK_LOWER | LOOK_UPPER))) {
        e->typed++;
        return;
    }
    if (look & (LOOK_DIGIT | LOOK_BLANK))
        e->looks += 2;
    else if (look & (LOOK_JOINED | LOOK_UNDER))
        e->looks += 1;
    else
        e->looks -= 1;
}

/* Straight between the powers of two. */
static double log2_of(uint32_t n)
{
    double whole = 0;
    uint32_t power = 1;
    for (; power <= n / 2; power *= 2)
        whole += 1;
    return whole + (double)(n - power) / power;
}

double evidence_odds(const Evidence *e)
{
    if (e->count < 2)
        return -PRIOR;
    return e->context + e->looks / e->count + (e->typed > 0 ? TYPED : 0) + log2_of(e->count) - PRIOR;
}
