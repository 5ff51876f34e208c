/* SPDX-License-Identifier: Apache-2.0 */
#include "http/route.h"

#include <stdio.h>
#include <string.h>

#define LIKENESS_MIN 600 /* Thousandths; below, a guess would only confuse. */

/* How well a route's text fits a path, better is more; 0: not at all.  Each segment gives two bits,
 * the first one the highest: literal 3, {name} 2, '*' 1; so the first difference decides. */
static uint64_t route_fits(const char *text, const char *path, RouteMatch *ret)
{
    uint64_t rank = 0;
    unsigned shift = 62;
    ret->part_count = 0;
    while (*text != '\0') {
        if (*text == '*' && text[1] == '\0')
            return rank | (UINT64_C(1) << shift);
        if (*text == '{') {
            size_t size = strcspn(path, "/");
            size_t name_size = strcspn(text, "}") - 1;
            if (size == 0 || ret->part_count == HTTP_PARAMETERS_MAX)
                return 0;
            ret->parts[ret->part_count++] = (RoutePart){text + 1, name_size, path, size};
            text += name_size + 2;
            path += size;
            rank |= UINT64_C(2) << shift;
            shift -= shift > 0 ? 2 : 0;
            continue;
        }
        if (*text != *path)
            return 0;
        if (*text == '/' && text[1] != '{' && text[1] != '*') {
            rank |= UINT64_C(3) << shift;
            shift -= shift > 0 ? 2 : 0;
        }
        text++;
        path++;
    }
    return *path == '\0' ? rank : 0;
}

static bool route_takes(const Route *route, const char *method)
{
    return strcmp(route->method, "*") == 0 || strcmp(route->method, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

static void route_allow(RouteMatch *match, const char *method)
{
    size_t      size = strlen(match->allow);
    const char *head = strcmp(method, "GET") == 0 ? ", HEAD" : "";
    snprintf(match->allow + size, sizeof match->allow - size, "%s%s%s", size > 0 ? ", " : "",
             method, head);
}

RouteMatch route_find(const RouteGroup *const *groups, size_t group_count, const char *only,
                      const char *method, const char *path)
{
    RouteMatch best = {0};
    uint64_t   best_rank = 0;
    for (size_t g = 0; g < group_count; g++) {
        for (size_t r = 0; r < groups[g]->count; r++) {
            const Route *route = &groups[g]->routes[r];
            if (only != NULL && strcmp(only, groups[g]->name) != 0 &&
                (route->flags & ROUTE_ALWAYS) == 0)
                continue;
            RouteMatch match = {.group = groups[g], .route = route};
            uint64_t   rank = route_fits(route->path, path, &match);
            if (rank == 0)
                continue;
            if (!route_takes(route, method)) {
                if (best.route == NULL) {
                    best.group = groups[g];
                    route_allow(&best, route->method);
                }
            } else if (rank > best_rank) {
                best_rank = rank;
                best = match;
            }
        }
    }
    return best;
}

/* How much of both is the same at their beginning and at their end, in thousandths. */
static size_t likeness(const char *a, const char *b)
{
    size_t a_size = strlen(a), b_size = strlen(b);
    size_t shorter = a_size < b_size ? a_size : b_size, longer = a_size + b_size - shorter;
    size_t begin = 0, end = 0;
    while (begin < shorter && a[begin] == b[begin])
        begin++;
    while (end < shorter - begin && a[a_size - 1 - end] == b[b_size - 1 - end])
        end++;
    return longer > 0 ? (begin + end) * 1000 / longer : 0;
}

const char *route_nearest(const RouteGroup *const *groups, size_t group_count, const char *only,
                          const char *path)
{
    const char *best = NULL;
    size_t      best_likeness = LIKENESS_MIN;
    for (size_t g = 0; g < group_count; g++) {
        bool open = only == NULL || strcmp(only, groups[g]->name) == 0;
        for (size_t r = 0; open && r < groups[g]->count; r++) {
            size_t now = likeness(groups[g]->routes[r].path, path);
            if (now <= best_likeness)
                continue;
            best_likeness = now;
            best = groups[g]->routes[r].path;
        }
    }
    return best;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool route_decode(char *text, bool plus)
{
    char *to = text;
    for (; *text != '\0'; text++) {
        if (*text != '%') {
            *to++ = plus && *text == '+' ? ' ' : *text;
            continue;
        }
        int high = hex_digit(text[1]);
        int low = high < 0 ? -1 : hex_digit(text[2]);
        if (low < 0 || (high == 0 && low == 0))
            return false;
        *to++ = (char)(high * 16 + low);
        text += 2;
    }
    *to = '\0';
    return true;
}
