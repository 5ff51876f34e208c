/* SPDX-License-Identifier: Apache-2.0
 *
 * posted.c - what a program says happened, as JSON: an object, or an array of objects.
 *
 *     {"time":"2026-11-28T10:00:00Z","user":"u17","amount":12.5}
 *
 * The request's source is the name of the event.  All members are free; `time` is a usual spelling,
 * or ns since 1970, and may be missing. */
#include "event/codec.h"
#include "event/json.h"
#include "event/sent_time.h"

/* False: no memory. */
static bool take(const odd_wire *wire, const JsonNode *object, odd_events *events, odd_decoded *ret)
{
    Mem mem = {0};
    JsonText text = {.mem = &mem};
    odd_time time;
    if (json_kind(object) != NODE_OBJECT || !sent_time(object, wire, &time)) {
        decoded_refuse(ret, 1,
                       json_kind(object) != NODE_OBJECT
                           ? "an event is no JSON object, such as {\"user\":\"u17\"}"
                           : "the time of an event is none; write it as "
                             "2026-11-27T10:00:00Z, or leave it out");
        return true;
    }
    json_put_node(&text, object);
    bool good = !text.failed;
    if (good && text.size > EVENT_LINE_BYTES_MAX)
        decoded_refuse(ret, 1, "an event is longer than %d bytes", EVENT_LINE_BYTES_MAX);
    else if (good)
        good = events_posted(events, str_of(wire->source), time, json_text_str(&text));
    if (good && text.size <= EVENT_LINE_BYTES_MAX)
        ret->accepted++;
    json_text_free(&text);
    return good;
}

static odd_rc posted_decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    odd_rc rc = json_read(bytes, &root, problem);
    if (rc == ODD_SYNTAX)
        return decoded_fail(ret, "the event is no JSON: %s", problem);
    if (rc != ODD_OK)
        return rc;
    bool good = true;
    if (json_kind(root) == NODE_ARRAY) {
        JsonWalk walk = json_walk(root);
        Str name;
        const JsonNode *item;
        while (good && json_walk_next(&walk, &name, &item))
            good = take(wire, item, events, ret);
    } else {
        good = take(wire, root, events, ret);
    }
    json_free(root);
    if (good && ret->accepted == 0 && ret->rejected > 0)
        return ODD_SYNTAX; /* The message is there already. */
    return good ? ODD_OK : ODD_FULL;
}

const Codec codec_posted = {.name = "posted", .decode = posted_decode};
