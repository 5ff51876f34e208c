/* SPDX-License-Identifier: Apache-2.0 */
#include "event/verdict.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "base/hash.h"
#include "event/calendar_span.h"
#include "event/timestamp.h"

#define ID_SEED 0x7665726469637473ULL
#define SURPRISE_MAX 1000.0
#define WRITTEN_SIZE 32768 /* Every byte of every text escaped. */

typedef struct {
    const char *name;
    size_t      at, size;
    bool        is_scope;
} Member;

#define MEMBER(name, field, is_scope)                                              \
    {                                                                              \
        name, offsetof(Verdict, field), sizeof(((Verdict *)NULL)->field), is_scope \
    }
static const Member members[] = {
    MEMBER("id", id, false),           MEMBER("finding", finding, true),
    MEMBER("signal", signal, true),    MEMBER("pattern", pattern, true),
    MEMBER("source", source, true),    MEMBER("host", host, true),
    MEMBER("text", find, true),        MEMBER("kind", what, true),
    MEMBER("reason", reason, false),   MEMBER("author", author, false),
    MEMBER("about", about, false),     MEMBER("with", with, false),
    MEMBER("every", every, false),     MEMBER("zone", zone, false),
};
#define MEMBER_COUNT (sizeof members / sizeof members[0])

const char *verdict_word(VerdictKind kind)
{
    static const char *const words[VERDICT_KIND_COUNT] = {
        "real", "expected", "unsure", "mute", "window", "link", "unlink", "new-normal", "undo"};
    return kind < VERDICT_KIND_COUNT ? words[kind] : "";
}

bool verdict_has_scope(const Verdict *verdict)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        if (members[i].is_scope && ((const char *)verdict)[members[i].at] != '\0')
            return true;
    return false;
}

/* -- reading ----------------------------------------------------------------------------------- */

typedef struct {
    TimeFrame frame;
    char     *problem; /* Of JSON_PROBLEM_SIZE. */
} Reading;

static bool fail(const Reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(const Reading *reading, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reading->problem, JSON_PROBLEM_SIZE, format, arguments);
    va_end(arguments);
    return false;
}

static bool read_text(const Reading *reading, const Member *member, const JsonNode *node,
                      Verdict *ret)
{
    Str text;
    if (json_kind(node) != NODE_STRING || !json_as_str(node, &text))
        return fail(reading, "\"%s\" is no text", member->name);
    if (text.size >= member->size)
        return fail(reading, "\"%s\" is longer than %zu bytes", member->name, member->size - 1);
    if (text.size > 0 && memchr(text.text, '\0', text.size) != NULL)
        return fail(reading, "\"%s\" holds a NUL", member->name);
    if (text.size > 0)
        memcpy((char *)ret + member->at, text.text, text.size);
    return true;
}

/* A usual spelling, a day, or ns since 1970. */
static bool read_time(const Reading *reading, const char *name, const JsonNode *node, odd_time *ret)
{
    char day[24];
    Str text;
    if (json_kind(node) == NODE_NUMBER && json_as_i64(node, ret) && *ret > 0)
        return true;
    if (json_kind(node) == NODE_STRING && json_as_str(node, &text)) {
        if (text.size == strlen("2026-12-24")) {
            snprintf(day, sizeof day, "%.10s 00:00:00", text.text);
            text = str_of(day);
        }
        if (timestamp_whole(&reading->frame, text, ret) && *ret > 0)
            return true;
    }
    return fail(reading, "\"%s\" is no time; write it as 2026-11-27T10:00:00Z, or as 2026-11-27",
                name);
}

static bool read_until(const Reading *reading, const JsonNode *node, Verdict *ret)
{
    Str text;
    bool is_text = json_kind(node) == NODE_STRING && json_as_str(node, &text);
    if (is_text && str_equal(text, STR("worse")))
        return true;
    if (is_text && str_equal(text, STR("forever"))) {
        ret->lasts = LASTS_FOREVER;
        return true;
    }
    return read_time(reading, "until", node, &ret->until) ||
           fail(reading, "\"until\" is none; write worse, forever, or a time such as 2026-12-24");
}

static bool read_kind(const Reading *reading, const JsonNode *node, Verdict *ret)
{
    Str text;
    if (json_kind(node) == NODE_STRING && json_as_str(node, &text))
        for (int kind = 0; kind < VERDICT_UNDO; kind++)
            if (str_equal(text, str_of(verdict_word((VerdictKind)kind)))) {
                ret->kind = (uint8_t)kind;
                return true;
            }
    return fail(reading, "\"verdict\" is real, expected, unsure, new-normal, mute, window, link or "
                         "unlink");
}

