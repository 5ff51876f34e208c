/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/feature_verify.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/help.h"
#include "cli/house.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/saying.h"
#include "live/replay.h"
#include "serve/shares.h"

#define PROBLEM_SIZE 1024
#define TRIES_MAX 50
#define TOLD_MAX 10

typedef struct {
    odd_fold *fold;
    size_t    compared, differ;
} Verifying;

/* -- what the server says ---------------------------------------------------------------------- */

static bool put_entities(Json *json, const Options *options, int count, const char *const *entities)
{
    JsonTree *answer = NULL;
    json_open(json, '{');
    json_name(json, "entities");
    json_open(json, '[');
    for (int i = 0; i < count; i++)
        json_text(json, entities[i], strlen(entities[i]));
    if (count == 0) {
        answer = saying_ask(options, "GET", "/api/v1/features:entities", NULL);
        const JsonTree *items = json_tree_member(answer, "items");
        for (size_t i = 0; i < json_tree_count(items); i++) {
            const char *entity = "";
            json_tree_text(json_tree_item(items, i), &entity, NULL);
            json_text(json, entity, strlen(entity));
        }
        if (answer != NULL && json_tree_count(items) == 0)
            complain("there are no values of features yet");
        count = (int)json_tree_count(items);
        json_tree_free(answer);
    }
    json_close(json, ']');
    json_close(json, '}');
    return count > 0;
}

/* Of all entities, as of one commit. */
static JsonTree *ask_values(const Options *options, const char *body, int64_t *ret_position)
{
    for (int i = 0; i < TRIES_MAX; i++) {
        JsonTree *answer = saying_ask(options, "POST", "/api/v1/features:read", body);
        const JsonTree *items = json_tree_member(answer, "items");
        if (answer == NULL)
            return NULL;
        *ret_position = tree_count(json_tree_item(items, 0), "position");
        bool same = true;
        for (size_t k = 1; same && k < json_tree_count(items); k++)
            same = tree_count(json_tree_item(items, k), "position") == *ret_position;
        if (same)
            return answer;
        json_tree_free(answer);
        usleep(20000);
    }
    complain("the server takes in too much at the moment for values of one commit; name fewer "
             "entities");
    return NULL;
}

/* -- the same once more ------------------------------------------------------------------------ */

static odd_fold *again(const House *house, int64_t position)
{
    char problem[PROBLEM_SIZE];
    odd_fold *fold = NULL;
    ReplayCounts counts = {0};
    ReplayOptions options = {.fold = fold_options(&house->settings),
                             .threads = house->settings.threads,
                             .lake = house->lake,
                             .duckdb = house->settings.duckdb,
                             .at_most = (uint64_t)position,
                             .settles = true};
    odd_rc rc = replay(house->settings.data, &options, interrupt_watch(), &fold, &counts, problem,
                       sizeof problem);
    if (rc == ODD_OK)
        return fold;
    complain("%s", problem);
    return NULL;
}

static bool same_bits(double a, double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

static void compare_value(Verifying *v, const char *entity, odd_time as_of, const JsonTree *item)
{
    double online = NAN;
    bool was_missing = false;
    odd_feature_value value = {.value = NAN};
    const char *name = tree_text(item, "name");
    int number = odd_feature_find(v->fold, name);
    json_tree_real(json_tree_member(item, "value"), &online);
    json_tree_bool(json_tree_member(item, "was_missing"), &was_missing);
    odd_rc rc =
        number >= 0 ? odd_feature_get(v->fold, entity, &number, 1, as_of, &value) : ODD_NOTFOUND;
    v->compared++;
    if (rc == ODD_OK && same_bits(online, value.value) && was_missing == (value.was_missing != 0))
        return;
    if (v->differ++ < TOLD_MAX)
        complain("%s of %s is %.17g online and %.17g out of history", name, entity, online,
                 value.value);
}

static void compare_all(Verifying *v, const JsonTree *items)
{
    for (size_t i = 0; i < json_tree_count(items); i++) {
        const JsonTree *entity = json_tree_item(items, i);
        const JsonTree *values = json_tree_member(entity, "features");
        const char *as_of = tree_text(entity, "as_of");
        odd_time time = 0;
        odd_time_read(as_of, strlen(as_of), 0, 0, &time);
        for (size_t k = 0; k < json_tree_count(values); k++)
            compare_value(v, tree_text(entity, "entity"), time, json_tree_item(values, k));
    }
}

static int print(const Verifying *v, int64_t position)
{
    Out out = {.descriptor = STDOUT_FILENO};
    buffer_format(&out.text, "%zu values as of commit %lld computed once more: %zu differ.\n",
                  v->compared, (long long)position, v->differ);
    int status = help_done(&out);
    return v->differ > 0 ? STATUS_ERROR : status;
}

static int verify(const Options *options, const House *house, const char *body)
{
    int64_t position = 0;
    int status = STATUS_ERROR;
    JsonTree *answer = ask_values(options, body, &position);
    Verifying v = {.fold = answer != NULL ? again(house, position) : NULL};
    if (v.fold != NULL) {
        compare_all(&v, json_tree_member(answer, "items"));
        status = print(&v, position);
        odd_fold_close(v.fold);
    }
    json_tree_free(answer);
    return status;
}

int feature_verify(const Options *options, int count, const char *const *entities)
{
    House house;
    Buffer body = {0};
    Json json = {.out = &body};
    if (!house_open(options, &house))
        return STATUS_ERROR;
    int status = put_entities(&json, options, count, entities)
                     ? verify(options, &house, buffer_text(&body))
                     : STATUS_ERROR;
    buffer_free(&body);
    house_close(&house);
    return status;
}
