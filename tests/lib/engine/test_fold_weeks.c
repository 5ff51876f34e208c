/* SPDX-License-Identifier: Apache-2.0 */
#include "folding.h"

#include <stdio.h>
#include <string.h>

#include "base/real.h"
#include "base/rng.h"

#define HOUR (3600 * NS_PER_S)
#define STEP_S 300
#define OF_HOUR (3600 / STEP_S)
#define OF_DAY (24 * OF_HOUR)
#define LEARNT_DAYS 23 /* From a Monday on: up to a Tuesday. */

/* A counter of a host, as node_exporter has it, whose share of time in use follows the week. */
typedef struct {
    odd_fold   *fold;
    odd_events *events;
    Rng         rng;
    int         moments;
    double      seconds;
    double      share; /* Else; 0: as the week has it. */
} Host;

/* Half of the time about noon of working days, and nearly nothing at night and at weekends. */
static double share_of_week(int moment)
{
    double hour = (double)(moment % OF_DAY) / OF_HOUR, off = (hour - 13) / 3;
    return 0.04 + (moment / OF_DAY % 7 < 5 ? 0.46 * real_exp(-off * off / 2) : 0);
}

static void moments_pass(Host *host, int count)
{
    for (int i = 0; i < count; i++) {
        odd_time time = NOW + (int64_t)host->moments * STEP_S * NS_PER_S;
        double share = host->share > 0 ? host->share : share_of_week(host->moments);
        host->seconds += share * STEP_S * (0.9 + 0.2 * rng_real(&host->rng));
        host->moments++;
        host->events->known = time;
        assert_true(
            events_series(host->events, STR("prom"),
                          STR("node_disk_io_time_seconds_total{device=\"sda\",instance=\"web-1\"}"),
                          time, host->seconds));
        fold_learn(host->fold, host->events, time + NS_PER_S);
    }
}

static Host learnt(int days)
{
    Host host = {.fold = fold_opened(0), .events = events_opened(NOW), .rng = rng_seeded(3)};
    moments_pass(&host, days * OF_DAY);
    return host;
}

static void close_host(Host *host)
{
    events_close(host->events);
    odd_fold_close(host->fold);
}

/* What is told of the host when it goes on with another share for so many moments: one finding. */
static const char *told_of(Host *host, double share, int moments)
{
    const Board *board = &host->fold->board;
    size_t before = board->finding_count;
    host->share = share;
    moments_pass(host, moments);
    assert_int_equal(board->finding_count, before + 1);
    const char *sentence = board->findings[before].first.sentence;
    print_message("%s\n", sentence);
    return sentence;
}

static void what_is_expected_of_a_weekday_is_told_with_it(void **state)
{
    (void)state;
    Host host = learnt(LEARNT_DAYS + 3); /* Up to a Saturday. */
    moments_pass(&host, 10 * OF_HOUR);
    const char *sentence = told_of(&host, 0.5, 4);
    assert_non_null(strstr(sentence, "disk sda on web-1 is "));
    assert_non_null(strstr(sentence, "x busier than usual on Saturdays at 10:00 UTC: "));
    assert_non_null(strstr(sentence, " %, expected "));
    close_host(&host);
}

static void a_working_day_after_three_weeks_is_no_news(void **state)
{
    (void)state;
    Host host = learnt(21);
    size_t before = host.fold->board.finding_count;
    moments_pass(&host, 5 * OF_DAY);
    assert_int_equal(host.fold->board.finding_count, before);
    close_host(&host);
}

/* On a working day the same hour is busy: it is the calm that is odd. */
static void calm_on_a_busy_weekday_is_told_with_it(void **state)
{
    (void)state;
    Host host = learnt(21);
    moments_pass(&host, 12 * OF_HOUR);
    const char *sentence = told_of(&host, 0.04, 4);
    assert_non_null(strstr(sentence, "x less busy than usual on Mondays at 12:00 UTC: "));
    close_host(&host);
}

static void with_less_than_two_weeks_no_weekday_is_named(void **state)
{
    (void)state;
    Host host = learnt(12);
    moments_pass(&host, 10 * OF_HOUR);
    size_t before = host.fold->board.finding_count;
    host.share = 0.9;
    moments_pass(&host, 6);
    if (host.fold->board.finding_count > before)
        assert_null(strstr(host.fold->board.findings[before].first.sentence, "days"));
    close_host(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_expected_of_a_weekday_is_told_with_it),
        cmocka_unit_test(a_working_day_after_three_weeks_is_no_news),
        cmocka_unit_test(calm_on_a_busy_weekday_is_told_with_it),
        cmocka_unit_test(with_less_than_two_weeks_no_weekday_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
