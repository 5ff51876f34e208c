/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/batch.h"

#include "engine/db.h"
#include "event/colour.h"
#include "event/utf8.h"

Str batch_line(const odd_batch *batch, const Item *item)
{
    return (Str){.text = batch->bytes + item->line_from, .size = item->line_size};
}

Str batch_message(const odd_batch *batch, const Item *item)
{
    const char *from = item->message_is_rewritten ? batch->rewritten : batch->bytes;
    return (Str){.text = from + item->message_from, .size = item->message_size};
}

/* Rewritten messages outgrow their line at times; room is made before parsing. */
static char *batch_room(odd_batch *batch, size_t line_size)
{
    size_t wanted = batch->rewritten_size + layout_buffer_bytes(line_size);
    char *grown = mem_grow(&batch->mem, batch->rewritten, &batch->rewritten_capacity, wanted, 1);
    if (grown == NULL)
        return NULL;
    batch->rewritten = grown;
    return grown + batch->rewritten_size;
}

static void batch_place_message(odd_batch *batch, Item *item, Str message, const char *room)
{
    item->message_size = (uint32_t)message.size;
    item->message_is_rewritten = message.size > 0 && message.text >= room &&
                                 message.text < batch->rewritten + batch->rewritten_capacity;
    if (!item->message_is_rewritten) {
        item->message_from = message.size > 0 ? (uint32_t)(message.text - batch->bytes) : 0;
        return;
    }
    item->message_from = (uint32_t)(message.text - batch->rewritten);
    batch->rewritten_size = item->message_from + message.size;
}

static odd_rc batch_lex(odd_batch *batch, Item *item, uint64_t seed)
{
    Value *values = mem_grow(&batch->mem, batch->values, &batch->value_capacity,
                             batch->value_count + LEX_VALUES_MAX, sizeof *values);
    if (values == NULL)
        return ODD_NOMEM;
    batch->values = values;
    Lexed lexed;
    lex(batch_message(batch, item), seed, values + batch->value_count, &lexed);
    item->key = lexed.key;
    item->check = lexed.check;
    item->value_from = (uint32_t)batch->value_count;
    item->value_count = (uint16_t)lexed.value_count;
    batch->value_count += lexed.value_count;
    return ODD_OK;
}

/* A line without its line end: LF, CR LF, or nothing at the end of the input. */
static Str line_trimmed(Str line)
{
    while (line.size > 0 && (line.text[line.size - 1] == '\n' || line.text[line.size - 1] == '\r'))
        line.size--;
    return line;
}

static odd_rc batch_add(odd_batch *batch, const odd_db *db, const Layout *layout, Str line,
                        bool plain_bytes)
{
    Item *items = mem_grow(&batch->mem, batch->items, &batch->item_capacity, batch->item_count + 1,
                           sizeof *items);
    char *room = batch_room(batch, line.size);
    if (items == NULL || room == NULL)
        return ODD_NOMEM;
    batch->items = items;
    Item *item = &items[batch->item_count];
    *item = (Item){.line_from = (uint32_t)(line.text - batch->bytes),
                   .line_size = (uint32_t)line.size};
    if (!plain_bytes) {
        item->has_nul = memchr(line.text, '\0', line.size) != NULL;
        item->has_invalid_utf8 = !utf8_is_valid(line);
    }
    Record record = layout_parse(layout, line, room);
    item->time = record.time;
    item->level = (uint8_t)record.level;
    item->continues = record.continues;
    batch_place_message(batch, item, record.message, room);
    odd_rc rc = batch_lex(batch, item, db->options.seed);
    if (rc == ODD_OK)
        batch->item_count++;
    return rc;
}

bool bytes_are_plain(const char *bytes, size_t size)
{
    if (memchr(bytes, '\0', size) != NULL)
        return false;
    uint64_t all = 0;
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t word;
        memcpy(&word, bytes + at, 8);
        all |= word;
    }
    for (; at < size; at++)
        all |= (unsigned char)bytes[at];
    return (all & 0x8080808080808080ULL) == 0;
}

