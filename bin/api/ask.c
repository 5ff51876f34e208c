/* SPDX-License-Identifier: Apache-2.0 */
#include "api/ask.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "input/clock.h"
#include "settings/nearest.h"
#include "settings/quantity.h"

#define CHOICES_TEXT_MAX 256

Ask ask_of(HttpRequest *request, HttpResponse *response)
{
    return (Ask){.request = request, .response = response, .now = clock_now()};
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* "a, b or c" */
static void list_names(const char *const *names, size_t count, char text[CHOICES_TEXT_MAX])
{
    size_t size = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count && size < CHOICES_TEXT_MAX; i++)
        size += (size_t)snprintf(text + size, CHOICES_TEXT_MAX - size, "%s%s",
                                 i == 0          ? ""
                                 : i + 1 < count ? ", "
                                                 : " or ",
                                 names[i]);
}

bool ask_only(const Ask *ask, const char *const *names, size_t count)
{
    const HttpField *field;
    for (size_t i = 0; (field = request_query_item(ask->request, i)) != NULL; i++) {
        if (is_among(field->name, names, count))
            continue;
        char list[CHOICES_TEXT_MAX];
        const char *nearest = nearest_word(field->name, names, count);
        list_names(names, count, list);
        http_problem(ask->response, 400, NULL,
                     "the parameter \"%.64s\" is unknown here%s%s; there may be %s", field->name,
                     nearest != NULL ? "; perhaps you meant " : "", nearest != NULL ? nearest : "",
                     count > 0 ? list : "none");
        return false;
    }
    return true;
}

static bool refuse(const Ask *ask, const char *name, const char *value, const char *allowed)
{
    http_problem(ask->response, 400, NULL, "the parameter %s is \"%.64s\", but must be %s", name,
                 value, allowed);
    return false;
}

bool ask_integer(const Ask *ask, const char *name, int64_t low, int64_t high, int64_t *ret)
{
    const char *value = request_query(ask->request, name);
    char allowed[96];
    if (value == NULL || quantity_integer(value, low, high, ret))
        return true;
    snprintf(allowed, sizeof allowed, "a whole number from %lld to %lld", (long long)low,
             (long long)high);
    return refuse(ask, name, value, allowed);
}

bool ask_moment(const Ask *ask, const char *name, odd_time *ret)
{
    const char *value = request_query(ask->request, name);
    Moment moment = {0};
    if (value == NULL)
        return true;
    if (!quantity_moment(value + (value[0] == '-'), &moment))
        return refuse(ask, name, value,
                      "a time such as 2026-11-27T10:00:00Z, epoch seconds, or a span before now "
                      "such as -1h");
    *ret = moment_resolve(moment, ask->now, ask->now);
    return true;
}

bool ask_span(const Ask *ask, const char *name, int64_t *ret_ns)
{
    const char *value = request_query(ask->request, name);
    int64_t span = 0;
    if (value == NULL)
        return true;
    if (!quantity_span(value, &span) || span <= 0)
        return refuse(ask, name, value, "a span of time such as 30s, 5m or 1h");
    *ret_ns = span;
    return true;
}

bool ask_choice(const Ask *ask, const char *name, const char *const *choices, size_t count,
                size_t *ret)
{
    const char *value = request_query(ask->request, name);
    char list[CHOICES_TEXT_MAX];
    for (size_t i = 0; value != NULL && i < count; i++) {
        if (strcmp(value, choices[i]) == 0) {
            *ret = i;
            return true;
        }
    }
    list_names(choices, count, list);
    return value == NULL || refuse(ask, name, value, list);
}

HttpReply ask_failed(HttpResponse *response, odd_rc rc)
{
    if (rc != ODD_NOMEM)
        return http_problem(response, 500, NULL,
                            "the question could not be answered: %s; the log "
                            "of this server may say more",
                            odd_strerror(rc));
    response_header(response, "Retry-After", "1");
    return http_problem(response, 503, NULL,
                        "memory is short; ask again after Retry-After seconds, or for less");
}
