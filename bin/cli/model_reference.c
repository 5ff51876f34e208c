/* SPDX-License-Identifier: Apache-2.0
 *
 * model_reference.c - `oddball model reference`: a table from when a model was well becomes what
 * the server judges it by. */
#include "cli/model_reference.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/saying.h"
#include "input/stream.h"

#define TABLE_BYTES_MAX (64u << 20) /* Of a request. */

typedef struct {
    const char *model, *version, *file;
} Wanted;

/* What may stand anywhere in an address. */
static void add_escaped(Buffer *to, const char *text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    for (; *text != '\0'; text++)
        if (strchr(plain, *text) != NULL)
            buffer_add(to, text, 1);
        else
            buffer_format(to, "%%%02X", (unsigned char)*text);
}

static void add_parameter(Buffer *to, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buffer_puts(to, strchr(buffer_text(to), '?') == NULL ? "?" : "&");
    buffer_format(to, "%s=", name);
    add_escaped(to, value);
}

static void write_path(const Options *options, const Wanted *wanted, Buffer *path)
{
    buffer_puts(path, "/api/v1/models/");
    add_escaped(path, wanted->model);
    buffer_puts(path, "/reference");
    add_parameter(path, "version", wanted->version);
    add_parameter(path, "time", options->time_column);
    add_parameter(path, "id", options->id_column);
    add_parameter(path, "prediction", options->prediction_column);
    add_parameter(path, "probability", options->probability_column);
    add_parameter(path, "outcome", options->outcome_column);
    add_parameter(path, "segments", options->segment_columns);
    add_parameter(path, "drop", options->dropped_columns);
}

/* -- the table --------------------------------------------------------------------------------- */

static bool read_blocks(Stream *stream, const char *name, Buffer *ret)
{
    Block block = {0};
    bool fine = true;
    while (fine && stream_next(stream, &block)) {
        buffer_add(ret, block.bytes, block.size);
        fine = ret->size <= TABLE_BYTES_MAX;
        if (!fine)
            complain("%s is larger than the 64 MB of text that a server takes at once: leave out "
                     "rows",
                     name);
    }
    block_free(&block);
    return fine && !stream_counts(stream).broken;
}

/* As text, whatever it is packed as. */
static bool read_table(const char *name, Buffer *ret)
{
    Inputs inputs = {0};
    Notes notes = {0};
    Stream *stream;
    StreamOptions options = {.stop = interrupt_watch()};
    bool fine = inputs_find(&name, 1, &inputs, &notes) && inputs.count == 1;
    if (!fine && notes.count == 0)
        complain("%s is not one table: name a file", name);
    fine = fine && stream_open(&inputs.items[0], &options, &notes, &stream);
    if (fine) {
        fine = read_blocks(stream, name, ret);
        notes_move(&notes, stream_notes(stream));
        stream_close(stream);
    }
    for (size_t i = 0; i < notes.count; i++)
        complain("%s", notes.sentences[i]);
    notes_free(&notes);
    inputs_free(&inputs);
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
    if ((count != 2 && count != 3) || arguments[0][0] == '\0') {
        complain("model reference takes the name of a model, its version if it has one, and a "
                 "table: oddball model reference credit 3 good.csv");
        return STATUS_ERROR;
    }
    Wanted wanted = {.model = arguments[0],
                     .version = count == 3 ? arguments[1] : NULL,
                     .file = arguments[count - 1]};
    Buffer table = {0}, path = {0};
    write_path(options, &wanted, &path);
    JsonTree *answer =
        read_table(wanted.file, &table) ? post(options, buffer_text(&path), &table) : NULL;
    buffer_free(&table);
    buffer_free(&path);
    return answer != NULL ? told(&wanted, answer) : STATUS_ERROR;
}
