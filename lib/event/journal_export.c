/* SPDX-License-Identifier: Apache-2.0
 *
 * journal_export.c - systemd's journal export format, as systemd-journal-upload sends it.
 *
 * An entry is fields, then an empty line.  A field is "NAME=value" and a line end; or, where the
 * value is not plain text, its name, a line end, the size in 8 bytes (little-endian), the value and
 * a line end.
 *
 * An entry is one record: MESSAGE, PRIORITY, __REALTIME_TIMESTAMP (us).  Its source is
 * "journal:UNIT" by _SYSTEMD_UNIT, but for scopes, which have a new name for each session:
 * those, and what belongs to no unit, by SYSLOG_IDENTIFIER.  Where wire->subject is "remote" the
 * host comes first: "HOST/journal:UNIT".  What the program said of itself besides becomes
 * attributes.
 *
 * ERRORS     An entry without MESSAGE is refused; so is all behind a field that cannot be read, and
 *            a last entry without its empty line: ODD_SYNTAX if no record stands before those.
 */
#include "base/bytes.h"
#include "event/codec.h"
#include "event/json_text.h"
#include "event/level.h"

#define NAME_BYTES_MAX 256 /* systemd allows 64. */
#define OWN_FIELDS_MAX 64  /* More are left out of the attributes. */
#define NS_PER_US 1000

typedef struct {
    Str name, value;
} Field;

typedef struct {
    size_t field_count;
    Field message, priority, time, unit, identifier, host;
    Field own[OWN_FIELDS_MAX];
    size_t own_count;
} Entry;

typedef enum { FIELD_READ, FIELD_BLANK, FIELD_END, FIELD_TORN } FieldRead;

typedef struct {
    Str bytes;
    size_t at;
    const char *fault; /* Why a field is torn. */
} Reader;

static FieldRead torn(Reader *reader, const char *fault)
{
    reader->fault = fault;
    return FIELD_TORN;
}

static FieldRead read_binary(Reader *reader, Field *ret)
{
    Str bytes = reader->bytes;
    if (bytes.size - reader->at < 8)
        return torn(reader, "the size of a field is cut off");
    uint64_t size = bytes_get_u64(bytes.text + reader->at);
    size_t from = reader->at + 8;
    if (size >= bytes.size - from)
        return torn(reader, "a field is longer than what came");
    ret->value = str_part(bytes, from, from + (size_t)size);
    reader->at = from + (size_t)size + 1;
    if (bytes.text[reader->at - 1] != '\n')
        return torn(reader, "no line end stands behind a field");
    return FIELD_READ;
}

static FieldRead read_field(Reader *reader, Field *ret)
{
    Str rest = str_part(reader->bytes, reader->at, reader->bytes.size);
    if (rest.size == 0)
        return FIELD_END;
    const char *end = memchr(rest.text, '\n', rest.size);
    if (end == NULL)
        return torn(reader, "the last line has no end");
    Str line = str_part(rest, 0, (size_t)(end - rest.text));
    reader->at += line.size + 1;
    if (line.size == 0)
        return FIELD_BLANK;
    const char *equals = memchr(line.text, '=', line.size);
    size_t name_size = equals != NULL ? (size_t)(equals - line.text) : line.size;
    ret->name = str_part(line, 0, name_size);
    if (name_size == 0 || name_size > NAME_BYTES_MAX)
        return torn(reader, "a line is no field");
    if (equals == NULL)
        return read_binary(reader, ret);
    ret->value = str_part(line, name_size + 1, line.size);
    return FIELD_READ;
}

/* Where the program that wrote the entry put more than its message. */
static bool is_own(Str name)
{
    static const char *const left_out[] = {"SYSLOG_FACILITY", "SYSLOG_IDENTIFIER", "SYSLOG_PID",
                                           "SYSLOG_RAW",      "SYSLOG_TIMESTAMP",  "CODE_FILE",
                                           "CODE_FUNC",       "CODE_LINE",         "TID"};
    if (name.text[0] == '_')
        return str_equal(name, STR("_PID"));
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
        if (str_equal(name, str_of(left_out[i])))
            return false;
    return true;
}

static void add_own(Entry *entry, const Field *field)
{
    for (size_t i = 0; i < entry->own_count; i++)
        if (str_equal(entry->own[i].name, field->name))
            return; /* A name comes once in JSON. */
    if (entry->own_count < OWN_FIELDS_MAX)
        entry->own[entry->own_count++] = *field;
}

static void add_field(Entry *entry, const Field *field)
{
    const struct {
        const char *name;
        Field *place;
    } known[] = {
        {"MESSAGE", &entry->message},    {"PRIORITY", &entry->priority},
        {"_SYSTEMD_UNIT", &entry->unit}, {"SYSLOG_IDENTIFIER", &entry->identifier},
        {"_HOSTNAME", &entry->host},     {"__REALTIME_TIMESTAMP", &entry->time},
    };
    entry->field_count++;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!str_equal(field->name, str_of(known[i].name)))
            continue;
        if (known[i].place->name.size == 0)
            *known[i].place = *field;
        return;
    }
    if (is_own(field->name))
        add_own(entry, field);
}

