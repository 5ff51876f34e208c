/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/encoder.h"

#include <math.h>
#include <stdio.h>

#include "base/time.h"

#define NAME_SEED 0x656e636f646572 /* "encoder" */
#define ID_SHARE 0.5    /* Texts that differ in more of the rows are ids. */
#define MISSING_SHARE 0.005

void encoder_close(Encoder *encoder)
{
    for (size_t c = 0; c < encoder->column_capacity; c++)
        names_close(&encoder->columns[c].texts);
    mem_free(encoder->mem, encoder->columns, encoder->column_capacity * sizeof *encoder->columns);
    mem_free(encoder->mem, encoder->slots, encoder->slot_capacity * sizeof *encoder->slots);
    mem_free(encoder->mem, encoder->means, encoder->mean_capacity * sizeof *encoder->means);
    names_close(&encoder->names);
    *encoder = (Encoder){.mem = encoder->mem};
}

static bool add_slot(Encoder *encoder, Slot slot)
{
    Slot *grown = mem_grow(encoder->mem, encoder->slots, &encoder->slot_capacity,
                           encoder->slot_count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    encoder->slots = grown;
    grown[encoder->slot_count++] = slot;
    return true;
}

/* -- what a column says ----------------------------------------------------------------------- */

typedef struct {
    size_t   missing;
    bool     varies;
    uint32_t distinct; /* Of texts. */
} Facts;

static Facts facts_of(const EncoderLesson *lesson, const FrameColumn *column)
{
    Facts facts = {0};
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < lesson->row_count; i++) {
        size_t row = lesson->rows[i];
        if (frame_missing(column, row)) {
            facts.missing++;
            continue;
        }
        if (first == SIZE_MAX)
            first = row;
        else if (column->kind == FRAME_NUMBER)
            facts.varies |= column->numbers[row] != column->numbers[first];
        else if (column->kind == FRAME_TIME)
            facts.varies |= column->times[row] != column->times[first];
        else
            facts.varies |= column->codes[row] != column->codes[first];
    }
    facts.varies |= facts.missing > 0 && facts.missing < lesson->row_count;
    return facts;
}

static bool learn_categories(const EncoderLesson *lesson, const FrameColumn *column, Names *texts,
                             uint32_t *ret_distinct)
{
    for (size_t i = 0; i < lesson->row_count; i++) {
        uint32_t code = column->codes[lesson->rows[i]];
        bool is_new;
        if (code == NAME_NONE || texts->count >= ENCODER_CATEGORIES)
            continue;
        if (names_add(texts, names_text(&column->texts, code), &is_new) == NAME_NONE)
            return false;
    }
    *ret_distinct = (uint32_t)texts->count;
    return true;
}

static bool learn_means(Encoder *encoder, const EncoderLesson *lesson, const FrameColumn *column,
                        const Names *texts, uint32_t *ret_from)
{
    size_t from = encoder->mean_count, n = texts->count;
    double *means = mem_grow(encoder->mem, encoder->means, &encoder->mean_capacity, from + 2 * n,
                             sizeof *means);
    if (means == NULL)
        return false;
    encoder->means = means;
    double all = 0;
    for (size_t k = 0; k < 2 * n; k++)
        means[from + k] = 0;
    for (size_t i = 0; i < lesson->row_count; i++) {
        size_t row = lesson->rows[i];
        all += lesson->target[row];
        uint32_t code = column->codes[row];
        uint32_t own =
            code == NAME_NONE ? NAME_NONE : names_find(texts, names_text(&column->texts, code));
        if (own == NAME_NONE)
            continue;
        means[from + own] += lesson->target[row];
        means[from + n + own] += 1;
    }
    all /= (double)lesson->row_count;
    for (size_t k = 0; k < n; k++)
        means[from + k] =
            (means[from + k] + ENCODER_LEAN * all) / (means[from + n + k] + ENCODER_LEAN);
    encoder->mean_count = from + n;
    *ret_from = (uint32_t)from;
    return true;
}

static bool learn_text(Encoder *encoder, const EncoderLesson *lesson, const FrameColumn *column,
                       uint32_t c)
{
    Names *texts = &encoder->columns[c].texts;
    bool good = true;
    if (texts->count > ENCODER_ONE_EACH) {
        uint32_t from = 0;
        good = learn_means(encoder, lesson, column, texts, &from);
        return good && add_slot(encoder, (Slot){.column = c, .kind = SLOT_MEAN, .means = from});
    }
    for (uint32_t k = 0; good && k < texts->count; k++)
        good = add_slot(encoder, (Slot){.column = c, .kind = SLOT_IS, .code = k});
    return good;
}

