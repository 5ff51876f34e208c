/* SPDX-License-Identifier: Apache-2.0 */
#include "store/templates.h"

#include <assert.h>

#include "event/tables.h"
#include "event/utf8.h"
#include "store/draft.h"

#define SLOTS_MIN 64

/* -- ids -- */

#define ID_DIGITS 16

static const char digits[] = "0123456789abcdef";

static bool id_read(Str text, uint64_t *ret_id)
{
    if (text.size != ID_DIGITS)
        return false;
    uint64_t id = 0;
    for (size_t i = 0; i < ID_DIGITS; i++) {
        char c = text.text[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
        id = id << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    *ret_id = id;
    return true;
}

static void id_write(char *to, uint64_t id)
{
    for (int i = ID_DIGITS - 1; i >= 0; i--, id >>= 4)
        to[i] = digits[id & 15];
}

/* -- the table -- */

/* The slot of a template, or the free one that it would take. */
static Template *slot_of(Template *slots, size_t slot_count, uint64_t hash)
{
    size_t at = (size_t)hash & (slot_count - 1);
    while (slots[at].gap_count > 0 && slots[at].hash != hash)
        at = (at + 1) & (slot_count - 1);
    return &slots[at];
}

static const Template *template_of(const Templates *templates, uint64_t hash)
{
    if (templates->slot_count == 0)
        return NULL;
    const Template *found = slot_of(templates->slots, templates->slot_count, hash);
    return found->gap_count > 0 ? found : NULL;
}

static bool slots_grow(Templates *templates)
{
    if (2 * (templates->used + 1) <= templates->slot_count)
        return true;
    size_t count = templates->slot_count > 0 ? 2 * templates->slot_count : SLOTS_MIN;
    Template *slots = mem_take(templates->mem, count * sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < templates->slot_count; i++)
        if (templates->slots[i].gap_count > 0)
            *slot_of(slots, count, templates->slots[i].hash) = templates->slots[i];
    mem_free(templates->mem, templates->slots, templates->slot_count * sizeof *slots);
    templates->slots = slots;
    templates->slot_count = count;
    return true;
}

static bool gap_add(Templates *templates, Str text)
{
    Gap *gaps = mem_grow(templates->mem, templates->gaps, &templates->gap_capacity,
                         templates->gap_count + 1, sizeof *gaps);
    if (gaps == NULL)
        return false;
    templates->gaps = gaps;
    char *pool = mem_grow(templates->mem, templates->pool, &templates->pool_capacity,
                          templates->pool_size + text.size, 1);
    if (pool == NULL)
        return false;
    templates->pool = pool;
    if (text.size > 0)
        memcpy(pool + templates->pool_size, text.text, text.size);
    gaps[templates->gap_count++] = (Gap){.from = templates->pool_size, .size = text.size};
    templates->pool_size += text.size;
    return true;
}

/* The gaps that were added last are those of this template; of two of one name the last counts. */
static bool template_add(Templates *templates, Template added)
{
    if (added.gap_count == 0)
        return true;
    if (!slots_grow(templates))
        return false;
    Template *slot = slot_of(templates->slots, templates->slot_count, added.hash);
    templates->used += slot->gap_count == 0;
    *slot = added;
    return true;
}

void templates_close(Templates *templates)
{
    Mem *mem = templates->mem;
    mem_free(mem, templates->slots, templates->slot_count * sizeof *templates->slots);
    mem_free(mem, templates->gaps, templates->gap_capacity * sizeof *templates->gaps);
    mem_free(mem, templates->pool, templates->pool_capacity);
    *templates = (Templates){.mem = mem};
}

/* -- filling it -- */

enum { COLUMN_TEMPLATE, COLUMN_PATTERN, COLUMN_GAPS, COLUMN_COUNT };

odd_rc templates_of_rows(Templates *templates, Str bytes)
{
    TableReader reader = {.bytes = bytes};
    Cell cells[TABLE_COLUMNS_MAX];
    odd_rc rc;
    while ((rc = table_next(&reader, cells)) == ODD_ROW) {
        if (reader.column_count != COLUMN_COUNT || cells[COLUMN_GAPS].kind != CELL_TEXTS)
            return ODD_CORRUPT;
        Template added = {.hash = cells[COLUMN_TEMPLATE].hash,
                          .pattern = cells[COLUMN_PATTERN].hash,
                          .has_pattern = !cells[COLUMN_PATTERN].missing,
                          .gaps_from = templates->gap_count,
                          .gap_count = cells[COLUMN_GAPS].text_count};
        Str gap;
        while (table_text_next(&cells[COLUMN_GAPS], &gap))
            if (!gap_add(templates, gap))
                return ODD_NOMEM;
        if (!template_add(templates, added))
            return ODD_NOMEM;
    }
    return rc == ODD_DONE ? ODD_OK : rc;
}

static Template template_of_answer(const DuckAnswer *answer, size_t gaps_from)
{
    Template added = {.gaps_from = gaps_from,
                      .gap_count = (size_t)duck_answer_cell(answer, 2).integer};
    DuckCell hash = duck_answer_cell(answer, 0), pattern = duck_answer_cell(answer, 1);
    if (hash.kind != DUCK_TEXT || !id_read(hash.text, &added.hash))
        added.gap_count = 0; /* It is passed over. */
    added.has_pattern = pattern.kind == DUCK_TEXT && id_read(pattern.text, &added.pattern);
    return added;
}

/* A row for each gap, those of a template one behind the other. */
odd_rc templates_of_file(Templates *templates, Duck *duck, const char *path)
{
    Draft sql = {.mem = templates->mem};
    draft_format(&sql, "SELECT template, pattern, len(gaps), unnest(gaps) FROM read_parquet(");
    draft_quote(&sql, '\'', str_of(path));
    draft_format(&sql, ")");
    const char *statement = draft_text(&sql);
    DuckAnswer *answer;
    odd_rc rc = statement != NULL ? duck_ask(duck, statement, DUCK_ANYTHING, &answer) : ODD_NOMEM;
    draft_close(&sql);
    if (rc != ODD_OK)
        return rc;
    Template added = {0};
    while ((rc = duck_answer_next(answer)) == ODD_ROW) {
        if (added.gaps_from + added.gap_count == templates->gap_count)
            added = template_of_answer(answer, templates->gap_count);
        if (!gap_add(templates, duck_answer_cell(answer, 3).text) ||
            (added.gaps_from + added.gap_count == templates->gap_count &&
             !template_add(templates, added))) {
            rc = ODD_NOMEM;
            break;
        }
    }
    duck_answer_close(answer);
    return rc == ODD_DONE ? ODD_OK : rc;
}

/* -- lines -- */

enum { ARGUMENT_RAW, ARGUMENT_HEAD, ARGUMENT_TEMPLATE, ARGUMENT_VARS };

static Str gap_text(const Templates *templates, const Template *template, size_t number)
{
    Gap gap = templates->gaps[template->gaps_from + number];
    return (Str){.text = templates->pool + gap.from, .size = gap.size};
}

static char *put(char *to, Str text)
{
    if (text.size > 0)
        memcpy(to, text.text, text.size);
    return to + text.size;
}

static char *room_of(DuckRoom *room, size_t size)
{
    char *bytes = mem_grow(&room->mem, room->bytes, &room->capacity, size + 1, 1);
    if (bytes != NULL)
        room->bytes = bytes;
    return bytes;
}

static const Template *template_named(const Templates *templates, const DuckArgument *id)
{
    uint64_t hash;
    return !id->missing && id_read(id->text, &hash) ? template_of(templates, hash) : NULL;
}

bool templates_line(const void *context, const DuckArgument *arguments, DuckRoom *room, Str *ret)
{
    const Templates *templates = context;
    if (!arguments[ARGUMENT_RAW].missing) {
        *ret = arguments[ARGUMENT_RAW].text;
        return true;
    }
    if (arguments[ARGUMENT_TEMPLATE].missing) {
        *ret = arguments[ARGUMENT_HEAD].text; /* So lines without a form were once written. */
        return !arguments[ARGUMENT_HEAD].missing;
    }
    const DuckArgument *vars = &arguments[ARGUMENT_VARS];
    const Template *template = template_named(templates, &arguments[ARGUMENT_TEMPLATE]);
    if (template == NULL || template->gap_count != vars->text_count + 1)
        return false;
    size_t size = arguments[ARGUMENT_HEAD].text.size;
    for (size_t i = 0; i < template->gap_count; i++)
        size += gap_text(templates, template, i).size;
    for (size_t i = 0; i < vars->text_count; i++)
        size += vars->texts[i].size;
    char *bytes = room_of(room, size);
    if (bytes == NULL)
        return false;
    char *to = put(bytes, arguments[ARGUMENT_HEAD].text);
    for (size_t i = 0; i < vars->text_count; i++) {
        to = put(to, gap_text(templates, template, i));
        to = put(to, vars->texts[i]);
    }
    put(to, gap_text(templates, template, vars->text_count));
    *ret = (Str){.text = bytes, .size = size};
    return true;
}

bool templates_text(const void *context, const DuckArgument *arguments, DuckRoom *room, Str *ret)
{
    Str line;
    if (!templates_line(context, arguments, room, &line))
        return false;
    if (arguments[ARGUMENT_RAW].missing || utf8_is_valid(line)) {
        *ret = line;
        return true;
    }
    char *bytes = room_of(room, UTF8_SHOWN_BYTES * line.size); /* The line is raw: not in it. */
    if (bytes == NULL)
        return false;
    *ret = utf8_shown(line, bytes);
    return true;
}

bool templates_pattern(const void *context, const DuckArgument *arguments, DuckRoom *room, Str *ret)
{
    const Template *template = template_named(context, &arguments[0]);
    bool today = template != NULL && template->has_pattern;
    if (!today) {
        *ret = arguments[1].text;
        return !arguments[1].missing;
    }
    char *bytes = room_of(room, ID_DIGITS);
    if (bytes == NULL)
        return false;
    id_write(bytes, template->pattern);
    *ret = (Str){.text = bytes, .size = ID_DIGITS};
    return true;
}

bool templates_id(const void *none, const DuckArgument *arguments, DuckRoom *room, Str *ret)
{
    (void)none;
    char *bytes = arguments[0].missing ? NULL : room_of(room, ID_DIGITS);
    if (bytes == NULL)
        return false;
    id_write(bytes, arguments[0].hash);
    *ret = (Str){.text = bytes, .size = ID_DIGITS};
    return true;
}
