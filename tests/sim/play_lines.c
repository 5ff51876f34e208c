/* SPDX-License-Identifier: Apache-2.0
 *
 * play_lines.c - the lines of a minute: records of services, with the machine they run on; lines of
 * the gateway; the system's log of each machine.  In each source by time. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "play.h"
#include "words.h"

#define TOPIC_LINES 5
#define TOPIC_HOSTS 20
#define LINES_MAX 400
#define STRANGERS_A_MINUTE 0.25 /* Who try a password from all over the world. */

typedef struct {
    Play         *play;
    const Strain *strain;
    odd_events   *events;
    Dice          dice;
    int           service, host;
    odd_time      time; /* Of its machine's clock. */
    odd_rc        rc;
} Scribe;

static odd_time moment(const Scribe *s, int number, int count)
{
    return s->time + (odd_time)number * MINUTE_NS / (count > 0 ? count : 1);
}

static void record(Scribe *s, odd_time time, const Words *words)
{
    char attributes[64];
    snprintf(attributes, sizeof attributes, "{\"host.name\":\"%s\"}", company_hosts[s->host]);
    if (s->rc == ODD_OK)
        s->rc = odd_events_record(s->events, company_services[s->service].name, time, words->level,
                                  words->text, strlen(words->text), attributes);
}

static void line(Scribe *s, const char *source, odd_time time, const char *text)
{
    char stamp[32], whole[WORDS_SIZE + 64];
    time_t seconds = (time_t)(time / NS_PER_S);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &parts);
    int size = snprintf(whole, sizeof whole, "%s.%03dZ %s\n", stamp,
                        (int)(time % NS_PER_S / 1000000), text);
    if (s->rc == ODD_OK)
        s->rc = odd_events_lines(s->events, source, 0, whole, (size_t)size);
}

/* -- services ---------------------------------------------------------------------------------- */

static void put_start(Scribe *s, const Start *start)
{
    const Service *service = &company_services[s->service];
    Words words = {.level = SAYS_INFO};
    if (start->sort != START_KILLED) {
        snprintf(words.text, sizeof words.text, "shutting down: %d requests are drained",
                 dice_below(&s->dice, 20));
        record(s, s->time + NS_PER_S, &words);
    }
    snprintf(words.text, sizeof words.text, "%s %s.%d started, listening on :%d", service->name,
             service->version, start->build, 8080 + s->service);
    record(s, s->time + 8 * NS_PER_S, &words);
    if (start->sort != START_SCHEMA)
        return;
    words.level = start->is_bad ? SAYS_WARNING : SAYS_INFO;
    snprintf(words.text, sizeof words.text,
             "schema %d of features is in use: basket_value changed its unit", 10 + start->build);
    record(s, s->time + 9 * NS_PER_S, &words);
}

/* Which of its lines tell of trouble is drawn. */
static void put_service(Scribe *s)
{
    int sorts[LINES_MAX], count = 0;
    const double *troubles = s->strain->troubles[s->service];
    double usual = company_services[s->service].lines * company_load(s->time);
    int calm = dice_count(&s->dice, usual * s->strain->requests[s->service]);
    for (int i = 0; i < calm && count < LINES_MAX; i++)
        sorts[count++] = TROUBLE_COUNT;
    for (int sort = 0; sort < TROUBLE_COUNT; sort++)
        for (int i = dice_count(&s->dice, troubles[sort]); i > 0 && count < LINES_MAX; i--) {
            int at = dice_below(&s->dice, count + 1);
            sorts[count] = at < count ? sorts[at] : 0;
            sorts[at] = sort;
            count++;
        }
    int bug = (int)(play_start(s->play, s->service, s->play->minute)->build % 3);
    for (int i = 0; i < count; i++) {
        Words words = sorts[i] == TROUBLE_COUNT ? words_usual(s->service, &s->dice)
                                                : words_trouble(s->service, (Trouble)sorts[i],
                                                                s->strain->cause, bug, &s->dice);
        /* A start takes the first seconds. */
        record(s, moment(s, i, count + 1) + 10 * NS_PER_S - 10 * NS_PER_S * i / (count + 1),
               &words);
    }
}

static void put_access(Scribe *s)
{
    int count = dice_count(&s->dice, company_services[GATEWAY].lines * company_load(s->time));
    for (int i = 0; i < count; i++) {
        bool has_failed = dice_share(&s->dice) < s->strain->errors[GATEWAY];
        Words words = words_access(has_failed, s->strain->latency_ms[GATEWAY], &s->dice);
        line(s, "gateway", moment(s, i, count), words.text);
    }
}

static void play_service(Scribe *s)
{
    if (s->strain->is_down[s->service] || s->strain->lines_silent[s->service])
        return;
    if (s->service == GATEWAY) {
        put_access(s);
        return;
    }
    const Start *start = play_start(s->play, s->service, s->play->minute);
    if (start->minute == s->play->minute)
        put_start(s, start);
    put_service(s);
}

