/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_models.c - predictions and outcomes of models come to a shard, are learnt and judged, and
 * what is odd of them becomes candidates. */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/real.h"
#include "engine/model_finding.h"
#include "engine/shard.h"
#include "stats/normal.h"

#define SEED_OF_MODELS 0x6d6f64656c73ULL
#define TOLD_NS (60 * NS_PER_S) /* What goes on is told so often. */
#define DAY_NS (S_PER_DAY * NS_PER_S)
#define RUN_ROWS 1e6            /* Rows between two false alarms, as evidence counts them. */
#define ALARM_DAYS 7.0          /* And so many days at least. */
#define ODD 3.0
#define SHORT_TICKS 60          /* Then a reference is as long as memory allows. */
#define LOSS_LEAST 0.005        /* A change of accuracy that matters. */
#define FREEZE_ROW_BYTES 64
#define NAME_BYTES 200

/* -- which model -------------------------------------------------------------------------------- */

static uint64_t hash_of(Str model, Str version)
{
    return hash_bytes(version.text, version.size,
                      hash_bytes(model.text, model.size, SEED_OF_MODELS));
}

static Served *silent_longest(Shard *shard)
{
    Served *longest = &shard->served[0];
    for (size_t i = 1; i < shard->served_count; i++)
        if (shard->served[i].plain.known < longest->plain.known)
            longest = &shard->served[i];
    return longest;
}

static void limit_one(const Shard *shard, Served *served)
{
    uint64_t share = shard->served_bytes_max / (shard->served_count > 0 ? shard->served_count : 1);
    served->inputs->mem.bytes_max = served->inputs->mem.bytes + share / 2;
    served->truths->mem.bytes_max = served->truths->mem.bytes + share / 4;
}

static Served *there_is(const Shard *shard, Str model, Str version)
{
    uint64_t hash = hash_of(model, version);
    for (size_t i = 0; i < shard->served_count; i++) {
        Served *served = &shard->served[i];
        if (served->plain.hash == hash && str_equal(served_model(served), model) &&
            str_equal(served_version(served), version))
            return served;
    }
    return NULL;
}

/* NULL: no memory. */
static Served *find_served(Shard *shard, const PredictionBatch *batch)
{
    Served *made = there_is(shard, batch->model, batch->version);
    if (made != NULL)
        return made;
    if (shard->served_count == SERVED_MAX) {
        made = silent_longest(shard);
        served_close(made, &shard->served_mem);
        shard->models_dropped++;
    } else {
        Served *grown = mem_grow(&shard->served_mem, shard->served, &shard->served_capacity,
                                 shard->served_count + 1, sizeof *grown);
        if (grown == NULL)
            return NULL;
        shard->served = grown;
        made = &grown[shard->served_count];
    }
    if (served_open(made, &shard->served_mem, batch->model, batch->version) != ODD_OK) {
        if (made < &shard->served[shard->served_count]) /* Its place was another one's. */
            *made = shard->served[--shard->served_count];
        return NULL;
    }
    shard->served_count += made == &shard->served[shard->served_count];
    made->plain.hash = hash_of(batch->model, batch->version);
    made->plain.labelled_wanted =
        shard->reference_rows > SERVED_LABELLED_ROWS ? shard->reference_rows : SERVED_LABELLED_ROWS;
    limit_one(shard, made);
    return made;
}

/* -- facts -------------------------------------------------------------------------------------- */

typedef struct {
    const Event    *event;
    PredictionBatch batch;
    Rows           *rows;
    uint32_t        id, output, probability, outcome;
    Served         *without; /* The model without a version, if it is another one and has outcomes. */
    BatchColumn     time;
    bool            has_time;
    RowsFact        facts[SERVED_BLOCK];
} Block;

static odd_time believed(odd_time time, odd_time known)
{
    bool is_early = time != ODD_TIME_NONE && time_minus(time, known) > EARLY_NS_MAX;
    return time == ODD_TIME_NONE || is_early ? known : time;
}

