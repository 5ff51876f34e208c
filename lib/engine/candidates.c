/* SPDX-License-Identifier: Apache-2.0
 *
 * candidates.c - what a shard holds for odd enough to be told, in words while the words are at
 * hand. */
#include "engine/served.h"
#include "engine/shard.h"

#include <math.h>

#include "base/hash.h"
#include "base/time.h"
#include "incident/metric.h"

/* Beyond this no past is long enough to tell. */
#define SURPRISE_MAX 30.0
#define HINT_FIRST_TIMES 2
#define HINT_FIRST_SURPRISE_MIN 1.5
#define SERIES_ID_SEED 0x7365726965736964ULL

static void text_into(char *buffer, size_t size, Str text)
{
    size_t kept = text.size < size - 1 ? text.size : size - 1;
    if (kept > 0)
        memcpy(buffer, text.text, kept);
    buffer[kept] = '\0';
}

/* Those of lines and those of series have a limit each: neither flood drowns the other. */
static size_t candidates_alike(const Shard *shard, bool is_metric)
{
    return is_metric ? shard->metric_candidates : shard->candidate_count - shard->metric_candidates;
}

static Candidate *candidate_more(Shard *shard, bool is_metric)
{
    Candidate *grown = mem_grow(&shard->way_mem, shard->candidates, &shard->candidate_capacity,
                                shard->candidate_count + 1, sizeof *grown);
    if (grown == NULL) {
        shard->candidates_lost++;
        return NULL;
    }
    shard->candidates = grown;
    shard->metric_candidates += is_metric;
    return &grown[shard->candidate_count++];
}

/* A place for one more; when there are too many, that of the least odd, if it is less odd. */
static Candidate *candidate_room(Shard *shard, double surprise, bool is_metric)
{
    if (candidates_alike(shard, is_metric) < CANDIDATES_OF_SHARD_MAX)
        return candidate_more(shard, is_metric);
    Candidate *least = NULL;
    shard->candidates_lost++;
    for (size_t i = 0; i < shard->candidate_count; i++) {
        Candidate *c = &shard->candidates[i];
        if (c->is_metric == is_metric && (least == NULL || c->surprise < least->surprise))
            least = c;
    }
    return least != NULL && least->surprise < surprise ? least : NULL;
}

/* finding: its words borrow from the caller.  pattern: its id. */
static void candidate_fill(Candidate *candidate, const Finding *finding, uint64_t pattern,
                           Str source)
{
    memset(candidate, 0, sizeof *candidate);
    candidate->time = finding->first.time;
    candidate->last_time = finding->last.time;
    candidate->pattern = pattern;
    candidate->row = finding->first.row;
    candidate->surprise = finding->surprise;
    candidate->seen = finding->seen;
    candidate->expected = finding->expected;
    candidate->effect = finding_effect(finding);
    candidate->kind = (uint8_t)finding->kind;
    candidate->is_metric = finding->is_metric;
    candidate->level = (uint8_t)finding->level;
    text_into(candidate->source, sizeof candidate->source, source);
    text_into(candidate->pattern_text, sizeof candidate->pattern_text, finding->pattern);
    sentence_write(finding, candidate->sentence, sizeof candidate->sentence);
    sentence_how_rare(finding, candidate->how_rare, sizeof candidate->how_rare);
    size_t sample = finding->sample.size < sizeof candidate->sample ? finding->sample.size
                                                                    : sizeof candidate->sample;
    if (sample > 0)
        memcpy(candidate->sample, finding->sample.text, sample);
    candidate->sample_size = (uint16_t)sample;
}

OverlayFinding candidate_evidence(const Candidate *c)
{
    return (OverlayFinding){.id = "",
                      .source = c->source,
                      .text = c->pattern_text,
                      .kind = finding_kind_word((FindingKind)c->kind),
                      .sentence = str_of(c->sentence),
                      .sample = {.text = c->sample, .size = c->sample_size},
                      .signal = c->pattern,
                      .is_metric = c->is_metric,
                      .is_model = finding_is_model((FindingKind)c->kind),
                      .baseline = c->baseline,
                      .time = c->time,
                      .last_time = c->last_time,
                      .surprise = c->surprise};
}

bool shard_may_raise(const Shard *shard, double surprise)
{
    const Overlay *overlay = shard->overlay;
    return overlay != NULL && overlay->real_count + overlay->hiding_count > 0 &&
           surprise >= FAINT_SURPRISE_MIN;
}

/* In a source of few lines nothing is rare, but what was never there before. */
bool shard_may_hint(const Shard *shard, double surprise, uint64_t seen)
{
    double least = seen <= HINT_FIRST_TIMES ? HINT_FIRST_SURPRISE_MIN : FAINT_SURPRISE_MIN;
    return shard->hint_count < HINTS_OF_SHARD_MAX && surprise >= least;
}

