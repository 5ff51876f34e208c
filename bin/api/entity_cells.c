/* SPDX-License-Identifier: Apache-2.0
 *
 * entity_cells.c - features of an entity in the cells of a row. */
#include "api/entity_cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/receive.h"

#define NS_PER_S 1000000000.0
#define VALUES_MAX 1000000 /* Of one answer. */

static const struct {
    const char *ending;
    char        part;
} endings[] = {{".was_missing", 'm'}, {".age_s", 'a'}, {"", 'v'}};

void entity_cells_free(EntityCells *told)
{
    free(told->names);
    free((void *)told->wanted);
    free(told->feature);
    free(told->part);
    free(told->values);
    free(told->as_of);
    *told = (EntityCells){0};
}

const JsonTree *predict_row(const JsonTree *body, size_t row)
{
    const JsonTree *rows = json_tree_member(body, "rows");
    return rows != NULL ? json_tree_item(rows, row) : body;
}

static const JsonTree *entity_member(const JsonTree *body, size_t row)
{
    const JsonTree *entity = json_tree_member(predict_row(body, row), "entity");
    return json_tree_kind(entity) == JSON_TREE_NULL ? NULL : entity;
}

static bool any_entity(const JsonTree *body, size_t rows)
{
    for (size_t row = 0; row < rows; row++)
        if (entity_member(body, row) != NULL)
            return true;
    return false;
}

static bool ends_with(const char *text, const char *ending)
{
    size_t size = strlen(text), tail = strlen(ending);
    return size > tail && strcmp(text + size - tail, ending) == 0;
}

static double age_s(const odd_feature_value *value, odd_time as_of)
{
    return value->time != ODD_TIME_NONE ? (double)(as_of - value->time) / NS_PER_S : NAN;
}

/* -- which columns are features ---------------------------------------------------------------- */

static bool take_room(EntityCells *told)
{
    told->names = calloc(told->columns + 1, sizeof *told->names);
    told->wanted = calloc(told->columns + 1, sizeof *told->wanted);
    told->feature = calloc(told->columns + 1, sizeof *told->feature);
    told->part = calloc(told->columns + 1, sizeof *told->part);
    told->as_of = calloc(told->rows, sizeof *told->as_of);
    return told->names != NULL && told->wanted != NULL && told->feature != NULL &&
           told->part != NULL && told->as_of != NULL;
}

/* Which of those that are wanted it is, added if it is new. */
static int want(EntityCells *told, const char *name)
{
    for (size_t i = 0; i < told->count; i++)
        if (strcmp(told->names[i], name) == 0)
            return (int)i;
    snprintf(told->names[told->count], sizeof told->names[0], "%s", name);
    told->wanted[told->count] = told->names[told->count];
    return (int)told->count++;
}

static const char *named_so(const LiveFeatures *all, const char *text, size_t size)
{
    for (size_t i = 0; i < all->count; i++)
        if (strlen(all->names[i]) == size && memcmp(all->names[i], text, size) == 0)
            return all->names[i];
    return NULL;
}

/* False: it says that it was made of a feature, and there is none of that name. */
static bool match_column(EntityCells *told, const LiveFeatures *all, const char *column, char kind,
                         size_t c)
{
    told->feature[c] = -1;
    for (size_t i = 0; kind == 'n' && i < sizeof endings / sizeof endings[0]; i++) {
        if (!ends_with(column, endings[i].ending))
            continue;
        const char *name = named_so(all, column, strlen(column) - strlen(endings[i].ending));
        if (name != NULL) {
            told->feature[c] = want(told, name);
            told->part[c] = endings[i].part;
            return true;
        }
    }
    return kind != 'n' || !ends_with(column, endings[0].ending);
}

static bool match(EntityCells *told, Live *live, const odd_predictor *predictor, int *ret_status,
                  char *problem, size_t size)
{
    LiveFeatures all = {.as_of = ODD_TIME_NONE, .clock = receive_now()};
    bool good = live_features(live, "", &all) == ODD_OK;
    *ret_status = good ? 400 : 503;
    if (!good)
        snprintf(problem, size, "features cannot be read now");
    for (size_t c = 0; good && c < told->columns; c++) {
        const char *column = odd_predictor_column(predictor, c);
        good = match_column(told, &all, column, odd_predictor_kind(predictor, c), c);
        if (!good)
            snprintf(problem, size,
                     "the model wants \"%.100s\", and there is no such feature any more; GET "
                     "/api/v1/features lists those that there are",
                     column);
    }
    live_features_free(&all);
    if (good && told->count == 0) {
        snprintf(problem, size,
                 "\"entity\" is given, and no column of the model is called like a feature; GET "
                 "/api/v1/features lists those that there are");
        return false;
    }
    return good;
}

