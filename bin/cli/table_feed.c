/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table_feed.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/rows_show.h"
#include "cli/table_stream.h"

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

int registry_home_show(const Options *options, RegistryHome *home, odd_registry_view view,
                       const char *name)
{
    odd_rows *rows;
    odd_rc rc = odd_registry_query(home->registry, view, name, &rows);
    if (rc != ODD_OK)
        return registry_home_failed(home, rc);
    Out out = {.descriptor = STDOUT_FILENO};
    rows_show(&out, rows, options->format);
    odd_rows_close(rows);
    return help_done(&out);
}

static bool put_blocks(void *context, Stream *stream)
{
    odd_registry *registry = context;
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
    const atomic_bool *stop = interrupt_watch();
    return table_stream(name, stop, put_blocks, registry) && !atomic_load(stop);
}

const char *registry_author(const Options *options)
{
    return options->author != NULL ? options->author : getenv("USER");
}
