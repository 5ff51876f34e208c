/* SPDX-License-Identifier: Apache-2.0 */
#include "event/mask_search.h"

#include <assert.h>

#include "event/mask_named.h"
#include "event/mask_pem.h"
#include "event/mask_prefix.h"

#define FRAGMENT_BYTES 4
#define SMALL 0x20202020u /* Makes capitals small, and few other bytes equal. */

static uint32_t fragment_at(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word | SMALL;
}

static uint32_t mark_of(uint32_t fragment)
{
    return fragment * 0x9e3779b1u >> (32 - MASK_MARK_BITS);
}

static void filter_add(MaskFilter *filter, const char *text, MaskLook look)
{
    assert(filter->count < MASK_FRAGMENTS_MAX);
    uint32_t fragment = fragment_at(text);
    size_t at = filter->count++;
    for (; at > 0 && filter->fragments[at - 1] > fragment; at--) {
        filter->fragments[at] = filter->fragments[at - 1];
        filter->looks[at] = filter->looks[at - 1];
    }
    filter->fragments[at] = fragment;
    filter->looks[at] = look;
    filter->marks[mark_of(fragment)] = 1;
}

static bool look_named(MaskSearch *search, size_t at, MaskSpan *ret_span)
{
    return mask_named_at(&search->place, at, ret_span);
}

static bool look_scheme(MaskSearch *search, size_t at, MaskSpan *ret_span)
{
    return mask_scheme_at(&search->place, at, ret_span);
}

static const char *const named[] = {MASK_NAMED_FRAGMENTS};
static const char *const scheme[] = {MASK_SCHEME_FRAGMENTS};
static const char *const prefix[] = {MASK_PREFIX_FRAGMENTS};
static const char *const pem[] = {MASK_PEM_FRAGMENTS};

static void filter_add_all(MaskFilter *filter, const char *const *texts, size_t count,
                           MaskLook look)
{
    for (size_t i = 0; i < count; i++)
        filter_add(filter, texts[i], look);
}

void mask_filter_make(MaskFilter *ret_filter)
{
    *ret_filter = (MaskFilter){.count = 0};
    filter_add_all(ret_filter, named, sizeof named / sizeof named[0], look_named);
    filter_add_all(ret_filter, scheme, sizeof scheme / sizeof scheme[0], look_scheme);
    filter_add_all(ret_filter, prefix, sizeof prefix / sizeof prefix[0], mask_prefix_at);
    filter_add_all(ret_filter, pem, sizeof pem / sizeof pem[0], mask_pem_at);
    /* The fourth character of a web token: {" and a letter. */
    char jwt[] = "eyj?";
    for (const char *c = "abcdefghijklmnopqrstuvwxyz0123456"; *c != '\0'; c++) {
        jwt[3] = *c;
        filter_add(ret_filter, jwt, mask_prefix_at);
    }
}

MaskSearch mask_search(Str text)
{
    return (MaskSearch){.place = mask_place(text)};
}

static MaskLook look_of(const MaskFilter *filter, uint32_t fragment)
{
    size_t from = 0, to = filter->count;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (filter->fragments[middle] == fragment)
            return filter->looks[middle];
        if (filter->fragments[middle] < fragment)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static uint8_t mark_at(const MaskFilter *filter, const char *at)
{
    return filter->marks[mark_of(fragment_at(at))];
}

/* The first place from `at` on that is marked, or `to`.  Four places a step. */
static size_t candidate(const MaskFilter *filter, const char *text, size_t at, size_t to)
{
    for (; at + 4 <= to; at += 4) {
        const char *p = text + at;
        int marks = mark_at(filter, p) | mark_at(filter, p + 1) | mark_at(filter, p + 2) |
                    mark_at(filter, p + 3);
        if (marks != 0)
            break;
    }
    while (at < to && mark_at(filter, text + at) == 0)
        at++;
    return at;
}

bool mask_search_next(const MaskFilter *filter, MaskSearch *search, size_t from, MaskSpan *ret_span)
{
    Str text = search->place.text;
    size_t to = text.size < FRAGMENT_BYTES ? 0 : text.size - FRAGMENT_BYTES + 1;
    search->from = from;
    for (size_t at = from; (at = candidate(filter, text.text, at, to)) < to; at++) {
        MaskLook look = look_of(filter, fragment_at(text.text + at));
        if (look != NULL && look(search, at, ret_span) && ret_span->from >= from)
            return true;
    }
    return false;
}