static void begin_facts(Block *block, uint32_t from, uint32_t n)
{
    const RowsCell none = {.number = NAN, .kind = PREDICTION_MISSING};
    odd_time known = block->event->known;
    for (uint32_t i = 0; i < n; i++) {
        odd_time time = block->has_time ? batch_time(&block->time, from + i) : known;
        block->facts[i] = (RowsFact){.time = believed(time, known),
                                     .output = none,
                                     .outcome = none,
                                     .probability = NAN};
    }
}

static void read_facts(Block *block, uint32_t from, uint32_t n)
{
    Rows *rows = block->rows;
    begin_facts(block, from, n);
    if (block->id != UINT32_MAX) {
        rows_block(rows, block->id, from, n, true);
        for (uint32_t i = 0; i < n; i++)
            if (rows->block[i].kind != PREDICTION_MISSING)
                block->facts[i].id = rows->block[i].hash | 1ull << 63;
    }
    if (block->output != UINT32_MAX) {
        rows_block(rows, block->output, from, n, false);
        for (uint32_t i = 0; i < n; i++)
            block->facts[i].output = rows->block[i];
    }
    if (block->probability != UINT32_MAX) {
        rows_block(rows, block->probability, from, n, false);
        for (uint32_t i = 0; i < n; i++)
            block->facts[i].probability = rows->block[i].number;
    }
    if (block->outcome == UINT32_MAX)
        return;
    rows_block(rows, block->outcome, from, n, false);
    for (uint32_t i = 0; i < n; i++)
        block->facts[i].outcome = rows->block[i];
}

static bool begin_block(Shard *shard, const Event *event, const PredictionBatch *batch, Block *ret)
{
    *ret = (Block){.event = event, .batch = *batch, .rows = &shard->served_rows};
    if (!rows_begin(ret->rows, *batch))
        return false;
    ret->id = rows_role(ret->rows, BATCH_ID);
    ret->output = rows_role(ret->rows, BATCH_OUTPUT);
    ret->probability = rows_role(ret->rows, BATCH_PROBABILITY);
    ret->outcome = rows_role(ret->rows, BATCH_OUTCOME);
    ret->has_time = batch_find(batch, BATCH_TIME, &ret->time);
    return true;
}

/* -- candidates ---------------------------------------------------------------------------------- */

/* A fast model has a million rows in a minute, and may not have a false alarm in each. */
static double correction(const Served *served)
{
    const ServedPlain *plain = &served->plain;
    uint64_t day = plain->day_rows > plain->day_before ? plain->day_rows : plain->day_before;
    double runs = ALARM_DAYS * (double)day / RUN_ROWS;
    return runs > 1 ? real_log10(runs) : 0;
}

static Str name_of(const Served *served, Str column, const char *between, char room[NAME_BYTES])
{
    Str model = served_model(served), version = served_version(served);
    int size = snprintf(room, NAME_BYTES, "%.*s%s%.*s%s%.*s", (int)column.size, column.text,
                        between, (int)model.size, model.text, version.size > 0 ? " " : "",
                        (int)version.size, version.text);
    return (Str){.text = room, .size = size < NAME_BYTES ? (size_t)size : NAME_BYTES - 1};
}

static FindingKind kind_of(const Served *served, const odd_model *model, const Watch *watch)
{
    if (model == served->inputs)
        return FINDING_DRIFT;
    return watch->column == TRUTH_DELAY ? FINDING_DELAY : FINDING_ERRORS;
}

static void tell(Shard *shard, const Served *served, const odd_model *model, const Watch *watch,
                 double surprise, odd_time time, bool goes_on)
{
    const Stretches *stretches = &watch->stretches;
    double counts[CELL_COUNT], n = 0;
    StretchRun since = stretches_since(stretches, &watch->expected);
    stretches_sum(stretches, since, counts);
    for (size_t c = 0; c < CELL_COUNT; c++)
        n += counts[c];
    double run = (double)(1u << watch->evidence.bets.roots);
    Drift drift = drift_of(&watch->expected, counts, model->options.tolerance, run);
    char signal[NAME_BYTES], place[NAME_BYTES], how[NAME_BYTES];
    Str column = model_watch_name(model, watch);
    ModelFinding words = {.now = NAN, .before = NAN};
    words.signal = name_of(served, column, " of ", signal);
    model_say_column(model, watch, &drift, counts, n, &words);
    snprintf(how, sizeof how, "%.2g standard deviations off", drift.effect.size);
    Str whose = name_of(served, STR(""), "", place);
    uint64_t id = hash_bytes(column.text, column.size, served->plain.hash);
    Finding finding = {.kind = kind_of(served, model, watch),
                       .first = {.time = goes_on ? time : stretches->time[since.first],
                                 .row = goes_on ? 0 : stretches->first_row[since.first]},
                       .last = {.time = time},
                       .surprise = surprise,
                       .seen = words.now,
                       .expected = words.before,
                       .pattern = words.signal,
                       .value = str_of(words.sentence),
                       .place = str_of(how)};
    shard_model_candidate(shard, &finding, id, hash_bytes(whose.text, whose.size, 0),
                          served_model(served), goes_on);
}

