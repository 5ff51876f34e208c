/* SPDX-License-Identifier: Apache-2.0
 *
 * who.h - who a finding is about: the machine, the service, the model, as its source and the labels
 * of its series name them.
 *
 * What only says where logs lie or what sort of thing it is ("var", "access", "exporter") is no
 * name, and neither is what all of a fleet share (a region, a namespace).
 *
 * SHAPE      WHO_MAX names, in the order in which they are found; further ones are left out.  In
 *            lower case, cut, terminated, without a port.
 * EXACTNESS  Depends on the two texts alone.
 */
#ifndef INCIDENT_WHO_H
#define INCIDENT_WHO_H
#include "base/str.h"

#define WHO_MAX 6
#define WHO_NAME_SIZE 64
#define WHO_NAMED_BYTES_LEAST 4 /* Shorter words stand in texts by chance. */
#define WHO_HERE "this machine" /* Whose own files, journal and metrics are read. */

typedef enum { WHO_MACHINE = 0, WHO_SERVICE, WHO_MODEL } WhoSort;

typedef struct {
    WhoSort sort;
    char    text[WHO_NAME_SIZE];
} WhoName;

typedef struct {
    WhoName names[WHO_MAX];
    size_t  count;
} Who;

/* series: name and labels; "": it is of lines. */
Who who_of(Str source, Str series);
/* target: what labels say, as event/target.h writes it. */
Who who_of_target(Str source, Str target);
/* The features, too: what feeds a model may name them. */
Who who_of_model(Str model, Str column);
void who_add(Who *who, const Who *more);

/* The words that may be names, one after the other; first with *at = 0.  False: no more. */
bool who_next_word(Str text, size_t *at, Str *ret);

/* The first of `a` that `b` has as well; NULL: none. */
const WhoName *who_shared(const Who *a, const Who *b);
/* The first of `who` that stands in the text as a word of its own; NULL: none. */
const WhoName *who_named(const Who *who, Str text);
/* Two of a kind: web-1 and web-2, pods of one deployment.  Their stem goes into `ret`. */
bool who_is_kin(const Who *a, const Who *b, char ret[WHO_NAME_SIZE]);

#endif
