/* SPDX-License-Identifier: Apache-2.0 */
#include "event/prediction_mask.h"

#include "base/bytes.h"

#define SIZE_BYTES 2 /* Of a text. */

typedef struct {
    odd_events  *events;
    MaskedBatch *out;
    uint64_t     unused[ODD_MASK_KIND_COUNT];
} Masking;

/* Counted when it is written, since every text is looked at twice. */
static bool mask_text(Masking *m, Str text, uint64_t *counts, Str *ret)
{
    odd_events *events = m->events;
    return masks_apply(events->masks, &events->mem, &events->room, text, ret, counts);
}

static bool texts_change(Masking *m, Str data, size_t *at, uint32_t count, bool *ret)
{
    Str kept;
    for (uint32_t i = 0; !*ret && i < count; i++) {
        Str text = batch_text(data, at);
        if (text.size == 0)
            continue;
        if (!mask_text(m, text, m->unused, &kept))
            return false;
        *ret = kept.text != text.text;
    }
    return true;
}

/* Whether any text of it is one to be masked. */
static bool column_changes(Masking *m, const BatchColumn *column, uint32_t rows, bool *ret)
{
    size_t at = column->form == BATCH_CATEGORY_FORM ? SIZE_BYTES : 0;
    if (!batch_is_text(column->form))
        return true;
    return texts_change(m, column->data, &at,
                        column->form == BATCH_CATEGORY_FORM ? column->text_count : rows, ret);
}

static bool put(Masking *m, Str bytes)
{
    MaskedBatch *out = m->out;
    char *grown = mem_grow(&m->events->mem, out->text, &out->capacity, out->size + bytes.size, 1);
    if (grown == NULL)
        return false;
    out->text = grown;
    if (bytes.size > 0)
        memcpy(grown + out->size, bytes.text, bytes.size);
    out->size += bytes.size;
    return true;
}

static bool put_text(Masking *m, Str text)
{
    if (text.size > BATCH_TEXT_BYTES_MAX)
        text.size = BATCH_TEXT_BYTES_MAX; /* A token may be longer than what it stands for. */
    const char size[SIZE_BYTES] = {(char)(text.size & 255), (char)(text.size >> 8 & 255)};
    return put(m, (Str){.text = size, .size = sizeof size}) && put(m, text);
}

static bool put_texts(Masking *m, Str data, size_t *at, uint32_t count)
{
    Str kept;
    for (uint32_t i = 0; i < count; i++)
        if (!mask_text(m, batch_text(data, at), m->events->counts.masked, &kept) ||
            !put_text(m, kept))
            return false;
    return true;
}

static bool put_column(Masking *m, const BatchColumn *column, uint32_t rows)
{
    const char head[2] = {(char)column->role, (char)column->form}, none[4] = {0};
    size_t at = 0;
    if (!put(m, (Str){.text = head, .size = 2}) || !put_text(m, column->name) ||
        !put(m, (Str){.text = none, .size = 4}))
        return false;
    size_t from = m->out->size;
    bool good;
    if (column->form == BATCH_CATEGORY_FORM) {
        good = put(m, str_part(column->data, 0, SIZE_BYTES));
        at = SIZE_BYTES;
        good = good && put_texts(m, column->data, &at, column->text_count) &&
               put(m, str_part(column->data, column->codes_at, column->data.size));
    } else if (column->form == BATCH_TEXT_FORM) {
        good = put_texts(m, column->data, &at, rows);
    } else {
        good = put(m, column->data);
    }
    if (good)
        bytes_put_u32(m->out->text + from - 4, (uint32_t)(m->out->size - from));
    return good;
}

static bool put_batch(Masking *m, PredictionBatch batch)
{
    BatchColumn column;
    batch_rewind(&batch);
    bool good = put(m, str_part(batch.bytes, 0, batch.next_at));
    while (good && batch_column(&batch, &column))
        good = put_column(m, &column, batch.rows);
    if (good)
        bytes_put_u32(m->out->text + 8, (uint32_t)m->out->size);
    return good;
}

bool batch_mask(const PredictionBatch *batch, odd_events *events, MaskedBatch *ret)
{
    Masking m = {.events = events, .out = ret};
    PredictionBatch walk = *batch;
    BatchColumn column;
    bool changes = false, good = true;
    batch_rewind(&walk);
    while (good && !changes && batch_column(&walk, &column))
        good = column_changes(&m, &column, batch->rows, &changes);
    *ret = (MaskedBatch){.text = NULL};
    if (good && changes)
        good = put_batch(&m, *batch);
    if (!good) {
        mem_free(&events->mem, ret->text, ret->capacity);
        *ret = (MaskedBatch){.text = NULL};
    }
    return good;
}
