/* SPDX-License-Identifier: Apache-2.0 */
#include "feature/definition.h"

#include "base/decimal.h"
#include "base/time.h"

#define SPAN_S_MAX 3.2e9 /* A century. */

bool span_read(Str text, int64_t *ret_ns)
{
    static const struct {
        const char *unit;
        double      s;
    } units[] = {{"ms", 1e-3}, {"s", 1},     {"m", 60},     {"h", 3600},
                 {"d", 86400}, {"w", 604800}, {"", 1}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        Str unit = str_of(units[i].unit);
        double number;
        if (text.size <= unit.size ||
            memcmp(text.text + text.size - unit.size, unit.text, unit.size) != 0 ||
            !decimal_read(str_part(text, 0, text.size - unit.size), &number))
            continue;
        double s = number * units[i].s;
        if (!(s > 0) || s > SPAN_S_MAX)
            return false;
        *ret_ns = time_ns_of(s);
        return *ret_ns > 0;
    }
    return false;
}

const char *feature_from_word(FeatureFrom from)
{
    static const char *const words[FROM_COUNT] = {"logs", "metrics", "predictions", "events",
                                                  "features"};
    return words[from];
}

int64_t feature_reach_ns(const Feature *feature)
{
    if (feature->from == FROM_FEATURES)
        return 0;
    if (feature->window_ns == 0)
        return INT64_MAX;
    return feature->window_ns * (feature->is_tumbling ? 2 : 1) + feature->lag_ns;
}

uint32_t feature_panes(const Feature *feature)
{
    if (feature->step_ns == 0)
        return 0;
    int64_t steps = feature->window_ns / feature->step_ns + feature->lag_ns / feature->step_ns;
    return (uint32_t)steps + 1 + (feature->lag_ns > 0 || feature->is_tumbling);
}

/* -- the canonical text ------------------------------------------------------------------------ */

static const char *const members[] = {
    "name",      "from",     "source",   "series", "pattern",    "event",   "entity",
    "value",     "filter",   "of",       "aggregate", "quantile", "window", "step",
    "windows",   "lag",      "hash",     "one_hot", "transform",  "impute", "ratio",
    "difference", "product", "total",    "unit",   "owner",      "description"};

static void put_scalar(const JsonNode *node, JsonText *text)
{
    Str as_text;
    double number;
    char room[REAL_TEXT_SIZE];
    if (json_kind(node) == NODE_STRING && json_as_str(node, &as_text))
        json_put_string(text, as_text);
    else if (json_kind(node) == NODE_NUMBER && json_as_real(node, &number))
        json_put_string(text, real_text(number, room));
    else
        json_put_string(text, STR(""));
}

static void put_map(const JsonNode *node, JsonText *text)
{
    JsonWalk walk = json_walk(node);
    Str name;
    const JsonNode *value;
    json_put_open(text, '{');
    while (json_walk_next(&walk, &name, &value)) {
        json_put_name(text, name, STR(""));
        put_scalar(value, text);
    }
    json_put_close(text, '}');
}

void feature_write(const JsonNode *object, bool for_version, JsonText *text)
{
    json_put_open(text, '{');
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const JsonNode *node = json_member(object, members[i]);
        bool is_prose = strcmp(members[i], "owner") == 0 || strcmp(members[i], "description") == 0;
        if (node == NULL || json_kind(node) == NODE_NULL || (for_version && is_prose))
            continue;
        json_put_name(text, str_of(members[i]), STR(""));
        if (json_kind(node) == NODE_OBJECT)
            put_map(node, text);
        else
            put_scalar(node, text);
    }
    json_put_close(text, '}');
}
