/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/answer.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/page.h"
#include "cli/render.h"
#include "cli/terminal.h"

void answer_complain(const Out *out, const char *name)
{
    const char *cure = out->problem == ENOSPC ? "; make room or write elsewhere" : "";
    complain("cannot write to %s: %s%s", name, strerror(out->problem), cure);
}

int answer_end(Out *out, const Learning *learning, int status)
{
    if (out_close(out))
        return learning->incomplete ? STATUS_ERROR : status;
    answer_complain(out, "standard output");
    return STATUS_ERROR;
}

/* The moments of --since and --until count back from --now, or else from the end of the data. */
static odd_question question_make(const Options *options, odd_view view, Learning *learning)
{
    odd_question question = {
        .view = view, .row_count_max = options->findings, .wildcard = options->wildcard};
    odd_time end = learning->now;
    if (options->now.kind == MOMENT_NONE) {
        odd_time last = learning_last_time(learning);
        end = last == ODD_TIME_NONE ? learning->now : last;
    }
    question.since = moment_resolve(options->since, learning->now, end);
    question.until = moment_resolve(options->until, learning->now, end);
    return question;
}

static void notes_tell(const Report *report, const Options *options)
{
    for (size_t i = 0; i < report->note_count && !options->quiet; i++)
        if (strcmp(report->notes[i].topic.text, "closest") != 0)
            complain("%s", report->notes[i].sentence.text);
}

static void render(Buffer *text, const Report *report, const Options *options)
{
    switch (options->format) {
    case FORMAT_JSON:
        render_json(text, report);
        break;
    case FORMAT_CSV:
        render_csv(text, report);
        break;
    case FORMAT_HTML:
        render_html(text, report);
        break;
    case FORMAT_NONE:
    case FORMAT_TEXT:
        notes_tell(report, options);
        render_text(text, report,
                    (Look){.columns = terminal_width(STDOUT_FILENO, options->width),
                           .color = terminal_color(STDOUT_FILENO, options->color),
                           .unicode = terminal_unicode()});
        break;
    }
}

int answer_report(Learning *learning, const Options *options, odd_view view)
{
    Report report;
    odd_question question = question_make(options, view, learning);
    FailOn fail_on = {.list = options->fail_on, .directions = options->directions};
    if (report_fill(learning->db, &question, fail_on, &report) != ODD_OK) {
        complain("cannot sum up what was read: %s", odd_errmsg(learning->db));
        return STATUS_ERROR;
    }
    report.seconds = learning_seconds(learning);
    report.interrupted = learning->interrupted;
    report.good_count = learning->good_count;

    int status = report_is_odd(&report) ? STATUS_ODD : STATUS_FINE;
    if (learning->interrupted && report.rows == 0)
        status = STATUS_INTERRUPTED;
    if (options->html_path && !page_write(options->html_path, &report))
        status = STATUS_ERROR;
    Out out = {.descriptor = STDOUT_FILENO};
    if (status != STATUS_INTERRUPTED)
        render(&out.text, &report, options);
    status = answer_end(&out, learning, status);
    report_free(&report);
    return status;
}
