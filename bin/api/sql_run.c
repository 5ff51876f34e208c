/* SPDX-License-Identifier: Apache-2.0 */
#include "api/sql_run.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "api/api.h"

#define RUNNING_MAX 2
#define WAITING_MAX 2
#define SECONDS_USUAL 30
#define LOOK_NS 100000000 /* How often it is seen whether whoever asked is there still. */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t  left;
    int             running, waiting;
} crowd = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

typedef struct {
    const HttpRequest *request;
    atomic_bool        cancel;
    pthread_mutex_t    lock;
    pthread_cond_t     ended;
    bool               over;
} Guard;

static bool should_end(const HttpRequest *request)
{
    return atomic_load(request->stopping) || request_gone(request);
}

static struct timespec soon(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_nsec += LOOK_NS;
    time.tv_sec += time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

/* Looks after the one who asked until the question is answered. */
static void *guard_run(void *context)
{
    Guard *guard = context;
    pthread_mutex_lock(&guard->lock);
    while (!guard->over) {
        struct timespec time = soon();
        pthread_cond_timedwait(&guard->ended, &guard->lock, &time);
        if (!guard->over && should_end(guard->request))
            atomic_store(&guard->cancel, true);
    }
    pthread_mutex_unlock(&guard->lock);
    return NULL;
}

/* False: too many wait already, or whoever asked has left. */
static bool crowd_enter(const HttpRequest *request)
{
    bool entered = false;
    pthread_mutex_lock(&crowd.lock);
    if (crowd.running < RUNNING_MAX || crowd.waiting < WAITING_MAX) {
        crowd.waiting++;
        while (crowd.running >= RUNNING_MAX && !should_end(request)) {
            struct timespec time = soon();
            pthread_cond_timedwait(&crowd.left, &crowd.lock, &time);
        }
        crowd.waiting--;
        entered = crowd.running < RUNNING_MAX;
        crowd.running += entered;
    }
    pthread_mutex_unlock(&crowd.lock);
    return entered;
}

static void crowd_leave(void)
{
    pthread_mutex_lock(&crowd.lock);
    crowd.running--;
    pthread_cond_signal(&crowd.left);
    pthread_mutex_unlock(&crowd.lock);
}

static odd_rc run_guarded(HttpRequest *request, const char *sql, double seconds,
                          SqlAnswer **ret_answer, char **ret_problem)
{
    const ApiContext *api = request->context;
    Guard guard = {.request = request,
                   .lock = PTHREAD_MUTEX_INITIALIZER,
                   .ended = PTHREAD_COND_INITIALIZER};
    pthread_t thread;
    if (pthread_create(&thread, NULL, guard_run, &guard) != 0)
        return ODD_NOMEM;
    odd_rc rc = live_sql(api->live, sql, seconds, &guard.cancel, ret_answer, ret_problem);
    pthread_mutex_lock(&guard.lock);
    guard.over = true;
    pthread_cond_signal(&guard.ended);
    pthread_mutex_unlock(&guard.lock);
    pthread_join(thread, NULL);
    return rc;
}

/* In the words of the group that was asked; `title` is of those that have one. */
static void refuse(const HttpRequest *request, HttpResponse *response, int status,
                   const char *title, const char *detail)
{
    if (request->group != NULL && request->group->refuse != NULL)
        http_refuse(request, response, status, detail);
    else
        http_problem(response, status, title, "%s", detail);
}

static void answer_problem(const HttpRequest *request, HttpResponse *response, odd_rc rc,
                           double seconds, const char *problem)
{
    const char *story = problem != NULL ? problem : odd_strerror(rc);
    char late[160];
    switch (rc) {
    case ODD_LATE:
        snprintf(late, sizeof late,
                 "the question took longer than the %g s that it may; ask for a shorter time "
                 "or fewer rows, or raise sql.time", seconds);
        refuse(request, response, 504, NULL, late);
        return;
    case ODD_NOMEM:
    case ODD_SPACE:
        response_header(response, "Retry-After", "5");
        refuse(request, response, 503, NULL, story);
        return;
    case ODD_IO:
    case ODD_CORRUPT:
        refuse(request, response, 500, NULL, story);
        return;
    default:
        refuse(request, response, 400, "The SQL cannot be answered", story);
        return;
    }
}

SqlAnswer *sql_answer_for(HttpRequest *request, HttpResponse *response, const char *sql)
{
    const ApiContext *api = request->context;
    double seconds = api->settings != NULL && api->settings->sql_seconds > 0
                         ? api->settings->sql_seconds
                         : SECONDS_USUAL;
    if (!crowd_enter(request)) {
        char busy[128];
        response_header(response, "Retry-After", "1");
        snprintf(busy, sizeof busy,
                 "%d questions in SQL run and %d wait already; ask again after Retry-After "
                 "seconds", RUNNING_MAX, WAITING_MAX);
        refuse(request, response, 429, NULL, busy);
        return NULL;
    }
    SqlAnswer *answer = NULL;
    char *problem = NULL;
    odd_rc rc = run_guarded(request, sql, seconds, &answer, &problem);
    crowd_leave();
    if (rc != ODD_OK) {
        answer_problem(request, response, rc, seconds, problem);
        answer = NULL;
    }
    free(problem);
    return answer;
}

void sql_literal(HttpResponse *sql, const char *text)
{
    response_add(sql, "'", 1);
    for (const char *at = text; *at != '\0'; at++)
        response_print(sql, *at == '\'' ? "''" : "%c", *at);
    response_add(sql, "'", 1);
}