static bool learn_slots(Encoder *encoder, const EncoderLesson *lesson, const FrameColumn *column,
                        uint32_t c, const Facts *facts)
{
    bool good = true;
    if (column->kind == FRAME_NUMBER)
        good = add_slot(encoder, (Slot){.column = c, .kind = SLOT_NUMBER});
    else if (column->kind == FRAME_TIME)
        good = add_slot(encoder, (Slot){.column = c, .kind = SLOT_HOUR}) &&
               add_slot(encoder, (Slot){.column = c, .kind = SLOT_WEEKDAY});
    else
        good = learn_text(encoder, lesson, column, c);
    if (good && (double)facts->missing > MISSING_SHARE * (double)lesson->row_count)
        good = add_slot(encoder, (Slot){.column = c, .kind = SLOT_MISSING});
    return good;
}

static bool learn_column(Encoder *encoder, const EncoderLesson *lesson, const FrameColumn *column)
{
    Facts facts = facts_of(lesson, column);
    bool is_new;
    if (!facts.varies)
        return true;
    Names texts = {.mem = encoder->mem, .seed = NAME_SEED};
    if (column->kind == FRAME_TEXT && !learn_categories(lesson, column, &texts, &facts.distinct)) {
        names_close(&texts);
        return false;
    }
    if (facts.distinct > ENCODER_ONE_EACH &&
        (double)facts.distinct > ID_SHARE * (double)(lesson->row_count - facts.missing)) {
        names_close(&texts);
        return true;
    }
    size_t count = encoder->names.count + 1, had = encoder->column_capacity;
    EncoderColumn *columns =
        mem_grow(encoder->mem, encoder->columns, &encoder->column_capacity, count, sizeof *columns);
    if (columns == NULL) {
        names_close(&texts);
        return false;
    }
    encoder->columns = columns;
    for (size_t c = had; c < encoder->column_capacity; c++)
        columns[c].texts = (Names){.mem = encoder->mem, .seed = NAME_SEED};
    columns[count - 1] = (EncoderColumn){.kind = (uint8_t)column->kind, .texts = texts};
    uint32_t c = names_add(&encoder->names, column->name, &is_new);
    return c != NAME_NONE && learn_slots(encoder, lesson, column, c, &facts);
}

odd_rc encoder_learn(Encoder *encoder, const EncoderLesson *lesson)
{
    encoder->names = (Names){.mem = encoder->mem, .seed = NAME_SEED};
    for (size_t c = 0; c < lesson->frame->column_count; c++)
        if (lesson->is_input[c] && !learn_column(encoder, lesson, &lesson->frame->columns[c]))
            return ODD_NOMEM;
    return ODD_OK;
}

/* -- rows ------------------------------------------------------------------------------------- */

