/* SPDX-License-Identifier: Apache-2.0 */
#include "event/otlp_point.h"

#define FLAG_NO_VALUE 1u
#define STALE_BITS 0x7ff0000000000002u /* Prometheus's NaN that says: the series has ended. */
#define NAME_SHOWN_MAX 80              /* Bytes of a metric's name in a reason. */

static void add_label(OtlpPoint *point, Str name, Str value)
{
    if (value.size == 0)
        return;
    if (point->label_count == SERIES_LABELS_MAX)
        point->has_room = false;
    else
        point->labels[point->label_count++] = (Label){.name = name, .value = value};
}

void point_open(OtlpPoint *point, Otlp *otlp, Str name)
{
    point->otlp = otlp;
    point->name = name;
    point->time = point->flags = 0;
    point->label_count = 0;
    point->label_text = (JsonText){.text = point->label_room,
                                   .capacity = sizeof point->label_room};
    point->has_room = true;
    point->mark = events_mark(otlp->events);
    point->refused = NULL;
    add_label(point, STR("service_name"), otlp->service);
    add_label(point, STR("service_instance_id"), otlp->instance);
    add_label(point, STR("host_name"), otlp->host);
}

/* Where a value stands as text behind those before it, without the quotes of JSON. */
static Str value_text(OtlpPoint *point, AnyValue any)
{
    JsonText *text = &point->label_text;
    size_t    from = text->size;
    if (any.number == ANY_TEXT || any.number == 0)
        return any.bytes;
    otlp_put_any(point->otlp, text, any);
    /* A comma stands between two values. */
    from += from < text->size && text->text[from] == ',';
    bool is_quoted = from < text->size && text->text[from] == '"';
    return text->failed ? STR("")
                        : (Str){.text = text->text + from + is_quoted,
                                .size = text->size - from - (is_quoted ? 2 : 0)};
}

void point_label(OtlpPoint *point, Str key_value)
{
    KeyValue pair = otlp_read_key_value(point->otlp, key_value);
    AnyValue any = otlp_read_any(point->otlp, pair.value);
    add_label(point, pair.key, value_text(point, any));
    point->has_room = point->has_room && !point->label_text.failed;
}

void point_refuse(OtlpPoint *point, const char *why)
{
    if (point->refused == NULL)
        point->refused = why;
}

void point_put(OtlpPoint *point, Str suffix, Str label, Str label_value, double value)
{
    Otlp *otlp = point->otlp;
    char  name[EVENT_SERIES_BYTES_MAX], series[EVENT_SERIES_BYTES_MAX];
    Label labels[SERIES_LABELS_MAX + 1], *all = point->labels;
    size_t count = point->label_count;
    Str    whole = point->name;
    if (point->refused != NULL || otlp->rc != ODD_OK)
        return;
    if (!point->has_room || whole.size + suffix.size > sizeof name) {
        point_refuse(point, "its labels are more than 64, or longer than 4096 bytes");
        return;
    }
    if (suffix.size > 0 && whole.size > 0) {
        memcpy(name, whole.text, whole.size);
        memcpy(name + whole.size, suffix.text, suffix.size);
        whole = (Str){.text = name, .size = whole.size + suffix.size};
    }
    if (label.size > 0) {
        memcpy(labels, all, count * sizeof *all);
        labels[count++] = (Label){.name = label, .value = label_value};
        all = labels;
    }
    odd_time time = otlp_time(point->time);
    size_t size = series_text(whole, all, count, series, sizeof series);
    if (time == ODD_TIME_NONE)
        point_refuse(point, "it has no time, or one beyond 2262");
    else if (point->name.size == 0)
        point_refuse(point, "it has no name");
    else if (size == 0)
        point_refuse(point, "its labels are more than 64, or longer than 4096 bytes");
    else if (!events_series(otlp->events, otlp->source, (Str){.text = series, .size = size}, time,
                            (point->flags & FLAG_NO_VALUE) != 0 ? proto_double(STALE_BITS) : value))
        otlp_full(otlp);
}

void point_close(OtlpPoint *point)
{
    Otlp *otlp = point->otlp;
    if (otlp->rc != ODD_OK)
        return;
    if (point->refused == NULL) {
        otlp->decoded->accepted++;
        return;
    }
    events_back_to(otlp->events, point->mark);
    int shown = (int)(point->name.size < NAME_SHOWN_MAX ? point->name.size : NAME_SHOWN_MAX);
    decoded_refuse(otlp->decoded, 1, "a point of metric \"%.*s\" is refused: %s", shown,
                   shown > 0 ? point->name.text : "", point->refused);
}
