/* SPDX-License-Identifier: Apache-2.0
 *
 * definition_read.c - one definition out of its JSON object, member by member. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/cut.h"
#include "base/decimal.h"
#include "base/hash.h"
#include "base/time.h"
#include "feature/definition.h"
#include "feature/near.h"

#define WORDS_MAX (TRANSFORM_ARGUMENTS_MAX + 1)
#define HASH_BUCKETS_MAX 1000000

typedef struct {
    Feature *feature;
    char    *problem;
} Reading;

static bool fail(const Reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(const Reading *r, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->problem, FEATURE_PROBLEM_SIZE, format, arguments);
    va_end(arguments);
    return false;
}

static bool fail_near(const Reading *r, const char *what, Near near)
{
    if (near.best.size > 0)
        return fail(r, "%s \"%.*s\" is not known; did you mean %.*s?", what, (int)near.typed.size,
                    near.typed.text, (int)near.best.size, near.best.text);
    return fail(r, "%s \"%.*s\" is not known", what, (int)near.typed.size, near.typed.text);
}

/* -- texts, words, spans ----------------------------------------------------------------------- */

static bool text_into(const Reading *r, const char *member, Str text, char *to, size_t size)
{
    if (text.size >= size)
        return fail(r, "%s is longer than %zu bytes", member, size - 1);
    if (text.size > 0 && memchr(text.text, '\0', text.size) != NULL)
        return fail(r, "%s holds a NUL", member);
    cut_into(to, size, text);
    return true;
}

static size_t words_of(Str text, Str words[WORDS_MAX])
{
    size_t count = 0, at = 0;
    while (at < text.size && count < WORDS_MAX) {
        while (at < text.size && strchr(" ,/", text.text[at]) != NULL)
            at++;
        size_t from = at;
        while (at < text.size && strchr(" ,/", text.text[at]) == NULL)
            at++;
        if (at > from)
            words[count++] = str_part(text, from, at);
    }
    return count;
}

static bool span_into(const Reading *r, const char *member, Str text, int64_t *ret_ns)
{
    return span_read(text, ret_ns) ||
           fail(r, "%s \"%.*s\" is no span of time; write it as 30s, 5m, 1h or 7d", member,
                (int)text.size, text.text);
}

/* -- members ----------------------------------------------------------------------------------- */

static bool set_name(const Reading *r, Str text)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    for (size_t i = 0; i < text.size; i++)
        if (text.text[i] == '\0' || strchr(allowed, text.text[i]) == NULL)
            return fail(r, "the name \"%.*s\" may hold letters, digits, _ and . alone",
                        (int)text.size, text.text);
    return text.size == 0 ? fail(r, "the name is empty")
                          : text_into(r, "name", text, r->feature->name, FEATURE_NAME_SIZE);
}

static bool set_from(const Reading *r, Str text)
{
    Near near = near_to(text);
    for (int from = 0; from < FROM_COUNT; from++) {
        Str word = str_of(feature_from_word((FeatureFrom)from));
        if (str_equal(word, text)) {
            r->feature->from = (FeatureFrom)from;
            return true;
        }
        near_try(&near, word);
    }
    return fail_near(r, "from", near);
}

static bool set_source(const Reading *r, Str text)
{
    return text_into(r, "source", text, r->feature->source, FEATURE_GLOB_SIZE);
}

static bool set_what(const Reading *r, Str text)
{
    return text_into(r, "what it is of", text, r->feature->what, FEATURE_GLOB_SIZE);
}

static bool set_entity(const Reading *r, Str text)
{
    return text_into(r, "entity", text, r->feature->entity, FIELD_NAME_SIZE);
}

static bool set_value(const Reading *r, Str text)
{
    return text_into(r, "value", text, r->feature->value, FIELD_NAME_SIZE);
}

static bool set_unit(const Reading *r, Str text)
{
    return text_into(r, "unit", text, r->feature->unit, FEATURE_WORD_SIZE);
}

static bool set_owner(const Reading *r, Str text)
{
    return text_into(r, "owner", text, r->feature->owner, FEATURE_WORD_SIZE);
}

static bool set_description(const Reading *r, Str text)
{
    return text_into(r, "description", text, r->feature->description, FEATURE_TEXT_SIZE);
}

static bool set_aggregate(const Reading *r, Str text)
{
    Near near = near_to(text);
    for (size_t i = 0; aggregates[i] != NULL; i++) {
        if (str_equal(str_of(aggregates[i]->name), text)) {
            r->feature->aggregate = aggregates[i];
            return true;
        }
        near_try(&near, str_of(aggregates[i]->name));
    }
    return fail_near(r, "aggregate", near);
}

