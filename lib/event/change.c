/* SPDX-License-Identifier: Apache-2.0 */
#include "event/change.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "base/hash.h"
#include "event/codec.h"
#include "event/json.h"
#include "event/sent_time.h"

#define ID_SEED 0x6368616e67657321ULL
#define MEMBER(name, field)                                            \
    {                                                                  \
        name, offsetof(Change, field), sizeof(((Change *)NULL)->field) \
    }

static const struct {
    const char *name;
    size_t      at, size;
} members[] = {
    MEMBER("id", id),           MEMBER("what", what),     MEMBER("service", service),
    MEMBER("host", host),       MEMBER("version", version), MEMBER("author", author),
    MEMBER("title", title),     MEMBER("link", link),
};

static void copy(char *to, size_t size, Str text)
{
    size_t kept = text.size < size ? text.size : size - 1;
    if (kept > 0)
        memcpy(to, text.text, kept);
    to[kept] = '\0';
}

void change_set_id(Change *change)
{
    uint64_t hash = hash_bytes(change->what, sizeof change->what, ID_SEED);
    hash = hash_bytes(change->service, sizeof change->service, hash);
    hash = hash_bytes(change->host, sizeof change->host, hash);
    hash = hash_bytes(change->version, sizeof change->version, hash);
    hash = hash_bytes(change->title, sizeof change->title, hash);
    hash = hash_bytes(change->source, sizeof change->source, hash);
    snprintf(change->id, sizeof change->id, "%016" PRIx64, hash_add(hash, (uint64_t)change->time));
}

Change change_read(Str text, Str source, odd_time time)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    Change change;
    memset(&change, 0, sizeof change);
    change.time = time;
    copy(change.source, sizeof change.source, source);
    if (json_read(text, &root, problem) == ODD_OK) {
        for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
            const JsonNode *node = json_member(root, members[i].name);
            Str value;
            if (node != NULL && json_kind(node) == NODE_STRING && json_as_str(node, &value))
                copy((char *)&change + members[i].at, members[i].size, value);
        }
        json_free(root);
    }
    if (change.what[0] == '\0')
        copy(change.what, sizeof change.what, STR("change"));
    if (change.id[0] == '\0')
        change_set_id(&change);
    return change;
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
    bool has_time = is_object && sent_time(root, wire, &time);
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
