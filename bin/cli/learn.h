/* SPDX-License-Identifier: Apache-2.0
 *
 * learn.h - what scan, diff, patterns and score have in common: open an engine, read inputs into it.
 *
 * Progress is drawn on standard error if that is a terminal; a first Ctrl-C ends the reading, and
 * what is known so far is the answer; a second ends the program.
 *
 * OWNERSHIP  learning_close gives back everything, after learn gave true or false.
 * ERRORS     learn gives false after the sentence is on standard error.
 */
#ifndef CLI_LEARN_H
#define CLI_LEARN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <oddball.h>

#include "cli/options.h"

typedef struct {
    odd_db  *db;
    odd_time now;          /* --now, or the clock at the start. */
    double   started_s;    /* Of the monotonic clock. */
    bool     interrupted;
    bool     incomplete;   /* An input that was named is not there or not readable. */
    size_t   good_count;   /* Sources that came from the reference inputs. */
} Learning;

typedef struct {
    const char *const *inputs;
    size_t             input_count;
    size_t             reference_count; /* The first so many inputs are known good.          */
    bool               machine;         /* This machine's logs: stamps are in its local zone. */
    bool               scores;
    odd_sessions       sessions; /* Which are kept. */
    /* After each commit, NULL: none; false ends all, after the callee has said why. */
    bool (*step)(void *context, odd_db *db);
    void  *context;
} Lesson;

bool     learn(const Options *options, const Lesson *lesson, Learning *ret);
void     learning_close(Learning *learning);
double   learning_seconds(const Learning *learning); /* Since it began. */
odd_time learning_last_time(const Learning *learning); /* Newest stamp of the data, or none. */

#endif
