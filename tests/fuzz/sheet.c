/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "event/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void read_lines(const Sheet *sheet, Str all)
{
    double *values = malloc(sheet->value_count * sizeof *values);
    uint8_t *kinds = malloc(sheet->value_count);
    char *labels = malloc(SHEET_LABEL_BYTES_MAX), *name = malloc(SHEET_SERIES_BYTES_MAX);
    assert(values != NULL && kinds != NULL && labels != NULL && name != NULL);
    for (size_t at = 0; at <= all.size;) {
        const char *end = memchr(all.text + at, '\n', all.size - at);
        size_t to = end == NULL ? all.size : (size_t)(end - all.text);
        SheetRow row;
        sheet_read(sheet, str_part(all, at, to), values, kinds, labels, &row);
        assert(row.fault < ROW_FAULT_COUNT);
        assert(row.label_size <= SHEET_LABEL_BYTES_MAX);
        assert(sheet->label_count > 0 || row.label_size == 0);
        for (uint32_t i = 0; i < sheet->value_count; i++)
            assert(isfinite(values[i]) == (kinds[i] == NUMBER_FINITE));
        Str text = {.text = labels, .size = row.label_size};
        assert(sheet_series(sheet, text, sheet->value_count - 1, name) <= SHEET_SERIES_BYTES_MAX);
        at = to + 1;
    }
    free(values);
    free(kinds);
    free(labels);
    free(name);
}

/* A table, as it is or taken for one, is learnt from all bytes; then each line of them is read. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Str all = {.text = (const char *)bytes, .size = size};
    Mem mem = {0};
    for (int forced = 0; forced < 2; forced++) {
        Sheet sheet;
        if (!sheet_learn(all, time_frame(1795464942000000000, 3600), forced == 1, &mem, &sheet))
            continue;
        assert(sheet.value_count > 0 && sheet.value_count <= sheet.column_count);
        read_lines(&sheet, all);
        sheet_close(&sheet, &mem);
    }
    assert(mem.bytes == 0);
    return 0;
}
