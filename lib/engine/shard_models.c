/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_models.c - predictions and outcomes of models come to a shard: learnt and judged. */
#include <math.h>

#include "engine/served.h"
#include "engine/shard.h"

#define SEED_OF_MODELS 0x6d6f64656c73ULL
#define HOUR_NS (3600 * NS_PER_S)
#define DAY_NS (S_PER_DAY * NS_PER_S)
#define SHORT_TICKS 60          /* Then a reference is as long as memory allows. */
#define FREEZE_ROW_BYTES 64
#define SURE_MAX 256
#define SURE_PREFIX "probabilities."

/* -- which model --------------------------------------------------------------------------- */

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

/* Those that have a reference to learn still need memory for it. */
static void limit_one(const Shard *shard, Served *served)
{
    uint64_t learning = 0;
    for (size_t i = 0; i < shard->served_count; i++) {
        const ServedPlain *plain = &shard->served[i].plain;
        learning += plain->predictions > 0 && (!plain->is_frozen || !plain->truths_frozen);
    }
    uint64_t share = shard->served_bytes_max / (learning > 0 ? learning : 1);
    served->inputs->mem.bytes_max = served->inputs->mem.bytes + share / 2;
    served->truths->mem.bytes_max = served->truths->mem.bytes + share / 2;
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
        shard_models_forget(shard, made);
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

/* -- facts --------------------------------------------------------------------------------- */

typedef struct {
    const Event    *event;
    PredictionBatch batch;
    Rows           *rows;
    uint32_t        id, output, probability, outcome;
    Served         *without; /* The model without a version, if it has outcomes that wait. */
    uint32_t        sure[SURE_MAX]; /* Columns of probabilities of classes. */
    size_t          sure_count;
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

/* How sure the model was where it says so of each class: of two of the one whose name is the
 * greater, of more of the surest. */
static void read_sure(Block *block, uint32_t from, uint32_t n)
{
    for (size_t k = block->sure_count == 2 ? 1 : 0; k < block->sure_count; k++) {
        rows_block(block->rows, block->sure[k], from, n, false);
        for (uint32_t i = 0; i < n; i++) {
            double *most = &block->facts[i].probability, p = block->rows->block[i].number;
            if (isnan(*most) || p > *most)
                *most = p;
        }
    }
}

static bool is_greater(Str a, Str b)
{
    int order = memcmp(a.text, b.text, a.size < b.size ? a.size : b.size);
    return order > 0 || (order == 0 && a.size > b.size);
}

static void find_sure(Block *block)
{
    size_t size = strlen(SURE_PREFIX);
    for (uint32_t c = 0; c < block->rows->column_count && block->sure_count < SURE_MAX; c++) {
        const BatchColumn *column = &block->rows->columns[c].column;
        if (column->role == BATCH_FEATURE && column->name.size > size &&
            memcmp(column->name.text, SURE_PREFIX, size) == 0)
            block->sure[block->sure_count++] = c;
    }
    if (block->sure_count != 2)
        return;
    const RowsColumn *columns = block->rows->columns;
    uint32_t first = block->sure[0], second = block->sure[1];
    if (is_greater(columns[first].column.name, columns[second].column.name))
        block->sure[1] = first;
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
    } else {
        read_sure(block, from, n);
    }
    if (block->outcome == UINT32_MAX)
        return;
    rows_block(rows, block->outcome, from, n, false);
    for (uint32_t i = 0; i < n; i++)
        block->facts[i].outcome = rows->block[i];
}

static bool begin_block(Shard *shard, const Event *event, const PredictionBatch *batch, Block *ret)
{
    *ret = (Block){.event = event, .batch = *batch, .rows = shard->served_rows};
    if (!rows_begin(ret->rows, *batch))
        return false;
    ret->id = rows_role(ret->rows, BATCH_ID);
    ret->output = rows_role(ret->rows, BATCH_OUTPUT);
    ret->probability = rows_role(ret->rows, BATCH_PROBABILITY);
    ret->outcome = rows_role(ret->rows, BATCH_OUTCOME);
    find_sure(ret);
    ret->has_time = batch_find(batch, BATCH_TIME, &ret->time);
    return true;
}

/* -- rows ---------------------------------------------------------------------------------- */

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
    uint64_t needed =
        columns * (sizeof(Watch) + sizeof(Hours) + MODEL_BATCH_ROWS * (sizeof(double) + 2)) +
        model->row_count * FREEZE_ROW_BYTES;
    return model->mem.bytes + needed <= model->mem.bytes_max;
}

