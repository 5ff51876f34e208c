/* SPDX-License-Identifier: Apache-2.0 */
#include "event/loki_stream.h"

#include "base/time.h"
#include "event/level.h"

static const char *const service_names[] = {"service_name", "service",        "app",
                                            "application",  "container",      "container_name",
                                            "compose_service", NULL};
static const char *const host_names[] = {"host", "hostname", "instance", "node_name", NULL};
static const char *const level_names[] = {"level", "detected_level", "severity", NULL};

void loki_begin(LokiPush *push, const odd_wire *wire, odd_events *events, odd_decoded *decoded)
{
    push->wire = wire;
    push->events = events;
    push->decoded = decoded;
    push->attributes = push->with_metadata = (JsonText){.mem = &events->mem};
    label_list_begin(&push->labels, (Str){0}, push->scratch, sizeof push->scratch);
}

void loki_end(LokiPush *push)
{
    json_text_free(&push->attributes);
    json_text_free(&push->with_metadata);
}

static Str find(const Label *labels, size_t count, Str name)
{
    for (size_t i = count; i > 0; i--)
        if (str_equal(labels[i - 1].name, name))
            return labels[i - 1].value;
    return (Str){0};
}

static Str find_any(const Label *labels, size_t count, const char *const *names)
{
    Str value = {0};
    for (; value.size == 0 && *names != NULL; names++)
        value = find(labels, count, str_of(*names));
    return value;
}

static void put(LokiPush *push, Str text)
{
    size_t room = sizeof push->source_text - push->source.size;
    size_t kept = text.size < room ? text.size : room;
    if (kept > 0)
        memcpy(push->source_text + push->source.size, text.text, kept);
    push->source.size += kept;
}

static void name_source(LokiPush *push)
{
    const Label *labels = push->labels.labels;
    size_t count = push->labels.label_count;
    Str service = find_any(labels, count, service_names);
    Str host = find_any(labels, count, host_names);
    Str file = find(labels, count, STR("filename")), unit = find(labels, count, STR("unit"));
    Str job = find(labels, count, STR("job"));
    push->source = (Str){.text = push->source_text, .size = 0};
    if (service.size > 0 && !str_equal(service, STR("unknown_service"))) {
        put(push, service);
    } else if (file.size > 0) {
        put(push, host);
        put(push, host.size > 0 ? STR(":") : STR(""));
        put(push, file);
    } else if (unit.size > 0) {
        put(push, host);
        put(push, host.size > 0 ? STR("/journal:") : STR("journal:"));
        put(push, unit);
    } else {
        put(push, job.size > 0 ? job : str_of(push->wire->source));
    }
}

/* Those of `labels` whose name does not come again, in them or in what follows them. */
static void put_labels(JsonText *to, const Label *labels, size_t count, const Label *after,
                       size_t after_count)
{
    for (size_t i = 0; i < count; i++) {
        bool again = find(after, after_count, labels[i].name).text != NULL;
        for (size_t j = i + 1; !again && j < count; j++)
            again = str_equal(labels[j].name, labels[i].name);
        if (again || labels[i].value.size == 0)
            continue;
        json_put_name(to, STR(""), labels[i].name);
        json_put_string(to, labels[i].value);
    }
}

static void put_attributes(const LokiPush *push, JsonText *to, const Label *metadata, size_t count)
{
    json_text_clear(to);
    if (push->labels.label_count + count == 0)
        return;
    json_put_open(to, '{');
    put_labels(to, push->labels.labels, push->labels.label_count, metadata, count);
    put_labels(to, metadata, count, NULL, 0);
    json_put_close(to, '}');
}

void loki_stream(LokiPush *push)
{
    const LabelList *labels = &push->labels;
    name_source(push);
    push->level = level_of_word(find_any(labels->labels, labels->label_count, level_names));
    put_attributes(push, &push->attributes, NULL, 0);
}

odd_rc loki_entry(LokiPush *push, const LokiEntry *entry)
{
    JsonText *attributes = &push->attributes;
    Level     level = push->level;
    if (entry->has_too_many) {
        decoded_refuse(push->decoded, 1, "an entry has more than %d structured metadata",
                       LOKI_METADATA_MAX);
        return ODD_OK;
    }
    if (entry->metadata_count > 0) {
        attributes = &push->with_metadata;
        put_attributes(push, attributes, entry->metadata, entry->metadata_count);
        Str word = find_any(entry->metadata, entry->metadata_count, level_names);
        if (word.size > 0)
            level = level_of_word(word);
    }
    push->decoded->accepted++;
    bool good = !attributes->failed && events_record(push->events, push->source, entry->time, level,
                                                     entry->line, json_text_str(attributes));
    return good ? ODD_OK : ODD_FULL;
}

void loki_entry_begin(LokiEntry *entry)
{
    entry->time = ODD_TIME_NONE;
    entry->line = (Str){0};
    entry->metadata_count = 0;
    entry->has_too_many = false;
}

void loki_metadata_add(LokiEntry *entry, Str name, Str value)
{
    entry->has_too_many |= entry->metadata_count == LOKI_METADATA_MAX;
    if (!entry->has_too_many)
        entry->metadata[entry->metadata_count++] = (Label){.name = name, .value = value};
}

odd_time loki_time(int64_t s, int64_t ns)
{
    if (s >= INT64_MAX / NS_PER_S || s <= -(INT64_MAX / NS_PER_S) || ns < 0 || ns >= NS_PER_S)
        return ODD_TIME_NONE;
    return s * NS_PER_S + ns;
}
