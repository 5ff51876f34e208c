/* SPDX-License-Identifier: Apache-2.0
 *
 * form_slack.c - Slack's incoming webhooks: a text, in which &, < and > have a meaning, and a word
 * behind an escaped < has none (no link, nobody is called). */
#include "api/put.h"
#include "serve/form.h"

static void write_text(const Message *message, HttpResponse *body)
{
    char line[FORM_LINE_SIZE];
    HttpResponse text = {0};
    form_line(message, line);
    for (const char *at = line; *at != '\0'; at++)
        if (*at == '&')
            response_add(&text, "&amp;", 5);
        else if (*at == '<')
            response_add(&text, "&lt;", 4);
        else if (*at == '>')
            response_add(&text, "&gt;", 4);
        else
            response_add(&text, at, 1);
    Put put = {.response = body};
    put_open(&put, '{');
    put_name(&put, "text");
    put_text(&put, text.body != NULL ? text.body : "", text.body_size);
    put_close(&put, '}');
    body->broken |= text.broken;
    response_clear(&text);
}

const Form form_slack = {.path = "", .write = write_text};
