/* SPDX-License-Identifier: Apache-2.0
 *
 * spot.h - where a line is: its source, its row there, its time, and its number among all lines.
 */
#ifndef EVENT_SPOT_H
#define EVENT_SPOT_H
#include <oddball.h>

typedef struct {
    uint64_t sequence; /* Of all lines learnt, from 1; 0: nowhere.                       */
    uint64_t row;      /* In its source, from 1.                                         */
    odd_time time;     /* Its own or, if it says none, that of the line before.          */
    uint32_t source;
    uint32_t unused;   /* Spots are saved: none of their bytes is left open.             */
} Spot;

#endif