static odd_time time_of(Str digits)
{
    uint64_t us = 0;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.text[i] < '0' || digits.text[i] > '9' || us > INT64_MAX / NS_PER_US / 10 - 1)
            return ODD_TIME_NONE;
        us = us * 10 + (uint64_t)(digits.text[i] - '0');
    }
    return digits.size > 0 ? (odd_time)us * NS_PER_US : ODD_TIME_NONE;
}

static Level level_of(Str priority)
{
    if (priority.size != 1 || priority.text[0] < '0' || priority.text[0] > '7')
        return LEVEL_NONE;
    return level_of_severity(priority.text[0] - '0');
}

static bool is_scope(Str unit)
{
    Str end = STR(".scope");
    return unit.size >= end.size &&
           memcmp(unit.text + unit.size - end.size, end.text, end.size) == 0;
}

static void put(char *to, size_t *size, Str text)
{
    size_t room = EVENT_NAME_BYTES_MAX - *size;
    size_t kept = text.size < room ? text.size : room;
    if (kept > 0)
        memcpy(to + *size, text.text, kept);
    *size += kept;
}

static Str source_of(const Entry *entry, bool is_remote, char buffer[EVENT_NAME_BYTES_MAX])
{
    Str unit = entry->unit.value;
    if ((unit.size == 0 || is_scope(unit)) && entry->identifier.value.size > 0)
        unit = entry->identifier.value;
    size_t size = 0;
    if (is_remote && entry->host.value.size > 0) {
        put(buffer, &size, entry->host.value);
        put(buffer, &size, STR("/"));
    }
    put(buffer, &size, STR("journal"));
    if (unit.size > 0)
        put(buffer, &size, STR(":"));
    put(buffer, &size, unit);
    return (Str){.text = buffer, .size = size};
}

static bool put_attributes(const Entry *entry, JsonText *json)
{
    json_text_clear(json);
    if (entry->own_count == 0)
        return true;
    json_put_open(json, '{');
    for (size_t i = 0; i < entry->own_count; i++) {
        json_put_name(json, STR(""), entry->own[i].name);
        json_put_string(json, entry->own[i].value);
    }
    json_put_close(json, '}');
    return !json->failed;
}

static bool add_entry(const Entry *entry, bool is_remote, odd_events *events, JsonText *json)
{
    char buffer[EVENT_NAME_BYTES_MAX];
    if (!put_attributes(entry, json))
        return false;
    return events_record(events, source_of(entry, is_remote, buffer), time_of(entry->time.value),
                         level_of(entry->priority.value), entry->message.value,
                         json_text_str(json));
}

static odd_rc decode_entries(bool is_remote, Reader *reader, odd_events *events, JsonText *json,
                             odd_decoded *ret)
{
    Entry entry = {0};
    Field field;
    FieldRead read;
    while ((read = read_field(reader, &field)) == FIELD_READ || read == FIELD_BLANK) {
        if (read == FIELD_READ) {
            add_field(&entry, &field);
            continue;
        }
        if (entry.message.name.size > 0) {
            if (!add_entry(&entry, is_remote, events, json))
                return ODD_FULL;
            ret->accepted++;
        } else if (entry.field_count > 0) {
            decoded_refuse(ret, 1, "the entry before byte %zu has no MESSAGE", reader->at);
        }
        entry.field_count = entry.own_count = 0;
        entry.message = entry.priority = entry.time = (Field){0};
        entry.unit = entry.identifier = entry.host = (Field){0};
    }
    if (read == FIELD_END && entry.field_count == 0)
        return ODD_OK;
    if (read == FIELD_TORN)
        decoded_refuse(ret, 1, "%s, before byte %zu", reader->fault, reader->at);
    else
        decoded_refuse(ret, 1, "no empty line ends the last entry");
    return ret->accepted > 0 ? ODD_OK : ODD_SYNTAX;
}

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    bool is_remote = wire->subject != NULL && strcmp(wire->subject, "remote") == 0;
    Reader reader = {.bytes = bytes};
    JsonText json = {.mem = &events->mem};
    odd_rc rc = decode_entries(is_remote, &reader, events, &json, ret);
    json_text_free(&json);
    return rc;
}

static size_t whole(Str bytes)
{
    Reader reader = {.bytes = bytes};
    Field field;
    FieldRead read;
    size_t size = 0;
    while ((read = read_field(&reader, &field)) == FIELD_READ || read == FIELD_BLANK)
        if (read == FIELD_BLANK)
            size = reader.at;
    return size;
}

const Codec codec_journal_export = {.name = "journal_export", .decode = decode, .whole = whole};
