/* SPDX-License-Identifier: Apache-2.0 */
#include "feature/condition.h"

#include <math.h>

#include "base/cut.h"
#include "base/decimal.h"
#include "base/glob.h"

static const struct {
    const char   *sign;
    ConditionKind kind;
} signs[] = {{"<=", CONDITION_AT_MOST}, {">=", CONDITION_AT_LEAST}, {"!=", CONDITION_IS_NOT},
             {"<", CONDITION_BELOW},    {">", CONDITION_ABOVE},     {"=", CONDITION_IS}};

static Str trimmed(Str text)
{
    while (text.size > 0 && text.text[0] == ' ')
        text = str_part(text, 1, text.size);
    while (text.size > 0 && text.text[text.size - 1] == ' ')
        text.size--;
    return text;
}

const char *condition_read(Str field, Str text, Condition *ret)
{
    Condition condition;
    memset(&condition, 0, sizeof condition);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        Str sign = str_of(signs[i].sign);
        if (text.size < sign.size || memcmp(text.text, sign.text, sign.size) != 0)
            continue;
        condition.kind = signs[i].kind;
        text = str_part(text, sign.size, text.size);
        break;
    }
    text = trimmed(text);
    if (field.size == 0 || field.size >= FIELD_NAME_SIZE)
        return "the name of the field is empty or longer than 95 bytes";
    if (text.size >= CONDITION_TEXT_SIZE)
        return "it is longer than 127 bytes";
    condition.has_number = decimal_read(text, &condition.number) && isfinite(condition.number);
    if (condition.kind >= CONDITION_BELOW && !condition.has_number)
        return "behind <, <=, > and >= there must be a number";
    cut_into(condition.field, sizeof condition.field, field);
    cut_into(condition.text, sizeof condition.text, text);
    *ret = condition;
    return NULL;
}

static bool is(const Condition *condition, FieldValue value)
{
    if (condition->has_number && !isnan(value.number))
        return !(value.number < condition->number) && !(value.number > condition->number);
    return glob_means(str_of(condition->text), value.text);
}

bool condition_holds(const Condition *condition, FieldValue value)
{
    if (!value.is_there)
        return condition->kind == CONDITION_IS_NOT;
    switch (condition->kind) {
    case CONDITION_IS:
        return is(condition, value);
    case CONDITION_IS_NOT:
        return !is(condition, value);
    case CONDITION_BELOW:
        return value.number < condition->number;
    case CONDITION_AT_MOST:
        return value.number <= condition->number;
    case CONDITION_ABOVE:
        return value.number > condition->number;
    case CONDITION_AT_LEAST:
        return value.number >= condition->number;
    }
    return false;
}
