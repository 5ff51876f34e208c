/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_any.c - a value of OTLP as JSON text, whatever is in it. */
#include "event/otlp.h"

static void put_scalar(JsonText *text, AnyValue any)
{
    switch (any.number) {
    case ANY_TEXT: json_put_string(text, any.bytes); break;
    case ANY_BOOL: json_put_word(text, any.bits != 0 ? STR("true") : STR("false")); break;
    case ANY_INT: json_put_int(text, (int64_t)any.bits); break;
    case ANY_REAL: json_put_real(text, proto_double(any.bits)); break;
    case ANY_BYTES: json_put_base64(text, any.bytes); break;
    default: json_put_word(text, STR("null"));
    }
}

typedef struct {
    ProtoReader reader;
    bool        is_map;
} List;

/* The next value of a list, after its name in a map; false at its end. */
static bool list_next(Otlp *otlp, List *list, JsonText *text, AnyValue *ret)
{
    const OtlpMessage *message = list->is_map ? &otlp_key_value_list : &otlp_array_value;
    ProtoField field;
    while (otlp_next(otlp, &list->reader, &field)) {
        if (field.tag != PROTO_TAG(1, PROTO_BYTES)) {
            otlp_other(otlp, message, &field, &list->reader);
            continue;
        }
        Str value = field.bytes;
        if (list->is_map) {
            KeyValue pair = otlp_read_key_value(otlp, field.bytes);
            json_put_name(text, STR(""), pair.key);
            value = pair.value;
        }
        *ret = otlp_read_any(otlp, value);
        return otlp->rc == ODD_OK;
    }
    return false;
}

/* A stack instead of recursion: the depth is the sender's choice. */
void otlp_put_any(Otlp *otlp, JsonText *text, AnyValue any)
{
    List   lists[OTLP_DEPTH_MAX];
    size_t depth = 0;
    do {
        bool is_map = any.number == ANY_MAP;
        if (!is_map && any.number != ANY_ARRAY) {
            put_scalar(text, any);
        } else if (depth == OTLP_DEPTH_MAX) {
            otlp->rc = decoded_fail(otlp->decoded, "a value is nested deeper than %d lists",
                                    OTLP_DEPTH_MAX);
        } else {
            json_put_open(text, is_map ? '{' : '[');
            lists[depth++] = (List){.reader = {.bytes = any.bytes}, .is_map = is_map};
        }
        while (depth > 0 && !list_next(otlp, &lists[depth - 1], text, &any))
            json_put_close(text, lists[--depth].is_map ? '}' : ']');
    } while (depth > 0);
}