/* Of the bytes from `from` on. */
static odd_rc batch_fill(odd_batch *batch, const odd_db *db, const Layout *layout, size_t from)
{
    const char *at = batch->bytes + from, *end = batch->bytes + batch->byte_count;
    bool plain = bytes_are_plain(at, (size_t)(end - at));
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *next = line_end != NULL ? line_end + 1 : end;
        Str line = line_trimmed((Str){.text = at, .size = (size_t)(next - at)});
        bool cut = line.size > LINE_BYTES_MAX;
        if (cut)
            line.size = LINE_BYTES_MAX;
        odd_rc rc = batch_add(batch, db, layout, line, plain);
        if (rc != ODD_OK)
            return rc;
        batch->items[batch->item_count - 1].is_cut = cut;
        at = next;
    }
    return ODD_OK;
}

odd_batch *batch_open(void)
{
    Mem mem = {0};
    odd_batch *batch = mem_take(&mem, sizeof *batch);
    if (batch != NULL)
        batch->mem = mem;
    return batch;
}

void batch_clear(odd_batch *batch, int source, uint64_t first_row)
{
    batch->source = source;
    batch->first_row = first_row;
    batch->byte_count = batch->rewritten_size = 0;
    batch->item_count = batch->value_count = batch->next = 0;
}

odd_rc batch_add_lines(odd_batch *batch, const odd_db *db, Str lines)
{
    size_t from = batch->byte_count;
    char *grown = mem_grow(&batch->mem, batch->bytes, &batch->byte_capacity, from + lines.size, 1);
    if (grown == NULL)
        return ODD_NOMEM;
    batch->bytes = grown;
    memcpy(grown + from, lines.text, lines.size);
    batch->byte_count = from + colour_strip(grown + from, lines.size);
    return batch_fill(batch, db, &db->sources[batch->source].layout, from);
}

odd_rc batch_add_record(odd_batch *batch, const odd_db *db, Str line, odd_time time, int level)
{
    size_t before = batch->item_count;
    odd_rc rc = batch_add_lines(batch, db, line);
    if (rc == ODD_OK && batch->item_count == before) /* Nothing, or nothing but colours. */
        rc = batch_add_lines(batch, db, STR("\n"));
    if (rc != ODD_OK)
        return rc;
    Item *item = &batch->items[batch->item_count - 1];
    item->continues = false;
    if (time != ODD_TIME_NONE)
        item->time = time;
    if (level != LEVEL_NONE)
        item->level = (uint8_t)level;
    return ODD_OK;
}

odd_rc odd_prepare(const odd_db *db, int source, uint64_t row, const void *bytes, size_t size,
                   odd_batch **ret_batch)
{
    if (source < 0 || (size_t)source >= db->source_count || size == 0 || size > BATCH_BYTES_MAX)
        return ODD_RANGE;
    if (!db->sources[source].sampled)
        return ODD_MISUSE;
    odd_batch *batch = batch_open();
    if (batch == NULL)
        return ODD_NOMEM;
    batch_clear(batch, source, row);
    const BookSource *table = series_book_known_source(&db->book, (uint32_t)source);
    Str lines = {.text = bytes, .size = size};
    odd_rc rc =
        table != NULL ? batch_add_rows(batch, table, lines) : batch_add_lines(batch, db, lines);
    if (rc != ODD_OK) {
        odd_batch_free(batch);
        return rc;
    }
    *ret_batch = batch;
    return ODD_OK;
}

odd_time odd_batch_time(const odd_batch *batch)
{
    for (size_t i = batch->next; i < batch->item_count; i++)
        if (batch->items[i].time != ODD_TIME_NONE)
            return batch->items[i].time;
    return ODD_TIME_NONE;
}

uint64_t odd_batch_rows(const odd_batch *batch)
{
    return batch->is_sheet ? batch->line_count : batch->item_count;
}

void odd_batch_free(odd_batch *batch)
{
    if (batch == NULL)
        return;
    Mem mem = batch->mem;
    mem_free(&mem, batch->bytes, batch->byte_capacity);
    mem_free(&mem, batch->rewritten, batch->rewritten_capacity);
    mem_free(&mem, batch->items, batch->item_capacity * sizeof *batch->items);
    mem_free(&mem, batch->values, batch->value_capacity * sizeof *batch->values);
    mem_free(&mem, batch->numbers, batch->number_capacity * sizeof *batch->numbers);
    mem_free(&mem, batch->number_kinds, batch->number_kind_capacity);
    mem_free(&mem, batch, sizeof *batch);
}
