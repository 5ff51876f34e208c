/* SPDX-License-Identifier: Apache-2.0
 *
 * serve.c - the command `serve`: the server, in the foreground. */
#include "serve/serve.h"

#include <string.h>

#include "cli/command.h"
#include "cli/complain.h"

static bool load(void *context, Settings *settings, char *problem)
{
    const Options *options = context;
    return settings_load(settings, options->settings, options->setting_count, problem);
}

static void say(const char *sentence)
{
    complain("%s", sentence);
}

static void say_nothing(const char *sentence)
{
    (void)sentence;
}

static int run(const Options *options, int count, const char *const *arguments)
{
    Settings settings;
    char problem[SETTINGS_PROBLEM_SIZE];
    if (count > 0) {
        complain("serve takes no argument (%s); what it watches stands behind --files",
                 arguments[0]);
        return STATUS_ERROR;
    }
    if (!settings_load(&settings, options->settings, options->setting_count, problem)) {
        complain("%s", problem);
        return STATUS_ERROR;
    }
    for (size_t i = 0; i < settings.notes.count && !options->quiet; i++)
        complain("%s", settings.notes.items[i]);
    ServeOptions serving = {.load = load,
                            .context = (void *)options, /* Only read. */
                            .say = options->quiet ? say_nothing : say};
    bool good = serve(&settings, &serving);
    settings_free(&settings);
    return good ? STATUS_FINE : STATUS_ERROR;
}

static const char *const option_names[] = {NULL};

const Command command_serve = {
    .name = "serve",
    .summary = "Collect logs and metrics, remember, learn, and answer",
    .example = "oddball serve\n"
               "oddball serve --data /var/lib/oddball --listen 127.0.0.1:6330\n"
               "oddball serve --no-discovery --files /srv/app/logs",
    .usage = "",
    .details = "Without any setting it watches this machine: its journal, /var/log, its metrics "
               "and exporters that listen on it; learns from their past first; and answers on "
               "http://127.0.0.1:6330. It says what it may not read and the command that would "
               "allow it. SIGHUP reads the settings again, SIGTERM ends it; what was acknowledged "
               "is kept whatever happens. `oddball config show --effective` prints the settings.",
    .options = option_names,
    .settings = true,
    .run = run,
};