static bool set_quantile(const Reading *r, Str text)
{
    double q;
    if (!decimal_read(text, &q) || !(q > 0 && q < 1))
        return fail(r, "quantile \"%.*s\" must be a number above 0 and below 1", (int)text.size,
                    text.text);
    r->feature->ask.quantile = q;
    return true;
}

static bool set_window(const Reading *r, Str text)
{
    return span_into(r, "window", text, &r->feature->window_ns);
}

static bool set_step(const Reading *r, Str text)
{
    return span_into(r, "step", text, &r->feature->step_ns);
}

static bool set_lag(const Reading *r, Str text)
{
    return span_into(r, "lag", text, &r->feature->lag_ns);
}

static bool set_windows(const Reading *r, Str text)
{
    r->feature->is_tumbling = str_equal(text, STR("tumbling"));
    return r->feature->is_tumbling || str_equal(text, STR("sliding")) ||
           fail(r, "windows \"%.*s\" must be sliding or tumbling", (int)text.size, text.text);
}

static bool set_hash(const Reading *r, Str text)
{
    double buckets;
    if (!decimal_read(text, &buckets) || buckets < 2 || buckets > HASH_BUCKETS_MAX ||
        floor(buckets) < buckets)
        return fail(r, "hash must be a whole number from 2 to %d", HASH_BUCKETS_MAX);
    r->feature->text_as = TEXT_HASH;
    r->feature->hash_buckets = (uint32_t)buckets;
    return true;
}

static bool set_one_hot(const Reading *r, Str text)
{
    r->feature->text_as = TEXT_ONE_HOT;
    return text_into(r, "one_hot", text, r->feature->one_hot, CONDITION_TEXT_SIZE);
}

static bool set_transform_arguments(const Reading *r, const Str *words, size_t count)
{
    Feature *f = r->feature;
    const Transform *t = f->transform;
    if (count < t->count_min || count > t->count_max)
        return fail(r, "the transform is written as \"%s\"", t->usage);
    for (size_t i = 0; i < count; i++)
        if (!decimal_read(words[i], &f->arguments[i]) || !isfinite(f->arguments[i]))
            return fail(r, "\"%.*s\" of the transform is no number; it is written as \"%s\"",
                        (int)words[i].size, words[i].text, t->usage);
    f->argument_count = count;
    const char *wrong = t->good != NULL ? t->good(f->arguments, count) : NULL;
    return wrong == NULL || fail(r, "of the transform \"%s\" %s", t->usage, wrong);
}

static bool set_transform(const Reading *r, Str text)
{
    Str words[WORDS_MAX];
    size_t count = words_of(text, words);
    Near near = near_to(count > 0 ? words[0] : STR(""));
    for (size_t i = 0; transforms[i] != NULL; i++) {
        if (str_equal(str_of(transforms[i]->name), near.typed)) {
            r->feature->transform = transforms[i];
            return set_transform_arguments(r, words + 1, count - 1);
        }
        near_try(&near, str_of(transforms[i]->name));
    }
    return fail_near(r, "transform", near);
}

static bool set_imputer(const Reading *r, const Imputer *imputer, const Str *words, size_t count)
{
    Feature *f = r->feature;
    int64_t span = 0;
    f->imputer = imputer;
    if (count != (size_t)(imputer->wants_number || imputer->wants_span))
        return fail(r, "impute is written as \"%s\"", imputer->usage);
    if (imputer->wants_number)
        return (decimal_read(words[0], &f->impute_argument) && isfinite(f->impute_argument)) ||
               fail(r, "\"%.*s\" of impute is no number", (int)words[0].size, words[0].text);
    if (imputer->wants_span && !span_into(r, "age", words[0], &span))
        return false;
    f->impute_argument = (double)span;
    return true;
}

static bool set_impute(const Reading *r, Str text)
{
    Str words[WORDS_MAX];
    size_t count = words_of(text, words);
    Near near = near_to(count > 0 ? words[0] : STR(""));
    for (size_t i = 0; imputers[i] != NULL; i++) {
        if (str_equal(str_of(imputers[i]->name), near.typed))
            return set_imputer(r, imputers[i], words + 1, count - 1);
        near_try(&near, str_of(imputers[i]->name));
    }
    return fail_near(r, "impute", near);
}

static bool set_made(const Reading *r, FeatureMade made, Str text)
{
    Str words[WORDS_MAX];
    if (words_of(text, words) != 2)
        return fail(r, "a feature of features names two of them, as in \"errors / requests\"");
    r->feature->made = made;
    return text_into(r, "an input", words[0], r->feature->input_names[0], FEATURE_NAME_SIZE) &&
           text_into(r, "an input", words[1], r->feature->input_names[1], FEATURE_NAME_SIZE);
}

static bool set_ratio(const Reading *r, Str text)
{
    return set_made(r, MADE_RATIO, text);
}

