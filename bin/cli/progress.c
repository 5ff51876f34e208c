/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/words.h"

#define PROGRESS_AFTER_S 0.5
#define PROGRESS_EVERY_S 0.1

void progress_begin(Progress *progress, bool quiet, double begun_s)
{
    *progress = (Progress){.wanted = !quiet && isatty(STDERR_FILENO), .begun_s = begun_s};
}

void progress_show(Progress *progress, ProgressState state)
{
    double seconds = state.seconds - progress->begun_s;
    if (!progress->wanted || seconds < PROGRESS_AFTER_S ||
        state.seconds - progress->shown_s < PROGRESS_EVERY_S)
        return;
    progress->shown_s = state.seconds;
    progress->drawn = true;

    Buffer line = {0};
    buffer_puts(&line, "\r\x1b[K");
    words_counted(&line, state.rows, "line", "lines");
    if (state.total > 0 && state.done <= state.total)
        buffer_format(&line, ", %.0f %%", 100.0 * (double)state.done / (double)state.total);
    buffer_puts(&line, ", ");
    words_rate(&line, (double)state.rows / seconds);
    buffer_puts(&line, "lines/s (Ctrl-C shows what is known)");
    fputs(buffer_text(&line), stderr);
    fflush(stderr);
    buffer_free(&line);
}

void progress_end(Progress *progress)
{
    if (progress->drawn)
        fputs("\r\x1b[K", stderr);
    progress->drawn = false;
}
