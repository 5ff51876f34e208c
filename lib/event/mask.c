/* SPDX-License-Identifier: Apache-2.0 */
#include "event/mask.h"

#include <assert.h>
#include <stdio.h>

#include "event/mask_card.h"
#include "event/mask_email.h"
#include "event/mask_rule.h"
#include "event/mask_search.h"

#define TOKEN_BYTES_MAX (MASK_NAME_BYTES_MAX + MASK_TOKEN_HEX + 5) /* With quotes. */
#define SMALL_BYTES_MAX 512 /* Longer than any address or card. */

struct odd_masks {
    Mem           mem;
    unsigned char key[SIPHASH_KEY_BYTES];
    bool          defaults;
    MaskFilter    filter;
    MaskRule     *rules;
    size_t        rule_count, rule_room;
};

static const char *const kind_names[ODD_MASK_KIND_COUNT] = {
    [ODD_MASK_PASSWORD] = "password", [ODD_MASK_TOKEN] = "token", [ODD_MASK_KEY] = "key",
    [ODD_MASK_CARD] = "card",         [ODD_MASK_EMAIL] = "email", [ODD_MASK_RULE] = "rule",
};

const char *mask_kind_name(odd_mask_kind kind)
{
    assert(kind < ODD_MASK_KIND_COUNT);
    return kind_names[kind];
}

odd_rc masks_open(const odd_mask *rules, size_t rule_count, bool defaults,
                  const unsigned char key[SIPHASH_KEY_BYTES], char *problem, size_t problem_size,
                  Masks **ret_masks)
{
    if (rule_count > MASK_RULES_MAX) {
        snprintf(problem, problem_size, "%zu mask rules are more than the %d that there may be",
                 rule_count, MASK_RULES_MAX);
        return ODD_SYNTAX;
    }
    Mem mem = {0};
    Masks *masks = mem_take(&mem, sizeof *masks);
    if (masks == NULL)
        return ODD_NOMEM;
    masks->mem = mem;
    masks->defaults = defaults;
    memcpy(masks->key, key, sizeof masks->key);
    mask_filter_make(&masks->filter);
    masks->rules =
        mem_grow(&masks->mem, NULL, &masks->rule_room, rule_count + 1, sizeof *masks->rules);
    odd_rc rc = masks->rules != NULL ? ODD_OK : ODD_NOMEM;
    while (rc == ODD_OK && masks->rule_count < rule_count) {
        size_t at = masks->rule_count;
        rc = mask_rule_open(&rules[at], &masks->mem, problem, problem_size, &masks->rules[at]);
        masks->rule_count += rc == ODD_OK;
    }
    if (rc != ODD_OK) {
        masks_close(masks);
        return rc;
    }
    *ret_masks = masks;
    return ODD_OK;
}

void masks_close(Masks *masks)
{
    if (masks == NULL)
        return;
    for (size_t i = 0; i < masks->rule_count; i++)
        mask_rule_close(&masks->rules[i], &masks->mem);
    mem_free(&masks->mem, masks->rules, masks->rule_room * sizeof *masks->rules);
    Mem mem = masks->mem;
    mem_free(&mem, masks, sizeof *masks);
}

void mask_room_free(MaskRoom *room, Mem *mem)
{
    mem_free(mem, room->text, room->capacity);
    mem_free(mem, room->spare, room->spare_capacity);
    *room = (MaskRoom){0};
}

/* One pass over a text: what is kept goes to the room, tokens in between. */
typedef struct {
    const Masks *masks;
    Mem         *mem;
    MaskRoom    *room;
    Str          text;
    MaskPlace    place;
    size_t       done;  /* Of the text. */
    uint64_t    *counts; /* By kind. */
    bool         any, failed;
} Pass;

/* The text may be what the pass before has built: it then becomes the spare. */
static Pass pass_over(const Masks *masks, Mem *mem, MaskRoom *room, Str text, uint64_t *counts)
{
    if (room->text != NULL && text.text == room->text) {
        char *other = room->spare;
        size_t other_capacity = room->spare_capacity;
        room->spare = room->text;
        room->spare_capacity = room->capacity;
        room->text = other;
        room->capacity = other_capacity;
    }
    room->size = 0;
    return (Pass){.masks = masks,
                  .mem = mem,
                  .room = room,
                  .text = text,
                  .place = mask_place(text),
                  .counts = counts};
}

static void pass_keep(Pass *pass, Str kept)
{
    MaskRoom *room = pass->room;
    char *grown = mem_grow(pass->mem, room->text, &room->capacity,
                           room->size + kept.size + TOKEN_BYTES_MAX, 1);
    if (grown == NULL) {
        pass->failed = true;
        return;
    }
    room->text = grown;
    memcpy(grown + room->size, kept.text, kept.size);
    room->size += kept.size;
}

/* How a value is the same value, written otherwise: cards without blanks, addresses in small
 * letters.  Gives the bytes written to `buffer`. */
