/* SPDX-License-Identifier: Apache-2.0
 *
 * form_mail.c - mail, as RFC 5322 has it: that it is over answers the message that it began. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "serve/form.h"
#include "serve/quoted.h"

#define NS_OF_S 1000000000
#define TIME_SIZE 48

/* Of the program, which sets no other locale than that of C. */
static void write_time(const char *format, odd_time time, char to[TIME_SIZE])
{
    time_t seconds = (time_t)(time / NS_OF_S);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    if (strftime(to, TIME_SIZE, format, &parts) == 0)
        to[0] = '\0';
}

static void write_headers(const Message *message, HttpResponse *body)
{
    char date[TIME_SIZE], line[FORM_LINE_SIZE];
    const char *id = message->incident->id, *host = strchr(message->mail_from, '@');
    bool is_over = message->news == INCIDENT_OVER;
    write_time("%a, %d %b %Y %H:%M:%S +0000", message->now, date);
    response_print(body, "Date: %s\r\nFrom: oddball <%s>\r\nTo: %s\r\n", date, message->mail_from,
                   message->mail_to);
    response_print(body, "Message-ID: <%s.%s%s>\r\n", id, is_over ? "over" : "began", host);
    if (is_over)
        response_print(body, "In-Reply-To: <%s.began%s>\r\n", id, host);
    response_print(body, "Subject: ");
    form_line(message, line);
    quoted_header(line, body);
    response_print(body, "\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
                         "Content-Type: text/plain; charset=utf-8\r\n"
                         "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
}

static void write_mail(const Message *message, HttpResponse *body)
{
    const OpenIncident *incident = message->incident;
    char since[TIME_SIZE], until[TIME_SIZE], text[FORM_LINE_SIZE + 512];
    bool is_over = message->news == INCIDENT_OVER;
    write_headers(message, body);
    write_time("%Y-%m-%d %H:%M:%S UTC", incident->time, since);
    write_time("%Y-%m-%d %H:%M:%S UTC", incident->last_time, until);
    snprintf(text, sizeof text,
             "%s\n\n%s %s%s%s%s%s\n%llu %s, the oddest with a surprise of %.1f\n\n"
             "What caused it, and what was checked: oddball explain %s\n",
             incident->sentence, is_over ? "From" : "Since", since, is_over ? " to " : "",
             is_over ? until : "", incident->source[0] != '\0' ? ", on " : "", incident->source,
             (unsigned long long)incident->findings,
             incident->findings == 1 ? "finding" : "findings", incident->surprise, incident->id);
    quoted_text(text, body);
}

const Form form_mail = {.is_mail = true, .path = "", .write = write_mail};
