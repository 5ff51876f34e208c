/* SPDX-License-Identifier: Apache-2.0 */
#include "event/mask_prefix.h"

#define JWT_PART_BYTES_MIN 8

typedef enum { REST_CAPITALS, REST_ALNUM, REST_WORD, REST_DASHED } Rest;

typedef struct {
    Str    text;        /* As it is written, capitals and all. */
    size_t fragment_at; /* Where in it its fragment begins. */
    size_t rest_min;    /* At least so many characters follow; of capitals exactly so many. */
    Rest   rest;
} Prefix;

static const Prefix prefixes[] = {
    {{"AKIA", 4}, 0, 16, REST_CAPITALS},       {{"ASIA", 4}, 0, 16, REST_CAPITALS},
    {{"ghp_", 4}, 0, 20, REST_ALNUM},          {{"gho_", 4}, 0, 20, REST_ALNUM},
    {{"ghu_", 4}, 0, 20, REST_ALNUM},          {{"ghs_", 4}, 0, 20, REST_ALNUM},
    {{"ghr_", 4}, 0, 20, REST_ALNUM},          {{"github_pat_", 11}, 6, 20, REST_WORD},
    {{"glpat-", 6}, 1, 20, REST_DASHED},       {{"xoxa-", 5}, 0, 10, REST_DASHED},
    {{"xoxb-", 5}, 0, 10, REST_DASHED},        {{"xoxe-", 5}, 0, 10, REST_DASHED},
    {{"xoxe.xox", 8}, 0, 10, REST_DASHED},     {{"xoxp-", 5}, 0, 10, REST_DASHED},
    {{"xoxr-", 5}, 0, 10, REST_DASHED},        {{"xoxs-", 5}, 0, 10, REST_DASHED},
    {{"xapp-", 5}, 0, 10, REST_DASHED},        {{"sk_live_", 8}, 0, 16, REST_ALNUM},
    {{"rk_live_", 8}, 0, 16, REST_ALNUM},      {{"sk_test_", 8}, 0, 16, REST_ALNUM},
    {{"AIza", 4}, 0, 35, REST_DASHED},         {{"npm_", 4}, 0, 30, REST_ALNUM},
    {{"sk-ant-", 7}, 0, 20, REST_DASHED},      {{"sk-proj-", 8}, 0, 20, REST_DASHED},
    {{"pypi-AgE", 8}, 0, 40, REST_DASHED},
};

static bool is_of(char c, Rest rest)
{
    switch (rest) {
    case REST_CAPITALS:
        return (c >= 'A' && c <= 'Z') || mask_is(c, MASK_DIGIT);
    case REST_ALNUM:
        return mask_is(c, MASK_LETTER | MASK_DIGIT);
    case REST_WORD:
        return mask_is(c, MASK_WORD);
    case REST_DASHED:
        return mask_is(c, MASK_WORD) || c == '-';
    }
    return false;
}

static size_t run_end(const MaskPlace *place, size_t at, Rest rest)
{
    while (at < place->line_to && is_of(place->text.text[at], rest))
        at++;
    return at;
}

/* header.payload.signature; an encrypted one has five parts.  If a header turns out to be none, all
 * that begins inside it is none either. */
static bool jwt_at(MaskSearch *search, size_t at, MaskSpan *ret_span)
{
    const MaskPlace *place = &search->place;
    if (at < search->no_jwt_to)
        return false;
    size_t to = at, parts = 0;
    for (size_t from = at; from <= place->line_to; from = to + 1) {
        to = run_end(place, from, REST_DASHED);
        if (parts < 2 && to - from < JWT_PART_BYTES_MIN)
            break;
        parts++;
        if (to >= place->line_to || place->text.text[to] != '.')
            break;
    }
    if (parts < 2) {
        search->no_jwt_to = parts == 0 ? at + 1 : to;
        return false;
    }
    *ret_span = (MaskSpan){.from = at, .to = to, .kind = ODD_MASK_TOKEN};
    return true;
}

static bool has_prefix(Str text, size_t at, const Prefix *prefix)
{
    return text.size - at >= prefix->text.size &&
           memcmp(text.text + at, prefix->text.text, prefix->text.size) == 0;
}

bool mask_prefix_at(MaskSearch *search, size_t at, MaskSpan *ret_span)
{
    MaskPlace *place = &search->place;
    Str text = place->text;
    mask_place_move(place, at);
    if (memcmp(text.text + at, "eyJ", 3) == 0)
        return mask_word_starts(text, at) && jwt_at(search, at, ret_span);
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        const Prefix *prefix = &prefixes[i];
        size_t from = at - prefix->fragment_at;
        if (at < prefix->fragment_at || !has_prefix(text, from, prefix) ||
            !mask_word_starts(text, from))
            continue;
        size_t rest = from + prefix->text.size, to = run_end(place, rest, prefix->rest);
        bool fits = prefix->rest == REST_CAPITALS ? to - rest == prefix->rest_min
                                                  : to - rest >= prefix->rest_min;
        if (!fits)
            continue;
        *ret_span = (MaskSpan){.from = from, .to = to, .kind = ODD_MASK_TOKEN};
        return true;
    }
    return false;
}
