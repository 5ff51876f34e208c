/* SPDX-License-Identifier: Apache-2.0
 *
 * words.h - what services and machines write: on usual days, and when they suffer.
 */
#ifndef SIM_WORDS_H
#define SIM_WORDS_H
#include "dice.h"
#include "strain.h"

#define WORDS_SIZE 240

enum { SAYS_INFO = 3, SAYS_WARNING = 5, SAYS_ERROR = 6 }; /* As odd_events_record has them. */

typedef struct {
    int  level;
    char text[WORDS_SIZE];
} Words;

Words words_usual(int service, Dice *dice);
/* cause: whom it calls in vain; bug: one of three. */
Words words_trouble(int service, Trouble trouble, int cause, int bug, Dice *dice);
/* A request as the gateway logs it, behind its time. */
Words words_access(bool has_failed, double latency_ms, Dice *dice);

#endif
