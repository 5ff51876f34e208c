/* SPDX-License-Identifier: Apache-2.0 */
#include "api/query_answer.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define MS 1000000LL

const char *query_cell(const SqlAnswer *answer, size_t row, size_t column)
{
    SqlCell cell = sql_answer_cell(answer, row, column);
    return cell.kind == SQL_TEXT ? cell.text : "";
}

void query_number_put(HttpResponse *json, odd_time time, double number)
{
    int64_t ms = time / MS;
    response_print(json, "[%" PRId64, ms / 1000);
    if (ms % 1000 != 0)
        response_print(json, ".%03" PRId64, ms % 1000);
    char text[40];
    double back = 0;
    snprintf(text, sizeof text, "%.15g", number);
    if (isfinite(number) && (sscanf(text, "%lf", &back) != 1 || back != number))
        snprintf(text, sizeof text, "%.17g", number);
    response_print(json, ",\"%s\"]",
                   isnan(number)   ? "NaN"
                   : isinf(number) ? (number > 0 ? "+Inf" : "-Inf")
                                   : text);
}

static bool is_same(const SqlAnswer *answer, size_t a, size_t b, size_t keys)
{
    for (size_t i = 0; i < keys; i++) {
        SqlCell left = sql_answer_cell(answer, a, i), right = sql_answer_cell(answer, b, i);
        if (left.kind != right.kind)
            return false;
        if (left.kind == SQL_TEXT && strcmp(left.text, right.text) != 0)
            return false;
        if (left.kind != SQL_TEXT && left.integer != right.integer)
            return false;
    }
    return true;
}

static void put_row(const QuerySeries *series, const SqlAnswer *answer, size_t row,
                    HttpResponse *json)
{
    SqlCell number = sql_answer_cell(answer, row, series->keys + 1);
    odd_time time = series->steps->first +
                    sql_answer_cell(answer, row, series->keys).integer * series->steps->step_ns;
    query_number_put(json, time, number.kind == SQL_INT ? (double)number.integer : number.real);
}

void query_series_put(const QuerySeries *series, const SqlAnswer *answer, HttpResponse *json)
{
    bool instant = series->steps->instant;
    size_t rows = sql_answer_rows(answer);
    response_print(json, "\"resultType\":\"%s\",\"result\":[", instant ? "vector" : "matrix");
    for (size_t row = 0; row < rows;) {
        response_print(json, "%s{\"metric\":", row > 0 ? "," : "");
        series->labels(series->context, answer, row, json);
        response_print(json, instant ? ",\"value\":" : ",\"values\":[");
        put_row(series, answer, row, json);
        size_t first = row++;
        for (; !instant && row < rows && is_same(answer, first, row, series->keys); row++) {
            response_add(json, ",", 1);
            put_row(series, answer, row, json);
        }
        response_print(json, instant ? "}" : "]}");
    }
    response_add(json, "]", 1);
}
