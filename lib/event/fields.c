/* SPDX-License-Identifier: Apache-2.0 */
#include "event/fields.h"

#include <assert.h>

#include "event/escape.h"
#include "event/level.h"

#define FIELD_NONE (-1)
#define ROLE_NAME_BYTES_MAX 32

typedef enum { ROLE_TIME, ROLE_LEVEL, ROLE_MESSAGE, ROLE_HOST, ROLE_COMPONENT, ROLE_COUNT } Role;

/* In each role the first name that a line has wins; the others stay ordinary fields. */
#define ROLE_NAME(name, role) {name, sizeof(name) - 1, role}
static const struct {
    const char *name;
    size_t      size;
    Role        role;
} role_names[] = {
    ROLE_NAME("time", ROLE_TIME),
    ROLE_NAME("timestamp", ROLE_TIME),
    ROLE_NAME("@timestamp", ROLE_TIME),
    ROLE_NAME("ts", ROLE_TIME),
    ROLE_NAME("@t", ROLE_TIME),
    ROLE_NAME("datetime", ROLE_TIME),
    ROLE_NAME("date", ROLE_TIME),
    ROLE_NAME("t", ROLE_TIME),
    ROLE_NAME("t.$date", ROLE_TIME),
    ROLE_NAME("asctime", ROLE_TIME),
    ROLE_NAME("eventtime", ROLE_TIME),
    ROLE_NAME("event_time", ROLE_TIME),
    ROLE_NAME("timeunixnano", ROLE_TIME),
    ROLE_NAME("time_unix_nano", ROLE_TIME),
    ROLE_NAME("__realtime_timestamp", ROLE_TIME),
    ROLE_NAME("level", ROLE_LEVEL),
    ROLE_NAME("severity", ROLE_LEVEL),
    ROLE_NAME("log.level", ROLE_LEVEL),
    ROLE_NAME("lvl", ROLE_LEVEL),
    ROLE_NAME("levelname", ROLE_LEVEL),
    ROLE_NAME("loglevel", ROLE_LEVEL),
    ROLE_NAME("log_level", ROLE_LEVEL),
    ROLE_NAME("severitytext", ROLE_LEVEL),
    ROLE_NAME("severity_text", ROLE_LEVEL),
    ROLE_NAME("@l", ROLE_LEVEL),
    ROLE_NAME("priority", ROLE_LEVEL),
    ROLE_NAME("message", ROLE_MESSAGE),
    ROLE_NAME("msg", ROLE_MESSAGE),
    ROLE_NAME("@m", ROLE_MESSAGE),
    ROLE_NAME("log", ROLE_MESSAGE),
    ROLE_NAME("body", ROLE_MESSAGE),
    ROLE_NAME("short_message", ROLE_MESSAGE),
    ROLE_NAME("@mt", ROLE_MESSAGE),
    ROLE_NAME("text", ROLE_MESSAGE),
    ROLE_NAME("event", ROLE_MESSAGE),
    ROLE_NAME("host", ROLE_HOST),
    ROLE_NAME("hostname", ROLE_HOST),
    ROLE_NAME("host.name", ROLE_HOST),
    ROLE_NAME("_hostname", ROLE_HOST),
    ROLE_NAME("logger", ROLE_COMPONENT),
    ROLE_NAME("component", ROLE_COMPONENT),
    ROLE_NAME("log.logger", ROLE_COMPONENT),
    ROLE_NAME("logger_name", ROLE_COMPONENT),
    ROLE_NAME("service", ROLE_COMPONENT),
    ROLE_NAME("service.name", ROLE_COMPONENT),
    ROLE_NAME("app", ROLE_COMPONENT),
    ROLE_NAME("application", ROLE_COMPONENT),
    ROLE_NAME("unit", ROLE_COMPONENT),
    ROLE_NAME("program", ROLE_COMPONENT),
    ROLE_NAME("syslog_identifier", ROLE_COMPONENT),
    ROLE_NAME("module", ROLE_COMPONENT),
    ROLE_NAME("name", ROLE_COMPONENT),
};
#define ROLE_NAME_COUNT ((int)(sizeof role_names / sizeof role_names[0]))

typedef struct {
    char  *bytes;
    size_t size, limit;
    bool   full;
} Writer;

static void put(Writer *w, Str text)
{
    if (w->full || w->limit - w->size < text.size) {
        w->full = true;
        return;
    }
    if (text.size > 0)
        memcpy(w->bytes + w->size, text.text, text.size);
    w->size += text.size;
}

static void put_unescaped(Writer *w, Str text)
{
    if (w->full || w->limit - w->size < text.size) {
        w->full = true;
        return;
    }
    w->size += escape_undo(text, w->bytes + w->size);
}

bool field_add(FieldList *list, Field field)
{
    if (list->count == FIELD_COUNT_MAX)
        return false;
    list->fields[list->count++] = field;
    return true;
}

bool field_add_group(FieldList *list, FieldGroup group)
{
    if (list->group_count == FIELD_GROUPS_MAX)
        return false;
    list->groups[list->group_count++] = group;
    return true;
}

/* "a.b.name" */
static void put_path(Writer *w, const FieldList *list, Str name, int16_t group)
{
    int16_t above[FIELD_GROUPS_MAX];
    int depth = 0;
    for (int16_t g = group; g >= 0; g = list->groups[g].group)
        above[depth++] = g;
    while (depth > 0) {
        put(w, list->groups[above[--depth]].name);
        put(w, STR("."));
    }
    put(w, name);
}

static void make_lower(char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] >= 'A' && bytes[i] <= 'Z')
            bytes[i] = (char)(bytes[i] | 32);
}

