/* SPDX-License-Identifier: Apache-2.0
 *
 * exposition.c - what an exporter answers to a scrape: Prometheus text 0.0.4 and 1.0.0 (names in
 * quotes), and OpenMetrics 1.0 text where wire->subject is "openmetrics".
 *
 * One line, one sample: name{label="value",...} value [time].  Times are milliseconds, those of
 * OpenMetrics seconds; a sample without one is of wire->now.  Lines that begin with '#' (HELP,
 * TYPE, UNIT) and exemplars are passed over.  Where wire->source is "job/instance", a series that
 * has no such labels gets these.
 *
 * ERRORS     A line that cannot be read is refused, the others count; ODD_SYNTAX if there was no
 *            other.  A last line without its line end is torn, and refused.
 */
#include "base/decimal.h"
#include "event/codec.h"
#include "event/label_list.h"

#define NS_PER_MS INT64_C(1000000)
#define MS_MAX 9.0e12 /* The year 2255; beyond it nanoseconds overflow. */

typedef struct {
    bool is_open_metrics;
    Str source, job, instance;
    odd_time now;
    odd_events *events;
    odd_decoded *decoded;
    size_t line_number;
} Exposition;

static Str take_word(LabelList *line)
{
    label_list_skip_blanks(line);
    size_t from = line->at;
    while (line->at < line->text.size && line->text.text[line->at] != ' ' &&
           line->text.text[line->at] != '\t')
        line->at++;
    return str_part(line->text, from, line->at);
}

static bool fails(LabelList *line, const char *fault)
{
    line->fault = fault;
    return false;
}

static bool equal_any_case(Str text, const char *lower)
{
    size_t size = strlen(lower);
    for (size_t i = 0; i < size && i < text.size; i++)
        if ((text.text[i] | 0x20) != lower[i])
            return false;
    return text.size == size;
}

static bool read_value(Str word, double *ret)
{
    bool negative = word.size > 0 && word.text[0] == '-';
    bool sign = word.size > 0 && (negative || word.text[0] == '+');
    Str bare = str_part(word, sign, word.size);
    if (equal_any_case(bare, "inf") || equal_any_case(bare, "infinity"))
        *ret = negative ? -__builtin_inf() : __builtin_inf();
    else if (equal_any_case(bare, "nan"))
        *ret = __builtin_nan("");
    else
        return decimal_read(word, ret);
    return true;
}

/* Milliseconds, as Prometheus keeps them. */
static bool read_time(const Exposition *exposition, Str word, odd_time *ret)
{
    double ms;
    if (!decimal_read(word, &ms))
        return false;
    if (exposition->is_open_metrics)
        ms *= 1000;
    if (!(ms >= -MS_MAX && ms <= MS_MAX))
        return false;
    double rounded = __builtin_floor(ms + 0.5);
    *ret = (odd_time)rounded * NS_PER_MS;
    return true;
}

static bool take_sample(const Exposition *exposition, LabelList *line, odd_time *ret_time,
                        double *ret_value)
{
    line->name = label_list_take_name(line);
    label_list_skip_blanks(line);
    if (line->at < line->text.size && line->text.text[line->at] == '{') {
        line->at++;
        if (!label_list_read(line))
            return false;
    }
    if (line->name.size == 0)
        return fails(line, "it does not begin with the name of a metric");
    if (!read_value(take_word(line), ret_value))
        return fails(line, "its value is no number");
    *ret_time = exposition->now;
    Str word = take_word(line);
    if (word.size > 0 && word.text[0] != '#') {
        if (!read_time(exposition, word, ret_time))
            return fails(line, "its time is no number");
        word = take_word(line);
    }
    if (word.size > 0 && !(exposition->is_open_metrics && word.text[0] == '#'))
        return fails(line, "something stands behind its time");
    return true;
}

static void add_label(LabelList *line, Str name, Str value)
{
    if (value.size > 0 && line->label_count < SERIES_LABELS_MAX &&
        label_list_find(line, name).size == 0)
        line->labels[line->label_count++] = (Label){.name = name, .value = value};
}

static odd_rc add_sample(const Exposition *exposition, Str text)
{
    char scratch[EVENT_SERIES_BYTES_MAX], series[EVENT_SERIES_BYTES_MAX];
    LabelList line;
    label_list_begin(&line, text, scratch, sizeof scratch);
    odd_time time;
    double value;
    if (take_sample(exposition, &line, &time, &value)) {
        add_label(&line, STR("job"), exposition->job);
        add_label(&line, STR("instance"), exposition->instance);
        size_t size = series_text(line.name, line.labels, line.label_count, series, sizeof series);
        if (size > 0) {
            Str name = {.text = series, .size = size};
            exposition->decoded->accepted++;
            return events_series(exposition->events, exposition->source, name, time, value)
                       ? ODD_OK
                       : ODD_FULL;
        }
        line.fault = "its labels are too long";
    }
    decoded_refuse(exposition->decoded, 1, "line %zu: %s", exposition->line_number, line.fault);
    return ODD_OK;
}

static Str without_blanks(Str line)
{
    size_t from = 0, to = line.size;
    while (from < to && (line.text[from] == ' ' || line.text[from] == '\t'))
        from++;
    while (to > from && (line.text[to - 1] == ' ' || line.text[to - 1] == '\r'))
        to--;
    return str_part(line, from, to);
}

static odd_rc add_lines(Exposition *exposition, Str bytes, bool *ret_ended)
{
    *ret_ended = false;
    for (size_t at = 0; at < bytes.size;) {
        const char *end = memchr(bytes.text + at, '\n', bytes.size - at);
        exposition->line_number++;
        if (end == NULL) {
            Str last = without_blanks(str_part(bytes, at, bytes.size));
            if (last.size > 0 && last.text[0] != '#' && !*ret_ended)
                decoded_refuse(exposition->decoded, 1,
                               "line %zu has no line end: the answer is torn",
                               exposition->line_number);
            *ret_ended |= str_equal(last, STR("# EOF"));
            break;
        }
        Str line = without_blanks(str_part(bytes, at, (size_t)(end - bytes.text)));
        at = (size_t)(end - bytes.text) + 1;
        if (line.size == 0)
            continue;
        if (line.text[0] == '#') {
            *ret_ended |= str_equal(line, STR("# EOF"));
            continue;
        }
        odd_rc rc = add_sample(exposition, line);
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}

static void name_target(Exposition *exposition, const char *source)
{
    exposition->source = str_of(source);
    const char *slash = strchr(source, '/');
    if (slash == NULL)
        return;
    exposition->job = str_part(exposition->source, 0, (size_t)(slash - source));
    exposition->instance = str_of(slash + 1);
}

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    Exposition exposition = {.now = wire->now, .events = events, .decoded = ret};
    exposition.is_open_metrics = wire->subject != NULL && strcmp(wire->subject, "openmetrics") == 0;
    name_target(&exposition, wire->source);
    bool ended;
    odd_rc rc = add_lines(&exposition, bytes, &ended);
    if (rc != ODD_OK)
        return rc;
    if (ret->accepted == 0 && ret->rejected > 0)
        return ODD_SYNTAX;
    if (exposition.is_open_metrics && !ended)
        decoded_refuse(ret, 0, "\"# EOF\" is missing at the end: the answer may be torn");
    return ODD_OK;
}

const Codec codec_exposition = {.name = "exposition", .decode = decode};
