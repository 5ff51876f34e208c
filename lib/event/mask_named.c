/* SPDX-License-Identifier: Apache-2.0 */
#include "event/mask_named.h"

#include "event/mask_value.h"

#define WEAK_BYTES_MIN 6
#define WEAK_BYTES_SURE 64 /* So much is never a word; bounds what is read twice. */
#define OPTION_BYTES_MAX 40
#define CREDENTIAL_BYTES_SURE 16
#define CROSSES_MIN 3 /* "xxx" stands for a secret. */
#define MARKS_MAX 4   /* "{", "--", "..." are none. */

typedef enum {
    NAME_PASSWORD,
    NAME_DIRECTORY, /* Of PWD, the working directory, too.   */
    NAME_PASSED,    /* "pass": a count of tests too.         */
    NAME_WEAK,      /* A word of sentences too.              */
} NameKind;

typedef struct {
    Str      word;
    size_t   fragment_at; /* Where in the word its fragment begins. */
    NameKind kind;
} Name;

static const Name names[] = {
    {{"password", 8}, 2, NAME_PASSWORD},    {{"passwort", 8}, 2, NAME_PASSWORD},
    {{"passwd", 6}, 2, NAME_PASSWORD},      {{"passphrase", 10}, 3, NAME_PASSWORD},
    {{"passcode", 8}, 2, NAME_PASSWORD},    {{"pwd", 3}, 0, NAME_DIRECTORY},
    {{"pass", 4}, 1, NAME_PASSED},          {{"secret", 6}, 2, NAME_WEAK},
    {{"token", 5}, 1, NAME_WEAK},
};

/* What makes "..._key", "...-key" and "...Key" a secret. */
static const Str key_owners[] = {{"api", 3},        {"access", 6},  {"private", 7},
                                 {"secret", 6},     {"auth", 4},    {"account", 7},
                                 {"encryption", 10}, {"signing", 7}, {"subscription", 12},
                                 {"master", 6}};

static const Str schemes[] = {{"bearer", 6}, {"basic", 5}, {"token", 5}, {"negotiate", 9},
                              {"ntlm", 4},   {"apikey", 6}, {"bot", 3},  {"jwt", 3}};

static bool ends_with(Str text, size_t to, Str word)
{
    return to >= word.size && mask_word_at(text, to - word.size, word);
}

static bool has_digit(Str value)
{
    for (size_t i = 0; i < value.size; i++)
        if (mask_is(value.text[i], MASK_DIGIT))
            return true;
    return false;
}

static bool is_number(Str value)
{
    for (size_t i = 0; i < value.size; i++)
        if (!mask_is(value.text[i], MASK_DIGIT))
            return false;
    return true;
}

