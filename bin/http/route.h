/* SPDX-License-Identifier: Apache-2.0
 *
 * route.h - which route a method and a path mean.
 *
 * OWNERSHIP  A match borrows the path and the groups.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H
#include "http/http.h"

typedef struct {
    const char *name; /* Of the route's text: "id}/..." */
    size_t      name_size;
    const char *value; /* Of the path, as it came. */
    size_t      value_size;
} RoutePart;

typedef struct {
    const RouteGroup *group; /* NULL: no route has that path.                               */
    const Route      *route; /* NULL: the path is there, but not for that method: `allow`.  */
    RoutePart         parts[HTTP_PARAMETERS_MAX];
    size_t            part_count;
    char              allow[64]; /* "GET, HEAD, POST" */
} RouteMatch;

/* path: not decoded, without query.  only: a group's name, or NULL; routes that are ROUTE_ALWAYS
 * are found in any. */
RouteMatch route_find(const RouteGroup *const *groups, size_t group_count, const char *only,
                      const char *method, const char *path);

/* The path among the routes that begins and ends most like this one; NULL: none is near. */
const char *route_nearest(const RouteGroup *const *groups, size_t group_count, const char *only,
                          const char *path);

/* %41 becomes A, and with `plus` + becomes a space, in place.  False: a %00 or a torn %. */
bool route_decode(char *text, bool plus);

#endif
