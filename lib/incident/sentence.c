/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/sentence.h"

#include <math.h>
#include <string.h>

#include "base/cut.h"
#include "event/level.h"
#include "incident/metric.h"
#include "incident/metric_change.h"
#include "incident/writer.h"

#define QUOTE_BYTES_MAX 100
#define PLACE_BYTES_MAX 40
#define NOTHING_EXPECTED 0.05 /* Lines: below, a ratio to them says nothing. */

static void write_how_often(Writer *w, const Finding *f)
{
    char seen[NUMBER_SIZE], history[NUMBER_SIZE];
    if (f->seen <= 2)
        writer_add(w, "%s in %s lines", f->seen <= 1 ? "once" : "twice",
                   number_text((double)f->history, history));
    else
        writer_add(w, "%s times in %s lines", number_text(f->seen, seen),
                   number_text((double)f->history, history));
}

static const char *plural_of(const char *number)
{
    return strcmp(number, "1") == 0 ? "" : "s";
}

static void write_rate(Writer *w, const Finding *f)
{
    char seen[NUMBER_SIZE], expected[NUMBER_SIZE], times[NUMBER_SIZE];
    double effect = finding_effect(f);
    number_text(f->seen, seen);
    if (f->kind == FINDING_SILENT)
        writer_add(w, " fell silent: 0 lines where %s were to be expected",
                   number_text(f->expected, expected));
    else if (f->kind == FINDING_LESS)
        writer_add(w, " comes %sx less often: %s line%s instead of %s",
                   ratio_text(f->seen > 0 ? 1 / effect : f->expected, times), seen, plural_of(seen),
                   number_text(f->expected, expected));
    else if (f->expected >= NOTHING_EXPECTED)
        writer_add(w, " comes %sx as often as usual: %s line%s instead of %s",
                   ratio_text(effect, times), seen, plural_of(seen),
                   number_text(f->expected, expected));
    else
        writer_add(w, " comes %s times, where none was to be expected", number_text(f->seen, seen));
}

/* Compared with a good run nothing is expected; looking back at one run, that is not known. */
static bool is_compared(const Finding *f)
{
    return f->expected <= 0;
}

static void write_value(Writer *w, const Finding *f)
{
    char seen[NUMBER_SIZE];
    if (f->value.size > 0) {
        writer_quote(w, f->value, QUOTE_BYTES_MAX);
        writer_add(w, " as %.*s in ", (int)cut_at_character(f->place, PLACE_BYTES_MAX),
                   f->place.text);
    } else {
        writer_add(w, "another form of ");
    }
    writer_quote(w, f->pattern, QUOTE_BYTES_MAX);
    if (is_compared(f)) {
        writer_add(w, " is new: %s line%s, none in the good run", number_text(f->seen, seen),
                   f->seen == 1 ? "" : "s");
        return;
    }
    writer_add(w, " comes ");
    write_how_often(w, f);
}

static void write_kind(Writer *w, const Finding *f)
{
    char text[NUMBER_SIZE];
    if (f->is_compared) {
        change_write(w, f);
        return;
    }
    if (f->level >= LEVEL_WARN && level_of_start(f->pattern) == LEVEL_NONE)
        writer_add(w, "%s: ", level_name(f->level));
    switch (f->kind) {
    case FINDING_NEW:
        writer_quote(w, f->pattern, QUOTE_BYTES_MAX);
        writer_add(w, " is new: %s line%s, none in the good run", number_text(f->seen, text),
                   f->seen == 1 ? "" : "s");
        return;
    case FINDING_GONE:
        writer_quote(w, f->pattern, QUOTE_BYTES_MAX);
        writer_add(w, " is gone: %s line%s in the good run, none now",
                   number_text(f->expected, text), f->expected == 1 ? "" : "s");
        return;
    case FINDING_RARE:
    case FINDING_SEVERITY:
        writer_quote(w, f->pattern, QUOTE_BYTES_MAX);
        writer_add(w, " comes ");
        write_how_often(w, f);
        return;
    case FINDING_VALUE:
        write_value(w, f);
        return;
    case FINDING_SESSION:
        writer_add(w, "session ");
        writer_quote(w, f->session, QUOTE_BYTES_MAX);
        writer_add(w, ": %.*s", (int)cut_at_character(f->value, 200), f->value.text);
        return;
    case FINDING_BURST:
    case FINDING_MORE:
    case FINDING_LESS:
    case FINDING_SILENT:
        if (f->is_metric) {
            metric_write_silence(w, f);
            return;
        }
        writer_quote(w, f->pattern, QUOTE_BYTES_MAX);
        write_rate(w, f);
        return;
    case FINDING_HIGH:
    case FINDING_LOW:
    case FINDING_LEVEL:
    case FINDING_SPREAD:
    case FINDING_SEASON:
    case FINDING_SHAPE:
    case FINDING_GAP:
        metric_write(w, f);
        return;
    case FINDING_TOGETHER:
    case FINDING_DRIFT:
    case FINDING_ERRORS:
    case FINDING_QUALITY:
    case FINDING_DELAY:
    case FINDING_ALERT:
        writer_add(w, "%.*s", (int)cut_at_character(f->value, 320), f->value.text);
        return;
    case FINDING_KIND_COUNT:
        break;
    }
}

