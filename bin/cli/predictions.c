/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/predictions.h"

#include "cli/complain.h"
#include "cli/interrupt.h"
#include "cli/table_stream.h"
#include "input/clock.h"

typedef odd_rc (*Take)(odd_model *model, const void *bytes, size_t size);

typedef struct {
    Take                   take;
    const PredictionsTask *task;
    bool                   is_current;
    Predictions           *predictions;
} Feeding;

/* All blocks of one table. */
static bool feed(void *context, Stream *stream)
{
    const Feeding *feeding = context;
    const PredictionsTask *task = feeding->task;
    Predictions *predictions = feeding->predictions;
    Block block = {0};
    bool fine = true;
    while (fine && stream_next(stream, &block)) {
        odd_rc rc = feeding->take(predictions->model, block.bytes, block.size);
        if (rc != ODD_OK)
            complain("cannot read %s as a table of predictions: %s",
                     feeding->is_current ? task->current : task->reference,
                     odd_model_errmsg(predictions->model));
        *(feeding->is_current ? &predictions->rows : &predictions->reference_rows) +=
            block.row_count;
        fine = rc == ODD_OK;
        if (fine && feeding->is_current && task->step != NULL)
            fine = task->step(task->context, predictions->model);
    }
    block_free(&block);
    return fine;
}

static bool feed_file(const char *name, const atomic_bool *stop, const PredictionsTask *task,
                      bool is_current, Predictions *predictions)
{
    Feeding feeding = {.take = is_current ? odd_model_put : odd_model_reference,
                       .task = task,
                       .is_current = is_current,
                       .predictions = predictions};
    return table_stream(name, stop, feed, &feeding);
}

bool predictions_are(const Options *options, const char *name)
{
    if (options->prediction_column || options->probability_column || options->outcome_column ||
        options->id_column || options->segment_columns || options->dropped_columns)
        return true;
    if (options->kind != ODD_KIND_ANY)
        return false;
    Inputs inputs = {0};
    Notes notes = {0};
    Stream *stream;
    bool are = false;
    if (inputs_find(&name, 1, &inputs, &notes) && inputs.count == 1 && inputs.items[0].regular &&
        stream_open(&inputs.items[0], &(StreamOptions){.stop = NULL}, &notes, &stream)) {
        const char *head;
        size_t size = stream_peek(stream, &head);
        are = odd_model_recognise(head, size) != 0;
        stream_close(stream);
    }
    notes_free(&notes);
    inputs_free(&inputs);
    return are;
}

static bool open_model(const Options *options, const PredictionsTask *task,
                       Predictions *predictions)
{
    odd_time now = options->now.kind == MOMENT_TIME ? options->now.time : clock_now();
    odd_model_options wish = {.time = options->time_column,
                              .id = options->id_column,
                              .prediction = options->prediction_column,
                              .probability = options->probability_column,
                              .outcome = options->outcome_column,
                              .segments = options->segment_columns,
                              .left_out = options->dropped_columns,
                              .now = now,
                              .zone_s =
                                  options->zone_local ? clock_local_zone(now) : options->zone_s,
                              .memory_bytes_max = options->memory_bytes,
                              .scores = task->scores,
                              .asks = task->asks,
                              .chunk_rows = (uint64_t)options->chunk};
    odd_rc rc = odd_model_open(&wish, &predictions->model);
    if (rc != ODD_OK)
        complain("cannot start: %s", odd_strerror(rc));
    return rc == ODD_OK;
}

bool predictions_learn(const Options *options, const PredictionsTask *task, Predictions *ret)
{
    *ret = (Predictions){.started_s = clock_seconds()};
    const atomic_bool *stop = interrupt_watch();
    if (!open_model(options, task, ret) || !feed_file(task->reference, stop, task, false, ret) ||
        !feed_file(task->current, stop, task, true, ret))
        return false;
    if (odd_model_end(ret->model) != ODD_OK) {
        complain("cannot judge %s: %s", task->current, odd_model_errmsg(ret->model));
        return false;
    }
    ret->interrupted = atomic_load(stop);
    if (ret->interrupted)
        complain("stopped: this is what is known so far");
    return true;
}

void predictions_close(Predictions *predictions)
{
    odd_model_close(predictions->model);
}
