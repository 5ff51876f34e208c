/* SPDX-License-Identifier: Apache-2.0
 *
 * visible.c - any bytes as log text: every form of them is valid UTF-8, harmless, and in its width. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "cli/csv.h"
#include "cli/html.h"
#include "cli/json.h"
#include "cli/utf8.h"
#include "cli/visible.h"
#include "cli/wrap.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void harmless(const Buffer *out)
{
    for (size_t at = 0, length; at < out->size; at += length) {
        int32_t c = utf8_decode(out->text + at, out->size - at, &length);
        assert(c == '\n' || visible_is_safe(c));
    }
}

static void no_tag(const Buffer *out)
{
    for (size_t at = 0; at < out->size; at++)
        assert(out->text[at] != '<' || strncmp(out->text + at, "<span class=\"esc\">", 18) == 0 ||
               strncmp(out->text + at, "</span>", 7) == 0);
}

/* columns: what each line may be wide, 0: any. */
static void check(Buffer *out, int columns)
{
    harmless(out);
    for (const char *line = buffer_text(out); columns > 0 && *line;) {
        size_t size = strcspn(line, "\n");
        assert(visible_width(line, size) <= columns);
        line += size + (line[size] != '\0');
    }
    buffer_clear(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    int columns = 40 + (size > 0 ? bytes[0] % 80 : 0);
    size_t focus = size > 1 ? bytes[1] % size : 0;
    Buffer out = {0};

    visible_add(&out, text, size);
    assert(visible_width(text, size) == visible_width(buffer_text(&out), out.size));
    check(&out, 0);
    visible_shorten(&out, text, size, columns, size % 2 == 0, focus, (size - focus) / 2);
    check(&out, columns);
    wrap_add(&out, text, size, 0, 5, columns);
    check(&out, columns);

    Json json = {.out = &out};
    json_text(&json, text, size);
    check(&out, 0);
    Csv csv = {.out = &out};
    csv_text(&csv, text, size);
    check(&out, 0);
    html_sample(&out, (Piece){.text = text, .size = size});
    no_tag(&out);
    check(&out, 0);
    buffer_free(&out);
    return 0;
}
