/* SPDX-License-Identifier: Apache-2.0
 *
 * http_head.c - any bytes as the head of a request, "METHOD ADDRESS", then "name: value" a line: a
 * route's parameters lie in the address, what is decoded is no longer and ends where it says, and
 * what passes as well formed says at most once how long its body is. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "http/gate.h"
#include "http/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const Route routes[] = {
    {"GET", "/", NULL, HTTP_SCOPE_ALL, 0, NULL},
    {"POST", "/a/{b}/c", NULL, HTTP_SCOPE_ALL, 0, NULL},
    {"*", "/{a}/{b}", NULL, HTTP_SCOPE_ALL, 0, NULL},
    {"GET", "/a/b", NULL, HTTP_SCOPE_ALL, 0, NULL},
    {"PUT", "/_a*", NULL, HTTP_SCOPE_ALL, 0, NULL},
};
static const RouteGroup        group = ROUTE_GROUP("a", routes);
static const RouteGroup *const groups[] = {&group};

static void check_route(const char *method, char *path)
{
    RouteMatch match = route_find(groups, 1, NULL, method, path);
    assert(match.route == NULL || match.group == &group);
    assert(match.route != NULL || match.part_count == 0);
    size_t size = strlen(path);
    for (size_t i = 0; i < match.part_count; i++) {
        RoutePart part = match.parts[i];
        assert(part.value >= path && part.value + part.value_size <= path + size);
        assert(part.value_size > 0 && memchr(part.value, '/', part.value_size) == NULL);
    }
    route_decode(path, true);
    assert(strlen(path) <= size);
}

static void check_form(const HeaderForm *form)
{
    if (gate_form(form) == NULL) {
        assert(form->lengths + form->encodings <= 1);
        assert(form->odd_names == 0);
        assert(form->hosts <= 1);
    }
    if (form->host != NULL && gate_host_is_ours(form->host, NULL))
        assert(strpbrk(form->host, "/@ ") == NULL);
    if (form->origin != NULL && form->host != NULL)
        gate_origin_is(form->origin, form->host);
    HttpScope scope = gate_scope(form->authorization, "secret", "send");
    assert(scope == HTTP_SCOPE_OPEN || strstr(form->authorization, "se") != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = malloc(size + 1);
    assert(text != NULL);
    if (size > 0)
        memcpy(text, bytes, size);
    text[size] = '\0';
    char *rest = strchr(text, '\n');
    if (rest != NULL)
        *rest++ = '\0';
    char *path = strchr(text, ' ');
    if (path != NULL) {
        *path++ = '\0';
        check_route(text, path);
    }
    HeaderForm form = {.modern = true};
    while (rest != NULL) {
        char *name = rest;
        rest = strchr(rest, '\n');
        if (rest != NULL)
            *rest++ = '\0';
        char *value = strchr(name, ':');
        if (value == NULL)
            continue;
        *value++ = '\0';
        gate_note(&form, name, value + strspn(value, " "));
    }
    check_form(&form);
    free(text);
    return 0;
}