static size_t plain_value(Str value, odd_mask_kind kind, char *buffer)
{
    size_t size = 0;
    for (size_t i = 0; i < value.size; i++) {
        char c = value.text[i];
        if (kind == ODD_MASK_CARD && !mask_is(c, MASK_DIGIT))
            continue;
        buffer[size++] = (char)(kind == ODD_MASK_EMAIL && c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
    }
    return size;
}

static uint64_t value_hash(const Masks *masks, Str value, odd_mask_kind kind)
{
    char buffer[SMALL_BYTES_MAX];
    if ((kind != ODD_MASK_CARD && kind != ODD_MASK_EMAIL) || value.size > sizeof buffer)
        return siphash(masks->key, value.text, value.size);
    return siphash(masks->key, buffer, plain_value(value, kind, buffer));
}

/* There is room for it. */
static void put_token(MaskRoom *room, const char *name, uint32_t hash, bool quoted)
{
    static const char digits[] = "0123456789abcdef";
    char *to = room->text + room->size;
    size_t size = strlen(name);
    assert(size <= MASK_NAME_BYTES_MAX);
    if (quoted)
        *to++ = '"';
    *to++ = '<';
    memcpy(to, name, size);
    to += size;
    *to++ = ':';
    for (int i = MASK_TOKEN_HEX - 1; i >= 0; i--)
        *to++ = digits[hash >> (4 * i) & 15];
    *to++ = '>';
    if (quoted)
        *to++ = '"';
    room->size = (size_t)(to - room->text);
}

/* text[from, to) becomes a token. */
static void pass_mask(Pass *pass, size_t from, size_t to, const char *name, odd_mask_kind kind)
{
    assert(from >= pass->done && to > from);
    pass_keep(pass, str_part(pass->text, pass->done, from));
    if (pass->failed)
        return;
    uint64_t hash = value_hash(pass->masks, str_part(pass->text, from, to), kind);
    put_token(pass->room, name, (uint32_t)hash, mask_place_is_number(&pass->place, from, to));
    pass->done = to;
    pass->counts[kind]++;
    pass->any = true;
}

/* The text as it is now. */
static Str pass_end(Pass *pass)
{
    if (!pass->any)
        return pass->text;
    pass_keep(pass, str_part(pass->text, pass->done, pass->text.size));
    return (Str){.text = pass->room->text, .size = pass->room->size};
}

static void mask_by_rule(Pass *pass, const MaskRule *rule)
{
    MaskRuleSearch search = mask_rule_search(rule, pass->text);
    size_t from, to;
    while (!pass->failed && mask_rule_next(&search, pass->done, &from, &to))
        pass_mask(pass, from, to, rule->name, ODD_MASK_RULE);
}

/* The walks over one text: each knows the next that it will find. */
typedef enum { WALK_NAMED, WALK_SIGN, WALK_CARD, WALK_COUNT } WalkKind;

typedef struct {
    const MaskFilter *filter;
    MaskSearch        search;
    MaskPlace         sign_place;
    MaskSpan          next[WALK_COUNT];
    bool              has_next[WALK_COUNT];
} Walks;

static void walk_on(Walks *walks, WalkKind kind, size_t from)
{
    MaskSpan *next = &walks->next[kind];
    bool found = false;
    switch (kind) {
    case WALK_NAMED:
        found = mask_search_next(walks->filter, &walks->search, from, next);
        break;
    case WALK_SIGN:
        found = mask_email_next(&walks->sign_place, from, next);
        break;
    case WALK_CARD:
        found = mask_card_next(walks->search.place.text, from, next);
        break;
    case WALK_COUNT:
        break;
    }
    walks->has_next[kind] = found;
}

/* The one that begins first, or the longer one; NULL: no more. */
static const MaskSpan *first_span(const Walks *walks)
{
    const MaskSpan *first = NULL;
    for (int kind = 0; kind < WALK_COUNT; kind++) {
        const MaskSpan *next = &walks->next[kind];
        if (!walks->has_next[kind])
            continue;
        if (first == NULL || next->from < first->from ||
            (next->from == first->from && next->to > first->to))
            first = next;
    }
    return first;
}

/* Spans that overlap become one, of the kind of the first. */
static MaskSpan joined_span(Walks *walks, MaskSpan first)
{
    for (int kind = 0; kind < WALK_COUNT;) {
        if (!walks->has_next[kind] || walks->next[kind].from >= first.to) {
            kind++;
            continue;
        }
        bool grows = walks->next[kind].to > first.to;
        first.to = grows ? walks->next[kind].to : first.to;
        walk_on(walks, (WalkKind)kind, first.to);
        kind = grows ? 0 : kind; /* The others may reach into what is new. */
    }
    return first;
}

static void mask_by_default(Pass *pass)
{
    Walks walks = {.filter = &pass->masks->filter,
                   .search = mask_search(pass->text),
                   .sign_place = mask_place(pass->text)};
    for (int kind = 0; kind < WALK_COUNT; kind++)
        walk_on(&walks, (WalkKind)kind, 0);
    for (const MaskSpan *first; !pass->failed && (first = first_span(&walks)) != NULL;) {
        MaskSpan span = joined_span(&walks, *first);
        pass_mask(pass, span.from, span.to, kind_names[span.kind], span.kind);
    }
}

bool masks_apply(const Masks *masks, Mem *mem, MaskRoom *room, Str text, Str *ret_text,
                 uint64_t counts[ODD_MASK_KIND_COUNT])
{
    uint64_t masked[ODD_MASK_KIND_COUNT] = {0};
    bool failed = false;
    *ret_text = text;
    if (text.size == 0)
        return true;
    for (size_t i = 0; i < masks->rule_count && !failed; i++) {
        Pass pass = pass_over(masks, mem, room, text, masked);
        mask_by_rule(&pass, &masks->rules[i]);
        text = pass_end(&pass);
        failed = pass.failed;
    }
    if (masks->defaults && !failed) {
        Pass pass = pass_over(masks, mem, room, text, masked);
        mask_by_default(&pass);
        text = pass_end(&pass);
        failed = pass.failed;
    }
    if (failed)
        return false;
    *ret_text = text;
    for (int kind = 0; kind < ODD_MASK_KIND_COUNT; kind++)
        counts[kind] += masked[kind];
    return true;
}
