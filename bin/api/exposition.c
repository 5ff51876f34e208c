/* SPDX-License-Identifier: Apache-2.0 */
#include "api/exposition.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define TOTAL "_total"
#define TOTAL_SIZE 6

Exposition exposition_begin(const HttpRequest *request, HttpResponse *response)
{
    const char *accept = request_header(request, "Accept");
    return (Exposition){.response = response,
                        .open_metrics = accept != NULL &&
                                        strstr(accept, "application/openmetrics-text") != NULL};
}

void exposition_family(Exposition *exposition, const char *name, MetricKind kind, const char *help)
{
    static const char *const kinds[] = {"counter", "gauge", "summary"};
    size_t size = strlen(name);
    if (kind == METRIC_COUNTER) {
        assert(size > TOTAL_SIZE && strcmp(name + size - TOTAL_SIZE, TOTAL) == 0);
        size -= exposition->open_metrics ? TOTAL_SIZE : 0;
    }
    exposition->name = name;
    response_print(exposition->response, "# HELP %.*s %s\n# TYPE %.*s %s\n", (int)size, name, help,
                   (int)size, name, kinds[kind]);
}

/* One value that is no UTF-8 would cost the reader all others: its bytes are shown as \xff. */
static void add_label_value(HttpResponse *response, const char *value)
{
    response_add(response, "\"", 1);
    for (size_t left = strlen(value), size; left > 0; value += size, left -= size) {
        size = response_character(value, left);
        if (*value == '\n')
            response_add(response, "\\n", 2);
        else if (*value == '"' || *value == '\\')
            response_print(response, "\\%c", *value);
        else if (size > 0)
            response_add(response, value, size);
        else
            response_print(response, "\\\\x%02x", (unsigned char)*value);
        size += size == 0;
    }
    response_add(response, "\"", 1);
}

void exposition_sample(Exposition *exposition, double value, const char *const *labels)
{
    HttpResponse *response = exposition->response;
    response_print(response, "%s", exposition->name);
    for (size_t i = 0; labels != NULL && labels[i] != NULL; i += 2) {
        response_print(response, "%s%s=", i == 0 ? "{" : ",", labels[i]);
        add_label_value(response, labels[i + 1]);
    }
    response_print(response, labels != NULL && labels[0] != NULL ? "} " : " ");
    if (isnan(value))
        response_print(response, "NaN\n");
    else if (isinf(value))
        response_print(response, value > 0 ? "+Inf\n" : "-Inf\n");
    else
        response_print(response, "%.17g\n", value);
}

void exposition_number(Exposition *exposition, const char *name, MetricKind kind, const char *help,
                       double value)
{
    exposition_family(exposition, name, kind, help);
    exposition_sample(exposition, value, NULL);
}

HttpReply exposition_end(Exposition *exposition)
{
    if (exposition->open_metrics)
        response_print(exposition->response, "# EOF\n");
    return response_end(exposition->response, 200,
                        exposition->open_metrics
                            ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                            : "text/plain; version=0.0.4; charset=utf-8");
}
