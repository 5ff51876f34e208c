/* SPDX-License-Identifier: Apache-2.0
 *
 * play_scores.c - what the model in production said of orders, from features that a service gives
 * it, and what came true of them hours later. */
#include <assert.h>
#include <stdio.h>

#include "play.h"

#define TOPIC_SCORES 4
#define SCORES_A_MINUTE 6.0 /* At noon. */
#define ROWS_MAX 64
#define OUTCOME_AFTER 480   /* Minutes. */

typedef struct {
    double      value[ROWS_MAX], items[ROWS_MAX], age[ROWS_MAX], is_fraud[ROWS_MAX];
    double      probability[ROWS_MAX];
    const char *country[ROWS_MAX], *id[ROWS_MAX];
    char        ids[ROWS_MAX][24];
    odd_time    times[ROWS_MAX];
    size_t      count;
} Batch;

static double within(double x)
{
    return x < 0.01 ? 0.01 : x > 0.99 ? 0.99 : x;
}

static void score(Play *play, Batch *b, Dice *dice, double unit, odd_time time)
{
    static const char *const countries[] = {"de", "de", "de", "fr", "fr", "nl", "at", "pl"};
    size_t i = b->count++;
    double u = dice_share(dice), euros = 12 + 60 * u * u + 25 * dice_share(dice);
    double days = 1500 * dice_share(dice) * dice_share(dice);
    double risk = within(0.04 + 0.25 * (euros > 70) + 0.3 * (days < 60));
    b->items[i] = 1 + dice_count(dice, 1.8);
    b->age[i] = floor(days);
    b->country[i] = countries[dice_below(dice, 8)];
    b->value[i] = floor(euros * 100) / 100 * unit;
    /* The model sees but what it is given. */
    b->probability[i] = within(0.04 + 0.25 * (b->value[i] > 70) + 0.3 * (days < 60));
    b->times[i] = time;
    int number = play->prediction_count++;
    snprintf(b->ids[i], sizeof b->ids[i], "order-%d", number);
    b->id[i] = b->ids[i];
    Truth *truth = &play->truths[number % PLAY_OUTCOMES_MAX];
    *truth = (Truth){play->minute + OUTCOME_AFTER, number, dice_share(dice) < risk};
}

static odd_rc put_predictions(const Batch *b, odd_events *events)
{
    double said[ROWS_MAX];
    for (size_t i = 0; i < b->count; i++)
        said[i] = b->probability[i] >= 0.5;
    const odd_model_column columns[] = {
        {.role = ODD_ROLE_TIME, .name = "time", .times = b->times},
        {.role = ODD_ROLE_ID, .name = "id", .texts = b->id},
        {.role = ODD_ROLE_FEATURE, .name = "basket_value", .numbers = b->value},
        {.role = ODD_ROLE_FEATURE, .name = "basket_items", .numbers = b->items},
        {.role = ODD_ROLE_FEATURE, .name = "account_age_days", .numbers = b->age},
        {.role = ODD_ROLE_FEATURE, .name = "country", .texts = b->country},
        {.role = ODD_ROLE_PREDICTION, .name = "prediction", .numbers = said},
        {.role = ODD_ROLE_PROBABILITY, .name = "probability", .numbers = b->probability},
    };
    const odd_model_rows rows = {.model = COMPANY_MODEL,
                                 .version = COMPANY_MODEL_VERSION,
                                 .columns = columns,
                                 .column_count = sizeof columns / sizeof columns[0],
                                 .row_count = b->count};
    return odd_events_rows(events, &rows);
}

static odd_rc put_outcomes(const Batch *b, odd_events *events)
{
    const odd_model_column columns[] = {
        {.role = ODD_ROLE_TIME, .name = "time", .times = b->times},
        {.role = ODD_ROLE_ID, .name = "id", .texts = b->id},
        {.role = ODD_ROLE_OUTCOME, .name = "outcome", .numbers = b->is_fraud},
    };
    const odd_model_rows rows = {.model = COMPANY_MODEL,
                                 .version = COMPANY_MODEL_VERSION,
                                 .are_outcomes = 1,
                                 .columns = columns,
                                 .column_count = sizeof columns / sizeof columns[0],
                                 .row_count = b->count};
    return odd_events_rows(events, &rows);
}

static void take_outcomes(Play *play, Batch *b)
{
    assert(play->prediction_count - play->outcome_count < PLAY_OUTCOMES_MAX);
    while (play->outcome_count < play->prediction_count && b->count < ROWS_MAX) {
        const Truth *truth = &play->truths[play->outcome_count % PLAY_OUTCOMES_MAX];
        if (truth->minute > play->minute)
            return;
        play->outcome_count++;
        size_t i = b->count++;
        snprintf(b->ids[i], sizeof b->ids[i], "order-%d", truth->number);
        b->id[i] = b->ids[i];
        b->times[i] = play_time(play, play->minute);
        b->is_fraud[i] = truth->is_fraud;
    }
}

odd_rc play_scores(Play *play, const Strain *strain, odd_events *events)
{
    Dice dice = dice_of(play->seed, play->minute, TOPIC_SCORES);
    odd_time time = play_time(play, play->minute);
    Batch said = {.count = 0}, came_true = {.count = 0};
    int count = dice_count(&dice, SCORES_A_MINUTE * company_load(time));
    if (strain->is_down[SCORING] || strain->errors[SCORING] > 0.3)
        count = dice_count(&dice, count * (1 - strain->errors[SCORING]));
    for (int i = 0; i < count && i < ROWS_MAX; i++)
        score(play, &said, &dice, strain->unit, time + i * NS_PER_S);
    take_outcomes(play, &came_true);
    odd_rc rc = said.count > 0 ? put_predictions(&said, events) : ODD_OK;
    if (rc == ODD_OK && came_true.count > 0)
        rc = put_outcomes(&came_true, events);
    return rc;
}