/* Who else is told by this finding. */
static void write_company(Writer *w, FindingKind kind, bool is_metric, uint32_t neighbours)
{
    const char *plural = neighbours == 1 ? "" : "s";
    if (neighbours == 0)
        return;
    if (kind == FINDING_SESSION)
        writer_add(w, "; %u more session%s like it", neighbours, plural);
    else if (kind == FINDING_NEW || kind == FINDING_RARE || kind == FINDING_VALUE ||
             kind == FINDING_SEVERITY)
        writer_add(w, "; %u more odd line%s beside it", neighbours, plural);
    else if (is_metric && (kind == FINDING_SILENT || kind == FINDING_GAP))
        writer_add(w, "; %u more fell silent with it", neighbours);
    else if (kind == FINDING_TOGETHER)
        writer_add(w, "; %u of them %s odd alone too", neighbours, neighbours == 1 ? "is" : "are");
    else if (is_metric)
        writer_add(w, "; %u more series changed with it", neighbours);
    else if (kind == FINDING_DRIFT)
        writer_add(w, "; %u more column%s drifted with it", neighbours, plural);
    else if (kind == FINDING_ERRORS || kind == FINDING_QUALITY || kind == FINDING_DELAY)
        writer_add(w, "; %u more figure%s changed with it", neighbours, plural);
    else
        writer_add(w, "; %u more pattern%s changed with it", neighbours, plural);
}

size_t sentence_company(FindingKind kind, bool is_metric, uint32_t neighbours, char *buffer,
                        size_t size)
{
    Writer w = writer_make(buffer, size);
    write_company(&w, kind, is_metric, neighbours);
    return w.used;
}

size_t sentence_write(const Finding *finding, char *buffer, size_t size)
{
    Writer w = writer_make(buffer, size);
    write_kind(&w, finding);
    write_company(&w, finding->kind, finding->is_metric, finding->neighbours);
    return w.used;
}

size_t sentence_how_rare(const Finding *finding, char *buffer, size_t size)
{
    Writer w = writer_make(buffer, size);
    char text[NUMBER_SIZE];
    double effect = finding_effect(finding);
    if (finding->is_compared) {
        change_how_rare(&w, finding);
        return w.used;
    }
    switch (finding->kind) {
    case FINDING_NEW:
        writer_add(&w, "never in %s good lines", number_text((double)finding->history, text));
        break;
    case FINDING_GONE:
        writer_add(&w, "never in %s lines", number_text((double)finding->history, text));
        break;
    case FINDING_SILENT:
        writer_add(&w, "none at all");
        break;
    case FINDING_BURST:
    case FINDING_MORE:
        if (isnan(effect) || finding->expected < NOTHING_EXPECTED)
            writer_add(&w, "never so before");
        else
            writer_add(&w, "%sx the usual", ratio_text(effect, text));
        break;
    case FINDING_LESS:
        writer_add(&w, "1/%s of the usual", ratio_text(1 / effect, text));
        break;
    case FINDING_VALUE:
        if (is_compared(finding))
            writer_add(&w, "never in %s good lines", number_text((double)finding->history, text));
        else
            write_how_often(&w, finding);
        break;
    case FINDING_RARE:
    case FINDING_SEVERITY:
        write_how_often(&w, finding);
        break;
    case FINDING_SESSION:
        if (finding->neighbours == 0)
            writer_add(&w, "one of");
        else
            writer_add(&w, "%s of", number_text(finding->neighbours + 1.0, text));
        writer_add(&w, " %s sessions", number_text((double)finding->history, text));
        break;
    case FINDING_HIGH:
    case FINDING_LOW:
    case FINDING_LEVEL:
    case FINDING_SPREAD:
    case FINDING_SEASON:
    case FINDING_SHAPE:
    case FINDING_GAP:
        metric_how_rare(&w, finding);
        break;
    case FINDING_TOGETHER:
    case FINDING_DRIFT:
    case FINDING_ERRORS:
    case FINDING_QUALITY:
    case FINDING_DELAY:
    case FINDING_ALERT:
        writer_add(&w, "%.*s", (int)cut_at_character(finding->place, 80), finding->place.text);
        break;
    case FINDING_KIND_COUNT:
        break;
    }
    return w.used;
}
