/* SPDX-License-Identifier: Apache-2.0
 *
 * change.c - a change that somebody made: one JSON object, such as
 *     {"time":"2026-11-27T10:00:00Z","what":"deploy","service":"shop","version":"1.2.3"}
 *
 * All members are free but `time` (a usual spelling, or ns since 1970): when it was made; without
 * it, now. The text is kept as it came. */
#include "event/codec.h"
#include "event/json.h"
#include "event/timestamp.h"

/* False: there is a time that is none. */
static bool change_time(const JsonNode *object, const odd_wire *wire, odd_time *ret)
{
    const JsonNode *node = json_member(object, "time");
    Str             text;
    *ret = wire->now;
    if (node == NULL)
        return true;
    if (json_kind(node) != NODE_STRING || !json_as_str(node, &text))
        return json_as_i64(node, ret) && *ret > 0;
    TimeFrame  frame = time_frame(wire->now, wire->zone_s);
    TimeFormat format = timestamp_guess(&frame, text, 0);
    return format != TIME_FORMAT_NONE && timestamp_read(format, &frame, text, 0, ret) == text.size;
}

static odd_rc change_decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    char      problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    odd_time  time;
    odd_rc    rc = json_read(bytes, &root, problem);
    if (rc == ODD_SYNTAX)
        return decoded_fail(ret, "the change is no JSON: %s", problem);
    if (rc != ODD_OK)
        return rc;
    bool is_object = json_kind(root) == NODE_OBJECT;
    bool has_time = is_object && change_time(root, wire, &time);
    json_free(root);
    if (!is_object)
        return decoded_fail(ret, "the change is no JSON object; send one such as "
                                 "{\"what\":\"deploy\",\"version\":\"1.2\"}");
    if (!has_time)
        return decoded_fail(ret, "the time of the change is none; write it as "
                                 "2026-11-27T10:00:00Z, or leave it out");
    if (!events_change(events, str_of(wire->source), time, bytes))
        return ODD_FULL;
    ret->accepted = 1;
    return ODD_OK;
}

const Codec codec_change = {.name = "change", .decode = change_decode};
