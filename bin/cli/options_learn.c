/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options_learn.h"

#include "settings/quantity.h"

static bool set_text(const char **to, const char *value)
{
    *to = value;
    return value[0] != '\0';
}

bool learn_set_name(LearnOptions *learn, const char *value)
{
    return set_text(&learn->name, value);
}

bool learn_set_dataset(LearnOptions *learn, const char *value)
{
    return set_text(&learn->dataset, value);
}

bool learn_set_target(LearnOptions *learn, const char *value)
{
    return set_text(&learn->target, value);
}

bool learn_set_task(LearnOptions *learn, const char *value)
{
    return set_text(&learn->task, value);
}

bool learn_set_keys(LearnOptions *learn, const char *value)
{
    return set_text(&learn->keys, value);
}

bool learn_set_note(LearnOptions *learn, const char *value)
{
    return set_text(&learn->note, value);
}

bool learn_set_protected(LearnOptions *learn, const char *value)
{
    return set_text(&learn->protected_columns, value);
}

bool learn_set_file(LearnOptions *learn, const char *value)
{
    return set_text(&learn->to_file, value);
}

bool learn_set_budget(LearnOptions *learn, const char *value)
{
    return quantity_real(value, 0.001, 1e12, &learn->budget);
}

bool learn_set_gap(LearnOptions *learn, const char *value)
{
    return quantity_integer(value, 1, INT32_MAX, &learn->gap);
}
