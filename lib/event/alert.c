/* SPDX-License-Identifier: Apache-2.0 */
#include "event/alert.h"

#include "base/cut.h"
#include "event/alert_repeats.h"
#include "event/codec.h"
#include "event/json.h"
#include "event/series.h"
#include "event/timestamp.h"

#define ALERT_NAME_DEFAULT "alert"

static void copy(char *to, size_t size, Str text)
{
    const char *nul = text.size > 0 ? memchr(text.text, '\0', text.size) : NULL;
    cut_into(to, size, nul != NULL ? str_part(text, 0, (size_t)(nul - text.text)) : text);
}

static Str text_of(const JsonNode *object, const char *name)
{
    const JsonNode *node = json_member(object, name);
    Str text;
    return json_kind(node) == NODE_STRING && json_as_str(node, &text) ? text : STR("");
}

/* -- the wire ---------------------------------------------------------------------------------- */

/* "0001-01-01T00:00:00Z" is how Go writes that there is none. */
static odd_time time_of(const JsonNode *object, const char *name, const odd_wire *wire)
{
    TimeFrame frame = time_frame(wire->now, wire->zone_s);
    Str text = text_of(object, name);
    odd_time time;
    return timestamp_whole(&frame, text, &time) && time > 0 ? time : ODD_TIME_NONE;
}

/* False: there are too many, or one is no text. */
static bool labels_of(const JsonNode *object, Label *labels, size_t *ret_count, Str *ret_name)
{
    const JsonNode *node;
    Label label;
    JsonWalk walk = json_walk(object);
    *ret_count = 0;
    *ret_name = STR("");
    while (json_walk_next(&walk, &label.name, &node)) {
        if (json_kind(node) != NODE_STRING || !json_as_str(node, &label.value) ||
            *ret_count == SERIES_LABELS_MAX)
            return false;
        if (str_equal(label.name, STR("alertname")))
            *ret_name = label.value;
        else
            labels[(*ret_count)++] = label;
    }
    if (ret_name->size == 0)
        *ret_name = STR(ALERT_NAME_DEFAULT);
    return true;
}

static size_t longest_of(const Label *labels, size_t count)
{
    size_t longest = 0;
    for (size_t i = 1; i < count; i++)
        if (labels[i].name.size + labels[i].value.size >
            labels[longest].name.size + labels[longest].value.size)
            longest = i;
    return longest;
}

static void write_series(Str name, Label *labels, size_t count, Alert *alert)
{
    size_t size, room = sizeof alert->series - 1;
    while ((size = series_text(name, labels, count, alert->series, room)) == 0 && count > 0) {
        size_t longest = longest_of(labels, count);
        labels[longest] = labels[--count];
    }
    if (size == 0) {
        copy(alert->series, sizeof alert->series, name);
        return;
    }
    alert->series[size] = '\0';
}

static bool is_own(Str name, const Label *labels, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(labels[i].name, STR("incident")))
            return str_equal(name, STR(ALERT_OWN_NAME));
    return false;
}

/* NULL: it may be taken; else why not. */
static const char *alert_of(const odd_wire *wire, const JsonNode *node, Str status, Alert *ret)
{
    Label labels[SERIES_LABELS_MAX];
    size_t count;
    Str name;
    memset(ret, 0, sizeof *ret);
    if (json_kind(json_member(node, "labels")) != NODE_OBJECT)
        return "an alert has no object \"labels\"";
    if (!labels_of(json_member(node, "labels"), labels, &count, &name))
        return "the labels of an alert are more than 64, or one is no text";
    if (is_own(name, labels, count))
        return "an alert is of an incident of this program";
    const JsonNode *annotations = json_member(node, "annotations");
    Str summary = text_of(annotations, "summary"), own = text_of(node, "status");
    if (summary.size == 0)
        summary = text_of(annotations, "description");
    if (summary.size == 0)
        summary = text_of(annotations, "message");
    status = own.size > 0 ? own : status;
    write_series(name, labels, count, ret);
    copy(ret->summary, sizeof ret->summary, summary);
    ret->starts = time_of(node, "startsAt", wire);
    ret->ends = time_of(node, "endsAt", wire);
    ret->is_resolved = str_equal(status, STR("resolved")) ||
                       (ret->ends != ODD_TIME_NONE && ret->ends <= wire->now);
    return NULL;
}

static bool add_event(const odd_wire *wire, const Alert *alert, odd_events *events)
{
    Mem mem = {0};
    JsonText text = {.mem = &mem};
    json_put_open(&text, '{');
    json_put_named(&text, "alert", alert->series);
    json_put_named(&text, "status", alert->is_resolved ? "resolved" : "firing");
    json_put_time(&text, "starts", alert->starts);
    json_put_time(&text, "ends", alert->ends);
    json_put_named(&text, "summary", alert->summary);
    json_put_close(&text, '}');
    bool good = !text.failed && events_alert(events, str_of(wire->source), json_text_str(&text));
    json_text_free(&text);
    return good;
}

static odd_rc alert_decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    odd_rc rc = json_read(bytes, &root, problem);
    if (rc == ODD_SYNTAX)
        return decoded_fail(ret, "the alerts are no JSON: %s", problem);
    if (rc != ODD_OK)
        return rc;
    bool is_webhook = json_kind(root) == NODE_OBJECT;
    const JsonNode *list = is_webhook ? json_member(root, "alerts") : root;
    Str name, status = is_webhook ? text_of(root, "status") : STR("");
    const JsonNode *node;
    JsonWalk walk = json_walk(list);
    if (json_kind(list) != NODE_ARRAY)
        rc = decoded_fail(ret, "there are no alerts; send an array of them, or an object with the "
                               "array \"alerts\"");
    while (rc == ODD_OK && json_walk_next(&walk, &name, &node)) {
        Alert alert;
        const char *reason = alert_of(wire, node, status, &alert);
        if (reason != NULL)
            decoded_refuse(ret, 1, "%s", reason);
        else if (!alert_is_repeat(wire->alerts, &alert, wire->now) &&
                 !add_event(wire, &alert, events))
            rc = ODD_FULL;
        ret->accepted += reason == NULL;
    }
    json_free(root);
    if (rc == ODD_FULL)
        odd_alerts_forget(wire->alerts); /* They are not stored. */
    return rc;
}

/* -- the event --------------------------------------------------------------------------------- */

static odd_time time_in(const JsonNode *root, const char *name)
{
    odd_time time;
    const JsonNode *node = json_member(root, name);
    return json_kind(node) == NODE_NUMBER && json_as_i64(node, &time) ? time : ODD_TIME_NONE;
}

bool alert_read(Str text, Alert *ret)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root;
    if (json_read(text, &root, problem) != ODD_OK)
        return false;
    memset(ret, 0, sizeof *ret);
    copy(ret->series, sizeof ret->series, text_of(root, "alert"));
    copy(ret->summary, sizeof ret->summary, text_of(root, "summary"));
    ret->starts = time_in(root, "starts");
    ret->ends = time_in(root, "ends");
    ret->is_resolved = str_equal(text_of(root, "status"), STR("resolved"));
    json_free(root);
    return ret->series[0] != '\0';
}

const Codec codec_alert = {.name = "alert", .decode = alert_decode};