static int rank_of(const FieldList *list, const Field *field)
{
    char bytes[ROLE_NAME_BYTES_MAX];
    Writer w = {.bytes = bytes, .limit = sizeof bytes};
    put_path(&w, list, field->name, field->group);
    if (w.full || w.size == 0)
        return ROLE_NAME_COUNT;
    make_lower(bytes, w.size);
    for (int rank = 0; rank < ROLE_NAME_COUNT; rank++)
        if (role_names[rank].size == w.size && memcmp(role_names[rank].name, bytes, w.size) == 0)
            return rank;
    return ROLE_NAME_COUNT;
}

static bool can_play(const Field *field, Role role)
{
    switch (role) {
    case ROLE_TIME: return field->kind != FIELD_FLAG && field->value.size > 0;
    case ROLE_LEVEL:
        return (field->kind == FIELD_STRING && level_of_word(field->value) != LEVEL_NONE) ||
               level_of_number(field->value) != LEVEL_NONE;
    default: return field->kind == FIELD_STRING;
    }
}

/* roles[role] is the index of the field that plays it, FIELD_NONE if none does. */
static void cast_roles(const FieldList *list, int roles[ROLE_COUNT])
{
    int ranks[ROLE_COUNT];
    for (int role = 0; role < ROLE_COUNT; role++) {
        roles[role] = FIELD_NONE;
        ranks[role] = ROLE_NAME_COUNT;
    }
    for (size_t i = 0; i < list->count; i++) {
        int rank = rank_of(list, &list->fields[i]);
        if (rank == ROLE_NAME_COUNT)
            continue;
        Role role = role_names[rank].role;
        if (rank < ranks[role] && can_play(&list->fields[i], role)) {
            ranks[role] = rank;
            roles[role] = (int)i;
        }
    }
}

static odd_time read_time(Str value, TimeFormat format, const TimeFrame *frame)
{
    odd_time time = ODD_TIME_NONE;
    if (timestamp_read(format, frame, value, 0, &time) == value.size)
        return time;
    format = timestamp_guess(frame, value, 0);
    if (timestamp_read(format, frame, value, 0, &time) == value.size)
        return time;
    return ODD_TIME_NONE;
}

static void put_value(Writer *w, const Field *field)
{
    if (field->kind != FIELD_STRING) {
        put(w, field->value);
        return;
    }
    size_t from = w->size;
    put(w, STR("\""));
    put_unescaped(w, field->value);
    if (w->full)
        return;
    size_t size = w->size - from - 1;
    if (size == 0 || memchr(w->bytes + from + 1, ' ', size) != NULL) {
        put(w, STR("\""));
    } else { /* Nothing to hold together: without quotes. */
        memmove(w->bytes + from, w->bytes + from + 1, size);
        w->size--;
    }
}

static void put_field(Writer *w, const FieldList *list, const Field *field)
{
    if (w->size > 0)
        put(w, STR(" "));
    put_path(w, list, field->name, field->group);
    if (field->kind == FIELD_FLAG)
        return;
    put(w, STR("="));
    put_value(w, field);
}

size_t fields_buffer_bytes(size_t line_size)
{
    return line_size * 2 + 64; /* The names of groups come again with each of their fields. */
}

TimeFormat fields_time_format(const FieldList *list, const TimeFrame *frame)
{
    int roles[ROLE_COUNT];
    cast_roles(list, roles);
    if (roles[ROLE_TIME] == FIELD_NONE)
        return TIME_FORMAT_NONE;
    return timestamp_guess(frame, list->fields[roles[ROLE_TIME]].value, 0);
}

int fields_role_count(const FieldList *list)
{
    int roles[ROLE_COUNT];
    cast_roles(list, roles);
    return (roles[ROLE_TIME] >= 0) + (roles[ROLE_LEVEL] >= 0) + (roles[ROLE_MESSAGE] >= 0);
}

static Str role_value(const FieldList *list, int index)
{
    return index == FIELD_NONE ? (Str){0} : list->fields[index].value;
}

bool fields_to_record(const FieldList *list, TimeFormat format, const TimeFrame *frame,
                      char *buffer, size_t buffer_bytes, Record *ret_record)
{
    int roles[ROLE_COUNT];
    cast_roles(list, roles);
    Record record = {.time = ODD_TIME_NONE};
    if (roles[ROLE_TIME] != FIELD_NONE)
        record.time = read_time(role_value(list, roles[ROLE_TIME]), format, frame);
    if (record.time == ODD_TIME_NONE)
        roles[ROLE_TIME] = FIELD_NONE; /* Not readable: it stays in the message. */
    if (roles[ROLE_LEVEL] != FIELD_NONE) {
        Str level = role_value(list, roles[ROLE_LEVEL]);
        record.level = level_of_word(level);
        if (record.level == LEVEL_NONE)
            record.level = level_of_number(level);
    }
    record.host = role_value(list, roles[ROLE_HOST]);
    record.component = role_value(list, roles[ROLE_COMPONENT]);

    Writer w = {.bytes = buffer, .limit = buffer_bytes};
    put_unescaped(&w, role_value(list, roles[ROLE_MESSAGE]));
    while (w.size > 0 && (buffer[w.size - 1] == '\n' || buffer[w.size - 1] == ' '))
        w.size--;
    for (size_t i = 0; i < list->count; i++) {
        bool is_role = false;
        for (int role = 0; role < ROLE_COUNT; role++)
            is_role |= roles[role] == (int)i;
        if (!is_role)
            put_field(&w, list, &list->fields[i]);
    }
    if (w.full)
        return false;
    record.message = (Str){.text = buffer, .size = w.size};
    *ret_record = record;
    return true;
}
