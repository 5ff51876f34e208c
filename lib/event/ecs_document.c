/* SPDX-License-Identifier: Apache-2.0 */
#include "event/ecs_document.h"

#include <stdio.h>

#include "event/level.h"

#define NS_PER_MS INT64_C(1000000)
#define NAME_BYTES_MAX 64

static const char *const time_names[] = {"@timestamp", "timestamp", "time", NULL};
static const char *const level_names[] = {"log.level", "level", "severity", "loglevel", NULL};
static const char *const text_names[] = {"message", "log", "msg", "event.original", NULL};
static const char *const host_names[] = {"host.hostname", "host.name", "hostname", "host", NULL};
static const char *const service_names[] = {"service.name", "kubernetes.container.name",
                                            "kubernetes.container_name", "container.name", NULL};

void ecs_begin(EcsReader *reader, odd_events *events, odd_time now, int32_t zone_s)
{
    *reader = (EcsReader){.events = events,
                          .frame = time_frame(now, zone_s),
                          .format = TIME_FORMAT_NONE,
                          .attributes = {.mem = &events->mem}};
}

void ecs_end(EcsReader *reader)
{
    json_text_free(&reader->attributes);
}

/* Each dot either stands in a name or between two; bits of `split` say which ones are between. */
static const JsonNode *find_split(const JsonNode *node, const char *name, unsigned split)
{
    char   part[NAME_BYTES_MAX];
    size_t size = 0;
    for (; node != NULL; name++) {
        bool is_dot = *name == '.';
        if (*name != '\0' && !(is_dot && (split & 1) == 1)) {
            part[size++] = *name;
        } else {
            part[size] = '\0';
            node = json_member(node, part);
            size = 0;
        }
        if (*name == '\0')
            break;
        split >>= is_dot;
    }
    return node;
}

static const JsonNode *find(const JsonNode *document, const char *name)
{
    unsigned dots = 0;
    for (const char *at = name; *at != '\0'; at++)
        dots += *at == '.';
    const JsonNode *node = NULL;
    for (unsigned split = (1u << dots) - 1; node == NULL; split--) {
        node = find_split(document, name, split);
        if (split == 0)
            break;
    }
    return node;
}

/* The first that is a text with something in it. */
static Str find_text(const JsonNode *document, const char *const *names, const char **ret_name)
{
    Str text;
    for (; *names != NULL; names++) {
        if (!json_as_str(find(document, *names), &text) || text.size == 0)
            continue;
        if (ret_name != NULL)
            *ret_name = *names;
        return text;
    }
    return (Str){0};
}

static odd_time stamp_time(EcsReader *reader, Str stamp)
{
    odd_time time = ODD_TIME_NONE;
    if (reader->format != TIME_FORMAT_NONE &&
        timestamp_read(reader->format, &reader->frame, stamp, 0, &time) == stamp.size)
        return time;
    reader->format = timestamp_guess(&reader->frame, stamp, 0);
    if (reader->format == TIME_FORMAT_NONE ||
        timestamp_read(reader->format, &reader->frame, stamp, 0, &time) != stamp.size)
        return ODD_TIME_NONE;
    return time;
}

static odd_time time_of(EcsReader *reader, const JsonNode *document, const char **ret_name)
{
    for (const char *const *name = time_names; *name != NULL; name++) {
        const JsonNode *node = find(document, *name);
        Str             stamp;
        int64_t         ms;
        odd_time        time = ODD_TIME_NONE;
        if (json_as_i64(node, &ms) && ms < INT64_MAX / NS_PER_MS && ms > INT64_MIN / NS_PER_MS)
            time = ms * NS_PER_MS;
        else if (json_as_str(node, &stamp))
            time = stamp_time(reader, stamp);
        *ret_name = *name;
        if (time != ODD_TIME_NONE)
            return time;
    }
    *ret_name = "";
    return ODD_TIME_NONE;
}

static Level level_of(const JsonNode *document)
{
    Level level = LEVEL_NONE;
    for (const char *const *name = level_names; level == LEVEL_NONE && *name != NULL; name++) {
        const JsonNode *node = find(document, *name);
        Str             word;
        int64_t         number;
        char            digits[24];
        if (json_kind(node) == NODE_STRING && json_as_str(node, &word)) {
            level = level_of_word(word);
        } else if (json_as_i64(node, &number)) {
            int size = snprintf(digits, sizeof digits, "%lld", (long long)number);
            level = level_of_number((Str){.text = digits, .size = (size_t)size});
        }
    }
    return level;
}

static Str source_of(const JsonNode *document, Str index, char buffer[EVENT_NAME_BYTES_MAX])
{
    static const char *const file_names[] = {"log.file.path", NULL};
    Str service = find_text(document, service_names, NULL);
    Str file = find_text(document, file_names, NULL);
    if (service.size > 0 || file.size == 0)
        return service.size > 0 ? service : index;
    Str host = find_text(document, host_names, NULL);
    if (host.size == 0 || host.size + 1 + file.size > EVENT_NAME_BYTES_MAX)
        return file;
    memcpy(buffer, host.text, host.size);
    buffer[host.size] = ':';
    memcpy(buffer + host.size + 1, file.text, file.size);
    return (Str){.text = buffer, .size = host.size + 1 + file.size};
}

/* Whether a member of the document is, as a whole, what already has become text or time. */
static bool is_used(Str member, const char *text_name, const char *time_name)
{
    return str_equal(member, str_of(text_name)) || str_equal(member, str_of(time_name));
}

static void put_attributes(JsonText *to, const JsonNode *document, const char *text_name,
                           const char *time_name)
{
    JsonWalk        walk = json_walk(document);
    Str             name;
    const JsonNode *node;
    json_text_clear(to);
    while (json_walk_next(&walk, &name, &node)) {
        if (is_used(name, text_name, time_name))
            continue;
        if (to->size == 0)
            json_put_open(to, '{');
        json_put_name(to, STR(""), name);
        json_put_node(to, node);
    }
    if (to->size > 0)
        json_put_close(to, '}');
}

odd_rc ecs_document(EcsReader *reader, const JsonNode *document, Str text, Str index)
{
    char        source[EVENT_NAME_BYTES_MAX];
    const char *text_name = "", *time_name;
    odd_time    time = time_of(reader, document, &time_name);
    Str         message = find_text(document, text_names, &text_name);
    json_text_clear(&reader->attributes);
    if (message.size > 0)
        put_attributes(&reader->attributes, document, text_name, time_name);
    bool good =
        !reader->attributes.failed &&
        events_record(reader->events, source_of(document, index, source), time, level_of(document),
                      message.size > 0 ? message : text, json_text_str(&reader->attributes));
    return good ? ODD_OK : ODD_FULL;
}
