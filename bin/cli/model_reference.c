/* SPDX-License-Identifier: Apache-2.0
 *
 * model_reference.c - `oddball model reference`: a table from when a model was well, or a time of
 * which the server keeps what came, becomes what the server judges it by. */
#include "cli/model_reference.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/saying.h"
#include "cli/table_stream.h"

#define TABLE_BYTES_MAX (64u << 20) /* Of a request. */

typedef struct {
    const char *model, *version;
    const char *file; /* NULL: what the server keeps of a time. */
} Wanted;

static void add_parameter(Buffer *to, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buffer_puts(to, strchr(buffer_text(to), '?') == NULL ? "?" : "&");
    buffer_format(to, "%s=", name);
    buffer_percent(to, value);
}

static void add_moment(Buffer *to, const char *name, Moment moment)
{
    char text[24];
    if (moment.kind == MOMENT_NONE)
        return;
    snprintf(text, sizeof text, "%" PRId64, house_limit(moment, 0));
    add_parameter(to, name, text);
}

static void write_path(const Options *options, const Wanted *wanted, Buffer *path)
{
    buffer_puts(path, "/api/v1/models/");
    buffer_percent(path, wanted->model);
    buffer_puts(path, "/reference");
    add_parameter(path, "version", wanted->version);
    add_parameter(path, "time", options->time_column);
    add_parameter(path, "id", options->id_column);
    add_parameter(path, "prediction", options->prediction_column);
    add_parameter(path, "probability", options->probability_column);
    add_parameter(path, "outcome", options->outcome_column);
    add_parameter(path, "segments", options->segment_columns);
    add_parameter(path, "drop", options->dropped_columns);
    add_moment(path, "since", options->since);
    add_moment(path, "until", options->until);
}

/* -- the table --------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    Buffer     *text;
} Reading;

/* As text, whatever it is packed as. */
static bool read_blocks(void *context, Stream *stream)
{
    const Reading *reading = context;
    Block block = {0};
    bool fine = true;
    while (fine && stream_next(stream, &block)) {
        buffer_add(reading->text, block.bytes, block.size);
        fine = reading->text->size <= TABLE_BYTES_MAX;
        if (!fine)
            complain("%s is larger than the 64 MB of text that a server takes at once: leave out "
                     "rows",
                     reading->name);
    }
    block_free(&block);
    return fine;
}

/* -- the server -------------------------------------------------------------------------------- */

static JsonTree *post(const Options *options, const char *path, const Buffer *table)
{
    House house;
    Remote remote;
    JsonTree *answer = NULL;
    if (!house_open_this_server(options, &house))
        return NULL;
    if (remote_open(&house, interrupt_watch(), &remote))
        answer = remote_post(&remote, path, "text/csv", buffer_text(table), table->size);
    if (answer == NULL)
        complain("%s", remote.problem);
    remote_close(&remote);
    house_close(&house);
    return answer;
}

static int told(const Wanted *wanted, JsonTree *answer)
{
    Out out = {.descriptor = STDOUT_FILENO};
    const char *message = "";
    json_tree_text(json_tree_member(answer, "message"), &message, NULL);
    buffer_format(&out.text, "%" PRId64 " rows are the reference of %s%s%s now.\n",
                  tree_count(answer, "accepted"), wanted->model, wanted->version ? " " : "",
                  wanted->version ? wanted->version : "");
    if (tree_count(answer, "rejected") > 0)
        complain("%" PRId64 " rows were left out; the first: %s", tree_count(answer, "rejected"),
                 message);
    json_tree_free(answer);
    return help_done(&out);
}

int model_reference(const Options *options, int count, const char *const *arguments)
{
    bool is_span = options->since.kind != MOMENT_NONE || options->until.kind != MOMENT_NONE;
    int names = is_span ? count : count - 1;
    if (names < 1 || names > 2 || arguments[0][0] == '\0') {
        complain("model reference takes the name of a model, its version if it has one, and a "
                 "table or a time: oddball model reference credit 3 good.csv, or --since 7d "
                 "--until 1d instead of the table");
        return STATUS_ERROR;
    }
    Wanted wanted = {.model = arguments[0],
                     .version = names == 2 ? arguments[1] : NULL,
                     .file = is_span ? NULL : arguments[count - 1]};
    Buffer table = {0}, path = {0};
    write_path(options, &wanted, &path);
    Reading reading = {.name = wanted.file, .text = &table};
    bool is_read = is_span || table_stream(wanted.file, interrupt_watch(), read_blocks, &reading);
    JsonTree *answer = is_read ? post(options, buffer_text(&path), &table) : NULL;
    buffer_free(&table);
    buffer_free(&path);
    return answer != NULL ? told(&wanted, answer) : STATUS_ERROR;
}
