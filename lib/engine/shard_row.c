/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/shard_row.h"

#include "event/level.h"
#include "event/utf8.h"

#define VALUE_SIZE_CUT 65535 /* Of a Value this long the end is not known. */

typedef struct {
    Str      head;
    Str      gaps[TEMPLATE_VARIABLES_MAX + 1];
    Str      vars[TEMPLATE_VARIABLES_MAX];
    uint32_t var_count;
} Pieces;

static Pieces *whole(Pieces *pieces, Str text)
{
    pieces->head = text;
    pieces->gaps[0] = STR("");
    pieces->var_count = 0;
    return pieces;
}

/* What of the line's bytes is message, or false: they are not as they came (colours are gone, the
 * message was put together anew). */
static bool message_in(const Line *line, const Item *item, const odd_batch *batch, Str text,
                       Str *ret_head)
{
    Str seen = batch_line(batch, item);
    if (item->message_is_rewritten || item->message_size == 0 || seen.size > text.size ||
        memcmp(seen.text, text.text, seen.size) != 0)
        return false;
    *ret_head = str_part(text, 0, item->message_from - item->line_from);
    return line->message.size <= text.size - ret_head->size;
}

/* Cuts the message at its variables; what is behind it belongs to the last gap, but for further
 * lines of a record, which are a variable. */
static bool cut_at_variables(Pieces *pieces, const Line *line, const Origin *origin, Str head)
{
    Str text = origin->text;
    size_t at = head.size;
    pieces->head = head;
    pieces->var_count = 0;
    for (uint32_t i = 0; i < line->variable_count; i++) {
        const Value *value = &line->lexed->values[line->variables[i].value];
        size_t from = head.size + value->from, to = from + value->size;
        if (value->size == VALUE_SIZE_CUT || from < at || to > text.size)
            return false;
        pieces->gaps[pieces->var_count] = str_part(text, at, from);
        pieces->vars[pieces->var_count++] = str_part(text, from, to);
        at = to;
    }
    Str rest = str_part(text, at, text.size);
    const char *line_end = origin->is_record ? memchr(rest.text, '\n', rest.size) : NULL;
    if (line_end != NULL) {
        size_t size = (size_t)(line_end - rest.text);
        pieces->gaps[pieces->var_count] = str_part(rest, 0, size);
        pieces->vars[pieces->var_count++] = str_part(rest, size, rest.size);
        rest = STR("");
    }
    pieces->gaps[pieces->var_count] = rest;
    return true;
}

/* Variables may be cut within a character. */
static bool pieces_are_utf8(const Pieces *pieces)
{
    if (!utf8_is_valid(pieces->head))
        return false;
    for (uint32_t i = 0; i < pieces->var_count; i++)
        if (!utf8_is_valid(pieces->vars[i]) || !utf8_is_valid(pieces->gaps[i]))
            return false;
    return utf8_is_valid(pieces->gaps[pieces->var_count]);
}

/* False: as it is no text, it has to be written raw. */
static bool pieces_of(Pieces *pieces, const Shard *shard, const Line *line, const Item *item,
                      const Origin *origin)
{
    Str text = origin->text, head;
    bool plain = bytes_are_plain(text.text, text.size);
    bool good = plain || (memchr(text.text, '\0', text.size) == NULL && utf8_is_valid(text));
    if (!good || !message_in(line, item, shard->batch, text, &head) ||
        !cut_at_variables(pieces, line, origin, head) || (!plain && !pieces_are_utf8(pieces)))
        whole(pieces, text);
    return good;
}

static void row_whole(Table *logs, Str text)
{
    table_missing(logs);
    table_missing(logs);
    table_text(logs, text);
}

/* template, head, vars, raw */
static void row_text(Shard *shard, const Line *line, const Item *item, const Origin *origin)
{
    Table *logs = &shard->logs;
    Pieces pieces;
    bool is_text = pieces_of(&pieces, shard, line, item, origin);
    uint64_t name =
        template_book_learn(&shard->templates, line->head, pieces.gaps, pieces.var_count + 1);
    if (name == TEMPLATE_NONE)
        table_missing(logs);
    else
        table_hash(logs, name);
    if (!is_text || name == TEMPLATE_NONE) {
        row_whole(logs, origin->text);
        return;
    }
    table_text(logs, pieces.head);
    table_texts_begin(logs, pieces.var_count);
    for (uint32_t i = 0; i < pieces.var_count; i++)
        table_texts_add(logs, pieces.vars[i]);
    table_texts_end(logs);
    table_missing(logs);
}

void shard_row(Shard *shard, const Line *line, const Item *item, const Origin *origin)
{
    Table *logs = &shard->logs;
    char room[UTF8_SHOWN_BYTES * EVENT_NAME_BYTES_MAX];
    table_time(logs, line->spot.time);
    table_time(logs, origin->known);
    table_text(logs, utf8_shown(names_text(&shard->sources, line->spot.source), room));
    table_int(logs, (int64_t)line->spot.row);
    if (line->level == LEVEL_NONE)
        table_missing(logs);
    else
        table_text(logs, str_of(level_name((Level)line->level)));
    table_hash(logs, shard_pattern_id(shard, line->head));
    row_text(shard, line, item, origin);
    if (origin->attributes.size > 0 && utf8_is_valid(origin->attributes))
        table_text(logs, origin->attributes);
    else
        table_missing(logs);
    table_int(logs, (int64_t)shard->position);
}
