/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/receivers.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/view.h"
#include "input/clock.h"
#include "serve/form.h"
#include "settings/notify_target.h"

#define URL_SIZE (NOTIFY_ADDRESS_SIZE + 64)
#define KEY_SIZE 256
#define SECRET_SIZE NOTIFY_ADDRESS_SIZE
#define MAIL_ADDRESS_MAX 254 /* RFC 5321 leaves room for no more. */

typedef struct {
    NotifyTarget  target;
    const Form   *form;
    Webhook      *hook;
    char          key[KEY_SIZE];
    char          mail_from[KEY_SIZE], mail_to[NOTIFY_ADDRESS_SIZE];
    OpenIncidents incidents; /* Of its own. */
} Receiver;

struct Receivers {
    Webhook  *webhook; /* NULL: there is none. */
    Receiver *all;
    size_t    count;
};

static const Form *const forms[NOTIFY_KIND_COUNT] = {
    [NOTIFY_ALERTMANAGER] = &form_alertmanager,
    [NOTIFY_MAIL] = &form_mail,
    [NOTIFY_PAGERDUTY] = &form_pagerduty,
    [NOTIFY_SLACK] = &form_slack,
    [NOTIFY_TEAMS] = &form_teams,
};

/* -- opening ---------------------------------------------------------------------------------- */

/* Addresses, with commas between them, and none of what ends one in a mail's own words. */
static bool are_addresses(const char *text)
{
    for (const char *from = text;; from++) {
        size_t size = strcspn(from, ",");
        const char *at = memchr(from, '@', size);
        if (size > MAIL_ADDRESS_MAX || at == NULL || at == from || at + 1 == from + size)
            return false;
        from += size;
        if (*from == '\0')
            return strpbrk(text, "<>\"") == NULL;
    }
}

/* "smtps://name:password@mail.example.com from@example.com to@example.com,too@example.com" */
static bool read_mail(Receiver *receiver, const char *secret, char url[URL_SIZE], char *problem)
{
    char from[KEY_SIZE], to[NOTIFY_ADDRESS_SIZE], more;
    if (sscanf(secret, "%1023s %255s %1023s %c", url, from, to, &more) == 3 &&
        are_addresses(from) && strchr(from, ',') == NULL && are_addresses(to)) {
        memcpy(receiver->mail_from, from, sizeof from);
        memcpy(receiver->mail_to, to, sizeof to);
        return true;
    }
    snprintf(problem, SETTINGS_PROBLEM_SIZE,
             "notify: %.200s is not the server, the sender and who is told; a good line is "
             "smtp://127.0.0.1 oddball@example.com oncall@example.com,boss@example.com",
             receiver->target.address);
    return false;
}

/* What the file of a receiver holds: its address; of one with an address of its own its key, and,
 * behind a blank, another address; of mail see above. */
static bool read_secret(Receiver *receiver, char url[URL_SIZE], char *problem)
{
    char secret[SECRET_SIZE];
    if (!settings_secret(receiver->target.address, secret, sizeof secret, problem))
        return false;
    if (receiver->form->is_mail) {
        bool good = read_mail(receiver, secret, url, problem);
        memset(secret, 0, sizeof secret);
        return good;
    }
    size_t word = strcspn(secret, " \t");
    const char *rest = secret + word + strspn(secret + word, " \t");
    if (receiver->form->url == NULL)
        snprintf(url, URL_SIZE, "%s", secret);
    else
        snprintf(url, URL_SIZE, "%s", *rest != '\0' ? rest : receiver->form->url);
    if (receiver->form->url != NULL)
        snprintf(receiver->key, sizeof receiver->key, "%.*s", (int)word, secret);
    memset(secret, 0, sizeof secret);
    return true;
}

static bool read_address(Receiver *receiver, char url[URL_SIZE], char *problem)
{
    const char *address = receiver->target.address;
    if (address[0] == '/')
        return read_secret(receiver, url, problem);
    size_t size = strlen(address);
    bool ends = size > 0 && address[size - 1] == '/';
    snprintf(url, URL_SIZE, "%.*s%s", (int)(size - ends), address, receiver->form->path);
    return true;
}

static bool receiver_open(Receiver *receiver, const Settings *settings, const char *line,
                          char *problem)
{
    char url[URL_SIZE];
    if (!notify_target_read(line, &receiver->target, problem))
        return false;
    receiver->form = forms[receiver->target.kind];
    if (!read_address(receiver, url, problem))
        return false;
    bool is_mail = receiver->form->is_mail;
    const WebhookOptions options = {.url = url,
                                    .public_only = !webhook_is_allowed(settings, url),
                                    .is_plain = true,
                                    .mail_from = is_mail ? receiver->mail_from : NULL,
                                    .mail_to = receiver->mail_to,
                                    .again_s = receiver->form->again_s};
    receiver->hook = webhook_open(&options, problem);
    memset(url, 0, sizeof url);
    return receiver->hook != NULL;
}

