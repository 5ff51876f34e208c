/* SPDX-License-Identifier: Apache-2.0
 *
 * change.h - a change that somebody made, or that was seen: a deploy, a configuration, a restart.
 *
 *     {"what":"deploy","service":"shop","version":"1.2.3","title":"new basket","author":"ana"}
 *
 * All members are free, texts, and may be missing; `time` is a usual spelling, or ns since 1970.
 *
 * SHAPE      A Change is flat; its texts are terminated and cut, unused bytes are zero.
 * EXACTNESS  An id that is not given is a hash of the time and of all that it says.
 */
#ifndef EVENT_CHANGE_H
#define EVENT_CHANGE_H
#include <oddball.h>

#include "base/str.h"

#define CHANGE_ID_SIZE 24
#define CHANGE_WORD_SIZE 64
#define CHANGE_TEXT_SIZE 256

typedef struct {
    odd_time time;
    char     id[CHANGE_ID_SIZE];
    char     what[CHANGE_WORD_SIZE]; /* "deploy", "config", "restart" ... */
    char     service[CHANGE_WORD_SIZE], host[CHANGE_WORD_SIZE], version[CHANGE_WORD_SIZE];
    char     author[CHANGE_WORD_SIZE];
    char     source[CHANGE_TEXT_SIZE]; /* That it was sent by, or seen in. */
    char     title[CHANGE_TEXT_SIZE], link[CHANGE_TEXT_SIZE];
    uint8_t  is_seen; /* In lines or in metrics: nobody sent it. */
    uint8_t  unused[7];
} Change;

/* text: the object, which change_decode let in; what it does not hold is left empty. */
Change change_read(Str text, Str source, odd_time time);
void   change_set_id(Change *change);

#endif
