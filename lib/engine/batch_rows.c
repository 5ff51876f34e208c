/* SPDX-License-Identifier: Apache-2.0
 *
 * batch_rows.c - lines of a table become rows of numbers, before they are learnt in order. */
#include "engine/batch.h"

static Str row_trimmed(Str line)
{
    while (line.size > 0 && (line.text[line.size - 1] == '\n' || line.text[line.size - 1] == '\r'))
        line.size--;
    return line;
}

/* Room for one more row; false without memory. */
static bool row_room(odd_batch *batch)
{
    Mem *mem = &batch->mem;
    size_t rows = batch->item_count + 1;
    Item *items = mem_grow(mem, batch->items, &batch->item_capacity, rows, sizeof *items);
    batch->items = items != NULL ? items : batch->items;
    double *numbers = mem_grow(mem, batch->numbers, &batch->number_capacity, rows * batch->width,
                               sizeof *numbers);
    batch->numbers = numbers != NULL ? numbers : batch->numbers;
    uint8_t *kinds = mem_grow(mem, batch->number_kinds, &batch->number_kind_capacity,
                              rows * batch->width, sizeof *kinds);
    batch->number_kinds = kinds != NULL ? kinds : batch->number_kinds;
    char *labels = mem_grow(mem, batch->rewritten, &batch->rewritten_capacity,
                            batch->rewritten_size + SHEET_LABEL_BYTES_MAX, 1);
    batch->rewritten = labels != NULL ? labels : batch->rewritten;
    return items != NULL && numbers != NULL && kinds != NULL && labels != NULL;
}

static odd_rc add_row(odd_batch *batch, const Sheet *sheet, Str line)
{
    if (!row_room(batch))
        return ODD_NOMEM;
    SheetRow row;
    size_t at = batch->item_count * batch->width;
    sheet_read(sheet, line, batch->numbers + at, batch->number_kinds + at,
               batch->rewritten + batch->rewritten_size, &row);
    batch->items[batch->item_count++] = (Item){.time = row.time,
                                               .message_from = (uint32_t)batch->rewritten_size,
                                               .message_size = (uint32_t)row.label_size,
                                               .message_is_rewritten = true,
                                               .line_size = (uint32_t)line.size,
                                               .line = (uint32_t)batch->line_count,
                                               .fault = (uint8_t)row.fault};
    batch->rewritten_size += row.label_size;
    return ODD_OK;
}

/* Where a line has several cells, an empty one is no row; where it has one, nothing is in it. */
odd_rc batch_add_rows(odd_batch *batch, const BookSource *table, Str lines)
{
    const Sheet *sheet = &table->sheet;
    batch->is_sheet = true;
    batch->width = sheet->value_count;
    for (size_t at = 0; at < lines.size; batch->line_count++) {
        const char *end = memchr(lines.text + at, '\n', lines.size - at);
        size_t to = end != NULL ? (size_t)(end - lines.text) + 1 : lines.size;
        Str line = row_trimmed(str_part(lines, at, to));
        at = to;
        bool is_head = batch->first_row + batch->line_count <= sheet->head_lines;
        bool is_row = !is_head && (line.size > 0 || sheet->column_count == 1);
        odd_rc rc = is_row ? add_row(batch, sheet, line) : ODD_OK;
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}