/* Behind the rows of an event: what is in an episode is told, once a minute. */
static void tell_watches(Shard *shard, Served *served, odd_model *model, size_t first,
                         odd_time time, odd_time known)
{
    for (size_t w = 0; w < model->watch_count; w++) {
        Watch *watch = &model->watches[w];
        odd_time *told = &served->told[first + w];
        double surprise =
            (double)model_surprise(model, watch, watch->money_most) - correction(served);
        watch->money_most = 0;
        if (!watch->is_in_episode) {
            *told = ODD_TIME_NONE;
            if (watch->stretches.length * STRETCH_COUNT_MAX > SERVED_STRETCH_ROWS)
                stretches_begin(&watch->stretches);
            continue;
        }
        bool goes_on = *told != ODD_TIME_NONE;
        if ((goes_on && time_minus(known, *told) < TOLD_NS) ||
            (!goes_on && surprise < shard->threshold_models) || watch->stretches.count == 0)
            continue;
        tell(shard, served, model, watch, surprise, time, goes_on);
        *told = known;
    }
}

/* -- the estimate -------------------------------------------------------------------------------- */

static void say_estimate(Shard *shard, const Served *served, double now, double before,
                         double error, double surprise, odd_time time, bool goes_on)
{
    char sentence[MODEL_TEXT_BYTES], signal[NAME_BYTES], place[NAME_BYTES];
    Str whose = name_of(served, STR(""), "", place);
    Str name = name_of(served, STR("accuracy"), " of ", signal);
    snprintf(sentence, sizeof sentence,
             "accuracy of %.*s is estimated at %.3f (%.3f to %.3f), was %.3f: the model is less "
             "sure on these rows",
             (int)whose.size, whose.text, now, fmax(now - 1.96 * error, 0),
             fmin(now + 1.96 * error, 1), before);
    Finding finding = {.kind = FINDING_QUALITY,
                       .first = {.time = time},
                       .last = {.time = time},
                       .surprise = surprise,
                       .seen = now,
                       .expected = before,
                       .pattern = name,
                       .value = str_of(sentence),
                       .place = STR("without outcomes")};
    shard_model_candidate(shard, &finding, hash_add(served->plain.hash, QUALITY_ACCURACY),
                          hash_bytes(whose.text, whose.size, 0), served_model(served), goes_on);
}

/* Each chunk is a look, of which a day may have many. */
static void judge_estimate(Shard *shard, Served *served, odd_time time, odd_time known)
{
    ServedPlain *plain = &served->plain;
    const ModelQuality *quality = served->truths->quality;
    if (quality == NULL || plain->chunk.rows < SERVED_CHUNK_ROWS)
        return;
    QualityFigure figure = estimated_figure(&plain->chunk, QUALITY_ACCURACY);
    double before = served_reference_figure(served, QUALITY_ACCURACY);
    double error =
        sqrt(figure.variance + doubt_variance(&quality->doubts[QUALITY_ACCURACY]));
    double loss = before - figure.value;
    double surprise =
        (error > 0 ? normal_surprise(fabs(loss) / error) : ODD) - correction(served);
    plain->is_estimate_low = loss - 1.645 * error > LOSS_LEAST && surprise >= ODD;
    memset(&plain->chunk, 0, sizeof plain->chunk);
    if (!plain->is_estimate_low) {
        plain->estimate_told = ODD_TIME_NONE;
        return;
    }
    bool goes_on = plain->estimate_told != ODD_TIME_NONE;
    if ((goes_on && time_minus(known, plain->estimate_told) < TOLD_NS) ||
        (!goes_on && surprise < shard->threshold_models))
        return;
    say_estimate(shard, served, figure.value, before, error, surprise, time, goes_on);
    plain->estimate_told = known;
}