/* Rows of a reference that memory is short for are neither learnt nor judged. */
static odd_rc freeze(Shard *shard, Served *served)
{
    odd_rc rc =
        has_room_to_freeze(served->inputs) ? served_freeze(served, &shard->served_mem) : ODD_NOMEM;
    served->plain.was_short |= rc == ODD_NOMEM;
    return rc == ODD_NOMEM ? ODD_OK : rc;
}

static uint64_t rows_wanted(const Shard *shard, const Served *served)
{
    return served->plain.is_marked ? MODEL_REFERENCE_ROWS_MAX : shard->reference_rows;
}

static odd_rc learn(Served *served, Block *block, uint32_t from, uint32_t n)
{
    uint32_t first = (uint32_t)served->inputs->row_count;
    odd_rc rc = served_reference(served, block->rows, from, n);
    if (rc == ODD_NOMEM) {
        served->plain.unlearnt += n;
        served->plain.was_short = true;
        return ODD_OK;
    }
    for (uint32_t i = 0; i < n; i++)
        block->facts[i].reference_row = first + i + 1;
    return rc;
}

/* Rows that are said to be the reference make a new one; the first that is not, ends it. */
static odd_rc turn(Shard *shard, Served *served, const Block *block)
{
    ServedPlain *plain = &served->plain;
    if (block->batch.is_reference && (plain->is_frozen || !plain->is_marked)) {
        odd_rc rc = served_begin_again(served, &shard->served_mem, block->outcome != UINT32_MAX);
        if (rc != ODD_OK)
            return rc;
        limit_one(shard, served);
        plain->is_marked = true;
        plain->truths_given = block->outcome != UINT32_MAX;
    }
    bool ends = !block->batch.is_reference && plain->is_marked && !plain->is_frozen &&
                served->inputs->row_count >= SERVED_MARKED_MIN;
    odd_rc rc = ends ? freeze(shard, served) : ODD_OK;
    return ends && rc == ODD_OK ? served_truths_whole(served) : rc;
}

/* Up to the first row with which another hour begins. */
static uint32_t rows_of_hour(const Served *served, const Block *block, uint32_t from, uint32_t n)
{
    odd_time newest = served->plain.last_time, known = block->event->known;
    for (uint32_t i = 0; block->has_time && i < n; i++) {
        odd_time time = believed(batch_time(&block->time, from + i), known);
        if (i > 0 && time > newest && time / HOUR_NS != newest / HOUR_NS)
            return i;
        newest = time > newest ? time : newest;
    }
    return n;
}

