/* SPDX-License-Identifier: Apache-2.0 */
#include "simulated_day.h"

#include <stdio.h>

#include "base/rng.h"
#include "base/time.h"

typedef struct {
    odd_events *events;
    Rng         rng;
    odd_time    start;
    int         minute, source;
} Minute;

static uint32_t below(Minute *m, uint32_t n)
{
    return (uint32_t)(rng_next(&m->rng) % n);
}

static void line(Minute *m, int second, const char *text)
{
    char name[32], stamp[TIME_TEXT_SIZE], whole[256];
    snprintf(name, sizeof name, "app-%d.log", m->source);
    time_text(m->start + second * NS_PER_S, 3, stamp);
    int size = snprintf(whole, sizeof whole, "%s INFO %s\n", stamp, text);
    events_lines(m->events, str_of(name), 0, (Str){.text = whole, .size = (size_t)size});
}

/* Seconds go up within a minute, as in a file. */
static void log_minute(Minute *m)
{
    char text[160];
    int burst = m->source == 5 && m->minute == DAY_BURST_MINUTE ? 40 : 1;
    for (int second = 0; second < 60; second++) {
        if (second == 10 && !(m->source == 7 && m->minute >= DAY_SILENT_MINUTE))
            line(m, second, "heartbeat ok");
        if (second == 20 && m->source == 3 && m->minute == DAY_NEW_MINUTE)
            line(m, second, "backup failed: device /dev/sdc is gone");
        if (below(m, 10) == 0) {
            snprintf(text, sizeof text, "request %u served in %u ms for user-%u", below(m, 1000000),
                     below(m, 400), below(m, 50));
            line(m, second, text);
        }
        for (int i = 0; i < burst; i++) {
            if (below(m, 20) != 0)
                continue;
            snprintf(text, sizeof text, "cache miss on key %x", (unsigned)rng_next(&m->rng));
            line(m, second, text);
        }
    }
}

static void record_minute(Minute *m)
{
    char text[160];
    for (int second = 0; second < 60; second += 15) {
        int size = snprintf(text, sizeof text, "order %u paid with card\nat shop %u",
                            below(m, 100000), below(m, 9));
        events_record(m->events, STR("checkout"), m->start + second * NS_PER_S, LEVEL_INFO,
                      (Str){.text = text, .size = (size_t)size}, STR("{\"zone\":\"a\"}"));
    }
}

static void sample_minute(Minute *m)
{
    char series[64];
    for (int i = 0; i < 20; i++) {
        snprintf(series, sizeof series, "load{host=\"web-%d\"}", i);
        bool shifts = i == 3 && m->minute >= DAY_SHIFT_MINUTE && m->minute < DAY_SHIFT_MINUTE + 30;
        double level = shifts ? 300 : 0;
        events_series(m->events, STR("host"), str_of(series), m->start, level + below(m, 100));
        events_sample(m->events, m->start + 30 * NS_PER_S, level + below(m, 100));
    }
}

void day_minute(uint64_t seed, int minute, odd_events *events)
{
    Minute m = {.events = events,
                .rng = rng_seeded(seed + (uint64_t)(minute * 1000003)),
                .start = DAY_START + minute * MINUTE_NS,
                .minute = minute};
    events->known = m.start + MINUTE_NS;
    for (m.source = 0; m.source < DAY_SOURCES; m.source++)
        log_minute(&m);
    record_minute(&m);
    sample_minute(&m);
}