/* -- rows ---------------------------------------------------------------------------------------- */

static void count_times(Served *served, const RowsFact *facts, uint32_t n, odd_time known)
{
    ServedPlain *plain = &served->plain;
    for (uint32_t i = 0; i < n; i++) {
        odd_time time = facts[i].time;
        if (plain->first_time == ODD_TIME_NONE || time < plain->first_time)
            plain->first_time = time;
        if (time > plain->last_time)
            plain->last_time = time;
    }
    if (plain->day_from == ODD_TIME_NONE || time_minus(known, plain->day_from) >= DAY_NS) {
        plain->day_before = plain->day_from != ODD_TIME_NONE ? plain->day_rows : 0;
        plain->day_rows = 0;
        plain->day_from = known;
    }
    plain->day_rows += n;
    plain->predictions += n;
    plain->known = known;
}

static bool has_room_to_freeze(const odd_model *model)
{
    uint64_t columns = model->table.column_count + 1;
    uint64_t needed = columns * (sizeof(Watch) + MODEL_BATCH_ROWS * (sizeof(double) + 2)) +
                      model->row_count * FREEZE_ROW_BYTES;
    return model->mem.bytes + needed <= model->mem.bytes_max;
}

/* Rows of a reference that memory is short for are neither learnt nor judged. */
static odd_rc freeze(Shard *shard, Served *served)
{
    odd_rc rc = has_room_to_freeze(served->inputs) ? served_freeze(served, &shard->served_mem)
                                                   : ODD_NOMEM;
    served->plain.was_short |= rc == ODD_NOMEM;
    return rc == ODD_NOMEM ? ODD_OK : rc;
}

static uint64_t rows_wanted(const Shard *shard, const Served *served)
{
    return served->plain.is_marked ? MODEL_REFERENCE_ROWS_MAX : shard->reference_rows;
}

static odd_rc learn(Shard *shard, Served *served, Block *block, uint32_t from, uint32_t n)
{
    odd_rc rc = served_reference(served, block->rows, from, n);
    if (rc == ODD_NOMEM) {
        served->plain.unlearnt += n;
        served->plain.was_short = true;
        return ODD_OK;
    }
    if (rc == ODD_OK && served->inputs->row_count >= rows_wanted(shard, served))
        rc = freeze(shard, served);
    return rc;
}

/* Rows that are said to be the reference make a new one; the first that is not, ends it. */
static odd_rc turn(Shard *shard, Served *served, const Block *block)
{
    ServedPlain *plain = &served->plain;
    if (block->batch.is_reference && (plain->is_frozen || !plain->is_marked)) {
        odd_rc rc = served_begin_again(served, &shard->served_mem);
        if (rc != ODD_OK)
            return rc;
        limit_one(shard, served);
        plain->is_marked = true;
    }
    bool ends = !block->batch.is_reference && plain->is_marked && !plain->is_frozen &&
                served->inputs->row_count >= SERVED_MARKED_MIN;
    return ends ? freeze(shard, served) : ODD_OK;
}

static uint32_t block_rows(const Shard *shard, const Served *served, uint32_t left)
{
    uint32_t n = left < SERVED_BLOCK ? left : SERVED_BLOCK;
    uint64_t wanted = rows_wanted(shard, served), has = served->inputs->row_count;
    if (!served->plain.is_frozen && has < wanted && wanted - has < n)
        n = (uint32_t)(wanted - has);
    return n;
}

/* Outcomes that named no version and came first are taken over. */
static void adopt(Served *served, Served *without, uint64_t id)
{
    PendingRow *row = without != NULL ? pending_find(&without->pending, id) : NULL;
    if (row == NULL || row->state != PENDING_OUTCOME || pending_find(&served->pending, id) != NULL)
        return;
    if (pending_add(&served->pending, row) != NULL)
        pending_state(&without->pending, row, PENDING_JOINED);
}

