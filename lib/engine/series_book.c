/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/series_book.h"

#include <math.h>

#include "base/bytes.h"
#include "detect/shared.h"
#include "engine/signal.h"

#define HALVING_PAUSE 16 /* Samples a series, at least, between two halvings. */
#define KEY_HEAD_BYTES 8 /* Source and column. */

Str series_book_name(const SeriesBook *book, uint32_t series)
{
    const BookSeries *s = &book->series[series];
    return (Str){.text = book->pool + s->name_from, .size = s->name_size};
}

static uint32_t series_add(SeriesBook *book, uint32_t source, Str name)
{
    BookSeries *grown =
        mem_grow(book->mem, book->series, &book->capacity, book->count + 1, sizeof *grown);
    if (grown == NULL)
        return NONE;
    book->series = grown;
    char *pool =
        mem_grow(book->mem, book->pool, &book->pool_capacity, book->pool_size + name.size + 1, 1);
    if (pool == NULL)
        return NONE;
    book->pool = pool;
    if (name.size > 0)
        memcpy(pool + book->pool_size, name.text, name.size);
    grown[book->count] = (BookSeries){
        .source = source,
        .name_from = book->pool_size,
        .name_size = (uint32_t)name.size,
        .first_time = ODD_TIME_NONE,
        .last_time = ODD_TIME_NONE,
        .last_value = NAN};
    book->pool_size += name.size;
    return (uint32_t)book->count++;
}

static uint32_t series_new(SeriesBook *book, uint32_t source, uint32_t column, Str labels)
{
    char name[SHEET_SERIES_BYTES_MAX];
    size_t size = sheet_series(&book->sources[source].sheet, labels, column, name);
    return series_add(book, source, (Str){.text = name, .size = size});
}

static uint32_t series_of_labels(SeriesBook *book, uint32_t source, uint32_t column, Str labels)
{
    char key[KEY_HEAD_BYTES + SHEET_LABEL_BYTES_MAX];
    bytes_put_u32(key, source);
    bytes_put_u32(key + 4, column);
    memcpy(key + KEY_HEAD_BYTES, labels.text, labels.size);
    Str text = {.text = key, .size = KEY_HEAD_BYTES + labels.size};
    uint32_t number = names_find(&book->keys, text);
    if (number != NAME_NONE)
        return book->of_keys[number];
    uint32_t *of_keys = mem_grow(book->mem, book->of_keys, &book->of_keys_capacity,
                                 book->keys.count + 1, sizeof *of_keys);
    if (of_keys == NULL)
        return NONE;
    book->of_keys = of_keys;
    bool is_new;
    uint32_t series = series_new(book, source, column, labels);
    number = series != NONE ? names_add(&book->keys, text, &is_new) : NAME_NONE;
    if (number == NAME_NONE)
        return NONE;
    of_keys[number] = series;
    return series;
}

uint32_t series_book_find(SeriesBook *book, uint32_t source, uint32_t column, Str labels)
{
    BookSource *table = &book->sources[source];
    if (table->sheet.label_count > 0)
        return series_of_labels(book, source, column, labels);
    if (table->columns[column] == NONE)
        table->columns[column] = series_new(book, source, column, labels);
    return table->columns[column];
}

/* A place for one more; when there are too many, that of the least odd, if it is less odd. */
static BookSpell *spell_room(SeriesBook *book, double surprise)
{
    if (book->spell_count < BOOK_SPELLS_MAX) {
        BookSpell *grown = mem_grow(book->mem, book->spells, &book->spell_capacity,
                                    book->spell_count + 1, sizeof *grown);
        if (grown != NULL) {
            book->spells = grown;
            return &grown[book->spell_count++];
        }
    }
    book->spells_lost++;
    size_t least = 0;
    for (size_t i = 1; i < book->spell_count; i++)
        if (book->spells[i].spell.surprise < book->spells[least].spell.surprise)
            least = i;
    bool is_odder = book->spell_count > 0 && book->spells[least].spell.surprise < surprise;
    return is_odder ? &book->spells[least] : NULL;
}

static void series_count(SeriesBook *book, BookSeries *series, Spot spot, double value)
{
    series->last_row = spot.row;
    if (!isfinite(value)) {
        series->missing++;
        return;
    }
    if (series->samples++ == 0)
        series->first_time = spot.time;
    series->last_time = spot.time;
    series->last_value = value;
    book->samples++;
}

/* The first series of all have their shape watched, as long as there is memory for it. */
static ShapeWatch *shape_of(SeriesBook *book, BookSeries *series)
{
    if (series->shape != NULL || series->samples != 1 || book->shape_count == BOOK_SHAPES_MAX)
        return series->shape;
    series->shape = mem_take(book->mem, sizeof *series->shape);
    book->shape_count += series->shape != NULL;
    return series->shape;
}

