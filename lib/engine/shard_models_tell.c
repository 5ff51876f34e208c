/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_models_tell.c - what is odd of models becomes candidates: columns that drift, errors and
 * delays of outcomes, and an estimate that fell. */
#include <math.h>
#include <stdio.h>

#include "engine/model_finding.h"
#include "engine/served.h"
#include "engine/shard.h"
#include "stats/normal.h"

#define TOLD_NS (60 * NS_PER_S) /* What goes on is told so often. */
#define LOSS_LEAST 0.005        /* A change of accuracy that matters, and of the mean error: */
#define LOSS_LEAST_NUMBERS 0.05 /* so much of what it was.                                   */
#define TOGETHER_NS (3600 * NS_PER_S) /* Columns that began so near to each other are one thing. */
#define TOGETHER_HALF_STRETCHES 5
#define BLOCK_IS_NEW (ODD_TIME_NONE + 1)
#define OTHERS_NAMED 3
#define OTHER_BYTES 48
#define HARMFUL_RANK 1e3

static FindingKind kind_of(const Served *served, const odd_model *model, const Watch *watch)
{
    if (model == served->inputs)
        return FINDING_DRIFT;
    return watch->column == TRUTH_DELAY ? FINDING_DELAY : FINDING_ERRORS;
}

typedef struct {
    const odd_model *model;
    size_t           watch, of; /* of: the watch by which the finding is known. */
    double           surprise, harm; /* harm: NaN: not known. */
    odd_time         time;
    bool             goes_on;
    const char      *with; /* What else is told by it. */
} Telling;

static uint64_t finding_id(const Served *served, const Telling *t)
{
    Str name = model_watch_name(t->model, &t->model->watches[t->of]);
    return hash_bytes(name.text, name.size, served->plain.hash);
}

static void tell(Shard *shard, const Served *served, const Telling *t)
{
    const Watch *watch = &t->model->watches[t->watch];
    ServedView view = served_view(served, t->model, t->watch);
    char signal[SERVED_NAME_BYTES], how[SERVED_NAME_BYTES], sentence[SENTENCE_SIZE];
    ModelFinding words = {.now = NAN, .before = NAN};
    words.signal = served_name(served, model_watch_name(t->model, watch), " of ", signal);
    model_say_column(t->model, watch, &view.drift, view.counts, view.n, &words);
    snprintf(how, sizeof how, "%.2g standard deviations off", view.drift.effect.size);
    served_say(served, words.sentence, t->with, t->harm, sentence);
    Finding finding = {.kind = kind_of(served, t->model, watch),
                       .first = {.time = t->goes_on ? t->time : view.since,
                                 .row = t->goes_on ? 0 : view.since_row},
                       .last = {.time = t->time},
                       .surprise = t->surprise,
                       .seen = words.now,
                       .expected = words.before,
                       .pattern = words.signal,
                       .value = str_of(sentence),
                       .place = str_of(how)};
    shard_model_candidate(shard, &finding, finding_id(served, t), served, t->goes_on);
}

/* -- each for itself ------------------------------------------------------------------------- */

/* The most evidence since it was told last.  False: nothing is odd of it. */
static bool is_odd(const Served *served, odd_model *model, size_t w, ServedTold *told)
{
    Watch *watch = &model->watches[w];
    double surprise =
        (double)model_surprise(model, watch, watch->money_most) - served_correction(served);
    watch->money_most = 0;
    told->surprise = (float)fmax((double)told->surprise, surprise);
    if (watch->is_in_episode)
        return watch->stretches.count > 0;
    told->surprise = 0;
    watch->beyond = 0;
    if (watch->stretches.length * STRETCH_COUNT_MAX > SERVED_STRETCH_ROWS)
        stretches_begin(&watch->stretches);
    return false;
}

static bool is_due(const Shard *shard, const ServedTold *told, odd_time known)
{
    return told->told != ODD_TIME_NONE ? time_minus(known, told->told) >= TOLD_NS
                                       : (double)told->surprise >= shard->threshold_models;
}