static odd_rc take_block(Shard *shard, Served *served, Block *block, uint32_t from, uint32_t n)
{
    odd_time known = block->event->known;
    read_facts(block, from, n);
    count_times(served, block->facts, n, known);
    bool is_full = served->inputs->row_count >= rows_wanted(shard, served);
    odd_rc rc = ODD_OK;
    if (served->plain.is_frozen)
        rc = served_judge(served, block->rows, from, n, block->facts);
    else if (is_full)
        served->plain.unlearnt += n; /* Whole, and memory is short for what it needs then. */
    else
        rc = learn(shard, served, block, from, n);
    for (uint32_t i = 0; rc == ODD_OK && i < n; i++) {
        if (block->facts[i].id != 0)
            adopt(served, block->without, block->facts[i].id);
        rc = served_prediction(served, &block->facts[i], known);
    }
    return rc;
}

static odd_rc take_predictions(Shard *shard, Served *served, Block *block)
{
    odd_rc rc = turn(shard, served, block);
    for (uint32_t from = 0, n; rc == ODD_OK && from < block->batch.rows; from += n) {
        n = block_rows(shard, served, block->batch.rows - from);
        rc = take_block(shard, served, block, from, n);
    }
    return rc;
}

static bool is_of(const Served *served, const Served *said)
{
    return str_equal(served_model(served), served_model(said));
}

/* An outcome that names no version is one of whichever version has its prediction. */
static Served *version_of(const Shard *shard, Served *said, uint64_t id)
{
    Served *unsampled = said; /* It would be there, were it in the sample. */
    for (size_t i = 0; said->plain.version_size == 0 && i < shard->served_count; i++) {
        Served *served = &shard->served[i];
        const PendingRow *row = is_of(served, said) ? pending_find(&served->pending, id) : NULL;
        if (row != NULL && row->state != PENDING_OUTCOME)
            return served;
        if (served->plain.predictions > 0 && is_of(served, said) &&
            !pending_samples(&served->pending, id))
            unsampled = served;
    }
    return unsampled;
}

static odd_rc end_truths(Shard *shard, Str model)
{
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < shard->served_count; i++)
        if (str_equal(served_model(&shard->served[i]), model))
            rc = served_truths_end(&shard->served[i]);
    return rc;
}

static odd_rc take_outcomes(Shard *shard, Served *served, Block *block)
{
    odd_time known = block->event->known;
    odd_rc rc = ODD_OK;
    for (uint32_t from = 0, n; rc == ODD_OK && from < block->batch.rows; from += n) {
        uint32_t left = block->batch.rows - from;
        n = left < SERVED_BLOCK ? left : SERVED_BLOCK;
        read_facts(block, from, n);
        for (uint32_t i = 0; rc == ODD_OK && i < n; i++)
            if (block->facts[i].id != 0)
                rc = served_outcome(version_of(shard, served, block->facts[i].id),
                                    &block->facts[i], known);
    }
    served->plain.known = known;
    return rc == ODD_OK ? end_truths(shard, block->batch.model) : rc;
}

static void tell_all(Shard *shard, Served *served, odd_time known)
{
    odd_time time = served->plain.last_time;
    if (served->plain.is_frozen) {
        tell_watches(shard, served, served->inputs, 0, time, known);
        if (served->plain.truths_frozen)
            tell_watches(shard, served, served->truths, served->inputs->watch_count, time, known);
    }
    judge_estimate(shard, served, time, known);
}

odd_rc shard_batch(Shard *shard, const Event *event)
{
    char problem[BATCH_PROBLEM_BYTES];
    PredictionBatch batch;
    Block block;
    if (!batch_read(event->text, &batch, problem))
        return ODD_OK; /* Whoever put it in has checked it: what is torn, the journal tells. */
    Served *served = find_served(shard, &batch);
    if (served == NULL || !begin_block(shard, event, &batch, &block)) {
        shard->models_refused += batch.rows;
        return ODD_OK;
    }
    Served *without = batch.version.size > 0 ? there_is(shard, batch.model, STR("")) : NULL;
    block.without = without != NULL && without->pending.outcomes > 0 ? without : NULL;
    odd_rc rc = batch.what == BATCH_OUTCOMES ? take_outcomes(shard, served, &block)
                                             : take_predictions(shard, served, &block);
    if (rc == ODD_OK)
        rc = served_truths_end(served);
    for (size_t i = 0; rc == ODD_OK && i < shard->served_count; i++)
        if (str_equal(served_model(&shard->served[i]), batch.model))
            tell_all(shard, &shard->served[i], event->known);
    return rc;
}