/* A hint is one whatever anybody calls real. */
static bool is_hint(const Shard *shard, const Candidate *candidate)
{
    bool is_line = candidate->kind == FINDING_RARE || candidate->kind == FINDING_VALUE ||
                   candidate->kind == FINDING_SEVERITY;
    return is_line && shard_may_hint(shard, candidate->surprise, (uint64_t)candidate->seen);
}

static void faint_keep(Shard *shard, const Candidate *candidate)
{
    Candidate *grown = mem_grow(&shard->way_mem, shard->faint, &shard->faint_capacity,
                                shard->faint_count + 1, sizeof *grown);
    if (grown == NULL)
        return;
    shard->faint = grown;
    grown[shard->faint_count++] = *candidate;
    shard->hint_count += candidate->is_hint;
    shard->real_count += candidate->is_like_real;
    shard->below_count += candidate->is_below;
}

/* Beside the others, so that none of those makes room for it. */
static void faint_add(Shard *shard, Candidate *candidate)
{
    OverlayFinding evidence = candidate_evidence(candidate);
    candidate->is_hint = is_hint(shard, candidate);
    candidate->is_like_real = shard->overlay != NULL && shard->real_count < FAINT_OF_SHARD_MAX &&
                              overlay_is_real(shard->overlay, &evidence);
    candidate->is_below = shard->overlay != NULL && shard->overlay->hiding_count > 0 &&
                          shard->below_count < FAINT_OF_SHARD_MAX &&
                          candidate->surprise >= FAINT_SURPRISE_MIN;
    if (candidate->is_like_real || candidate->is_hint || candidate->is_below)
        faint_keep(shard, candidate);
}

/* place: of a metric. */
static void candidate_add(Shard *shard, Finding *finding, uint64_t pattern, Str source,
                          uint64_t place, bool goes_on, bool is_faint)
{
    Candidate faint;
    if (finding->surprise > SURPRISE_MAX)
        finding->surprise = SURPRISE_MAX;
    Candidate *candidate =
        is_faint ? &faint : candidate_room(shard, finding->surprise, finding->is_metric);
    if (candidate == NULL)
        return;
    candidate_fill(candidate, finding, pattern, source);
    candidate->place = place;
    candidate->goes_on = goes_on;
    if (is_faint)
        faint_add(shard, &faint);
}

static void pattern_candidate(Shard *shard, Finding *finding, Str source, bool is_faint)
{
    char pattern[CANDIDATE_PATTERN_BYTES];
    finding->pattern = db_pattern_text(shard->db, finding->signal, NULL, pattern, sizeof pattern);
    candidate_add(shard, finding, shard_pattern_id(shard, finding->signal), source, 0, false,
                  is_faint);
}

static FindingKind kind_of_reason(const char *reason)
{
    if (strcmp(reason, "value") == 0)
        return FINDING_VALUE;
    return strcmp(reason, "severity") == 0 ? FINDING_SEVERITY : FINDING_RARE;
}

static uint64_t lines_of_family(const Shard *shard, const Line *line)
{
    const Family *family = &shard->db->families[line->family];
    uint64_t lines = 0;
    for (int i = 0; i < GRAVITY_COUNT; i++)
        lines += family->lines[i];
    return lines;
}

void shard_line_candidate(Shard *shard, const Line *line, Judgement judgement, Str whole,
                          bool is_faint)
{
    const Signal *signal = &shard->db->signals.signals[line->signal];
    char place_name[64];
    double seen = (double)signal_seen(signal);
    Finding finding = {.kind = kind_of_reason(judgement.reason),
                       .signal = line->signal,
                       .first = line->spot,
                       .last = line->spot,
                       .repeats = 1,
                       .surprise = judgement.surprise,
                       .seen = seen > 0 ? seen : 1,
                       .expected = NAN,
                       .history = lines_of_family(shard, line),
                       .level = (Level)line->level,
                       .sample = whole};
    if (finding.kind == FINDING_VALUE && line->place_count > 0) {
        uint32_t oddest;
        judge_values(shard->db, line, &oddest);
        PatternPlace at = line->places[oddest].at;
        const Value *value = &line->lexed->values[at.value];
        finding.value = str_part(line->message, value->from, value->from + value->size);
        size_t size = pattern_place_name(shard->db->patterns, line->signal, (int)at.place,
                                         place_name, sizeof place_name);
        finding.place = (Str){.text = place_name,
                              .size = size < sizeof place_name ? size : sizeof place_name};
        finding.history = (uint64_t)finding.seen;
        finding.seen = 1;
    }
    pattern_candidate(shard, &finding, names_text(&shard->sources, line->spot.source), is_faint);
}