/* When half of the memory for lines is used, all of them become coarser. */
static void trace_sample(SeriesBook *book, BookSeries *series, Spot spot, double value,
                         const Judgement *judgement)
{
    TracePoint point = {.time = spot.time,
                        .row = spot.row,
                        .low = value,
                        .high = value,
                        .expected = judgement->expected,
                        .lower = judgement->lower,
                        .upper = judgement->upper};
    bool is_due = trace_is_full(&series->trace) && book->samples >= book->next_halving &&
                  book->kept_mem.bytes > book->kept_mem.bytes_max / 2;
    for (size_t i = 0; i < book->count && is_due; i++)
        trace_halve(&book->series[i].trace, &book->kept_mem);
    if (is_due)
        book->next_halving = book->samples + HALVING_PAUSE * book->count;
    trace_add(&series->trace, &book->kept_mem, &point);
}

void series_book_learn(SeriesBook *book, uint32_t number, Spot spot, uint64_t moment, double value,
                       Judgement *ret_judgement)
{
    BookSeries *series = &book->series[number];
    Spell ended;
    series_count(book, series, spot, value);
    if (book->compares) {
        if (isfinite(value))
            run_samples_add(&series->kept, &book->kept_mem,
                            (RunSample){.time = spot.time, .value = value, .row = spot.row});
        *ret_judgement = detect_no_judgement();
        return;
    }
    fleet_series_put(&series->fleet, &book->sources[series->source].fleet, &series->watch,
                     spot.time, value);
    tiers_put(&series->watch, shape_of(book, series), spot.time, value, ret_judgement);
    if (book->draws && isfinite(value))
        trace_sample(book, series, spot, value, ret_judgement);
    if (!isfinite(value) || !spell_feed(&series->spell, spot, moment, value, ret_judgement, &ended))
        return;
    BookSpell *room = spell_room(book, ended.surprise);
    if (room != NULL)
        *room = (BookSpell){.spell = ended, .series = number};
}

void series_book_learn_row(SeriesBook *book, uint32_t source, FleetMoment *ret_moment,
                           Judgement *ret_judgement)
{
    BookSource *table = &book->sources[source];
    FleetMoment moment = {0};
    for (uint32_t i = 0; i < table->sheet.value_count; i++)
        if (table->columns[i] != NONE)
            fleet_moment_add(&moment, &book->series[table->columns[i]].fleet);
    fleet_put(&table->fleet, &moment, ret_judgement);
    *ret_moment = moment;
}

bool series_book_add_source(SeriesBook *book, uint32_t source, Sheet sheet)
{
    size_t count = (size_t)source + 1;
    BookSource *grown =
        mem_grow(book->mem, book->sources, &book->source_capacity, count, sizeof *grown);
    if (grown == NULL)
        return false;
    book->sources = grown;
    uint32_t *columns = mem_take(book->mem, sheet.value_count * sizeof *columns);
    if (columns == NULL)
        return false;
    for (uint32_t i = 0; i < sheet.value_count; i++)
        columns[i] = NONE;
    grown[source] = (BookSource){.sheet = sheet, .columns = columns, .is_sheet = true};
    if (count > book->source_count)
        book->source_count = count;
    return true;
}

BookSource *series_book_source(SeriesBook *book, uint32_t source)
{
    return source < book->source_count && book->sources[source].is_sheet ? &book->sources[source]
                                                                         : NULL;
}

const BookSource *series_book_known_source(const SeriesBook *book, uint32_t source)
{
    return source < book->source_count && book->sources[source].is_sheet ? &book->sources[source]
                                                                         : NULL;
}

void series_book_close(SeriesBook *book)
{
    for (size_t i = 0; i < book->source_count; i++) {
        BookSource *source = &book->sources[i];
        mem_free(book->mem, source->columns, source->sheet.value_count * sizeof *source->columns);
        sheet_close(&source->sheet, book->mem);
    }
    mem_free(book->mem, book->sources, book->source_capacity * sizeof *book->sources);
    for (size_t i = 0; i < book->count; i++) {
        run_samples_close(&book->series[i].kept, &book->kept_mem);
        if (book->series[i].shape != NULL)
            mem_free(book->mem, book->series[i].shape, sizeof(ShapeWatch));
        trace_close(&book->series[i].trace, &book->kept_mem);
    }
    names_close(&book->keys);
    mem_free(book->mem, book->series, book->capacity * sizeof *book->series);
    mem_free(book->mem, book->of_keys, book->of_keys_capacity * sizeof *book->of_keys);
    mem_free(book->mem, book->spells, book->spell_capacity * sizeof *book->spells);
    mem_free(book->mem, book->pool, book->pool_capacity);
}
