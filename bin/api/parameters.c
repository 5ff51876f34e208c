/* SPDX-License-Identifier: Apache-2.0 */
#include "api/parameters.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/query_text.h"
#include "http/route.h"
#include "settings/quantity.h"

#define S 1000000000LL
#define SECONDS_DIGITS_MAX 11 /* More are ms, us or ns. */

static bool add(Parameters *parameters, const char *name, char *value)
{
    if (parameters->count == PARAMETERS_MAX)
        return false;
    parameters->items[parameters->count++] = (HttpField){.name = name, .value = value};
    return true;
}

static bool read_form(char *form, Parameters *parameters)
{
    for (char *at = form, *next; at != NULL && *at != '\0'; at = next) {
        next = strchr(at, '&');
        if (next != NULL)
            *next++ = '\0';
        char *value = strchr(at, '=');
        if (value != NULL)
            *value++ = '\0';
        else
            value = at + strlen(at);
        if (!route_decode(at, true) || !route_decode(value, true) || !add(parameters, at, value))
            return false;
    }
    return true;
}

bool parameters_read(HttpRequest *request, Parameters *ret)
{
    const HttpField *field;
    ret->count = 0;
    for (size_t i = 0; (field = request_query_item(request, i)) != NULL; i++)
        if (!add(ret, field->name, field->value))
            return false;
    return !request_is(request, "application/x-www-form-urlencoded") ||
           read_form(request->body, ret);
}

const char *parameter(const Parameters *parameters, const char *name)
{
    for (size_t i = 0; i < parameters->count; i++)
        if (strcmp(parameters->items[i].name, name) == 0)
            return parameters->items[i].value;
    return NULL;
}

/* "12.345" without going through a double: a number of ns has more digits than that holds. */
static bool seconds(const char *value, int64_t *ret_ns)
{
    size_t whole = strspn(value, "0123456789");
    if (whole == 0 || whole > SECONDS_DIGITS_MAX || (value[whole] != '\0' && value[whole] != '.'))
        return false;
    int64_t ns = strtoll(value, NULL, 10);
    if (ns > INT64_MAX / S - 1)
        return false;
    ns *= S;
    const char *digit = value + whole + (value[whole] == '.');
    for (int64_t part = S / 10; isdigit((unsigned char)*digit); digit++, part /= 10)
        ns += part * (*digit - '0');
    if (*digit != '\0')
        return false;
    *ret_ns = ns;
    return true;
}

bool parameter_time(const char *value, odd_time *ret)
{
    Moment moment = {0};
    if (value == NULL || seconds(value, ret))
        return true;
    if (!quantity_moment(value, &moment) || moment.kind != MOMENT_TIME)
        return false;
    *ret = moment.time;
    return true;
}

bool parameter_span(const char *value, int64_t *ret_ns)
{
    QueryText text = {.at = value};
    int64_t span = 0;
    if (value == NULL)
        return true;
    if (!seconds(value, &span) && (!query_span(&text, &span) || !query_ends(&text)))
        return false;
    if (span <= 0)
        return false;
    *ret_ns = span;
    return true;
}