/* Nothing, masked already, or only marks as other programs put them in place of a secret. */
static bool is_no_secret(Str value)
{
    static const Str words[] = {{"null", 4}, {"none", 4},  {"nil", 3},
                                {"true", 4}, {"false", 5}, {"undefined", 9}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (value.size == words[i].size && mask_word_at(value, 0, words[i]))
            return true;
    if (mask_token_at(value, 0) > 0 || mask_word_at(value, 0, STR("[redacted")) ||
        mask_word_at(value, 0, STR("<redacted")) || mask_word_at(value, 0, STR("[filtered")))
        return true;
    size_t crosses = 0;
    for (size_t i = 0; i < value.size; i++) {
        bool cross = value.text[i] == 'x' || value.text[i] == 'X';
        if (mask_is(value.text[i], MASK_WORD) && !cross)
            return false;
        crosses += cross;
    }
    if (crosses > 0)
        return crosses == value.size && crosses >= CROSSES_MIN;
    return memchr(value.text, '*', value.size) != NULL || value.size < MARKS_MAX;
}

static bool is_secret(NameKind kind, const MaskValue *value, Str text)
{
    if (is_no_secret(text))
        return false;
    switch (kind) {
    case NAME_PASSWORD:
        return true;
    case NAME_DIRECTORY:
        return text.text[0] != '/' && text.text[0] != '~';
    case NAME_PASSED:
        return value->quoted || (!value->loose && !is_number(text));
    case NAME_WEAK:
        return text.size >= WEAK_BYTES_SURE ||
               (text.size >= WEAK_BYTES_MIN && (!value->loose || has_digit(text)));
    }
    return false;
}

/* "--db-password", "-password" end at `to`. */
static bool is_option(Str text, size_t to)
{
    size_t from = to;
    while (from > 0 && to - from < OPTION_BYTES_MAX &&
           (mask_is(text.text[from - 1], MASK_WORD) || text.text[from - 1] == '-'))
        from--;
    return to - from > 2 && text.text[from] == '-' &&
           (from == 0 || (unsigned char)text.text[from - 1] <= ' ' ||
            strchr("\"'=,[", text.text[from - 1]) != NULL);
}

/* The name is one inside a token, "<password:4f1c2a90>". */
static bool is_in_token(Str text, size_t name_to)
{
    size_t to = name_to + MASK_TOKEN_HEX + 2;
    return to <= text.size && text.text[name_to] == ':' && mask_token_before(text, to);
}

static bool value_of(MaskPlace *place, size_t name_to, NameKind kind, MaskSpan *ret_span)
{
    Str text = place->text;
    MaskValue value;
    bool option = is_option(text, name_to);
    if (is_in_token(text, name_to) || !mask_value_behind(place, name_to, option, &value))
        return false;
    Str found = str_part(text, value.from, value.to);
    if ((option && found.text[0] == '-') || !is_secret(kind, &value, found))
        return false;
    *ret_span = (MaskSpan){.from = value.from,
                           .to = value.to,
                           .kind = kind == NAME_WEAK ? ODD_MASK_TOKEN : ODD_MASK_PASSWORD};
    return true;
}

/* "pass" is the end of "bypass" too, and "ass=" of "class=". */
static bool begins_a_word(Str text, size_t at)
{
    return mask_word_starts(text, at) || text.text[at - 1] == '_';
}

bool mask_named_at(MaskPlace *place, size_t at, MaskSpan *ret_span)
{
    Str text = place->text;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const Name *name = &names[i];
        if (at < name->fragment_at || !mask_word_at(text, at - name->fragment_at, name->word))
            continue;
        size_t from = at - name->fragment_at;
        if (name->kind == NAME_PASSED && !begins_a_word(text, from))
            continue;
        return value_of(place, from + name->word.size, name->kind, ret_span);
    }
    if (!mask_word_at(text, at + 1, STR("key")))
        return false;
    size_t owner_to = at + (text.text[at] != '_' && text.text[at] != '-');
    for (size_t i = 0; i < sizeof key_owners / sizeof key_owners[0]; i++)
        if (ends_with(text, owner_to, key_owners[i]))
            return value_of(place, at + 4, NAME_WEAK, ret_span);
    return false;
}

/* Letters, digits and signs of tokens; '/' may be escaped, as some writers of JSON do. */
static size_t credential_end(const MaskPlace *place, size_t at)
{
    Str text = place->text;
    while (at < place->line_to) {
        bool escaped = text.text[at] == '\\' && at + 1 < place->line_to && text.text[at + 1] == '/';
        if (!escaped && !mask_is(text.text[at], MASK_BASE64))
            break;
        at += escaped ? 2 : 1;
    }
    return at;
}

/* The credential at text[at].  One that a quote follows is a parameter: realm="...". */
static bool credential_at(const MaskPlace *place, size_t at, bool sure, MaskSpan *ret_span)
{
    size_t to = credential_end(place, at);
    bool is_parameter = to < place->line_to && place->text.text[to] == '"' && to > at &&
                        place->text.text[to - 1] == '=';
    if (to == at || is_parameter)
        return false;
    Str found = str_part(place->text, at, to);
    if (!sure && (found.size < CREDENTIAL_BYTES_SURE || !has_digit(found)))
        return false;
    *ret_span = (MaskSpan){.from = at, .to = to, .kind = ODD_MASK_TOKEN};
    return true;
}

/* The size of the scheme at text[at] with the blanks behind it; 0: none that is known. */
static size_t scheme_size(const MaskPlace *place, size_t at)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t to = at + schemes[i].size;
        if (!mask_word_at(place->text, at, schemes[i]) || to >= place->line_to ||
            place->text.text[to] != ' ')
            continue;
        while (to < place->line_to && place->text.text[to] == ' ')
            to++;
        return to - at;
    }
    return 0;
}

bool mask_scheme_at(MaskPlace *place, size_t at, MaskSpan *ret_span)
{
    Str text = place->text;
    mask_place_move(place, at);
    if (at >= 5 && mask_word_at(text, at - 5, STR("authorization"))) {
        MaskOpening opening;
        if (!mask_value_open(place, at - 5 + 13, false, &opening))
            return false;
        size_t scheme = scheme_size(place, opening.at);
        return credential_at(place, opening.at + scheme, scheme > 0, ret_span);
    }
    if (at < 1 || !mask_word_at(text, at - 1, STR("bearer")) || !mask_word_starts(text, at - 1))
        return false;
    size_t scheme = scheme_size(place, at - 1);
    return scheme > 0 && credential_at(place, at - 1 + scheme, false, ret_span);
}