/* -- values ------------------------------------------------------------------------------------ */

static void fill_row(const EntityCells *told, const odd_predictor *predictor, const JsonTree *given,
                     size_t row, odd_predictor_cell *cells)
{
    for (size_t c = 0; c < told->columns; c++) {
        if (told->feature[c] < 0 ||
            json_tree_member(given, odd_predictor_column(predictor, c)) != NULL)
            continue;
        const odd_feature_value *value =
            &told->values[row * told->count + (size_t)told->feature[c]];
        cells[c].number = told->part[c] == 'v'   ? value->value
                          : told->part[c] == 'm' ? value->was_missing != 0
                                                 : age_s(value, told->as_of[row]);
    }
}

static bool read_row(EntityCells *told, Live *live, const char *entity, size_t row)
{
    LiveFeatures now = {.wanted = told->wanted,
                        .wanted_count = told->count,
                        .as_of = ODD_TIME_NONE,
                        .clock = receive_now()};
    bool good = live_features(live, entity, &now) == ODD_OK;
    if (good) {
        memcpy(told->values + row * told->count, now.values, told->count * sizeof *now.values);
        told->as_of[row] = now.as_of;
    }
    live_features_free(&now);
    return good;
}

static bool fill(EntityCells *told, Live *live, const odd_predictor *predictor,
                 const JsonTree *body, odd_predictor_cell *cells, int *ret_status, char *problem,
                 size_t size)
{
    for (size_t row = 0; row < told->rows; row++) {
        const char *entity;
        const JsonTree *member = entity_member(body, row);
        told->as_of[row] = ODD_TIME_NONE;
        if (member == NULL)
            continue;
        if (!json_tree_text(member, &entity, NULL)) {
            snprintf(problem, size, "row %zu: \"entity\" is to be a text", row + 1);
            return false;
        }
        if (!read_row(told, live, entity, row)) { /* Definitions have changed just now, say. */
            *ret_status = 503;
            snprintf(problem, size, "row %zu: its features cannot be read now", row + 1);
            return false;
        }
        fill_row(told, predictor, json_tree_member(predict_row(body, row), "values"), row,
                 cells + row * told->columns);
    }
    return true;
}

bool entity_cells_fill(EntityCells *told, Live *live, const odd_predictor *predictor,
                       const JsonTree *body, odd_predictor_cell *cells, int *ret_status,
                       char *problem, size_t problem_size)
{
    const JsonTree *list = json_tree_member(body, "rows");
    size_t rows = list != NULL ? json_tree_count(list) : 1;
    *told = (EntityCells){0};
    if (!any_entity(body, rows))
        return true;
    told->rows = rows;
    told->columns = odd_predictor_columns(predictor);
    *ret_status = 503;
    snprintf(problem, problem_size, "no memory for the features");
    if (!take_room(told) || !match(told, live, predictor, ret_status, problem, problem_size))
        return false;
    if (rows * told->count > VALUES_MAX) {
        snprintf(problem, problem_size, "that are more than %d values of features at once",
                 VALUES_MAX);
        return false;
    }
    told->values = calloc(rows * told->count, sizeof *told->values);
    return told->values != NULL &&
           fill(told, live, predictor, body, cells, ret_status, problem, problem_size);
}

/* -- the answer -------------------------------------------------------------------------------- */

void feature_value_put(Put *put, const char *name, const odd_feature_value *value, odd_time as_of)
{
    put_open(put, '{');
    put_named(put, "name", name);
    put_name(put, "value");
    put_real(put, value->value);
    put_name(put, "was_missing");
    put_bool(put, value->was_missing != 0);
    put_name(put, "time");
    put_time(put, value->time);
    put_name(put, "age_s");
    put_real(put, age_s(value, as_of));
    put_close(put, '}');
}

void entity_cells_put(const EntityCells *told, const JsonTree *body, size_t row, Put *put)
{
    const char *entity = NULL;
    if (told->count == 0 || told->as_of[row] == ODD_TIME_NONE)
        return;
    json_tree_text(entity_member(body, row), &entity, NULL);
    put_named(put, "entity", entity);
    put_name(put, "as_of");
    put_time(put, told->as_of[row]);
    put_name(put, "features");
    put_open(put, '[');
    for (size_t i = 0; i < told->count; i++)
        feature_value_put(put, told->names[i], &told->values[row * told->count + i],
                          told->as_of[row]);
    put_close(put, ']');
}
