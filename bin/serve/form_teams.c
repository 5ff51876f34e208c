/* SPDX-License-Identifier: Apache-2.0
 *
 * form_teams.c - Microsoft Teams by a workflow that posts what a webhook brings: an Adaptive Card.
 * Its texts know a little Markdown, of which a run of text (RichTextBlock) knows none. */
#include "api/put.h"
#include "serve/form.h"

static void card(Put *put, const char *line)
{
    put_open(put, '{');
    put_named(put, "type", "AdaptiveCard");
    put_named(put, "version", "1.2");
    put_name(put, "body");
    put_open(put, '[');
    put_open(put, '{');
    put_named(put, "type", "RichTextBlock");
    put_name(put, "inlines");
    put_open(put, '[');
    put_open(put, '{');
    put_named(put, "type", "TextRun");
    put_named(put, "text", line);
    put_close(put, '}');
    put_close(put, ']');
    put_close(put, '}');
    put_close(put, ']');
    put_close(put, '}');
}

static void write_card(const Message *message, HttpResponse *body)
{
    char line[FORM_LINE_SIZE];
    form_line(message, line);
    Put put = {.response = body};
    put_open(&put, '{');
    put_named(&put, "type", "message");
    put_name(&put, "attachments");
    put_open(&put, '[');
    put_open(&put, '{');
    put_named(&put, "contentType", "application/vnd.microsoft.card.adaptive");
    put_name(&put, "content");
    card(&put, line);
    put_close(&put, '}');
    put_close(&put, ']');
    put_close(&put, '}');
}

const Form form_teams = {.path = "", .write = write_card};