static uint32_t block_rows(const Shard *shard, const Served *served, const Block *block,
                           uint32_t from)
{
    uint32_t left = block->batch.rows - from, n = left < SERVED_BLOCK ? left : SERVED_BLOCK;
    n = rows_of_hour(served, block, from, n);
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

/* Whether a person is to be asked about the row. */
static void ask_about(Shard *shard, Served *served, const Block *block, uint32_t from, uint32_t i,
                      const ServedGuess *guess)
{
    Question question;
    char room[REAL_TEXT_SIZE];
    if (!served_asks(served, &shard->served_mem, &block->facts[i], guess, &question))
        return;
    Str id = rows_id(block->rows, block->id, from + i, room);
    if (id.size > QUESTION_ID_BYTES)
        return;
    memcpy(question.text, id.text, id.size);
    question.size = (uint8_t)id.size;
    questions_add(&served->questions[0], &question);
}

static odd_rc take_block(Shard *shard, Served *served, Block *block, uint32_t from, uint32_t n)
{
    odd_time known = block->event->known;
    read_facts(block, from, n);
    count_times(served, block->facts, n, known);
    bool is_full = served->inputs->row_count >= rows_wanted(shard, served);
    odd_rc rc = ODD_OK;
    bool is_judged = served->plain.is_frozen;
    if (is_judged)
        rc = served_judge(served, block->rows, from, n, block->facts);
    else if (is_full)
        served->plain.unlearnt += n; /* Whole, and memory is short for what it needs then. */
    else
        rc = learn(served, block, from, n);
    for (uint32_t i = 0; rc == ODD_OK && i < n; i++) {
        if (is_judged)
            served_cells_read(served, i, &block->facts[i]);
        ServedGuess guess = served_expect(served, &block->facts[i]);
        ask_about(shard, served, block, from, i, &guess);
        if (block->facts[i].id != 0)
            adopt(served, block->without, block->facts[i].id);
        rc = served_prediction(served, &block->facts[i], &guess, known);
    }
    bool is_whole = served->inputs->row_count >= rows_wanted(shard, served);
    if (rc == ODD_OK && !is_judged && !is_full && is_whole)
        rc = freeze(shard, served);
    return rc;
}

static odd_rc take_predictions(Shard *shard, Served *served, Block *block)
{
    odd_rc rc = turn(shard, served, block);
    for (uint32_t from = 0, n; rc == ODD_OK && from < block->batch.rows; from += n) {
        n = block_rows(shard, served, block, from);
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

static odd_rc take_outcome(const Shard *shard, Served *served, const RowsFact *fact, odd_time known)
{
    odd_rc rc = served_outcome(served, fact, known);
    Served *beside;
    for (size_t at = 0; rc == ODD_OK && (beside = served_beside(shard, served, &at)) != NULL;)
        rc = served_outcome(beside, fact, known);
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
                rc = take_outcome(shard, version_of(shard, served, block->facts[i].id),
                                  &block->facts[i], known);
    }
    served->plain.known = known;
    return rc;
}

/* Of all versions: an outcome may have been of any. */
static odd_rc end_all(Shard *shard, Served *all, size_t count, Str model, odd_time known)
{
    odd_rc rc = ODD_OK;
    for (size_t i = 0; rc == ODD_OK && i < count; i++) {
        if (!str_equal(served_model(&all[i]), model))
            continue;
        rc = served_truths_end(&all[i]);
        if (rc == ODD_OK)
            shard_models_tell(shard, &all[i], known);
    }
    return rc;
}

static odd_rc end_batch(Shard *shard, Str model, odd_time known)
{
    odd_rc rc = end_all(shard, shard->served, shard->served_count, model, known);
    return rc == ODD_OK ? end_all(shard, shard->beside, shard->beside_count, model, known) : rc;
}

/* The same rows, for each other reference of the model. */
static odd_rc take_beside(Shard *shard, const Served *served, const Event *event,
                          const PredictionBatch *batch)
{
    odd_rc rc = ODD_OK;
    Served *beside;
    Block block;
    for (size_t at = 0; rc == ODD_OK && (beside = served_beside(shard, served, &at)) != NULL;) {
        beside->plain.reference_ns = shard->reference_ns;
        if (begin_block(shard, event, batch, &block))
            rc = take_predictions(shard, beside, &block);
        else
            shard->models_refused += batch->rows;
    }
    return rc;
}

odd_rc shard_batch(Shard *shard, const Event *event)
{
    char problem[BATCH_PROBLEM_BYTES];
    PredictionBatch batch;
    Block block;
    if (!batch_read(event->text, &batch, problem))
        return ODD_OK; /* Whoever put it in has checked it: what is torn, the journal tells. */
    shard_keep_rows(shard, event, &batch);
    Served *served = find_served(shard, &batch);
    if (served != NULL)
        served->plain.reference_ns = shard->reference_ns;
    if (served == NULL || !begin_block(shard, event, &batch, &block)) {
        shard->models_refused += batch.rows;
        return ODD_OK;
    }
    Served *without = batch.version.size > 0 ? there_is(shard, batch.model, STR("")) : NULL;
    block.without = without != NULL && without->pending.outcomes > 0 ? without : NULL;
    odd_rc rc = batch.what == BATCH_OUTCOMES ? take_outcomes(shard, served, &block)
                                             : take_predictions(shard, served, &block);
    if (rc == ODD_OK && batch.what == BATCH_PREDICTIONS)
        rc = take_beside(shard, served, event, &batch);
    return rc == ODD_OK ? end_batch(shard, batch.model, event->known) : rc;
}

/* -- ticks --------------------------------------------------------------------------------- */

/* A slow model has what came in a week; where memory is short, a reference is what fits. */
static odd_rc tick_learning(Shard *shard, Served *served)
{
    ServedPlain *plain = &served->plain;
    plain->short_ticks = (uint8_t)(plain->was_short ? plain->short_ticks + 1 : 0);
    plain->was_short = false;
    size_t rows = served->inputs->row_count;
    bool is_slow = plain->first_time != ODD_TIME_NONE && rows >= SERVED_REFERENCE_MIN &&
                   time_minus(plain->last_time, plain->first_time) >= plain->reference_ns;
    bool is_short = plain->short_ticks >= SHORT_TICKS && rows >= SERVED_MARKED_MIN;
    bool is_full = rows >= rows_wanted(shard, served);
    if (is_short)
        plain->short_ticks = 0;
    return is_full || is_short || (is_slow && !plain->is_marked) ? freeze(shard, served) : ODD_OK;
}

static odd_rc tick_all(Shard *shard, Served *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Served *served = &all[i];
        shard->models_changed |=
            served->pending.count > 0 || served->plain.was_short || served->plain.short_ticks > 0;
        pending_sweep(&served->pending, shard->now, shard->outcome_wait_ns);
        odd_rc rc =
            served->plain.is_frozen ? served_truths_whole(served) : tick_learning(shard, served);
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}

odd_rc shard_models_tick(Shard *shard)
{
    shard->rows_kept_bytes = 0;
    odd_rc rc = tick_all(shard, shard->served, shard->served_count);
    return rc == ODD_OK ? tick_all(shard, shard->beside, shard->beside_count) : rc;
}

/* -- memory ------------------------------------------------------------------------- */

uint64_t shard_models_bytes(const Shard *shard)
{
    uint64_t bytes = shard->served_mem.bytes;
    for (size_t i = 0; i < shard->served_count; i++)
        bytes += served_bytes(&shard->served[i]);
    for (size_t i = 0; i < shard->beside_count; i++)
        bytes += served_bytes(&shard->beside[i]);
    return bytes;
}

void shard_models_limit(Shard *shard, uint64_t more)
{
    shard->served_bytes_max = more;
    shard->served_mem.bytes_max = shard->served_mem.bytes + more / 4 + SERVED_BYTES_FIRST;
    for (size_t i = 0; i < shard->served_count; i++)
        limit_one(shard, &shard->served[i]);
    for (size_t i = 0; i < shard->beside_count; i++)
        limit_one(shard, &shard->beside[i]);
}

odd_time shard_models_newest(const Shard *shard)
{
    odd_time newest = ODD_TIME_NONE;
    for (size_t i = 0; i < shard->served_count; i++)
        if (shard->served[i].plain.last_time > newest)
            newest = shard->served[i].plain.last_time;
    return newest;
}

bool shard_models_open(Shard *shard)
{
    shard->served_rows = mem_take(&shard->way_mem, sizeof *shard->served_rows);
    if (shard->served_rows != NULL)
        shard->served_rows->mem = &shard->way_mem;
    return shard->served_rows != NULL;
}

void shard_models_close(Shard *shard)
{
    for (size_t i = 0; i < shard->served_count; i++)
        served_close(&shard->served[i], &shard->served_mem);
    mem_free(&shard->served_mem, shard->served, shard->served_capacity * sizeof *shard->served);
    for (size_t i = 0; i < shard->beside_count; i++)
        served_close(&shard->beside[i], &shard->served_mem);
    mem_free(&shard->served_mem, shard->beside, shard->beside_capacity * sizeof *shard->beside);
    if (shard->served_rows != NULL)
        rows_end(shard->served_rows);
    mem_free(&shard->way_mem, shard->served_rows, sizeof *shard->served_rows);
}