static bool set_difference(const Reading *r, Str text)
{
    return set_made(r, MADE_DIFFERENCE, text);
}

static bool set_product(const Reading *r, Str text)
{
    return set_made(r, MADE_PRODUCT, text);
}

static bool set_total(const Reading *r, Str text)
{
    return set_made(r, MADE_TOTAL, text);
}

typedef struct {
    const char *name;
    bool (*set)(const Reading *r, Str text); /* NULL: a map of conditions. */
} Member;

static const Member members[] = {
    {"name", set_name},           {"from", set_from},           {"source", set_source},
    {"series", set_what},         {"pattern", set_what},        {"event", set_what},
    {"entity", set_entity},       {"value", set_value},         {"filter", NULL},
    {"of", NULL},                 {"aggregate", set_aggregate}, {"quantile", set_quantile},
    {"window", set_window},       {"step", set_step},           {"windows", set_windows},
    {"lag", set_lag},             {"hash", set_hash},           {"one_hot", set_one_hot},
    {"transform", set_transform}, {"impute", set_impute},       {"ratio", set_ratio},
    {"difference", set_difference}, {"product", set_product},   {"total", set_total},
    {"unit", set_unit},           {"owner", set_owner},         {"description", set_description}};

#define MEMBER_COUNT (sizeof members / sizeof members[0])

static bool scalar_of(const JsonNode *node, char room[REAL_TEXT_SIZE], Str *ret)
{
    double number;
    if (json_kind(node) == NODE_STRING)
        return json_as_str(node, ret);
    if (json_kind(node) != NODE_NUMBER || !json_as_real(node, &number))
        return false;
    *ret = real_text(number, room);
    return true;
}

static bool read_conditions(const Reading *r, const char *member, const JsonNode *node)
{
    bool is_filter = strcmp(member, "filter") == 0;
    Condition *to = is_filter ? r->feature->filter : r->feature->of;
    size_t *count = is_filter ? &r->feature->filter_count : &r->feature->of_count;
    JsonWalk walk = json_walk(node);
    Str name, text;
    const JsonNode *value;
    char room[REAL_TEXT_SIZE];
    if (json_kind(node) != NODE_OBJECT)
        return fail(r, "%s must be a map of fields, as in {status: \">= 500\"}", member);
    while (json_walk_next(&walk, &name, &value)) {
        if (*count == FEATURE_CONDITIONS_MAX)
            return fail(r, "%s has more than %d conditions", member, FEATURE_CONDITIONS_MAX);
        if (!scalar_of(value, room, &text))
            return fail(r, "%s.%.*s must be a text or a number", member, (int)name.size, name.text);
        const char *wrong = condition_read(name, text, &to[*count]);
        if (wrong != NULL)
            return fail(r, "%s.%.*s: %s", member, (int)name.size, name.text, wrong);
        *count += 1;
    }
    return true;
}

static bool read_member(const Reading *r, Str name, const JsonNode *node)
{
    Near near = near_to(name);
    Str text;
    char room[REAL_TEXT_SIZE];
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (!str_equal(str_of(members[i].name), name)) {
            near_try(&near, str_of(members[i].name));
            continue;
        }
        if (members[i].set == NULL)
            return read_conditions(r, members[i].name, node);
        if (json_kind(node) == NODE_NULL)
            return true;
        return scalar_of(node, room, &text)
                   ? members[i].set(r, text)
                   : fail(r, "%s must be a text or a number", members[i].name);
    }
    return fail_near(r, "the member", near);
}

/* -- what belongs together --------------------------------------------------------------------- */

static bool has(const JsonNode *object, const char *member)
{
    const JsonNode *node = json_member(object, member);
    return node != NULL && json_kind(node) != NODE_NULL;
}

static bool only_of(const Reading *r, const JsonNode *object, const char *member, FeatureFrom from)
{
    return !has(object, member) || r->feature->from == from ||
           fail(r, "%s belongs to features from %s, and this one is from %s", member,
                feature_from_word(from), feature_from_word(r->feature->from));
}

static bool check_made(const Reading *r, const JsonNode *object)
{
    static const char *const wrong[] = {"aggregate", "window", "step",  "windows", "lag",
                                        "filter",    "of",     "value", "source",  "hash",
                                        "one_hot",   "entity", "quantile"};
    int count = has(object, "ratio") + has(object, "difference") + has(object, "product") +
                has(object, "total");
    if (count != 1)
        return fail(r, "a feature of features is one ratio, difference, product or total of two");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (has(object, wrong[i]))
            return fail(r, "%s has no meaning in a feature of features", wrong[i]);
    return r->feature->imputer == NULL || !r->feature->imputer->of_facts ||
           fail(r, "a feature of features imputes with \"constant NUMBER\" alone");
}