static bool read_member(const Reading *reading, Str name, const JsonNode *node, Verdict *ret)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        if (str_equal(name, str_of(members[i].name)))
            return read_text(reading, &members[i], node, ret);
    if (str_equal(name, STR("verdict")))
        return read_kind(reading, node, ret);
    if (str_equal(name, STR("until")))
        return read_until(reading, node, ret);
    if (str_equal(name, STR("from")))
        return read_time(reading, "from", node, &ret->from);
    if (str_equal(name, STR("made")))
        return read_time(reading, "made", node, &ret->made);
    if (str_equal(name, STR("surprise")))
        return (json_kind(node) == NODE_NUMBER && json_as_real(node, &ret->surprise) &&
                ret->surprise >= 0 && ret->surprise <= SURPRISE_MAX) ||
               fail(reading, "\"surprise\" is a number from 0 to 1000");
    return fail(reading, "a verdict has no \"%.40s\"", name.size > 0 ? name.text : "");
}

static void set_id(Verdict *verdict)
{
    char bytes[WRITTEN_SIZE];
    JsonText text = {.text = bytes, .capacity = sizeof bytes};
    Verdict plain = *verdict;
    plain.made = ODD_TIME_NONE;
    verdict_write(&plain, &text);
    snprintf(verdict->id, sizeof verdict->id, "%016" PRIx64,
             hash_bytes(text.text, text.size, ID_SEED));
}

static bool is_id(const char *id)
{
    return strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
           strlen(id);
}

static bool check_link(const Reading *reading, const Verdict *verdict)
{
    bool is_link = verdict->kind == VERDICT_LINK;
    if (is_link || verdict->kind == VERDICT_UNLINK)
        return verdict->finding[0] != '\0' ||
               fail(reading, "it lacks \"finding\": what is linked, or is not");
    return verdict->with[0] == '\0' || fail(reading, "\"with\" is of a link alone");
}

static bool check_every(const Reading *reading, const Verdict *verdict)
{
    CalendarSpan span;
    ZoneRule zone;
    if (verdict->every[0] == '\0')
        return verdict->zone[0] == '\0' || fail(reading, "\"zone\" is of \"every\", which lacks");
    if (!calendar_span_read(str_of(verdict->every), &span))
        return fail(reading, "\"every\" is no span of a week; write it as sat,sun 22:00-04:00, or "
                             "as daily 01:00-02:30");
    return zone_rule_read(str_of(verdict->zone), &zone) ||
           fail(reading, "\"zone\" is none; write UTC, +01:00, or CET-1CEST,M3.5.0,M10.5.0/3");
}

static bool check(const Reading *reading, Verdict *verdict)
{
    if (verdict->kind == VERDICT_KIND_COUNT)
        return fail(reading,
                    "it lacks \"verdict\": real, expected, unsure, new-normal, mute, window, "
                             "link or unlink");
    if (!verdict_has_scope(verdict))
        return fail(reading, "it names nothing that it is about; a source, say (* is all)");
    if (!check_link(reading, verdict) || !check_every(reading, verdict))
        return false;
    if (verdict->kind == VERDICT_LINK && verdict->with[0] == '\0')
        return fail(reading, "it lacks \"with\": what it is linked with");
    if (verdict->kind == VERDICT_WINDOW && verdict->until == ODD_TIME_NONE &&
        verdict->every[0] == '\0')
        return fail(reading, "a window ends: say \"until\" when, or \"every\" what");
    if (verdict->until != ODD_TIME_NONE && verdict->from != ODD_TIME_NONE &&
        verdict->until <= verdict->from)
        return fail(reading, "\"until\" is not behind \"from\"");
    if (!is_id(verdict->id))
        return fail(reading, "\"id\" holds other bytes than letters, digits, . _ and -");
    if (verdict->id[0] == '\0')
        set_id(verdict);
    return true;
}

static bool read_undo(const Reading *reading, const JsonNode *node, Verdict *ret)
{
    const Member undone = {"undo", offsetof(Verdict, id), sizeof ret->id, false};
    ret->kind = VERDICT_UNDO;
    return read_text(reading, &undone, node, ret) &&
           ((ret->id[0] != '\0' && is_id(ret->id)) || fail(reading, "\"undo\" is no id"));
}

