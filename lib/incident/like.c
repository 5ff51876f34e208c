/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/like.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/hash.h"
#include "event/series.h"

#define SEED 0x6c696b656c696b65ULL

/* "node_load1{*": whatever its labels are. */
static bool put_family(const char *text, Like *ret)
{
    Str name = series_name(str_of(text));
    bool has_labels = name.size < strlen(text) && text[name.size] == '{';
    if (!has_labels || name.size + sizeof "{*" > sizeof ret->signal)
        return false;
    memcpy(ret->signal, name.text, name.size);
    memcpy(ret->signal + name.size, "{*", sizeof "{*");
    return true;
}

static bool is_of_value(FindingKind kind)
{
    return kind == FINDING_HIGH || kind == FINDING_LOW || kind == FINDING_LEVEL ||
           kind == FINDING_SPREAD || kind == FINDING_SEASON || kind == FINDING_SHAPE;
}

static bool is_odd_line(FindingKind kind)
{
    return kind == FINDING_NEW || kind == FINDING_RARE || kind == FINDING_SEVERITY;
}

Like like_of(FindingKind kind, bool is_metric, const char *source, uint64_t id, const char *text)
{
    Like like;
    memset(&like, 0, sizeof like);
    snprintf(like.kind, sizeof like.kind, "%s", finding_kind_word(kind));
    bool is_anywhere = !is_metric && is_odd_line(kind);
    bool is_any_line = !is_metric && (kind == FINDING_MORE || kind == FINDING_BURST);
    if (!is_anywhere)
        snprintf(like.source, sizeof like.source, "%s", source);
    if (!is_any_line && !(is_metric && is_of_value(kind) && put_family(text, &like)))
        snprintf(like.signal, sizeof like.signal, "%016" PRIx64, id);
    return like;
}

uint64_t like_hash(const Like *like)
{
    return hash_bytes(like, sizeof *like, SEED);
}