static bool check_steps(const Reading *r)
{
    Feature *f = r->feature;
    if (f->window_ns == 0)
        return fail(r, "it has no window; write one, such as 5m");
    if (f->is_tumbling) {
        if (f->step_ns != 0 && f->step_ns != f->window_ns)
            return fail(r, "a tumbling window has no step");
        f->step_ns = f->window_ns;
    }
    if (f->step_ns == 0)
        f->step_ns = f->window_ns % FEATURE_STEPS_USUAL == 0 ? f->window_ns / FEATURE_STEPS_USUAL
                                                             : f->window_ns;
    if (f->window_ns % f->step_ns != 0 || f->lag_ns % f->step_ns != 0)
        return fail(r, "window and lag must be whole numbers of steps");
    if ((f->window_ns + f->lag_ns) / f->step_ns > FEATURE_STEPS_MAX)
        return fail(r, "window and lag are more than %d steps; choose a longer step",
                    FEATURE_STEPS_MAX);
    f->ask.window_s = (double)f->window_ns / (double)NS_PER_S;
    return true;
}

static bool check_last(const Reading *r)
{
    const Feature *f = r->feature;
    return (f->step_ns == 0 && f->lag_ns == 0 && !f->is_tumbling) ||
           fail(r, "last knows no step, lag or tumbling window; its window is the greatest age");
}

static bool check_value(const Reading *r)
{
    const Feature *f = r->feature;
    bool is_share = strcmp(f->aggregate->name, "share") == 0;
    if (f->aggregate->wants_value && f->value[0] == '\0' && f->from != FROM_METRICS)
        return fail(r, "%s needs a value: the field whose number counts", f->aggregate->name);
    if (is_share != (f->of_count > 0))
        return fail(r, is_share ? "share needs `of`: conditions that the share fulfils"
                                : "`of` belongs to the aggregate share");
    if ((strcmp(f->aggregate->name, "quantile") == 0) != (f->ask.quantile > 0))
        return fail(r, f->ask.quantile > 0
                           ? "`quantile` belongs to the aggregate quantile"
                           : "the aggregate quantile needs `quantile`, such as 0.95");
    if (f->imputer != NULL && f->imputer->of_facts &&
        (!f->aggregate->wants_value || f->aggregate->empty_is_zero ||
         strcmp(f->aggregate->name, "std") == 0))
        return fail(r,
                    "%s cannot be imputed with \"%s\", which is of facts; use \"constant "
                    "NUMBER\"",
                    f->aggregate->name, f->imputer->usage);
    return true;
}

static bool check(const Reading *r, const JsonNode *object)
{
    const Feature *f = r->feature;
    if (f->name[0] == '\0')
        return fail(r, "it has no name");
    if (!has(object, "from"))
        return fail(r, "it does not say what it is from: logs, metrics, predictions, events or "
                       "features");
    if (!only_of(r, object, "series", FROM_METRICS) || !only_of(r, object, "pattern", FROM_LOGS) ||
        !only_of(r, object, "event", FROM_EVENTS) || !only_of(r, object, "ratio", FROM_FEATURES) ||
        !only_of(r, object, "difference", FROM_FEATURES) ||
        !only_of(r, object, "product", FROM_FEATURES) ||
        !only_of(r, object, "total", FROM_FEATURES))
        return false;
    if (f->from == FROM_FEATURES)
        return check_made(r, object);
    if (f->aggregate == NULL)
        return fail(r,
                    "it has no aggregate: count, sum, mean, min, max, last, std, rate, distinct, "
                    "quantile or share");
    bool is_last = f->aggregate->cell_bytes == 0;
    return (is_last ? check_last(r) : check_steps(r)) && check_value(r);
}

static bool set_version(const JsonNode *object, Feature *feature)
{
    Mem mem = {0};
    JsonText text = {.mem = &mem};
    feature_write(object, true, &text);
    bool good = !text.failed;
    if (good)
        snprintf(feature->version, sizeof feature->version, "%016llx",
                 (unsigned long long)hash_bytes(text.text, text.size, 0));
    json_text_free(&text);
    return good;
}

bool feature_read(const JsonNode *object, Feature *ret, char problem[FEATURE_PROBLEM_SIZE])
{
    Feature feature;
    memset(&feature, 0, sizeof feature);
    Reading r = {.feature = &feature, .problem = problem};
    JsonWalk walk = json_walk(object);
    Str name;
    const JsonNode *node;
    if (json_kind(object) != NODE_OBJECT)
        return fail(&r, "it is no map of members");
    while (json_walk_next(&walk, &name, &node))
        if (!read_member(&r, name, node))
            return false;
    if (!check(&r, object))
        return false;
    if (!set_version(object, &feature))
        return fail(&r, "no memory for it");
    *ret = feature;
    return true;
}
