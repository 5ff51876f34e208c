/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/time.h"
#include "engine/answer.h"
#include "engine/steps.h"
#include "engine/told.h"
#include "stats/combine.h"
#include "stats/episode.h"
#include "stats/rarity.h"

#define PLACE_LINES_MIN 100  /* Before a value can be rare in it ...                  */
#define VALUE_SHARE_MAX 0.01 /* ... which it is up to so many of its lines.           */
#define EPISODE_LINES_MIN 12 /* Of a pattern, before its rate says anything.          */

static bool place_is_judged(const Place *place)
{
    return !place->is_free && place->count[SIDE_JUDGED] >= PLACE_LINES_MIN;
}

static Severity severity_of(const Signal *signal)
{
    int level = signal_level(signal);
    return severity_of_level(level > signal->trouble ? level : signal->trouble);
}

/* What is compared with each other for its rarity: patterns, or values. */
typedef struct {
    size_t         count;
    RarityPattern *patterns;
    Rarity        *rarities;
    void          *scratch;
} Comparison;

static void comparison_close(odd_db *db, Comparison *c)
{
    mem_free(&db->mem, c->patterns, c->count * sizeof *c->patterns);
    mem_free(&db->mem, c->rarities, c->count * sizeof *c->rarities);
    mem_free(&db->mem, c->scratch, rarity_scratch_bytes(c->count));
}

static odd_rc comparison_open(odd_db *db, size_t count, Comparison *ret_comparison)
{
    Comparison c = {.count = count,
                    .patterns = mem_take(&db->mem, count * sizeof *c.patterns),
                    .rarities = mem_take(&db->mem, count * sizeof *c.rarities),
                    .scratch = mem_take(&db->mem, rarity_scratch_bytes(count))};
    if (c.patterns == NULL || c.rarities == NULL || c.scratch == NULL) {
        comparison_close(db, &c);
        return ODD_NOMEM;
    }
    *ret_comparison = c;
    return ODD_OK;
}

static odd_rc add_rare_pattern(odd_db *db, uint32_t reference, Rarity rarity)
{
    const Signal *signal = &db->signals.signals[reference];
    uint64_t records = signal->records[SIDE_JUDGED];
    bool grave = severity_of(signal) >= SEVERITY_ERROR;
    return told_add(db, (Finding){.kind = grave && records > 1 ? FINDING_SEVERITY : FINDING_RARE,
                                  .signal = reference,
                                  .first = signal->first,
                                  .last = signal->last,
                                  .repeats = records,
                                  .surprise = rarity.surprise,
                                  .seen = (double)records,
                                  .expected = NAN,
                                  .history = db->lines[SIDE_JUDGED],
                                  .looked_at = db->signals.signal_count});
}

static odd_rc add_rare_patterns(odd_db *db)
{
    Comparison c;
    odd_rc rc = comparison_open(db, db->signals.signal_count, &c);
    if (rc != ODD_OK)
        return rc;
    for (size_t i = 0; i < c.count; i++) {
        const Signal *signal = &db->signals.signals[i];
        c.patterns[i] = (RarityPattern){.count = signal->records[SIDE_JUDGED],
                                        .first_row = signal->first.sequence,
                                        .last_row = signal->last.sequence,
                                        .severity = (uint8_t)severity_of(signal)};
    }
    rarity_score(c.patterns, c.count, c.scratch, c.rarities);
    for (uint32_t i = 0; rc == ODD_OK && i < c.count; i++)
        rc = add_rare_pattern(db, i, c.rarities[i]);
    comparison_close(db, &c);
    return rc;
}

static odd_rc add_rare_value(odd_db *db, const Place *place, const Symbol *symbol, Rarity rarity,
                             size_t looked_at)
{
    double share = (double)symbol->count[SIDE_JUDGED] / (double)place->count[SIDE_JUDGED];
    if (share > VALUE_SHARE_MAX)
        return ODD_OK;
    return told_add(db, (Finding){.kind = FINDING_VALUE,
                                  .signal = place->signal,
                                  .first = symbol->first,
                                  .last = symbol->first,
                                  .repeats = symbol->count[SIDE_JUDGED],
                                  .surprise = rarity.surprise,
                                  .seen = (double)symbol->count[SIDE_JUDGED],
                                  .expected = NAN,
                                  .history = place->count[SIDE_JUDGED],
                                  .looked_at = looked_at,
                                  .place_number = (int)place->place,
                                  .value = symbol_text(&db->signals, symbol),
                                  .sample = symbol_sample(&db->signals, symbol)});
}

