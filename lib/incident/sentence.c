/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/sentence.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define QUOTE_BYTES_MAX 100
#define NUMBER_SIZE 40

typedef struct {
    char  *text;
    size_t size, used; /* Room in all; used without the NUL. */
} Writer;

static void write_text(Writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void write_text(Writer *w, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(w->text + w->used, w->size - w->used, format, arguments);
    va_end(arguments);
    if (written > 0)
        w->used = w->used + (size_t)written < w->size ? w->used + (size_t)written : w->size - 1;
}

/* Never ends within a UTF-8 character. */
static size_t cut_at_character(Str text, size_t size_max)
{
    if (text.size <= size_max)
        return text.size;
    size_t size = size_max;
    while (size > 0 && ((unsigned char)text.text[size] & 0xc0) == 0x80)
        size--;
    return size;
}

/* Log text may hold any byte; it is quoted as it is, and whoever shows it escapes it. */
static void write_quoted(Writer *w, Str text)
{
    size_t size = cut_at_character(text, QUOTE_BYTES_MAX);
    const char *ending = size < text.size ? " ..." : "";
    if (w->used + size + 8 >= w->size)
        return;
    w->text[w->used++] = '`';
    if (size > 0)
        memcpy(w->text + w->used, text.text, size);
    w->used += size;
    write_text(w, "%s`", ending);
}

/* 1234567 -> "1,234,567"; numbers below ten that are not whole keep a digit. */
static const char *number(double value, char *buffer)
{
    if (value < 10 && fabs(value - floor(value + 0.5)) > 0.05) {
        snprintf(buffer, NUMBER_SIZE, "%.1f", value);
        return buffer;
    }
    char digits[NUMBER_SIZE];
    int count = snprintf(digits, sizeof digits, "%.0f", value), at = 0;
    for (int i = 0; i < count && at < NUMBER_SIZE - 2; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            buffer[at++] = ',';
        buffer[at++] = digits[i];
    }
    buffer[at] = '\0';
    return buffer;
}

static const char *ratio(double value, char *buffer)
{
    if (value >= 10)
        number(value, buffer);
    else
        snprintf(buffer, NUMBER_SIZE, "%.1f", value);
    return buffer;
}

static void write_how_often(Writer *w, const Finding *f)
{
    char seen[NUMBER_SIZE], history[NUMBER_SIZE];
    if (f->seen <= 1)
        write_text(w, "once in %s lines", number((double)f->history, history));
    else
        write_text(w, "%s times in %s lines", number(f->seen, seen),
                   number((double)f->history, history));
}

static const char *level_phrase(Level level)
{
    switch (level) {
    case LEVEL_FATAL:
        return "fatal: ";
    case LEVEL_ERROR:
        return "error: ";
    case LEVEL_WARN:
        return "warning: ";
    case LEVEL_NONE:
    case LEVEL_TRACE:
    case LEVEL_DEBUG:
    case LEVEL_INFO:
    case LEVEL_NOTICE:
    case LEVEL_COUNT:
        break;
    }
    return "";
}

static void write_rate(Writer *w, const Finding *f)
{
    char seen[NUMBER_SIZE], expected[NUMBER_SIZE], times[NUMBER_SIZE];
    double effect = finding_effect(f);
    if (f->kind == FINDING_SILENT)
        write_text(w, " fell silent: 0 lines where %s were to be expected",
                   number(f->expected, expected));
    else if (f->kind == FINDING_LESS)
        write_text(w, " comes %sx less often: %s lines instead of %s",
                   ratio(f->seen > 0 ? 1 / effect : f->expected, times), number(f->seen, seen),
                   number(f->expected, expected));
    else if (f->expected >= 0.05)
        write_text(w, " comes %sx as often as usual: %s lines instead of %s", ratio(effect, times),
                   number(f->seen, seen), number(f->expected, expected));
    else
        write_text(w, " comes %s times, where none was to be expected", number(f->seen, seen));
}

static void write_kind(Writer *w, const Finding *f)
{
    char text[NUMBER_SIZE];
    write_text(w, "%s", level_phrase(f->level));
    switch (f->kind) {
    case FINDING_NEW:
        write_quoted(w, f->pattern);
        write_text(w, " is new: %s line%s, none in the good run", number(f->seen, text),
                   f->seen == 1 ? "" : "s");
        return;
    case FINDING_GONE:
        write_quoted(w, f->pattern);
        write_text(w, " is gone: %s line%s in the good run, none now", number(f->expected, text),
                   f->expected == 1 ? "" : "s");
        return;
    case FINDING_RARE:
    case FINDING_SEVERITY:
        write_quoted(w, f->pattern);
        write_text(w, " comes ");
        write_how_often(w, f);
        return;
    case FINDING_VALUE:
        write_quoted(w, f->value);
        write_text(w, " as %.*s in ", (int)cut_at_character(f->place, 40), f->place.text);
        write_quoted(w, f->pattern);
        write_text(w, " comes ");
        write_how_often(w, f);
        return;
    case FINDING_SESSION:
        write_text(w, "session ");
        write_quoted(w, f->session);
        write_text(w, ": %.*s", (int)cut_at_character(f->value, 200), f->value.text);
        return;
    case FINDING_BURST:
    case FINDING_MORE:
    case FINDING_LESS:
    case FINDING_SILENT:
        write_quoted(w, f->pattern);
        write_rate(w, f);
        return;
    case FINDING_KIND_COUNT:
        break;
    }
    assert(!"a finding has a kind");
}

size_t sentence_write(const Finding *finding, char *buffer, size_t size)
{
    assert(size > 1);
    Writer w = {.text = buffer, .size = size};
    write_kind(&w, finding);
    if (finding->neighbours > 0)
        write_text(&w, "; %u more odd line%s beside it", finding->neighbours,
                   finding->neighbours == 1 ? "" : "s");
    buffer[w.used] = '\0';
    return w.used;
}

size_t sentence_how_rare(const Finding *finding, char *buffer, size_t size)
{
    assert(size > 1);
    Writer w = {.text = buffer, .size = size};
    char text[NUMBER_SIZE];
    double effect = finding_effect(finding);
    switch (finding->kind) {
    case FINDING_NEW:
        write_text(&w, "never in %s good lines", number((double)finding->history, text));
        break;
    case FINDING_GONE:
        write_text(&w, "never in %s lines", number((double)finding->history, text));
        break;
    case FINDING_BURST:
    case FINDING_MORE:
    case FINDING_LESS:
    case FINDING_SILENT:
        write_text(&w, "%sx the usual", isnan(effect) ? "many " : ratio(effect, text));
        break;
    case FINDING_RARE:
    case FINDING_SEVERITY:
    case FINDING_VALUE:
        write_how_often(&w, finding);
        break;
    case FINDING_SESSION:
        write_text(&w, "one of %s sessions", number((double)finding->history, text));
        break;
    case FINDING_KIND_COUNT:
        break;
    }
    buffer[w.used] = '\0';
    return w.used;
}