static FindingKind kind_of_rate(const char *reason)
{
    if (strcmp(reason, "burst") == 0)
        return FINDING_BURST;
    if (strcmp(reason, "less") == 0)
        return FINDING_LESS;
    return strcmp(reason, "silent") == 0 ? FINDING_SILENT : FINDING_MORE;
}

void shard_rate_candidate(Shard *shard, PatternRef reference, odd_time from, odd_time to,
                          double seen, Judgement judgement, bool is_faint)
{
    const Signal *signal = &shard->db->signals.signals[reference];
    Spot first = {.time = from, .source = signal->last.source};
    Spot last = {.time = to, .source = signal->last.source};
    Finding finding = {
        .kind = kind_of_rate(judgement.reason),
        .signal = reference,
        .first = first,
        .last = last,
        .repeats = (uint64_t)seen,
        .surprise = judgement.alarm,
        .seen = seen,
        .expected = judgement.expected,
        .history = signal->records[SIDE_JUDGED],
        .level = (Level)signal_level(signal),
        .sample = signals_text(&shard->db->signals, signal->sample_from, signal->sample_size)};
    pattern_candidate(shard, &finding, names_text(&shard->sources, signal->last.source), is_faint);
}

/* What is odd to another reference than the first is told beside the others. */
void shard_model_candidate(Shard *shard, Finding *finding, uint64_t id, const Served *served,
                           bool goes_on)
{
    char room[SERVED_NAME_BYTES];
    Candidate beside;
    Str name = served_name(served, STR(""), "", room);
    uint64_t place = hash_bytes(name.text, name.size, 0);
    if (served->plain.baseline == 0) {
        candidate_add(shard, finding, id, served_model(served), place, goes_on, false);
        return;
    }
    candidate_fill(&beside, finding, id, served_model(served));
    beside.surprise = fmin(beside.surprise, SURPRISE_MAX);
    beside.place = place;
    beside.goes_on = goes_on;
    beside.baseline = served->plain.baseline;
    faint_keep(shard, &beside);
}

/* Of a gap the numbers are seconds, and it began with the sample before. */
static void tell_gap(Finding *finding, const Measured *measured)
{
    finding->first.time = measured->before;
    finding->seen = (double)time_minus(measured->time, measured->before) / (double)NS_PER_S;
    finding->expected = measured->step_s;
    finding->lower = finding->upper = NAN;
    finding->is_rate = false;
}

uint64_t shard_series_id(const Shard *shard, const Series *series)
{
    Str name = shard_series_name(shard, series->number);
    Str source = names_text(&shard->metric_source_names, series->source);
    return hash_bytes(name.text, name.size, hash_bytes(source.text, source.size, SERIES_ID_SEED));
}

static Finding series_finding(const Shard *shard, const Series *series, const Measured *measured,
                              bool goes_on)
{
    const Judgement *judgement = &measured->judgement;
    Str name = shard_series_name(shard, series->number);
    Finding finding = {
        .kind = metric_kind(judgement->reason, measured->value, judgement->expected),
        .first = {.time = measured->time},
        .last = {.time = measured->time},
        .repeats = 1,
        .surprise = goes_on ? judgement->surprise : judgement->alarm,
        .seen = measured->value,
        .expected = judgement->expected,
        .history = series->samples,
        .pattern = name,
        .is_metric = true,
        .is_rate = measured->is_rate,
        .lower = judgement->lower,
        .upper = judgement->upper,
        .usual = measured->usual,
        .reason = judgement->reason};
    if (finding.kind == FINDING_GAP)
        tell_gap(&finding, measured);
    return finding;
}

void shard_series_candidate(Shard *shard, const Series *series, const Measured *measured,
                            bool goes_on, bool is_faint)
{
    Finding finding = series_finding(shard, series, measured, goes_on);
    Str source = names_text(&shard->metric_source_names, series->source);
    candidate_add(shard, &finding, shard_series_id(shard, series), source, series->place, goes_on,
                  is_faint);
}

void shard_normal_candidate(Shard *shard, const Series *series, const Measured *measured,
                            bool goes_on, uint64_t baseline)
{
    Candidate beside;
    Finding finding = series_finding(shard, series, measured, goes_on);
    Str source = names_text(&shard->metric_source_names, series->source);
    candidate_fill(&beside, &finding, shard_series_id(shard, series), source);
    beside.surprise = fmin(beside.surprise, SURPRISE_MAX);
    beside.place = series->place;
    beside.goes_on = goes_on;
    beside.baseline = baseline;
    faint_keep(shard, &beside);
}
