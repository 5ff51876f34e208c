/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/signal.h"

#include <assert.h>

#define TEXT_BYTES_MAX (256u << 20)

static bool has_room(const Signals *s)
{
    return s->mem->bytes_max == 0 || s->mem->bytes < s->mem->bytes_max / 5 * 2;
}

/* Whether there is room for what one could do without; the counts of all patterns come first. */
static bool signals_spare(Signals *s)
{
    bool room = has_room(s);
    s->spared += !room;
    return room;
}

void signals_open(Signals *s, Mem *mem)
{
    s->mem = mem;
    watch_table_open(&s->watches, mem);
}

void signals_close(Signals *s)
{
    mem_free(s->mem, s->signals, s->signal_capacity * sizeof *s->signals);
    mem_free(s->mem, s->courses, s->course_capacity * sizeof *s->courses);
    mem_free(s->mem, s->rates, s->rate_capacity * sizeof *s->rates);
    watch_table_close(&s->watches);
    mem_free(s->mem, s->places, s->place_capacity * sizeof *s->places);
    mem_free(s->mem, s->text, s->text_capacity);
}

Signal *signals_at(Signals *s, uint32_t reference)
{
    if (reference < s->signal_count)
        return &s->signals[reference];
    uint64_t cap = s->mem->bytes_max;
    if (s->lean)
        s->mem->bytes_max = 0; /* It is the patterns that are limited: each must have a signal. */
    Signal *grown =
        mem_grow(s->mem, s->signals, &s->signal_capacity, (size_t)reference + 1, sizeof *grown);
    s->mem->bytes_max = cap;
    if (grown == NULL)
        return NULL;
    s->signals = grown;
    for (; s->signal_count <= reference; s->signal_count++)
        grown[s->signal_count] = (Signal){.course = NONE, .rate = NONE, .place = NONE};
    return &grown[reference];
}

/* Appends to the pool; past its limit the text is empty, and only the showing suffers. */
static uint32_t text_keep(Signals *s, Str text, size_t size_max, uint32_t *ret_size)
{
    size_t size = text.size < size_max ? text.size : size_max;
    *ret_size = 0;
    if (size == 0 || s->text_size + size > TEXT_BYTES_MAX || !signals_spare(s))
        return 0;
    char *grown = mem_grow(s->mem, s->text, &s->text_capacity, s->text_size + size, 1);
    if (grown == NULL)
        return 0;
    s->text = grown;
    memcpy(grown + s->text_size, text.text, size);
    *ret_size = (uint32_t)size;
    s->text_size += size;
    return (uint32_t)(s->text_size - size);
}

