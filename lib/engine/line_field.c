/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/line_field.h"

#include <math.h>

#include "base/cut.h"
#include "base/decimal.h"
#include "event/level.h"

#define VARIABLE "variable."

void line_trees_free(LineTrees *trees)
{
    json_free(trees->of_text);
    json_free(trees->of_attributes);
    *trees = (LineTrees){0};
}

FieldValue text_field(Str text)
{
    FieldValue value = {.is_there = true, .text = text, .number = NAN};
    double number;
    if (decimal_read(text, &number))
        value.number = number;
    return value;
}

FieldValue json_field(const JsonNode *node)
{
    FieldValue value = {.number = NAN};
    bool yes = false;
    switch (json_kind(node)) {
    case NODE_STRING:
        return json_as_str(node, &value.text) ? text_field(value.text) : value;
    case NODE_NUMBER:
        value.text = (Str){.text = node->of.text, .size = node->size};
        value.is_there = json_as_real(node, &value.number);
        return value;
    case NODE_BOOL:
        value.is_there = json_as_bool(node, &yes);
        value.text = yes ? STR("true") : STR("false");
        value.number = yes;
        return value;
    default:
        return value;
    }
}

const JsonNode *json_field_node(const JsonNode *object, Str name)
{
    char word[FIELD_NAME_SIZE], *from = word, *dot;
    cut_into(word, sizeof word, name);
    const JsonNode *node = json_member(object, word);
    while (node == NULL && (dot = strchr(from, '.')) != NULL) {
        *dot = '\0';
        object = json_member(object, from);
        from = dot + 1;
        node = json_member(object, from);
    }
    return node;
}

/* NULL: it is no JSON object. */
static JsonNode *object_of(Str text)
{
    char problem[JSON_PROBLEM_SIZE];
    JsonNode *root = NULL;
    if (text.size == 0 || text.text[0] != '{' || json_read(text, &root, problem) != ODD_OK)
        return NULL;
    return root;
}

static bool is_word(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '.' || letter == '-';
}

/* What stands from `at` on: in quotes, or up to a blank or a comma. */
static Str value_at(Str text, size_t at)
{
    bool is_quoted = at < text.size && text.text[at] == '"';
    size_t from = at + is_quoted, to = from;
    while (to < text.size &&
           (is_quoted ? text.text[to] != '"'
                      : text.text[to] != ' ' && text.text[to] != ',' && text.text[to] != '\t' &&
                            text.text[to] != ']' && text.text[to] != ')' && text.text[to] != '\r'))
        to++;
    return str_part(text, from, to);
}

static FieldValue named_in(Str text, Str name)
{
    FieldValue none = {.number = NAN};
    for (size_t at = 0; name.size > 0 && at + name.size < text.size; at++) {
        const char *found = memmem(text.text + at, text.size - at, name.text, name.size);
        if (found == NULL)
            return none;
        at = (size_t)(found - text.text);
        size_t end = at + name.size;
        if (end < text.size && text.text[end] == '=' && (at == 0 || !is_word(text.text[at - 1])))
            return text_field(value_at(text, end + 1));
    }
    return none;
}

static FieldValue variable_of(const Line *line, Str name)
{
    double number;
    Str digits = str_part(name, sizeof VARIABLE - 1, name.size);
    if (!decimal_read(digits, &number) || !(number >= 1 && number <= line->variable_count))
        return (FieldValue){.number = NAN};
    const Value *value = &line->lexed->values[line->variables[(size_t)number - 1].value];
    return text_field(str_part(line->message, value->from, (size_t)value->from + value->size));
}

static void trees_read(const LineFields *fields)
{
    LineTrees *trees = fields->trees;
    if (trees->is_read)
        return;
    trees->is_read = true;
    trees->of_attributes = object_of(fields->attributes);
    trees->of_text = object_of(fields->text);
}

FieldValue line_field(const void *context, Str name)
{
    const LineFields *fields = context;
    const Line *line = fields->line;
    if (str_equal(name, STR("level")) && line->level != LEVEL_NONE)
        return text_field(str_of(level_name((Level)line->level)));
    if (str_equal(name, STR("source")))
        return text_field(fields->source);
    if (str_equal(name, STR("message")))
        return text_field(fields->text);
    if (name.size > sizeof VARIABLE - 1 && memcmp(name.text, VARIABLE, sizeof VARIABLE - 1) == 0)
        return variable_of(line, name);
    trees_read(fields);
    FieldValue value = json_field(json_field_node(fields->trees->of_attributes, name));
    if (!value.is_there)
        value = json_field(json_field_node(fields->trees->of_text, name));
    return value.is_there || fields->trees->of_text != NULL ? value : named_in(fields->text, name);
}
