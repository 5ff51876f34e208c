/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table_stream.h"

#include "cli/complain.h"

bool table_stream(const char *name, const atomic_bool *stop, TableTake take, void *context)
{
    Inputs inputs = {0};
    Notes notes = {0};
    Stream *stream;
    StreamOptions options = {.stop = stop};
    bool good = inputs_find(&name, 1, &inputs, &notes) && inputs.count == 1;
    if (!good && notes.count == 0)
        complain("%s is not one table: name a file", name);
    good = good && stream_open(&inputs.items[0], &options, &notes, &stream);
    if (good) {
        good = take(context, stream) && !stream_counts(stream).broken;
        notes_move(&notes, stream_notes(stream));
        stream_close(stream);
    }
    for (size_t i = 0; i < notes.count; i++)
        complain("%s", notes.sentences[i]);
    notes_free(&notes);
    inputs_free(&inputs);
    return good;
}