/* Errors and delays: behind the rows of an event what is in an episode is told, once a minute. */
static void tell_truths(Shard *shard, Served *served, odd_time time, odd_time known)
{
    for (size_t w = 0; w < served->truths->watch_count; w++) {
        ServedTold *told = &served->told[served->inputs->watch_count + w];
        if (!is_odd(served, served->truths, w, told)) {
            told->told = ODD_TIME_NONE;
            continue;
        }
        if (!is_due(shard, told, known))
            continue;
        tell(shard, served,
             &(Telling){.model = served->truths,
                        .watch = w,
                        .of = w,
                        .surprise = (double)told->surprise,
                        .harm = NAN,
                        .time = time,
                        .goes_on = told->told != ODD_TIME_NONE,
                        .with = ""});
        told->told = known;
        told->surprise = 0;
    }
}

/* -- columns that move together -------------------------------------------------------------- */

typedef struct { /* Of the inputs of one model. */
    Served  *served;
    odd_time known;
    bool     odd[SERVED_COLUMNS_MAX];
    bool     is_looked_at[SERVED_COLUMNS_MAX];
    float    harm[SERVED_COLUMNS_MAX];
    float    rank[SERVED_COLUMNS_MAX]; /* Harm first, then evidence. */
    odd_time since[SERVED_COLUMNS_MAX];
    uint64_t since_row[SERVED_COLUMNS_MAX];
} Block;

/* Once for each column that is odd: it takes a while. */
static void look_at(Block *block, size_t w)
{
    const Served *served = block->served;
    if (block->is_looked_at[w])
        return;
    ServedView view = served_view(served, served->inputs, w);
    double rank = (view.is_harmful ? HARMFUL_RANK * (1 + view.harm) : 0);
    block->is_looked_at[w] = true;
    block->harm[w] = (float)view.harm;
    block->rank[w] = (float)(rank + (double)served->told[w].surprise);
    block->since[w] = view.since;
    block->since_row[w] = view.since_row;
}

static bool is_before(Block *block, size_t a, size_t b)
{
    look_at(block, a);
    look_at(block, b);
    return block->rank[a] > block->rank[b];
}

/* Told by that one, and still odd. */
static bool is_in(const Block *block, size_t w, uint32_t leader)
{
    const ServedTold *told = &block->served->told[w];
    return block->odd[w] && told->told != ODD_TIME_NONE && told->leader == leader;
}

