/* SPDX-License-Identifier: Apache-2.0
 *
 * wire_rows.c - the door for rows of models: columns that a program has become a batch. */
#include "event/prediction_build.h"

static bool put_cell(PredictionBuild *build, const odd_model_column *column, size_t row)
{
    Str name = str_of(column->name);
    BatchRole role = (BatchRole)column->role;
    if (column->times != NULL)
        return build_time(build, column->times[row]);
    if (column->texts != NULL)
        return build_text(build, role, name,
                          column->texts[row] != NULL ? str_of(column->texts[row]) : STR(""));
    return build_number(build, role, name, column->numbers[row]);
}

static bool is_good(const odd_model_rows *rows)
{
    bool has[ODD_ROLE_SEGMENT + 1] = {false};
    for (size_t i = 0; i < rows->column_count; i++) {
        const odd_model_column *column = &rows->columns[i];
        bool is_time = column->role == ODD_ROLE_TIME;
        if (column->role > ODD_ROLE_SEGMENT || is_time != (column->times != NULL) ||
            (column->times == NULL && column->texts == NULL && column->numbers == NULL) ||
            column->name == NULL || column->name[0] == '\0' ||
            strlen(column->name) > BATCH_NAME_BYTES_MAX)
            return false;
        if (column->role != ODD_ROLE_FEATURE && column->role != ODD_ROLE_SEGMENT &&
            has[column->role])
            return false;
        has[column->role] = true;
    }
    return rows->model != NULL && rows->model[0] != '\0' &&
           strlen(rows->model) <= BATCH_NAME_BYTES_MAX && rows->column_count > 0 &&
           (rows->version == NULL || strlen(rows->version) <= BATCH_NAME_BYTES_MAX) &&
           (!rows->are_outcomes || (has[ODD_ROLE_ID] && has[ODD_ROLE_OUTCOME]));
}

odd_rc odd_events_rows(odd_events *events, const odd_model_rows *rows)
{
    if (!is_good(rows))
        return ODD_RANGE;
    Mem mem = {0};
    PredictionBuild build;
    EventsMark mark = events_mark(events);
    build_begin(&build, &mem, rows->are_outcomes ? BATCH_OUTCOMES : BATCH_PREDICTIONS,
                str_of(rows->model), str_of(rows->version != NULL ? rows->version : ""),
                rows->are_reference != 0);
    bool good = true;
    for (size_t row = 0; good && row < rows->row_count; row++) {
        good = !build_is_full(&build) || build_write(&build, events);
        build_row(&build);
        for (size_t i = 0; good && i < rows->column_count; i++)
            good = put_cell(&build, &rows->columns[i], row);
    }
    good = good && build_write(&build, events);
    build_close(&build);
    if (!good)
        events_back_to(events, mark);
    return good ? ODD_OK : ODD_FULL;
}