static float day_part(odd_time time, bool weekday)
{
    int64_t s = time / NS_PER_S - (time % NS_PER_S < 0);
    int64_t day = s / S_PER_DAY - (s % S_PER_DAY < 0);
    if (weekday)
        return (float)(((day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday; Monday is 0. */
    int64_t hour = (s - day * S_PER_DAY) / 3600;
    return (float)hour;
}

static float slot_of(const Encoder *encoder, const Slot *slot, const EncoderCell *cell)
{
    bool is_number = encoder->columns[slot->column].kind == FRAME_NUMBER;
    bool is_time = encoder->columns[slot->column].kind == FRAME_TIME;
    bool missing = is_number ? isnan(cell->number)
                   : is_time ? cell->time == ODD_TIME_NONE
                             : cell->code == NAME_NONE;
    switch ((SlotKind)slot->kind) {
    case SLOT_NUMBER:
        return (float)cell->number;
    case SLOT_MISSING:
        return missing ? 1 : 0;
    case SLOT_IS:
        return !missing && cell->code == slot->code ? 1 : 0;
    case SLOT_MEAN:
        return missing ? NAN : (float)encoder->means[slot->means + cell->code];
    case SLOT_HOUR:
        return missing ? NAN : day_part(cell->time, false);
    case SLOT_WEEKDAY:
        return missing ? NAN : day_part(cell->time, true);
    }
    return NAN;
}

void encoder_row(const Encoder *encoder, const EncoderCell *cells, float *ret)
{
    for (size_t s = 0; s < encoder->slot_count; s++)
        ret[s] = slot_of(encoder, &encoder->slots[s], &cells[encoder->slots[s].column]);
}

typedef struct { /* A column of the encoder in a table. */
    const FrameColumn *column; /* NULL: it is not there. */
    uint32_t          *codes;  /* Of the table's texts in the encoder's. */
} Place;

static EncoderCell cell_of(const Place *place, size_t row)
{
    EncoderCell cell = {.number = NAN, .time = ODD_TIME_NONE, .code = NAME_NONE};
    const FrameColumn *column = place->column;
    if (column == NULL)
        return cell;
    if (column->kind == FRAME_NUMBER)
        cell.number = column->numbers[row];
    else if (column->kind == FRAME_TIME)
        cell.time = column->times[row];
    else if (column->codes[row] != NAME_NONE)
        cell.code = place->codes[column->codes[row]];
    return cell;
}

/* A column in which nothing is written may be of any kind. */
static bool is_empty(const FrameColumn *column, size_t rows)
{
    for (size_t row = 0; row < rows; row++)
        if (!frame_missing(column, row))
            return false;
    return true;
}

static odd_rc find_place(const Encoder *encoder, const Frame *frame, size_t c, Place *ret,
                         Problem *problem)
{
    Str name = names_text(&encoder->names, (uint32_t)c);
    uint32_t at = frame_find(frame, name);
    const EncoderColumn *own = &encoder->columns[c];
    *ret = (Place){0};
    if (at == FRAME_NONE)
        return ODD_OK;
    const FrameColumn *column = &frame->columns[at];
    if (column->kind != (FrameKind)own->kind) {
        if (is_empty(column, frame->row_count))
            return ODD_OK;
        return problem_say(problem, ODD_NOTFOUND,
                           "the column %.*s holds %ss, and held %ss when "
                           "the model was trained",
                           (int)name.size, name.text, frame_kind_name(column->kind),
                           frame_kind_name((FrameKind)own->kind));
    }
    ret->column = column;
    if (column->kind != FRAME_TEXT || column->texts.count == 0)
        return ODD_OK;
    ret->codes = mem_take(encoder->mem, column->texts.count * sizeof *ret->codes);
    if (ret->codes == NULL)
        return ODD_NOMEM;
    for (uint32_t k = 0; k < column->texts.count; k++)
        ret->codes[k] = names_find(&own->texts, names_text(&column->texts, k));
    return ODD_OK;
}

odd_rc encoder_rows(const Encoder *encoder, const Frame *frame, const uint32_t *rows,
                    size_t row_count, float *ret, Problem *problem)
{
    size_t n = encoder->names.count;
    size_t place_bytes = (n + 1) * sizeof(Place), cell_bytes = (n + 1) * sizeof(EncoderCell);
    Place *places = mem_take(encoder->mem, place_bytes);
    EncoderCell *cells = mem_take(encoder->mem, cell_bytes);
    odd_rc rc = places != NULL && cells != NULL ? ODD_OK : ODD_NOMEM;
    for (size_t c = 0; rc == ODD_OK && c < n; c++)
        rc = find_place(encoder, frame, c, &places[c], problem);
    for (size_t i = 0; rc == ODD_OK && i < row_count; i++) {
        for (size_t c = 0; c < n; c++)
            cells[c] = cell_of(&places[c], rows[i]);
        encoder_row(encoder, cells, ret + i * encoder->slot_count);
    }
    for (size_t c = 0; places != NULL && c < n; c++)
        if (places[c].codes != NULL)
            mem_free(encoder->mem, places[c].codes,
                     places[c].column->texts.count * sizeof *places[c].codes);
    mem_free(encoder->mem, places, place_bytes);
    mem_free(encoder->mem, cells, cell_bytes);
    return rc;
}

size_t encoder_slot_name(const Encoder *encoder, size_t s, char name[ENCODER_NAME_SIZE])
{
    static const char *const before[] = {"", "missing ", "", "", "hour of ", "weekday of "};
    const Slot *slot = &encoder->slots[s];
    Str column = names_text(&encoder->names, slot->column), value = STR("");
    if (slot->kind == SLOT_IS)
        value = names_text(&encoder->columns[slot->column].texts, slot->code);
    int size =
        snprintf(name, ENCODER_NAME_SIZE, "%s%.*s%s%.*s", before[slot->kind], (int)column.size,
                 column.text, slot->kind == SLOT_IS ? " = " : "", (int)value.size, value.text);
    return size < ENCODER_NAME_SIZE ? (size_t)size : ENCODER_NAME_SIZE - 1;
}
