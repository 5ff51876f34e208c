/* SPDX-License-Identifier: Apache-2.0
 *
 * show.c - prints the made-up night in the form that is asked for; what golden.py compares. */
#include <stdio.h>
#include <string.h>

#include "cli/render.h"
#include "made_up.h"

int main(int argc, char **argv)
{
    const char *form = argc > 1 ? argv[1] : "";
    odd_view view = strncmp(form, "diff", 4) == 0 ? ODD_DIFF : ODD_FINDINGS;
    made_up_night();
    if (strstr(form, "calm"))
        fake_answer(view, NULL);
    Report report;
    if (report_fill(NULL, &(odd_question){.view = view}, (FailOn){0}, &report) != ODD_OK)
        return 2;
    report.seconds = 0.0123;
    report.good_count = 1;

    Buffer out = {0};
    if (strstr(form, ".json"))
        render_json(&out, &report);
    else if (strstr(form, ".csv"))
        render_csv(&out, &report);
    else if (strstr(form, ".html"))
        render_html(&out, &report);
    else
        render_text(&out, &report,
                    (Look){.columns = strstr(form, "wide") ? 120 : 80,
                           .color = strstr(form, "color") != NULL,
                           .unicode = strstr(form, "ascii") == NULL});
    fwrite(out.text, 1, out.size, stdout);
    buffer_free(&out);
    report_free(&report);
    return 0;
}