/* Values of all places that show few, compared as patterns are. */
static odd_rc add_rare_values(odd_db *db)
{
    size_t count = 0;
    for (size_t i = 0; i < db->signals.place_count; i++)
        count += place_is_judged(&db->signals.places[i]) ? db->signals.places[i].symbol_count : 0;
    Comparison c;
    odd_rc rc = count > 0 ? comparison_open(db, count, &c) : ODD_OK;
    if (rc != ODD_OK || count == 0)
        return rc;
    size_t at = 0;
    for (size_t i = 0; i < db->signals.place_count; i++) {
        const Place *place = &db->signals.places[i];
        for (uint32_t k = 0; place_is_judged(place) && k < place->symbol_count; k++)
            c.patterns[at++] = (RarityPattern){.count = place->symbols[k].count[SIDE_JUDGED],
                                               .first_row = place->symbols[k].first.sequence,
                                               .last_row = place->symbols[k].first.sequence};
    }
    rarity_score(c.patterns, count, c.scratch, c.rarities);
    at = 0;
    for (size_t i = 0; i < db->signals.place_count; i++) {
        const Place *place = &db->signals.places[i];
        for (uint32_t k = 0; place_is_judged(place) && k < place->symbol_count; k++, at++)
            if (rc == ODD_OK)
                rc = add_rare_value(db, place, &place->symbols[k], c.rarities[at], count);
    }
    comparison_close(db, &c);
    return rc;
}

static FindingKind kind_of(EpisodeKind kind)
{
    switch (kind) {
    case EPISODE_MORE:
        return FINDING_MORE;
    case EPISODE_LESS:
        return FINDING_LESS;
    case EPISODE_SILENT:
        return FINDING_SILENT;
    case EPISODE_BURST:
    case EPISODE_NONE:
        break;
    }
    return FINDING_BURST;
}

/* All lines along a ruler, in its steps. */
typedef struct {
    Steps    steps;
    uint32_t totals[TIMELINE_BUCKETS];
} Volume;

static Volume volume_of(odd_db *db, Ruler ruler)
{
    const Timeline *timeline = &db->signals.rulers[ruler];
    Volume volume = {.steps = steps_make(timeline, db->lines[SIDE_JUDGED])};
    history_follow(&db->totals[ruler], timeline);
    steps_add_up(&volume.steps, db->totals[ruler].counts, volume.totals);
    return volume;
}

/* Where an episode is to be seen: its first line, or the last one before it if it has none.  The
 * times are those of the buckets. */
static void point_at(const odd_db *db, const Signal *signal, uint32_t first, uint32_t last,
                     Finding *finding)
{
    const Timeline *ruler = &db->signals.rulers[signal->ruler];
    MarkSpan span = marks_find(&db->signals.courses[signal->course].marks, ruler, first, last);
    finding->first = span.first != NULL ? span.first->spot : signal->first;
    finding->last = span.last != NULL ? span.last->spot : signal->first;
    if (span.first != NULL)
        finding->sample = signals_text(&db->signals, span.first->text_from, span.first->text_size);
    if (signal->ruler == RULER_ORDER)
        return;
    int64_t from = timeline_moment(ruler, first), to = timeline_moment(ruler, last + 1);
    if (finding->first.time < from || finding->first.time >= to)
        finding->first.time = from;
    finding->last.time = to < ruler->newest ? to : ruler->newest;
}

/* Silence is to be seen between two lines: those on both sides of the longest pause if it is that,
 * else the last line of all. */
static void point_at_silence(const odd_db *db, const Signal *signal, Finding *finding)
{
    const Course *course = &db->signals.courses[signal->course];
    if (course->before.sequence != 0 && course->before.time <= finding->last.time &&
        course->after.time >= finding->first.time) {
        finding->first = course->before;
        finding->last = course->after;
    } else if (signal->last.time <= finding->first.time) {
        Spot until = finding->last;
        finding->first = finding->last = signal->last;
        finding->last.time = until.time;
    }
}