static uint64_t apart(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* Of both it is known to a stretch or two when they began. */
static bool began_together(const Served *served, const ServedTold *a, size_t of_a,
                           const ServedTold *b, size_t of_b)
{
    const Watch *watches = served->inputs->watches;
    uint64_t length = watches[of_a].stretches.length, other = watches[of_b].stretches.length;
    odd_time time =
        a->since > b->since ? time_minus(a->since, b->since) : time_minus(b->since, a->since);
    return time <= TOGETHER_NS || 2 * apart(a->since_row, b->since_row) <=
                                      TOGETHER_HALF_STRETCHES * (length > other ? length : other);
}

/* The first column of a block that began when this one did; UINT32_MAX: there is none. */
static uint32_t leader_of(const Served *served, uint32_t w)
{
    for (uint32_t i = 0; i < served->inputs->watch_count; i++) {
        const ServedTold *told = &served->told[i];
        if (told->told != ODD_TIME_NONE && told->leader == i &&
            began_together(served, told, i, &served->told[w], w))
            return i;
    }
    return UINT32_MAX;
}

/* The worst of those that are new; UINT32_MAX: there is none any more. */
static uint32_t worst_new(const Shard *shard, Block *block)
{
    uint32_t worst = UINT32_MAX;
    for (uint32_t w = 0; w < block->served->inputs->watch_count; w++) {
        const ServedTold *told = &block->served->told[w];
        if (block->odd[w] && told->told == ODD_TIME_NONE && is_due(shard, told, block->known) &&
            (worst == UINT32_MAX || is_before(block, w, worst)))
            worst = w;
    }
    return worst;
}

/* New ones join a block, or begin one; blocks of which nothing is odd any more end. */
static void gather(const Shard *shard, Block *block)
{
    Served *served = block->served;
    size_t count = served->inputs->watch_count;
    bool goes_on[SERVED_COLUMNS_MAX] = {false};
    for (size_t w = 0; w < count; w++)
        if (is_in(block, w, served->told[w].leader))
            goes_on[served->told[w].leader] = true;
    for (size_t w = 0; w < count; w++)
        if (!goes_on[served->told[w].leader])
            served->told[w].told = ODD_TIME_NONE;
    for (uint32_t w; (w = worst_new(shard, block)) != UINT32_MAX;) {
        ServedTold *told = &served->told[w];
        look_at(block, w);
        told->since = block->since[w];
        told->since_row = block->since_row[w];
        uint32_t leader = leader_of(served, w);
        told->leader = leader != UINT32_MAX ? leader : w;
        told->told = leader != UINT32_MAX ? block->known : BLOCK_IS_NEW;
    }
}

/* The first few of those that are told with it, the worst first; gives how many there are. */
static uint32_t name_others(Block *block, uint32_t leader, uint32_t first,
                            uint32_t named[OTHERS_NAMED])
{
    uint32_t count = 0;
    for (uint32_t w = 0; w < block->served->inputs->watch_count; w++) {
        if (w == first || !is_in(block, w, leader))
            continue;
        uint32_t at = count < OTHERS_NAMED ? count : OTHERS_NAMED;
        for (; at > 0 && is_before(block, w, named[at - 1]); at--)
            if (at < OTHERS_NAMED)
                named[at] = named[at - 1];
        if (at < OTHERS_NAMED)
            named[at] = w;
        count++;
    }
    return count;
}

/* "; with it a, b and 3 more" */
static void say_others(const odd_model *model, const uint32_t *named, uint32_t count, char *text)
{
    int size = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < count && i < OTHERS_NAMED; i++) {
        Str name = model_watch_name(model, &model->watches[named[i]]);
        const char *before = i == 0 ? "; with it " : i + 1 == count ? " and " : ", ";
        size += snprintf(text + size, SERVED_NAME_BYTES - (size_t)size, "%s%.*s", before,
                         (int)(name.size < OTHER_BYTES ? name.size : OTHER_BYTES), name.text);
    }
    if (count > OTHERS_NAMED)
        snprintf(text + size, SERVED_NAME_BYTES - (size_t)size, " and %u more",
                 count - OTHERS_NAMED);
}

/* By its first column, or if that is as usual again, by the worst of the others. */
static void tell_block(Shard *shard, Block *block, uint32_t leader, odd_time time)
{
    Served *served = block->served;
    uint32_t named[OTHERS_NAMED], first = block->odd[leader] ? leader : UINT32_MAX;
    char with[SERVED_NAME_BYTES];
    double surprise = 0, harm = NAN;
    for (uint32_t w = 0; w < served->inputs->watch_count; w++) {
        if (!is_in(block, w, leader))
            continue;
        look_at(block, w);
        if (first == UINT32_MAX || (first != leader && is_before(block, w, first)))
            first = w;
        surprise = fmax(surprise, (double)served->told[w].surprise);
        harm = fmax(harm, (double)block->harm[w]);
        served->told[w].surprise = 0;
    }
    say_others(served->inputs, named, name_others(block, leader, first, named), with);
    tell(shard, served,
         &(Telling){.model = served->inputs,
                    .watch = first,
                    .of = leader,
                    .surprise = surprise,
                    .time = time,
                    .goes_on = served->told[leader].told != BLOCK_IS_NEW,
                    .with = with,
                    .harm = harm});
    served->told[leader].told = block->known;
}

static void tell_inputs(Shard *shard, Served *served, odd_time time, odd_time known)
{
    Block block = {.served = served, .known = known};
    for (size_t w = 0; w < served->inputs->watch_count; w++)
        block.odd[w] = is_odd(served, served->inputs, w, &served->told[w]);
    gather(shard, &block);
    for (uint32_t w = 0; w < served->inputs->watch_count; w++) {
        const ServedTold *told = &served->told[w];
        bool is_new = told->told == BLOCK_IS_NEW;
        if (told->told != ODD_TIME_NONE && told->leader == w &&
            (is_new || is_due(shard, told, known)))
            tell_block(shard, &block, w, time);
    }
}

/* -- the estimate -------------------------------------------------------------------------- */

typedef struct {
    double value, before, error, surprise;
    bool   is_low;
} Estimate;

