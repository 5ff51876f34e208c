/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/link.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/time.h"

#define VALUE_BYTES_LEAST 8
#define VALUE_DIGITS_LEAST 3
#define VALUE_LETTERS_LEAST 2 /* A moment has one at most: 2026-11-28T10. */

const char *link_words(LinkReason reason)
{
    static const char *const words[LINK_REASON_COUNT] = {
#define X(name, text) text,
        LINK_REASON_MAP(X)
#undef X
    };
    return reason < LINK_REASON_COUNT ? words[reason] : "";
}

static Link found(LinkReason reason, const char *text)
{
    Link link = {.reason = reason};
    snprintf(link.text, sizeof link.text, "%s", text);
    return link;
}

static bool is_address(Str word, size_t digits, size_t dots)
{
    return dots == 3 && digits + dots == word.size && !str_equal(word, STR("127.0.0.1")) &&
           !str_equal(word, STR("0.0.0.0")) && !str_equal(word, STR("255.255.255.255"));
}

/* A request, a trace, an address: what hardly stands in two lines by chance. */
static bool is_identifier(Str word)
{
    size_t digits = 0, dots = 0, letters = 0;
    for (size_t i = 0; i < word.size; i++) {
        digits += ascii_is_digit(word.text[i]);
        dots += word.text[i] == '.';
        letters += !ascii_is_digit(word.text[i]) && word.text[i] != '.' && word.text[i] != '-' &&
                   word.text[i] != '_';
    }
    if (is_address(word, digits, dots))
        return true;
    return word.size >= VALUE_BYTES_LEAST && dots == 0 && digits >= VALUE_DIGITS_LEAST &&
           letters >= VALUE_LETTERS_LEAST && word.size < WHO_NAME_SIZE;
}

static bool holds_word(Str text, Str word)
{
    Str other;
    for (size_t at = 0; who_next_word(text, &at, &other);)
        if (str_equal(word, other))
            return true;
    return false;
}

static Link by_value(const LinkSide *a, const LinkSide *b)
{
    Str word;
    for (size_t at = 0; who_next_word(a->sample, &at, &word);)
        if (is_identifier(word) && holds_word(b->sample, word)) {
            Link link = {.reason = LINK_VALUE};
            snprintf(link.text, sizeof link.text, "%.*s", (int)word.size, word.text);
            return link;
        }
    return (Link){0};
}

const WhoName *link_names(const LinkSide *side, const Who *who)
{
    const WhoName *name = who_named(who, side->text);
    if (name == NULL)
        name = who_named(who, side->sample);
    return name != NULL ? name : who_named(who, side->beside);
}

static Link by_third(const LinkSide *a, const LinkSide *b)
{
    for (size_t i = 0; i < a->name_count; i++)
        for (size_t k = 0; k < b->name_count; k++)
            if (strcmp(a->names[i], b->names[k]) == 0)
                return found(LINK_BOTH_NAME, a->names[i]);
    return (Link){0};
}

static Link by_what_they_are(const LinkSide *older, const LinkSide *younger)
{
    const WhoName *name = who_shared(&older->who, &younger->who);
    if (name != NULL)
        return found(name->sort == WHO_MACHINE   ? LINK_MACHINE
                     : name->sort == WHO_SERVICE ? LINK_SERVICE
                                                 : LINK_MODEL,
                     name->text);
    name = link_names(older, &younger->who);
    if (name != NULL)
        return found(LINK_NAMED, name->text);
    name = link_names(younger, &older->who);
    if (name != NULL)
        return found(LINK_NAMES, name->text);
    Link third = by_third(older, younger);
    return third.reason != LINK_NONE ? third : by_value(older, younger);
}

static Link by_likeness(const LinkSide *older, const LinkSide *younger)
{
    char text[WHO_NAME_SIZE];
    if (older->words != 0 && older->words == younger->words)
        return found(LINK_WORDS, older->who.count > 0 ? older->who.names[0].text : "");
    return who_is_kin(&older->who, &younger->who, text) ? found(LINK_KIN, text) : (Link){0};
}

static bool begins_within(const LinkSide *older, const LinkSide *younger, odd_time before,
                          odd_time after_onset, odd_time after_end)
{
    odd_time late = time_minus(younger->time, older->time);
    return late >= -before && late <= after_onset &&
           time_minus(younger->time, older->last_time) <= after_end;
}

bool link_is_at_once(const LinkSide *older, const LinkSide *younger)
{
    return begins_within(older, younger, LINK_AT_ONCE_NS, LINK_AT_ONCE_NS, LINK_AT_ONCE_NS);
}

Link link_of(const LinkSide *older, const LinkSide *younger)
{
    odd_time slack = older->is_model || younger->is_model ? LINK_MODEL_NS : LINK_NS;
    Link link = {0};
    if (begins_within(older, younger, slack, LINK_LONGEST_NS, slack))
        link = by_what_they_are(older, younger);
    return link.reason == LINK_NONE && link_is_at_once(older, younger) ? by_likeness(older, younger)
                                                                       : link;
}

Link link_by_history(unsigned together)
{
    char text[WHO_NAME_SIZE];
    if (together < LINK_TOGETHER_LEAST)
        return (Link){0};
    snprintf(text, sizeof text, "%u times", together);
    return found(LINK_HISTORY, text);
}
