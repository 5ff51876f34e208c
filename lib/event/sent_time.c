/* SPDX-License-Identifier: Apache-2.0 */
#include "event/sent_time.h"

#include "event/timestamp.h"

bool sent_time(const JsonNode *object, const odd_wire *wire, odd_time *ret)
{
    const JsonNode *node = json_member(object, "time");
    Str text;
    *ret = wire->now;
    if (node == NULL)
        return true;
    if (json_kind(node) != NODE_STRING || !json_as_str(node, &text))
        return json_as_i64(node, ret) && *ret > 0;
    TimeFrame frame = time_frame(wire->now, wire->zone_s);
    return timestamp_whole(&frame, text, ret);
}
