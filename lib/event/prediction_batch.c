/* SPDX-License-Identifier: Apache-2.0 */
#include "event/prediction_batch.h"

#include <stdio.h>

#include "base/bytes.h"

#define FORMAT_VERSION 1
#define COLUMN_HEAD_BYTES 2
#define SIZE_BYTES 2 /* Of a text. */

static uint32_t get_u16(const char *from)
{
    return (uint32_t)(unsigned char)from[0] | (uint32_t)(unsigned char)from[1] << 8;
}

static bool fail(char *problem, const char *why)
{
    snprintf(problem, BATCH_PROBLEM_BYTES, "%s", why);
    return false;
}

/* -- what was checked ---------------------------------------------------------------------- */

Str batch_text(Str data, size_t *at)
{
    size_t size = get_u16(data.text + *at);
    Str text = str_part(data, *at + SIZE_BYTES, *at + SIZE_BYTES + size);
    *at += SIZE_BYTES + size;
    return text;
}

double batch_real(const BatchColumn *column, uint32_t row)
{
    if (column->form == BATCH_REAL_FORM)
        return bytes_get_double(column->data.text + 8 * (size_t)row);
    uint32_t bits = bytes_get_u32(column->data.text + 4 * (size_t)row);
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

odd_time batch_time(const BatchColumn *column, uint32_t row)
{
    return (odd_time)bytes_get_u64(column->data.text + 8 * (size_t)row);
}

static void column_at(Str bytes, size_t *at, BatchColumn *ret)
{
    *ret = (BatchColumn){.role = (BatchRole)bytes.text[*at],
                         .form = (BatchForm)bytes.text[*at + 1]};
    *at += COLUMN_HEAD_BYTES;
    ret->name = batch_text(bytes, at);
    size_t size = bytes_get_u32(bytes.text + *at);
    *at += 4;
    ret->data = str_part(bytes, *at, *at + size);
    *at += size;
    if (ret->form != BATCH_CATEGORY_FORM)
        return;
    ret->text_count = get_u16(ret->data.text);
    ret->codes_at = SIZE_BYTES;
    for (uint32_t i = 0; i < ret->text_count; i++)
        batch_text(ret->data, &ret->codes_at);
}

bool batch_column(PredictionBatch *batch, BatchColumn *ret)
{
    if (batch->next == batch->column_count)
        return false;
    column_at(batch->bytes, &batch->next_at, ret);
    batch->next++;
    return true;
}

void batch_rewind(PredictionBatch *batch)
{
    size_t at = BATCH_HEAD_BYTES;
    batch_text(batch->bytes, &at);
    batch_text(batch->bytes, &at);
    batch->next_at = at;
    batch->next = 0;
}

bool batch_find(const PredictionBatch *batch, BatchRole role, BatchColumn *ret)
{
    PredictionBatch walk = *batch;
    BatchColumn column;
    batch_rewind(&walk);
    while (batch_column(&walk, &column)) {
        if (column.role != role)
            continue;
        *ret = column;
        return true;
    }
    return false;
}

/* -- checking ------------------------------------------------------------------------------ */

/* Moves *at behind a text; false: the bytes end in it. */
static bool text_is_whole(Str bytes, size_t *at, size_t *ret_size)
{
    if (bytes.size - *at < SIZE_BYTES)
        return false;
    *ret_size = get_u16(bytes.text + *at);
    if (bytes.size - *at - SIZE_BYTES < *ret_size)
        return false;
    *at += SIZE_BYTES + *ret_size;
    return true;
}

static bool texts_are_whole(Str bytes, size_t *at, uint32_t count)
{
    size_t size;
    for (uint32_t i = 0; i < count; i++)
        if (!text_is_whole(bytes, at, &size))
            return false;
    return true;
}

static bool categories_are_whole(Str data, uint32_t rows)
{
    if (data.size < SIZE_BYTES)
        return false;
    uint32_t count = get_u16(data.text);
    size_t at = SIZE_BYTES;
    if (!texts_are_whole(data, &at, count) || data.size - at != 2 * (size_t)rows)
        return false;
    for (; at < data.size; at += 2)
        if (get_u16(data.text + at) > count)
            return false;
    return true;
}

static bool data_is_whole(BatchForm form, Str data, uint32_t rows)
{
    size_t at = 0;
    switch (form) {
    case BATCH_REAL_FORM:
    case BATCH_TIME_FORM:
        return data.size == 8 * (size_t)rows;
    case BATCH_SINGLE_FORM:
        return data.size == 4 * (size_t)rows;
    case BATCH_TEXT_FORM:
        return texts_are_whole(data, &at, rows) && at == data.size;
    case BATCH_CATEGORY_FORM:
        return categories_are_whole(data, rows);
    }
    return false;
}

/* Moves *at behind a column whose bytes are what they should be. */
static bool column_is_whole(Str bytes, size_t *at, uint32_t rows, uint32_t *roles, char *problem)
{
    size_t name_size;
    if (bytes.size - *at < COLUMN_HEAD_BYTES)
        return fail(problem, "the bytes end before the last column");
    unsigned role = (unsigned char)bytes.text[*at], form = (unsigned char)bytes.text[*at + 1];
    *at += COLUMN_HEAD_BYTES;
    if (role >= BATCH_ROLE_COUNT || (role == BATCH_TIME) != (form == BATCH_TIME_FORM))
        return fail(problem,
                    "a column has a role that there is not, or its form is not its role's");
    if (role != BATCH_FEATURE && role != BATCH_SEGMENT && (*roles & 1u << role) != 0)
        return fail(problem, "two columns have a role that only one may have");
    *roles |= 1u << role;
    if (!text_is_whole(bytes, at, &name_size) || bytes.size - *at < 4)
        return fail(problem, "the bytes end within a column's name");
    if (name_size == 0 || name_size > BATCH_NAME_BYTES_MAX)
        return fail(problem, "the name of a column has no bytes, or more than 256");
    size_t size = bytes_get_u32(bytes.text + *at);
    *at += 4;
    if (size > bytes.size - *at)
        return fail(problem, "the bytes end within a column");
    Str data = str_part(bytes, *at, *at + size);
    *at += size;
    if (!data_is_whole((BatchForm)form, data, rows))
        return fail(problem, "a column has not the bytes that its rows need in its form");
    return true;
}

static bool head_is_whole(Str bytes, PredictionBatch *ret, char *problem)
{
    if (bytes.size < BATCH_HEAD_BYTES || memcmp(bytes.text, BATCH_MAGIC, 4) != 0)
        return fail(problem, "the bytes do not begin with \"ODDP\"");
    if (bytes.text[4] != FORMAT_VERSION)
        return fail(problem, "the batch is of a version that is not known here");
    *ret = (PredictionBatch){.what = (BatchWhat)bytes.text[5],
                             .is_reference = (bytes.text[6] & BATCH_IS_REFERENCE) != 0,
                             .rows = bytes_get_u32(bytes.text + 12),
                             .column_count = bytes_get_u32(bytes.text + 16)};
    size_t size = bytes_get_u32(bytes.text + 8);
    if (ret->what != BATCH_PREDICTIONS && ret->what != BATCH_OUTCOMES)
        return fail(problem, "the batch holds neither predictions (1) nor outcomes (2)");
    if (size < BATCH_HEAD_BYTES || size > bytes.size)
        return fail(problem, "the batch says another size than it has");
    if (ret->rows == 0 || ret->rows > BATCH_ROWS_MAX || ret->column_count == 0 ||
        ret->column_count > BATCH_COLUMNS_MAX ||
        (uint64_t)ret->rows * ret->column_count > BATCH_CELLS_MAX)
        return fail(problem, "a batch has 1 to 65536 rows, 1 to 4096 columns and 16 M cells");
    ret->bytes = str_part(bytes, 0, size);
    return true;
}

/* Outcomes are nothing without an id and a truth. */
static bool roles_suffice(BatchWhat what, uint32_t roles, char *problem)
{
    const uint32_t outcome = 1u << BATCH_ID | 1u << BATCH_OUTCOME;
    if (what == BATCH_OUTCOMES && (roles & outcome) != outcome)
        return fail(problem, "outcomes need a column of ids (2) and one of outcomes (5)");
    return true;
}

bool batch_read(Str bytes, PredictionBatch *ret, char problem[BATCH_PROBLEM_BYTES])
{
    PredictionBatch batch;
    size_t at = BATCH_HEAD_BYTES, model, version;
    uint32_t roles = 0;
    if (!head_is_whole(bytes, &batch, problem))
        return false;
    if (!text_is_whole(batch.bytes, &at, &model) || !text_is_whole(batch.bytes, &at, &version))
        return fail(problem, "the bytes end within the name of the model");
    if (model == 0 || model > BATCH_NAME_BYTES_MAX || version > BATCH_NAME_BYTES_MAX)
        return fail(problem, "the model needs a name; it and the version have at most 256 bytes");
    for (uint32_t i = 0; i < batch.column_count; i++)
        if (!column_is_whole(batch.bytes, &at, batch.rows, &roles, problem))
            return false;
    if (at != batch.bytes.size)
        return fail(problem, "the batch says another size than it has");
    if (!roles_suffice(batch.what, roles, problem))
        return false;
    at = BATCH_HEAD_BYTES;
    batch.model = batch_text(batch.bytes, &at);
    batch.version = batch_text(batch.bytes, &at);
    if (memchr(batch.model.text, '\0', model) != NULL)
        return fail(problem, "the name of the model holds a NUL");
    batch_rewind(&batch);
    *ret = batch;
    return true;
}
