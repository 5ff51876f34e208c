/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/house.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "cli/complain.h"
#include "http/json_tree.h"

#define NOTE_SIZE 4096

/* The address of who wrote the note, if he is still there. */
static void note_read(const char *bytes, size_t size, char *server, size_t server_size)
{
    char problem[256];
    const char *address;
    int64_t pid;
    JsonTree *note = json_tree_read(bytes, size, problem, sizeof problem);
    if (json_tree_text(json_tree_member(note, "address"), &address, NULL) &&
        json_tree_integer(json_tree_member(note, "pid"), &pid) && pid > 0 &&
        (kill((pid_t)pid, 0) == 0 || errno == EPERM))
        snprintf(server, server_size, "http%s://%s",
                 json_tree_member(note, "tls") != NULL ? "s" : "", address);
    json_tree_free(note);
}

static void server_find(House *house)
{
    char path[HOUSE_PATH_SIZE], note[NOTE_SIZE];
    snprintf(path, sizeof path, "%s/server.json", house->settings.data);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    ssize_t size = read(descriptor, note, sizeof note);
    close(descriptor);
    if (size > 0)
        note_read(note, (size_t)size, house->server, sizeof house->server);
}

bool house_open(const Options *options, House *house)
{
    char problem[SETTINGS_PROBLEM_SIZE];
    *house = (House){0};
    if (!settings_load(&house->settings, options->settings, options->setting_count, problem)) {
        complain("%s", problem);
        return false;
    }
    bool fits = snprintf(house->lake, sizeof house->lake, "%s/lake", house->settings.data) <
                (int)sizeof house->lake;
    if (fits && options->server != NULL)
        snprintf(house->server, sizeof house->server, "%s", options->server);
    else if (fits)
        server_find(house);
    if (fits && house->server[0] == '\0' && access(house->settings.data, R_OK | X_OK) != 0) {
        complain("cannot read the directory %s: %s; --data names another", house->settings.data,
                 strerror(errno));
        fits = false;
    } else if (!fits) {
        complain("the path of the directory is too long");
    } else if (house->server[0] != '\0' && !settings_secret(house->settings.token_file, house->token,
                                                            sizeof house->token, problem)) {
        complain("%s", problem);
        fits = false;
    }
    if (!fits)
        house_close(house);
    return fits;
}

void house_close(House *house)
{
    settings_free(&house->settings);
    explicit_bzero(house->token, sizeof house->token);
}
