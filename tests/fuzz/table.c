/* SPDX-License-Identifier: Apache-2.0 */
#include "event/table.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void inside(Str text, Str all)
{
    assert(text.size == 0 || (text.text >= all.text && text.size <= all.size &&
                              text.text <= all.text + (all.size - text.size)));
}

/* What is read lies inside the bytes, and whole chunks are read to their end or found corrupt. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Str all = {.text = (const char *)bytes, .size = size};
    size_t whole = table_whole(all);
    assert(whole <= size && table_whole(str_part(all, 0, whole)) == whole);
    TableReader reader = {.bytes = all};
    Cell cells[TABLE_COLUMNS_MAX];
    odd_rc rc;
    while ((rc = table_next(&reader, cells)) == ODD_ROW)
        for (size_t i = 0; i < reader.column_count; i++) {
            if (cells[i].missing)
                continue;
            inside(cells[i].text, all);
            Str text;
            while (cells[i].kind == CELL_TEXTS && table_text_next(&cells[i], &text))
                inside(text, all);
        }
    assert(rc == ODD_DONE || rc == ODD_CORRUPT);
    assert(rc == ODD_CORRUPT || reader.at == size);
    return 0;
}
