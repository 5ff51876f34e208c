/* SPDX-License-Identifier: Apache-2.0
 *
 * loki_json.c - what clients push to Loki as JSON; of streams and entries see loki_stream.h.
 *
 *     {"streams":[{"stream":{"label":"value"},"values":[["<ns>","line",{"metadata":"value"}]]}]}
 *
 * ERRORS     ODD_SYNTAX: no JSON, or no array `streams`.  A stream or an entry of another shape is
 *            refused, and the others count.
 */
#include "event/json.h"
#include "event/loki_stream.h"

/* Which entry it is, for sentences. */
typedef struct {
    size_t stream, entry;
} Place;

static odd_rc refuse(LokiPush *push, Place place, const char *why)
{
    decoded_refuse(push->decoded, 1, "streams[%zu].values[%zu] %s", place.stream, place.entry, why);
    return ODD_OK;
}

static bool read_metadata(const JsonNode *object, LokiEntry *entry)
{
    JsonWalk        walk = json_walk(object);
    Str             name, value;
    const JsonNode *node;
    while (json_walk_next(&walk, &name, &node)) {
        if (!json_as_str(node, &value))
            return false;
        loki_metadata_add(entry, name, value);
    }
    return true;
}

static odd_rc read_entry(LokiPush *push, const JsonNode *array, Place place)
{
    const JsonNode *parts[3] = {NULL, NULL, NULL}, *part;
    JsonWalk        walk = json_walk(array);
    Str             name;
    for (size_t i = 0; i < 3 && json_walk_next(&walk, &name, &part); i++)
        parts[i] = part;
    LokiEntry entry;
    int64_t   ns;
    loki_entry_begin(&entry);
    if (json_kind(array) != NODE_ARRAY || !json_as_str(parts[1], &entry.line))
        return refuse(push, place, "is no [\"time\", \"line\"]");
    if (!json_as_i64(parts[0], &ns))
        return refuse(push, place, "has a time that is no whole number of nanoseconds");
    if (parts[2] != NULL &&
        (json_kind(parts[2]) != NODE_OBJECT || !read_metadata(parts[2], &entry)))
        return refuse(push, place, "has structured metadata that is no object of texts");
    entry.time = ns;
    return loki_entry(push, &entry);
}

static bool read_labels(LabelList *labels, const JsonNode *object)
{
    JsonWalk        walk = json_walk(object);
    Str             name, value;
    const JsonNode *node;
    while (json_walk_next(&walk, &name, &node)) {
        if (labels->label_count == SERIES_LABELS_MAX || !json_as_str(node, &value))
            return false;
        labels->labels[labels->label_count++] = (Label){.name = name, .value = value};
    }
    return json_kind(object) == NODE_OBJECT;
}

static odd_rc read_stream(LokiPush *push, const JsonNode *stream, size_t number)
{
    const JsonNode *values = json_member(stream, "values"), *entry;
    label_list_begin(&push->labels, (Str){0}, push->scratch, sizeof push->scratch);
    if (!read_labels(&push->labels, json_member(stream, "stream"))) {
        size_t count = json_count(values);
        decoded_refuse(push->decoded, count > 0 ? count : 1,
                       "streams[%zu].stream is no object of at most %d texts", number,
                       SERIES_LABELS_MAX);
        return ODD_OK;
    }
    if (json_kind(values) != NODE_ARRAY) {
        decoded_refuse(push->decoded, 1, "streams[%zu].values is no array", number);
        return ODD_OK;
    }
    loki_stream(push);
    JsonWalk walk = json_walk(values);
    Str      name;
    odd_rc   rc = ODD_OK;
    for (Place place = {.stream = number}; rc == ODD_OK && json_walk_next(&walk, &name, &entry);
         place.entry++)
        rc = read_entry(push, entry, place);
    return rc;
}

static odd_rc read_streams(LokiPush *push, const JsonNode *streams)
{
    if (json_kind(streams) != NODE_ARRAY)
        return decoded_fail(push->decoded, "there is no array \"streams\" in it");
    JsonWalk        walk = json_walk(streams);
    Str             name;
    const JsonNode *stream;
    odd_rc          rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && json_walk_next(&walk, &name, &stream); i++)
        rc = read_stream(push, stream, i);
    return rc;
}

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    JsonNode *root;
    char      problem[JSON_PROBLEM_SIZE];
    odd_rc    rc = json_read(bytes, &root, problem);
    if (rc != ODD_OK) {
        decoded_fail(ret, "%s", problem);
        return rc;
    }
    LokiPush push;
    loki_begin(&push, wire, events, ret);
    rc = read_streams(&push, json_member(root, "streams"));
    loki_end(&push);
    json_free(root);
    return rc;
}

const Codec codec_loki_json = {.name = "loki_json", .decode = decode};
