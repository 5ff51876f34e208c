/* SPDX-License-Identifier: Apache-2.0
 *
 * bulk.c - Elasticsearch's _bulk: lines of JSON, an action and then its document.
 *
 *     {"create":{"_index":"logs-web"}}
 *     {"@timestamp":"2026-11-27T10:00:00Z","message":"...","host":{"name":"h1"}}
 *
 * wire->subject is the index that the address names, for actions that name none.  create, index and
 * update (its "doc", or else its "upsert") store a document, see ecs_document.h; ret->items says
 * what became of each action.
 *
 * ERRORS     A document that cannot be read is refused, and so is a delete, as nothing is ever
 *            deleted here.  An action that cannot be read is ODD_SYNTAX: what follows it might be
 *            either.
 */
#include "event/codec.h"
#include "event/ecs_document.h"

typedef struct {
    const odd_wire *wire;
    odd_events     *events;
    odd_decoded    *decoded;
    EcsReader       reader;
    Str             bytes;
    size_t          at, line_number;
} Bulk;

typedef struct {
    char letter; /* As ret->items has it. */
    char index[EVENT_NAME_BYTES_MAX];
    size_t index_size;
} Action;

/* The next line with something in it; false: there is none. */
static bool next_line(Bulk *bulk, Str *ret)
{
    while (bulk->at < bulk->bytes.size) {
        Str         rest = str_part(bulk->bytes, bulk->at, bulk->bytes.size);
        const char *end = memchr(rest.text, '\n', rest.size);
        Str         line = end != NULL ? str_part(rest, 0, (size_t)(end - rest.text)) : rest;
        bulk->at += line.size + (end != NULL);
        bulk->line_number++;
        if (line.size > 0 && line.text[line.size - 1] == '\r')
            line.size--;
        if (line.size > 0) {
            *ret = line;
            return true;
        }
    }
    return false;
}

static bool item(Bulk *bulk, char letter)
{
    odd_events *events = bulk->events;
    char *grown =
        mem_grow(&events->mem, events->items, &events->item_capacity, events->item_count + 1, 1);
    if (grown == NULL)
        return false;
    events->items = grown;
    events->items[events->item_count++] = letter;
    return true;
}

static char refused(char letter)
{
    return (char)(letter - 'a' + 'A');
}

static odd_rc refuse(Bulk *bulk, const Action *action, const char *why)
{
    decoded_refuse(bulk->decoded, 1, "line %zu: %s", bulk->line_number, why);
    return item(bulk, refused(action->letter)) ? ODD_OK : ODD_NOMEM;
}

static char letter_of(Str name)
{
    static const char *const actions[] = {"index", "create", "update", "delete"};
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        if (str_equal(name, str_of(actions[i])))
            return name.text[0];
    return '\0';
}

static odd_rc fail(const Bulk *bulk, const char *why)
{
    return decoded_fail(bulk->decoded, "line %zu: %s", bulk->line_number, why);
}

static odd_rc use_action(const Bulk *bulk, const JsonNode *root, Action *ret)
{
    JsonWalk        walk = json_walk(root);
    Str             name = {0}, index = {0};
    const JsonNode *settings = NULL;
    bool any = json_kind(root) == NODE_OBJECT && json_walk_next(&walk, &name, &settings);
    ret->letter = any ? letter_of(name) : '\0';
    ret->index_size = 0;
    if (ret->letter == '\0' || json_kind(settings) != NODE_OBJECT)
        return fail(bulk, "neither index, create, update nor delete stands where an action should");
    if (!json_as_str(json_member(settings, "_index"), &index) && bulk->wire->subject != NULL)
        index = str_of(bulk->wire->subject);
    ret->index_size = index.size < sizeof ret->index ? index.size : sizeof ret->index;
    if (ret->index_size > 0)
        memcpy(ret->index, index.text, ret->index_size);
    return ODD_OK;
}

static odd_rc read_action(const Bulk *bulk, Str line, Action *ret)
{
    JsonNode *root;
    char      problem[JSON_PROBLEM_SIZE];
    odd_rc    rc = json_read(line, &root, problem);
    if (rc != ODD_OK) {
        fail(bulk, problem);
        return rc;
    }
    rc = use_action(bulk, root, ret);
    json_free(root);
    return rc;
}

static odd_rc use_document(Bulk *bulk, const Action *action, const JsonNode *root, Str line)
{
    Str index = {.text = action->index, .size = action->index_size};
    if (action->letter == 'u') {
        const JsonNode *part = json_member(root, "doc");
        root = part != NULL ? part : json_member(root, "upsert");
    }
    if (json_kind(root) != NODE_OBJECT)
        return refuse(bulk, action, "the document is no object");
    odd_rc rc = ecs_document(&bulk->reader, root, line,
                             index.size > 0 ? index : str_of(bulk->wire->source));
    if (rc != ODD_OK)
        return rc;
    bulk->decoded->accepted++;
    return item(bulk, action->letter) ? ODD_OK : ODD_NOMEM;
}

static odd_rc read_document(Bulk *bulk, const Action *action, Str line)
{
    JsonNode *root;
    char      problem[JSON_PROBLEM_SIZE];
    odd_rc    rc = json_read(line, &root, problem);
    if (rc == ODD_NOMEM)
        return rc;
    if (rc != ODD_OK)
        return refuse(bulk, action, problem);
    rc = use_document(bulk, action, root, line);
    json_free(root);
    return rc;
}

static odd_rc read_lines(Bulk *bulk)
{
    Str    line;
    odd_rc rc = ODD_OK;
    while (rc == ODD_OK && next_line(bulk, &line)) {
        Action action;
        rc = read_action(bulk, line, &action);
        if (rc != ODD_OK)
            return rc;
        if (action.letter == 'd')
            rc = refuse(bulk, &action, "nothing is deleted here");
        else if (next_line(bulk, &line))
            rc = read_document(bulk, &action, line);
        else
            rc = refuse(bulk, &action, "the document of the action is missing");
    }
    return rc;
}

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    Bulk bulk = {.wire = wire, .events = events, .decoded = ret, .bytes = bytes};
    ecs_begin(&bulk.reader, events, wire->now, wire->zone_s);
    events->item_count = 0;
    odd_rc rc = read_lines(&bulk);
    ecs_end(&bulk.reader);
    if (rc == ODD_OK) {
        ret->items = events->items;
        ret->item_count = events->item_count;
    }
    return rc;
}

const Codec codec_bulk = {.name = "bulk", .decode = decode};