/* -- machines ---------------------------------------------------------------------------------- */

static void host_line(Scribe *s, int second, const char *program, const char *text)
{
    char source[32], whole[WORDS_SIZE];
    snprintf(source, sizeof source, "syslog:%s", company_hosts[s->host]);
    snprintf(whole, sizeof whole, "%s %s[%d]: %s", company_hosts[s->host], program,
             1000 + dice_below(&s->dice, 30000), text);
    line(s, source, s->time + second * NS_PER_S, whole);
}

static void put_timers(Scribe *s)
{
    int of_day = (int)(play_time(s->play, s->play->minute) / MINUTE_NS % DAY_MINUTES);
    char text[WORDS_SIZE];
    if (of_day % 5 == 0)
        host_line(s, 1, "CRON", "(root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)");
    if (of_day % 60 == 17)
        host_line(s, 1, "CRON", "(root) CMD (cd / && run-parts --report /etc/cron.hourly)");
    if (of_day == 5)
        host_line(s, 2, "systemd", "logrotate.service: Deactivated successfully.");
    if (s->host == DB_1 && of_day == BACKUP_BEGINS)
        host_line(s, 3, "backup", "backup of shop begins");
    if (s->host == DB_1 && of_day == BACKUP_ENDS) {
        snprintf(text, sizeof text, "backup of shop done: %d MB", 9000 + dice_below(&s->dice, 300));
        host_line(s, 3, "backup", text);
    }
}

static void put_strangers(Scribe *s)
{
    static const char *const names[] = {"root", "admin", "test", "oracle", "ubuntu", "git"};
    char text[WORDS_SIZE];
    int guesses = dice_count(&s->dice, s->strain->guesses[s->host]);
    int strangers = s->host == EDGE_1 ? dice_count(&s->dice, STRANGERS_A_MINUTE) : 0;
    for (int i = 0; i < guesses + strangers; i++) {
        bool is_one = i >= strangers; /* The one that guesses, from one address. */
        snprintf(text, sizeof text, "Failed password for invalid user %s from %s.%d port %d ssh2",
                 names[dice_below(&s->dice, 6)], is_one ? "198.51.100" : "203.0.113",
                 is_one ? 23 : 1 + dice_below(&s->dice, 250), 20000 + dice_below(&s->dice, 40000));
        host_line(s, 5 + i * 50 / (guesses + strangers), "sshd", text);
    }
    if (dice_below(&s->dice, 200) == 0)
        host_line(s, 57, "sshd", "Accepted publickey for deploy from 192.0.2.9 port 41022 ssh2");
}

static void put_killed(Scribe *s, const Fault *f)
{
    const char *name = company_services[f->service].name;
    char text[WORDS_SIZE];
    snprintf(text, sizeof text, "Out of memory: Killed process %d (%s) total-vm:%d kB",
             1000 + dice_below(&s->dice, 30000), name, 9000000 + dice_below(&s->dice, 1000000));
    host_line(s, 58, "kernel", text);
    snprintf(text, sizeof text, "%s.service: Main process exited, code=killed, status=9/KILL",
             name);
    host_line(s, 59, "systemd", text);
}

/* What a fault leaves in the system's log. */
static void put_faults(Scribe *s)
{
    char text[WORDS_SIZE];
    for (int i = 0; i < FAULT_COUNT; i++) {
        const Fault *f = &s->play->faults[i];
        if (f->host != s->host)
            continue;
        if (f->sort == FAULT_LEAK && s->play->minute == strain_killed(f) - 1)
            put_killed(s, f);
        if (f->sort == FAULT_CLOCK && s->play->minute == f->last) {
            snprintf(text, sizeof text, "System clock was stepped by %d.%06d seconds",
                     f->variant ? 3599 : -7200, dice_below(&s->dice, 1000000));
            host_line(s, 59, "chronyd", text);
        }
    }
}

odd_rc play_lines(Play *play, const Strain *strain, odd_events *events)
{
    Scribe s = {.play = play, .strain = strain, .events = events, .rc = ODD_OK};
    odd_time now = play_time(play, play->minute);
    for (s.service = 0; s.service < SERVICE_COUNT; s.service++) {
        s.dice = dice_of(play->seed, play->minute, TOPIC_LINES + s.service);
        s.host = (int)company_services[s.service].host;
        s.time = now + (odd_time)strain->clock_s[s.host] * NS_PER_S;
        play_service(&s);
    }
    for (s.host = 0; s.host < HOST_COUNT; s.host++) {
        s.dice = dice_of(play->seed, play->minute, TOPIC_HOSTS + s.host);
        s.time = now + (odd_time)strain->clock_s[s.host] * NS_PER_S;
        put_timers(&s);
        put_strangers(&s);
        put_faults(&s);
    }
    return s.rc;
}
