/* SPDX-License-Identifier: Apache-2.0
 *
 * news.h - whether a finding is news, which somebody is called for, or one of the past, which is
 * only listed: a first start learns from a week of old logs.
 *
 * ALGORITHM  News is what was odd at, or after, NEWS_SPAN_S before the server started, or before
 *            what told it came, if that is longer ago (it was learnt late).  That a finding is over
 *            is news after any other start than the first: that it began may have been posted
 *            before.
 * SHAPE      A plain value; no clock.
 */
#ifndef SERVE_NEWS_H
#define SERVE_NEWS_H
#include <oddball.h>
#include <stdbool.h>

#define NEWS_SPAN_S 3600

typedef struct {
    odd_time started;
    bool     is_first; /* The folder was empty. */
} News;

/* known: when came what told of it; ODD_TIME_NONE: not known. */
bool news_has(const News *news, odd_time last_time, bool resolved, odd_time known);

#endif