/* Made at the first record only, so that a course is whole or not there. */
static Course *signals_course(Signals *s, Signal *signal, Ruler ruler)
{
    if (signal->course != NONE)
        return signal->ruler == ruler ? &s->courses[signal->course] : NULL;
    if (s->lean || s->course_count == SIGNAL_COURSES_MAX || signal->records[SIDE_JUDGED] > 1 ||
        !signals_spare(s))
        return NULL;
    Course *grown =
        mem_grow(s->mem, s->courses, &s->course_capacity, s->course_count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    s->courses = grown;
    signal->course = (uint32_t)s->course_count++;
    signal->ruler = ruler;
    Course *course = &grown[signal->course];
    uint32_t doublings = s->rulers[ruler].doublings;
    *course = (Course){.counts.doublings = doublings, .marks.doublings = doublings};
    return course;
}

/* From the record before to this one.  A clock that is not believed makes no gap. */
static void gap_learn(Course *course, Spot before, Spot after, int64_t moment)
{
    double gap = (double)moment - (double)course->last_moment;
    if (!longest_gap_learn(&course->gaps, gap))
        return;
    course->before = before;
    course->after = after;
}

/* One record more, from the signal's last one on. */
static void course_learn(Signals *s, const Signal *signal, Course *course, Spot spot,
                         uint32_t bucket, Str line)
{
    const Timeline *ruler = &s->rulers[signal->ruler];
    int64_t moment = signal->ruler == RULER_TIME ? spot.time : (int64_t)spot.sequence;
    if (moment > ruler->newest)
        moment = ruler->newest;
    if (moment < ruler->start)
        moment = ruler->start;
    history_add(&course->counts, ruler, bucket);
    Mark *mark = marks_add(&course->marks, ruler, bucket, spot);
    if (mark != NULL)
        mark->text_from = text_keep(s, line, SIGNAL_SAMPLE_BYTES_MAX, &mark->text_size);
    if (signal->records[SIDE_JUDGED] > 1 && moment < course->last_moment)
        return; /* The clock went back: no gap, neither here nor on the way forward again. */
    if (signal->records[SIDE_JUDGED] > 1)
        gap_learn(course, signal->last, spot, moment);
    course->last_moment = moment;
}

void signals_count(Signals *s, uint32_t reference, Side side, Spot spot, int level, Ruler ruler,
                   uint32_t bucket, Str line)
{
    Signal *signal = &s->signals[reference];
    bool first_of_side = signal->records[side]++ == 0;
    signal->rows[side]++;
    signal->level_counts[level]++;
    if (signal->first.sequence == 0 || (first_of_side && side == SIDE_JUDGED))
        signal->first = spot;
    Course *course = side == SIDE_JUDGED ? signals_course(s, signal, ruler) : NULL;
    if (course != NULL)
        course_learn(s, signal, course, spot, bucket, line);
    signal->last = spot;
}

void signals_sample(Signals *s, uint32_t reference, Side side, Str line)
{
    Signal *signal = &s->signals[reference];
    bool first_judged = side == SIDE_JUDGED && signal->records[SIDE_JUDGED] == 1;
    if (signal->sample_size > 0 && !first_judged)
        return;
    signal->sample_from = text_keep(s, line, SIGNAL_SAMPLE_BYTES_MAX, &signal->sample_size);
}

Str signals_text(const Signals *s, uint32_t from, uint32_t size)
{
    return (Str){.text = s->text != NULL ? s->text + from : "", .size = size};
}

/* Where in the list that begins at `first` a place is, or NONE. */
static uint32_t place_index(const Signals *s, uint32_t first, uint32_t place)
{
    while (first != NONE && s->places[first].place != place)
        first = s->places[first].next;
    return first;
}

uint32_t signals_known_place(const Signals *s, uint32_t reference, uint32_t place, uint32_t hint)
{
    uint32_t found = place_index(s, hint, place);
    return found != NONE ? found : place_index(s, s->signals[reference].place, place);
}

static Place *place_find(Signals *s, uint32_t first, uint32_t place)
{
    uint32_t found = place_index(s, first, place);
    return found != NONE ? &s->places[found] : NULL;
}

Place *signals_place(Signals *s, uint32_t reference, uint32_t place)
{
    Signal *signal = &s->signals[reference];
    Place *found = place_find(s, signal->place, place);
    if (found != NULL || s->place_count == PLACES_MAX || !signals_spare(s))
        return found;
    Place *grown =
        mem_grow(s->mem, s->places, &s->place_capacity, s->place_count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    s->places = grown;
    Place *made = &grown[s->place_count];
    *made = (Place){.signal = reference, .place = place, .next = signal->place};
    signal->place = (uint32_t)s->place_count++;
    return made;
}

static Symbol *symbol_find(Place *place, uint64_t hash)
{
    for (uint32_t i = 0; i < place->symbol_count; i++)
        if (place->symbols[i].hash == hash)
            return &place->symbols[i];
    return NULL;
}

Str symbol_text(const Signals *s, const Symbol *symbol)
{
    return signals_text(s, symbol->text_from, symbol->text_size);
}

Str symbol_sample(const Signals *s, const Symbol *symbol)
{
    return signals_text(s, symbol->sample_from, symbol->sample_size);
}

static void place_add_symbol(Place *place, Symbol symbol)
{
    if (place->symbol_count == PLACE_SYMBOLS_MAX) {
        place->is_free = true;
        return;
    }
    place->symbols[place->symbol_count++] = symbol;
}

void place_count(Signals *s, Place *place, Side side, Spot spot, uint64_t hash, Str text, Str line)
{
    place->count[side]++;
    if (place->is_free || s->lean)
        return;
    Symbol *known = symbol_find(place, hash);
    if (known != NULL) {
        known->count[side]++;
        return;
    }
    Symbol symbol = {.hash = hash, .first = spot};
    symbol.count[side] = 1;
    symbol.text_from = text_keep(s, text, PLACE_TEXT_BYTES_MAX, &symbol.text_size);
    if (spot.sequence != s->signals[place->signal].first.sequence)
        symbol.sample_from = text_keep(s, line, SIGNAL_SAMPLE_BYTES_MAX, &symbol.sample_size);
    place_add_symbol(place, symbol);
}

Rate *signals_rate(Signals *s, uint32_t reference)
{
    Signal *signal = &s->signals[reference];
    if (signal->rate != NONE)
        return &s->rates[signal->rate];
    if (s->rate_count == RATES_MAX || !signals_spare(s))
        return NULL;
    Rate *grown = mem_grow(s->mem, s->rates, &s->rate_capacity, s->rate_count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    s->rates = grown;
    signal->rate = (uint32_t)s->rate_count++;
    grown[signal->rate].watch = WATCH_NONE;
    return &grown[signal->rate];
}

bool signals_rate_may_grow(const Signals *s, uint32_t reference)
{
    const Signal *signal = &s->signals[reference];
    uint64_t lines = signal->records[SIDE_JUDGED] + signal->records[SIDE_REFERENCE];
    bool is_often = s->lean || (double)s->rates[signal->rate].start.level >=
                                   RATE_LEVEL_MIN; /* Windows cost time. */
    return lines >= RATE_LINES_MIN && is_often && has_room(s);
}

static void place_merge(Place *into, const Place *from)
{
    for (int side = 0; side < SIDE_COUNT; side++)
        into->count[side] += from->count[side];
    into->is_free |= from->is_free;
    category_merge(&into->category, &from->category);
    for (uint32_t i = 0; i < from->symbol_count; i++) {
        Symbol *known = symbol_find(into, from->symbols[i].hash);
        if (known == NULL) {
            place_add_symbol(into, from->symbols[i]);
            continue;
        }
        for (int side = 0; side < SIDE_COUNT; side++)
            known->count[side] += from->symbols[i].count[side];
        if (from->symbols[i].first.sequence < known->first.sequence)
            known->first = from->symbols[i].first;
    }
}

/* Values that lean on the signal's own sample get it for good, before it becomes another. */
static void symbols_take_sample(Signals *s, const Signal *signal)
{
    for (uint32_t i = signal->place; i != NONE; i = s->places[i].next) {
        for (uint32_t k = 0; k < s->places[i].symbol_count; k++) {
            Symbol *symbol = &s->places[i].symbols[k];
            if (symbol->sample_size > 0)
                continue;
            symbol->sample_from = signal->sample_from;
            symbol->sample_size = signal->sample_size;
        }
    }
}

static void places_merge(Signals *s, Signal *into, const Signal *from, uint32_t into_reference)
{
    uint32_t next = from->place;
    while (next != NONE) {
        Place *moved = &s->places[next];
        next = moved->next;
        Place *known = place_find(s, into->place, moved->place);
        if (known != NULL) {
            place_merge(known, moved);
            continue;
        }
        moved->signal = into_reference;
        moved->next = into->place;
        into->place = (uint32_t)(moved - s->places);
    }
}

static void rates_merge(Signals *s, Signal *into, const Signal *from)
{
    if (into->rate == NONE)
        into->rate = from->rate;
    else if (from->rate != NONE)
        rate_merge(&s->rates[into->rate], &s->rates[from->rate], &s->watches);
}

static void marks_merge(Marks *into, const Marks *from)
{
    for (uint32_t i = 0; i < MARK_COUNT; i++) {
        const Mark *a = &into->marks[i], *b = &from->marks[i];
        if (a->spot.sequence == 0 || (b->spot.sequence != 0 && b->spot.sequence < a->spot.sequence))
            into->marks[i] = *b;
    }
}

/* Courses along different rulers cannot be added; the one of `into` stays.  Of the gaps of the two
 * together nothing is known yet. */
static void courses_merge(Signals *s, Signal *into, const Signal *from)
{
    if (from->course == NONE)
        return;
    if (into->course == NONE) {
        into->course = from->course;
        into->ruler = from->ruler;
        return;
    }
    if (into->ruler != from->ruler)
        return;
    const Timeline *ruler = &s->rulers[into->ruler];
    Course *a = &s->courses[into->course], *b = &s->courses[from->course];
    history_merge(&a->counts, &b->counts, ruler);
    marks_follow(&a->marks, ruler);
    marks_follow(&b->marks, ruler);
    marks_merge(&a->marks, &b->marks);
    a->gaps = (LongestGap){0};
    if (b->last_moment > a->last_moment)
        a->last_moment = b->last_moment;
}

void signals_merge(Signals *s, uint32_t from_reference, uint32_t into_reference)
{
    Signal *from = &s->signals[from_reference], *into = &s->signals[into_reference];
    assert(from != into);
    symbols_take_sample(s, from);
    symbols_take_sample(s, into);
    bool into_judged = into->records[SIDE_JUDGED] > 0, from_judged = from->records[SIDE_JUDGED] > 0;
    if (from_judged == into_judged ? from->first.sequence < into->first.sequence : from_judged) {
        into->first = from->first;
        into->sample_from = from->sample_from;
        into->sample_size = from->sample_size;
    }
    if (from->last.sequence > into->last.sequence)
        into->last = from->last;
    for (int side = 0; side < SIDE_COUNT; side++) {
        into->records[side] += from->records[side];
        into->rows[side] += from->rows[side];
        into->frames[side] += from->frames[side];
    }
    for (int level = 0; level < LEVEL_COUNT; level++)
        into->level_counts[level] += from->level_counts[level];
    if (from->trouble > into->trouble)
        into->trouble = from->trouble;
    places_merge(s, into, from, into_reference);
    courses_merge(s, into, from);
    rates_merge(s, into, from);
    *from = (Signal){.course = NONE, .rate = NONE, .place = NONE};
}

int signal_level(const Signal *signal)
{
    int level = 0;
    for (int i = 0; i < LEVEL_COUNT; i++)
        if (signal->level_counts[i] >= signal->level_counts[level])
            level = i;
    return signal->level_counts[level] > 0 ? level : 0;
}

Severity severity_of_level(int level)
{
    switch (level) {
    case LEVEL_WARN:
        return SEVERITY_WARNING;
    case LEVEL_ERROR:
        return SEVERITY_ERROR;
    case LEVEL_FATAL:
        return SEVERITY_FATAL;
    default:
        return SEVERITY_PLAIN;
    }
}