static odd_rc add_episode(odd_db *db, uint32_t reference, const Volume *volume, double looked_at,
                          bool *ret_is_odd)
{
    const Steps *steps = &volume->steps;
    const Signal *signal = &db->signals.signals[reference];
    const Timeline *ruler = &db->signals.rulers[signal->ruler];
    Course *course = &db->signals.courses[signal->course];
    uint32_t counts[TIMELINE_BUCKETS];
    history_follow(&course->counts, ruler);
    steps_add_up(steps, course->counts.counts, counts);
    double day = signal->ruler == RULER_TIME ? (double)(S_PER_DAY * NS_PER_S) /
                                                   ((double)ruler->width * (double)steps->width)
                                             : 0;
    EpisodeSeries series = {.counts = counts,
                            .totals = volume->totals,
                            .n = steps->count,
                            .buckets_per_day = day,
                            .last_share = steps->last_share,
                            .is_grave = severity_of(signal) > SEVERITY_PLAIN};
    Episode episode = episode_find(&series);
    Finding finding = {.kind = kind_of(episode.kind),
                       .signal = reference,
                       .repeats = (uint64_t)episode.seen,
                       .surprise = combine_bonferroni(episode.surprise, looked_at),
                       .seen = episode.seen,
                       .expected = episode.expected,
                       .history = signal->records[SIDE_JUDGED],
                       .looked_at = db->signals.course_count};
    uint32_t last = (uint32_t)((episode.last + 1) * steps->width) - 1;
    point_at(db, signal, (uint32_t)(episode.first * steps->width),
             last < TIMELINE_BUCKETS ? last : TIMELINE_BUCKETS - 1, &finding);
    if (episode.kind == EPISODE_SILENT)
        point_at_silence(db, signal, &finding);
    *ret_is_odd = finding.surprise >= ODD_SURPRISE;
    return told_add(db, finding);
}

/* A pattern that comes regularly did not come for once, or comes no more.  Numbers of lines are no
 * clock: where there is no time, each foreign line would be a pause. */
static odd_rc add_pause(odd_db *db, uint32_t reference, double looked_at)
{
    const Signal *signal = &db->signals.signals[reference];
    if (signal->ruler != RULER_TIME)
        return ODD_OK;
    Course course = db->signals.courses[signal->course];
    const Timeline *ruler = &db->signals.rulers[signal->ruler];
    double now = (double)ruler->newest, span = now - (double)ruler->start;
    if (longest_gap_learn(&course.gaps, now - (double)course.last_moment)) {
        course.before = signal->last;
        course.after = signal->last;
        course.after.time = ruler->newest;
    }
    double surprise = combine_bonferroni(longest_gap_surprise(&course.gaps, span), looked_at);
    return told_add(db, (Finding){.kind = FINDING_SILENT,
                                  .signal = reference,
                                  .first = course.before,
                                  .last = course.after,
                                  .surprise = surprise,
                                  .seen = 0,
                                  .expected = longest_gap_expected(&course.gaps),
                                  .history = signal->records[SIDE_JUDGED],
                                  .looked_at = db->signals.course_count});
}

/* Bursts, shifts and silence, of all patterns that are frequent enough to have a history. */
static odd_rc add_episodes(odd_db *db)
{
    double looked_at = (double)db->signals.course_count + 1;
    const Volume volumes[RULER_COUNT] = {volume_of(db, RULER_TIME), volume_of(db, RULER_ORDER)};
    for (uint32_t i = 0; i < db->signals.signal_count; i++) {
        const Signal *signal = &db->signals.signals[i];
        if (signal->course == NONE || signal->records[SIDE_JUDGED] < EPISODE_LINES_MIN)
            continue;
        bool is_odd = false; /* Then its pause is no news. */
        odd_rc rc = add_episode(db, i, &volumes[signal->ruler], looked_at, &is_odd);
        if (rc == ODD_OK && !is_odd)
            rc = add_pause(db, i, looked_at);
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}

odd_rc answer_findings(odd_db *db, const odd_question *question, odd_rows **ret_rows)
{
    odd_settle(db);
    told_clear(db);
    odd_rc rc = db->signals.signal_count > 0 ? add_rare_patterns(db) : ODD_OK;
    if (rc == ODD_OK)
        rc = add_episodes(db);
    if (rc == ODD_OK)
        rc = add_rare_values(db);
    if (rc == ODD_OK)
        rc = sessions_add_findings(db);
    if (rc == ODD_OK)
        rc = spells_add_findings(db);
    return rc == ODD_OK ? told_answer(db, question, ret_rows) : rc;
}