static void say_estimate(Shard *shard, const Served *served, const Estimate *now, odd_time time,
                         bool goes_on)
{
    char words[FINDING_TEXT_BYTES], sentence[SENTENCE_SIZE], signal[SERVED_NAME_BYTES],
        place[SERVED_NAME_BYTES];
    bool of_numbers = served_of_numbers(served);
    const char *what = of_numbers ? "mean error" : "accuracy";
    Str whose = served_name(served, STR(""), "", place);
    Str name = served_name(served, str_of(what), " of ", signal);
    double lower = fmax(now->value - 1.96 * now->error, 0), upper = now->value + 1.96 * now->error;
    snprintf(words, sizeof words,
             of_numbers ? "%s of %.*s is estimated at %.4g (%.4g to %.4g), was %.4g: errors are "
                          "larger on such rows"
                        : "%s of %.*s is estimated at %.3f (%.3f to %.3f), was %.3f: the model is "
                          "less sure on these rows",
             what, (int)whose.size, whose.text, now->value, lower,
             of_numbers ? upper : fmin(upper, 1), now->before);
    served_say(served, words, "", NAN, sentence);
    Finding finding = {.kind = FINDING_QUALITY,
                       .first = {.time = time},
                       .last = {.time = time},
                       .surprise = now->surprise,
                       .seen = now->value,
                       .expected = now->before,
                       .pattern = name,
                       .value = str_of(sentence),
                       .place = STR("without outcomes")};
    shard_model_candidate(shard, &finding, hash_add(served->plain.hash, QUALITY_ACCURACY), served,
                          goes_on);
}

/* Each chunk is a look, of which a day may have many. */
static Estimate estimate_of(const Served *served)
{
    const ServedPlain *plain = &served->plain;
    bool of_numbers = served->truths->quality->task == MODEL_NUMBERS;
    QualityMetric metric = of_numbers ? QUALITY_MAE : QUALITY_ACCURACY;
    QualityFigure figure = of_numbers ? loss_figure(&plain->chunk_loss, metric)
                                      : estimated_figure(&plain->chunk, metric);
    const Doubt *doubt = &served->truths->quality->doubts[metric];
    Estimate e = {.value = figure.value,
                  .before = served_reference_figure(served, metric),
                  .error = sqrt(figure.variance + doubt_variance(doubt))};
    double loss = of_numbers ? e.value - e.before : e.before - e.value;
    double least = of_numbers ? LOSS_LEAST_NUMBERS * e.before : LOSS_LEAST;
    e.surprise = (e.error > 0 ? normal_surprise(fabs(loss) / e.error) : FINDING_ODD) -
                 served_correction(served);
    e.is_low = loss - 1.645 * e.error > least && e.surprise >= FINDING_ODD;
    return e;
}

static void judge_estimate(Shard *shard, Served *served, odd_time time, odd_time known)
{
    ServedPlain *plain = &served->plain;
    double rows = (double)estimated_rows(&plain->chunk) + plain->chunk_loss.rows;
    if (served->truths->quality == NULL || rows < SERVED_CHUNK_ROWS)
        return;
    Estimate now = estimate_of(served);
    plain->is_estimate_low = now.is_low;
    memset(&plain->chunk, 0, sizeof plain->chunk);
    memset(&plain->chunk_loss, 0, sizeof plain->chunk_loss);
    if (!now.is_low) {
        plain->estimate_told = ODD_TIME_NONE;
        return;
    }
    bool goes_on = plain->estimate_told != ODD_TIME_NONE;
    if ((goes_on && time_minus(known, plain->estimate_told) < TOLD_NS) ||
        (!goes_on && now.surprise < shard->threshold_models))
        return;
    say_estimate(shard, served, &now, time, goes_on);
    plain->estimate_told = known;
}

void shard_models_tell(Shard *shard, Served *served, odd_time known)
{
    odd_time time = served->plain.last_time;
    if (served->plain.is_frozen)
        tell_inputs(shard, served, time, known);
    if (served->plain.is_frozen && served->plain.truths_frozen)
        tell_truths(shard, served, time, known);
    judge_estimate(shard, served, time, known);
    shard_models_tell_groups(shard, served, known);
}
