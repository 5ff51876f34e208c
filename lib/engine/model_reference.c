/* SPDX-License-Identifier: Apache-2.0
 *
 * model_reference.c - room for the rows of the reference, column by column. */
#include "engine/model.h"

bool model_reference_grow(Mem *mem, ReferenceColumn *column, size_t rows)
{
    double *numbers =
        mem_grow(mem, column->numbers, &column->numbers_capacity, rows, sizeof *numbers);
    uint64_t *hashes =
        mem_grow(mem, column->hashes, &column->hashes_capacity, rows, sizeof *hashes);
    uint8_t *kinds = mem_grow(mem, column->kinds, &column->kinds_capacity, rows, sizeof *kinds);
    column->numbers = numbers != NULL ? numbers : column->numbers;
    column->hashes = hashes != NULL ? hashes : column->hashes;
    column->kinds = kinds != NULL ? kinds : column->kinds;
    return numbers != NULL && hashes != NULL && kinds != NULL;
}

void model_reference_drop(odd_model *model)
{
    Mem *mem = &model->mem;
    for (uint32_t c = 0; model->columns != NULL && c < model->table.column_count; c++) {
        ReferenceColumn *column = &model->columns[c];
        mem_free(mem, column->numbers, column->numbers_capacity * sizeof *column->numbers);
        mem_free(mem, column->hashes, column->hashes_capacity * sizeof *column->hashes);
        mem_free(mem, column->kinds, column->kinds_capacity * sizeof *column->kinds);
        *column = (ReferenceColumn){.numbers = NULL};
    }
}