bool verdict_read(const JsonNode *object, odd_time now, int32_t zone_s, Verdict *ret,
                  char problem[JSON_PROBLEM_SIZE])
{
    Reading reading = {.frame = time_frame(now, zone_s), .problem = problem};
    JsonWalk walk = json_walk(object);
    Verdict verdict;
    Str name;
    const JsonNode *node;
    problem[0] = '\0';
    memset(&verdict, 0, sizeof verdict);
    verdict.made = now > 0 ? now : ODD_TIME_NONE;
    verdict.from = verdict.until = ODD_TIME_NONE;
    verdict.kind = VERDICT_KIND_COUNT;
    if (json_kind(object) != NODE_OBJECT)
        return fail(&reading, "it is no object; write one such as {\"verdict\":\"mute\","
                              "\"source\":\"backup*\"}");
    const JsonNode *undo = json_member(object, "undo");
    if (undo != NULL && json_count(object) != 1)
        return fail(&reading, "beside \"undo\" there is nothing else");
    bool good = undo == NULL || read_undo(&reading, undo, &verdict);
    while (good && undo == NULL && json_walk_next(&walk, &name, &node))
        good = read_member(&reading, name, node, &verdict);
    if (!good || (undo == NULL && !check(&reading, &verdict)))
        return false;
    *ret = verdict;
    return true;
}

bool verdict_read_text(Str text, Verdict *ret)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    if (json_read(text, &root, problem) != ODD_OK)
        return false;
    bool good = verdict_read(root, 0, 0, ret, problem);
    json_free(root);
    return good;
}

/* -- writing ----------------------------------------------------------------------------------- */

void verdict_write(const Verdict *verdict, JsonText *text)
{
    json_put_open(text, '{');
    if (verdict->kind == VERDICT_UNDO) {
        json_put_named(text, "undo", verdict->id);
        json_put_close(text, '}');
        return;
    }
    json_put_named(text, "verdict", verdict_word((VerdictKind)verdict->kind));
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        const char *value = (const char *)verdict + members[i].at;
        if (value[0] != '\0')
            json_put_named(text, members[i].name, value);
    }
    json_put_time(text, "from", verdict->from);
    json_put_time(text, "until", verdict->until);
    if (verdict->lasts == LASTS_FOREVER)
        json_put_named(text, "until", "forever");
    json_put_time(text, "made", verdict->made);
    if (verdict->surprise > 0) {
        json_put_name(text, STR("surprise"), STR(""));
        json_put_real(text, verdict->surprise);
    }
    json_put_close(text, '}');
}

/* -- the wire ---------------------------------------------------------------------------------- */

static odd_rc add_one(const odd_wire *wire, const JsonNode *node, odd_events *events,
                      odd_decoded *ret)
{
    char problem[JSON_PROBLEM_SIZE];
    Verdict verdict = {.kind = VERDICT_KIND_COUNT};
    if (!verdict_read(node, wire->now, wire->zone_s, &verdict, problem))
        return decoded_fail(ret, "%s", problem);
    Mem mem = {0};
    JsonText text = {.mem = &mem};
    verdict_write(&verdict, &text);
    bool good = !text.failed && events_verdict(events, json_text_str(&text));
    json_text_free(&text);
    ret->accepted += good;
    return good ? ODD_OK : ODD_FULL;
}

static odd_rc verdict_decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    odd_rc rc = json_read(bytes, &root, problem);
    if (rc == ODD_SYNTAX)
        return decoded_fail(ret, "the verdict is no JSON: %s", problem);
    if (rc != ODD_OK)
        return rc;
    JsonWalk walk = json_walk(root);
    Str name;
    const JsonNode *node;
    if (json_kind(root) != NODE_ARRAY)
        rc = add_one(wire, root, events, ret);
    else if (json_count(root) > VERDICTS_AT_ONCE_MAX)
        rc = decoded_fail(ret, "there are more than %d verdicts at once", VERDICTS_AT_ONCE_MAX);
    while (rc == ODD_OK && json_kind(root) == NODE_ARRAY && json_walk_next(&walk, &name, &node))
        rc = add_one(wire, node, events, ret);
    json_free(root);
    return rc;
}

const Codec codec_verdict = {.name = "verdict", .decode = verdict_decode};