/* -- ticks ---------------------------------------------------------------------------------------- */

/* A slow model has what came in a week; where memory is short, a reference is what fits. */
static odd_rc tick_learning(Shard *shard, Served *served)
{
    ServedPlain *plain = &served->plain;
    plain->short_ticks = (uint8_t)(plain->was_short ? plain->short_ticks + 1 : 0);
    plain->was_short = false;
    size_t rows = served->inputs->row_count;
    bool is_slow = plain->first_time != ODD_TIME_NONE && rows >= SERVED_REFERENCE_MIN &&
                   time_minus(plain->last_time, plain->first_time) >= SERVED_REFERENCE_NS;
    bool is_short = plain->short_ticks >= SHORT_TICKS && rows >= SERVED_MARKED_MIN;
    bool is_full = rows >= rows_wanted(shard, served);
    if (is_short)
        plain->short_ticks = 0;
    return is_full || is_short || (is_slow && !plain->is_marked) ? freeze(shard, served) : ODD_OK;
}

odd_rc shard_models_tick(Shard *shard)
{
    for (size_t i = 0; i < shard->served_count; i++) {
        Served *served = &shard->served[i];
        shard->models_changed |= served->pending.count > 0 || served->plain.was_short ||
                                 served->plain.short_ticks > 0;
        pending_sweep(&served->pending, shard->now, shard->outcome_wait_ns);
        odd_rc rc = served->plain.is_frozen ? ODD_OK : tick_learning(shard, served);
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}

/* -- memory, bytes ------------------------------------------------------------------------------- */

uint64_t shard_models_bytes(const Shard *shard)
{
    uint64_t bytes = shard->served_mem.bytes;
    for (size_t i = 0; i < shard->served_count; i++)
        bytes += served_bytes(&shard->served[i]);
    return bytes;
}

void shard_models_limit(Shard *shard, uint64_t more)
{
    shard->served_bytes_max = more;
    shard->served_mem.bytes_max =
        shard->served_mem.bytes + more / 4 + SERVED_BYTES_FIRST;
    for (size_t i = 0; i < shard->served_count; i++)
        limit_one(shard, &shard->served[i]);
}

void shard_models_close(Shard *shard)
{
    for (size_t i = 0; i < shard->served_count; i++)
        served_close(&shard->served[i], &shard->served_mem);
    mem_free(&shard->served_mem, shard->served, shard->served_capacity * sizeof *shard->served);
    rows_end(&shard->served_rows);
}

void shard_models_save(const Shard *shard, ImageOut *out)
{
    image_put_array(out, shard->served, 0, shard->served_capacity, sizeof *shard->served);
    uint64_t counts[3] = {shard->served_count, shard->models_dropped, shard->models_refused};
    image_put(out, counts, sizeof counts);
    for (size_t i = 0; i < shard->served_count; i++)
        served_save(&shard->served[i], out);
}

odd_rc shard_models_load(Shard *shard, ImageIn *in)
{
    size_t none;
    uint64_t counts[3] = {0};
    shard->served = image_get_array(in, &shard->served_mem, &none, &shard->served_capacity,
                                    sizeof *shard->served);
    image_get(in, counts, sizeof counts);
    shard->models_dropped = counts[1];
    shard->models_refused = counts[2];
    if (in->failed || counts[0] > shard->served_capacity)
        return ODD_CORRUPT;
    while (shard->served_count < counts[0]) {
        odd_rc rc = served_load(&shard->served[shard->served_count], &shard->served_mem, in);
        if (rc != ODD_OK)
            return rc;
        shard->served_count++;
    }
    return ODD_OK;
}
