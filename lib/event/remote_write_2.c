/* SPDX-License-Identifier: Apache-2.0
 *
 * remote_write_2.c - Prometheus remote write 2.0: a block of snappy that holds
 * io.prometheus.write.v2.Request.
 *
 * All texts stand once, in `symbols`; labels are pairs of numbers into it.  Metadata and exemplars
 * are passed over; of series and samples see remote_series.h.
 *
 * ERRORS     ODD_SYNTAX also for a body that holds neither symbols nor series: another message, 1.0
 *            most likely, would be taken for an empty one.  A series with a number beyond the
 *            symbols, or with a name and no value, is refused.
 */
#include "base/bytes.h"
#include "event/remote_series.h"
#include "event/snappy.h"

enum { REQUEST_SYMBOLS = 4, REQUEST_SERIES };
#define SERIES_HISTOGRAMS 3

typedef struct {
    uint32_t from, size; /* In the request, which has fewer bytes than SNAPPY_BYTES_MAX. */
} Symbol;

typedef struct {
    Mem    *mem;
    Str     request;
    Symbol *symbols;
    size_t  count, capacity;
} Symbols;

static bool symbols_add(Symbols *symbols, Str text)
{
    Symbol *grown = mem_grow(symbols->mem, symbols->symbols, &symbols->capacity, symbols->count + 1,
                             sizeof *grown);
    if (grown == NULL)
        return false;
    symbols->symbols = grown;
    grown[symbols->count++] = (Symbol){.from = (uint32_t)(text.text - symbols->request.text),
                                       .size = (uint32_t)text.size};
    return true;
}

static bool symbol_at(const Symbols *symbols, uint64_t number, Str *ret)
{
    if (number >= symbols->count)
        return false;
    Symbol symbol = symbols->symbols[number];
    *ret = str_part(symbols->request, symbol.from, symbol.from + symbol.size);
    return true;
}

/* Numbers come packed, all in one field. */
static odd_rc read_labels(const RemoteWrite *write, const ProtoField *field, RemoteLabels *labels)
{
    const Symbols *symbols = write->symbols;
    if (proto_type(field) != PROTO_BYTES) {
        labels->fault = "its labels are not packed";
        return ODD_OK;
    }
    Str    numbers = field->bytes;
    size_t at = 0;
    while (at < numbers.size) {
        uint64_t name_number, value_number;
        Str      name, value;
        if (!varint_get(numbers.text, numbers.size, &at, &name_number) ||
            !varint_get(numbers.text, numbers.size, &at, &value_number)) {
            labels->fault = "its labels are no pairs of numbers";
            return ODD_OK;
        }
        if (!symbol_at(symbols, name_number, &name) || !symbol_at(symbols, value_number, &value)) {
            labels->fault = "its labels are not among the symbols";
            return ODD_OK;
        }
        remote_labels_add(labels, name, value);
    }
    return ODD_OK;
}

static odd_rc read_symbols(Symbols *symbols, odd_decoded *decoded, bool *ret_known)
{
    ProtoReader reader = {.bytes = symbols->request};
    ProtoField  field;
    *ret_known = symbols->request.size == 0;
    while (proto_next(&reader, &field)) {
        bool symbol = field.tag == PROTO_TAG(REQUEST_SYMBOLS, PROTO_BYTES);
        *ret_known |= symbol || field.tag == PROTO_TAG(REQUEST_SERIES, PROTO_BYTES);
        if (symbol && !symbols_add(symbols, field.bytes))
            return ODD_NOMEM;
    }
    return reader.problem == NULL ? ODD_OK : remote_torn(decoded, "the request", &reader);
}

static odd_rc read_request(const RemoteWrite *write, Symbols *symbols)
{
    bool   is_known;
    odd_rc rc = read_symbols(symbols, write->decoded, &is_known);
    if (rc != ODD_OK)
        return rc;
    if (!is_known)
        return decoded_fail(write->decoded,
                            "there is no series of remote write 2.0 in it; if it is 1.0, its "
                            "Content-Type must not say otherwise");
    ProtoReader reader = {.bytes = symbols->request};
    ProtoField  field;
    while (rc == ODD_OK && proto_next(&reader, &field))
        if (field.tag == PROTO_TAG(REQUEST_SERIES, PROTO_BYTES))
            rc = remote_series(write, field.bytes);
    return rc;
}

static odd_rc decode(const odd_wire *wire, Str bytes, odd_events *events, odd_decoded *ret)
{
    Symbols symbols = {.mem = &events->mem};
    odd_rc rc = snappy_unpack(&events->mem, bytes, SNAPPY_BYTES_MAX, ret, &symbols.request);
    if (rc != ODD_OK)
        return rc;
    RemoteWrite write = {.wire = wire,
                         .events = events,
                         .decoded = ret,
                         .histograms = SERIES_HISTOGRAMS,
                         .read_labels = read_labels,
                         .symbols = &symbols};
    rc = read_request(&write, &symbols);
    mem_free(&events->mem, symbols.symbols, symbols.capacity * sizeof *symbols.symbols);
    snappy_free(&events->mem, symbols.request);
    return rc;
}

const Codec codec_remote_write_2 = {.name = "remote_write_2", .decode = decode};
