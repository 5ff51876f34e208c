/* SPDX-License-Identifier: Apache-2.0 */
#include "event/fields.h"

#include "event/escape.h"
#include "event/level.h"

#define FIELD_NONE (-1)
#define ROLE_NAME_BYTES_MAX 32

typedef enum { ROLE_TIME, ROLE_LEVEL, ROLE_MESSAGE, ROLE_HOST, ROLE_COMPONENT, ROLE_COUNT } Role;

/* In each role the first name that a line has wins; the others stay ordinary fields. */
static const struct {
    char name[ROLE_NAME_BYTES_MAX]; /* Filled up with zeros, so that all of it can be compared. */
    Role role;
} role_names[] = {
    {"time", ROLE_TIME},
    {"timestamp", ROLE_TIME},
    {"@timestamp", ROLE_TIME},
    {"ts", ROLE_TIME},
    {"@t", ROLE_TIME},
    {"datetime", ROLE_TIME},
    {"date", ROLE_TIME},
    {"t", ROLE_TIME},
    {"t.$date", ROLE_TIME},
    {"asctime", ROLE_TIME},
    {"eventtime", ROLE_TIME},
    {"event_time", ROLE_TIME},
    {"timeunixnano", ROLE_TIME},
    {"time_unix_nano", ROLE_TIME},
    {"__realtime_timestamp", ROLE_TIME},
    {"level", ROLE_LEVEL},
    {"severity", ROLE_LEVEL},
    {"log.level", ROLE_LEVEL},
    {"lvl", ROLE_LEVEL},
    {"levelname", ROLE_LEVEL},
    {"loglevel", ROLE_LEVEL},
    {"log_level", ROLE_LEVEL},
    {"severitytext", ROLE_LEVEL},
    {"severity_text", ROLE_LEVEL},
    {"@l", ROLE_LEVEL},
    {"priority", ROLE_LEVEL},
    {"message", ROLE_MESSAGE},
    {"msg", ROLE_MESSAGE},
    {"@m", ROLE_MESSAGE},
    {"log", ROLE_MESSAGE},
    {"body", ROLE_MESSAGE},
    {"short_message", ROLE_MESSAGE},
    {"@mt", ROLE_MESSAGE},
    {"text", ROLE_MESSAGE},
    {"event", ROLE_MESSAGE},
    {"host", ROLE_HOST},
    {"hostname", ROLE_HOST},
    {"host.name", ROLE_HOST},
    {"_hostname", ROLE_HOST},
    {"logger", ROLE_COMPONENT},
    {"component", ROLE_COMPONENT},
    {"log.logger", ROLE_COMPONENT},
    {"logger_name", ROLE_COMPONENT},
    {"service", ROLE_COMPONENT},
    {"service.name", ROLE_COMPONENT},
    {"app", ROLE_COMPONENT},
    {"application", ROLE_COMPONENT},
    {"unit", ROLE_COMPONENT},
    {"program", ROLE_COMPONENT},
    {"syslog_identifier", ROLE_COMPONENT},
    {"module", ROLE_COMPONENT},
    {"name", ROLE_COMPONENT},
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
    char bytes[ROLE_NAME_BYTES_MAX] = {0};
    Writer w = {.bytes = bytes, .limit = sizeof bytes};
    put_path(&w, list, field->name, field->group);
    if (w.full || w.size == 0)
        return ROLE_NAME_COUNT;
    make_lower(bytes, w.size);
    for (int rank = 0; rank < ROLE_NAME_COUNT; rank++)
        if (memcmp(role_names[rank].name, bytes, sizeof bytes) == 0)
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
    if (index == FIELD_NONE)
        return (Str){0};
    return list->fields[index].value;
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
