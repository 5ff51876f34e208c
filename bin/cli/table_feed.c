/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table_feed.h"

#include <stdlib.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/interrupt.h"
#include "input/stream.h"

#define LINE_BYTES_MAX (4u << 20)

bool registry_home_open(const Options *options, RegistryHome *home)
{
    char problem[SETTINGS_PROBLEM_SIZE];
    *home = (RegistryHome){0};
    if (!settings_load(&home->settings, options->settings, options->setting_count, problem)) {
        complain("%s", problem);
        return false;
    }
    odd_rc rc = odd_registry_open(home->settings.data, &home->registry);
    if (rc == ODD_OK)
        return true;
    complain("cannot use the directory %s: %s", home->settings.data, odd_strerror(rc));
    settings_free(&home->settings);
    return false;
}

void registry_home_close(RegistryHome *home)
{
    odd_registry_close(home->registry);
    settings_free(&home->settings);
}

int registry_home_failed(const RegistryHome *home, odd_rc rc)
{
    const char *story = odd_registry_errmsg(home->registry);
    complain("%s", story[0] != '\0' ? story : odd_strerror(rc));
    return STATUS_ERROR;
}

static bool put_blocks(odd_registry *registry, Stream *stream)
{
    Block block = {0};
    bool good = true;
    stream_widen(stream, LINE_BYTES_MAX);
    while (good && stream_next(stream, &block)) {
        good = odd_registry_put(registry, block.bytes, block.size) == ODD_OK;
        if (!good)
            complain("%s", odd_registry_errmsg(registry));
    }
    block_free(&block);
    return good;
}

bool table_feed(odd_registry *registry, const char *name)
{
    Inputs inputs = {0};
    Notes notes = {0};
    Stream *stream;
    StreamOptions options = {.stop = interrupt_watch()};
    bool good = inputs_find(&name, 1, &inputs, &notes) && inputs.count == 1;
    if (!good && notes.count == 0)
        complain("%s is not one table: name a file", name);
    if (good && stream_open(&inputs.items[0], &options, &notes, &stream)) {
        good = put_blocks(registry, stream);
        notes_move(&notes, stream_notes(stream));
        good = good && !stream_counts(stream).broken && !atomic_load(options.stop);
        stream_close(stream);
    } else {
        good = false;
    }
    for (size_t i = 0; i < notes.count; i++)
        complain("%s", notes.sentences[i]);
    notes_free(&notes);
    inputs_free(&inputs);
    return good;
}

const char *registry_author(const Options *options)
{
    return options->author != NULL ? options->author : getenv("USER");
}