bool receivers_open(const Settings *settings, Receivers **ret_receivers, char *problem)
{
    *ret_receivers = NULL;
    if (settings->webhook[0] == '\0' && settings->notify.count == 0)
        return true;
    Receivers *receivers = calloc(1, sizeof *receivers);
    if (receivers != NULL && settings->notify.count > 0)
        receivers->all = calloc(settings->notify.count, sizeof *receivers->all);
    bool good = receivers != NULL && (settings->notify.count == 0 || receivers->all != NULL);
    if (!good)
        snprintf(problem, SETTINGS_PROBLEM_SIZE, "there is no memory for those who are told");
    good = good && webhook_open_settings(settings, &receivers->webhook, problem);
    for (size_t i = 0; good && i < settings->notify.count; i++) {
        good = receiver_open(&receivers->all[i], settings, settings->notify.items[i], problem);
        receivers->count += good;
    }
    if (good)
        *ret_receivers = receivers;
    else
        receivers_close(receivers);
    return good;
}

/* -- telling ---------------------------------------------------------------------------------- */

static FindingNews news_of(const odd_rows *finding)
{
    const char *state = view_text(finding, "state");
    return (FindingNews){
        .id = view_text(finding, "id"),
        .incident = view_text(finding, "incident"),
        .source = view_text(finding, "source"),
        .sentence = view_text(finding, "sentence"),
        .title = view_text(finding, "title"),
        .time = view_time(finding, "time"),
        .last_time = view_time(finding, "last_time"),
        .surprise = odd_double(finding, odd_column(finding, "surprise")),
        .is_over = strcmp(state, "new") != 0 && strcmp(state, "ongoing") != 0,
    };
}

static bool is_theirs(const Receiver *receiver, const FindingNews *finding)
{
    const NotifyTarget *target = &receiver->target;
    return finding->is_over ||
           (finding->surprise >= target->surprise &&
            (target->source[0] == '\0' || fnmatch(target->source, finding->source, 0) == 0));
}

static bool is_wanted(const Form *form, IncidentNews news)
{
    return news == INCIDENT_BEGAN || news == INCIDENT_OVER ||
           (news != INCIDENT_AS_BEFORE && form->wants_all);
}

static void send(Receiver *receiver, IncidentNews news, const OpenIncident *incident)
{
    Message message = {.key = receiver->key,
                       .mail_from = receiver->mail_from,
                       .mail_to = receiver->mail_to,
                       .now = clock_now(),
                       .incident = incident,
                       .news = news == INCIDENT_OVER_UNSEEN ? INCIDENT_OVER : news};
    HttpResponse body = {0};
    receiver->form->write(&message, &body);
    response_add(&body, "", 1);
    if (!body.broken)
        webhook_stand(receiver->hook, message.incident->id, body.body,
                      message.news == INCIDENT_OVER);
    response_clear(&body);
}

static void tell(Receiver *receiver, const FindingNews *finding, bool is_known)
{
    const OpenIncident *incident = NULL;
    if (!is_theirs(receiver, finding))
        return;
    /* Two incidents turned out to be one: whoever was told of both is told that one is over. */
    if (open_incidents_leave(&receiver->incidents, finding, &incident) == INCIDENT_OVER)
        send(receiver, INCIDENT_OVER, incident);
    IncidentNews news = open_incidents_hear(&receiver->incidents, finding, &incident);
    if (is_wanted(receiver->form, news) && !(is_known && receiver->form->again_s <= 0))
        send(receiver, news, incident);
}

void receivers_give(Receivers *receivers, const odd_rows *finding, const char *json)
{
    const FindingNews news = news_of(finding);
    if (receivers->webhook != NULL)
        webhook_give(receivers->webhook, json);
    for (size_t i = 0; i < receivers->count; i++)
        tell(&receivers->all[i], &news, false);
}

void receivers_know(Receivers *receivers, const odd_rows *finding)
{
    const FindingNews news = news_of(finding);
    for (size_t i = 0; i < receivers->count && !news.is_over; i++)
        tell(&receivers->all[i], &news, true);
}

void receivers_inherit(Receivers *receivers, Receivers *from)
{
    for (size_t i = 0; receivers != NULL && from != NULL && i < receivers->count; i++)
        for (size_t k = 0; k < from->count; k++) {
            Receiver *heir = &receivers->all[i], *before = &from->all[k];
            if (memcmp(&heir->target, &before->target, sizeof heir->target) != 0)
                continue;
            heir->incidents = before->incidents;
            webhook_inherit(heir->hook, before->hook);
        }
}

/* -- counts, and the end ---------------------------------------------------------------------- */

WebhookCounts receivers_counts(Receivers *receivers)
{
    WebhookCounts sum = {0}, one;
    if (receivers->webhook != NULL)
        sum = webhook_counts(receivers->webhook);
    for (size_t i = 0; i < receivers->count; i++) {
        one = webhook_counts(receivers->all[i].hook);
        webhook_counts_add(&sum, &one);
    }
    return sum;
}

WebhookCounts receivers_close(Receivers *receivers)
{
    if (receivers == NULL)
        return (WebhookCounts){0};
    webhook_leave(receivers->webhook);
    for (size_t i = 0; i < receivers->count; i++)
        webhook_leave(receivers->all[i].hook);
    WebhookCounts sum = webhook_close(receivers->webhook);
    for (size_t i = 0; i < receivers->count; i++) {
        WebhookCounts one = webhook_close(receivers->all[i].hook);
        webhook_counts_add(&sum, &one);
    }
    free(receivers->all);
    free(receivers);
    sum.trouble[0] = '\0';
    return sum;
}
