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
#include "http/server.h"
#include "input/clock.h"
#include "settings/keys.h"

#define NOTE_SIZE 4096

/* What listens for everybody is asked on this machine, and with TLS if there is some. */
static void server_set(House *house, const char *address)
{
    bool is_tls = house->settings.tls_certificate[0] != '\0' && !http_address_is_loopback(address);
    const char *colon = strrchr(address, ':');
    int host_size = colon ? (int)(colon - address) : (int)strlen(address);
    bool everybody =
        host_size == 0 || strncmp(address, "0.0.0.0:", 8) == 0 || strncmp(address, "[::]:", 5) == 0;
    house->is_ours = true;
    snprintf(house->server, sizeof house->server, "http%s://%.*s%s", is_tls ? "s" : "",
             everybody ? 9 : host_size, everybody ? "127.0.0.1" : address, colon ? colon : "");
}

/* The address of who wrote the note, if he is still there. */
static void note_read(House *house, const char *bytes, size_t size)
{
    char problem[256];
    const char *address;
    int64_t pid;
    JsonTree *note = json_tree_read(bytes, size, problem, sizeof problem);
    if (json_tree_text(json_tree_member(note, "address"), &address, NULL) &&
        json_tree_integer(json_tree_member(note, "pid"), &pid) && pid > 0 &&
        (kill((pid_t)pid, 0) == 0 || errno == EPERM))
        server_set(house, address);
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
        note_read(house, note, (size_t)size);
}

/* The settings, and who is at home; a sentence in problem. */
static bool look(const Options *options, House *house, char *problem)
{
    *house = (House){0};
    if (!settings_load(&house->settings, options->settings, options->setting_count, problem))
        return false;
    if (snprintf(house->lake, sizeof house->lake, "%s/lake", house->settings.data) >=
        (int)sizeof house->lake) {
        snprintf(problem, SETTINGS_PROBLEM_SIZE, "the path of the directory is too long");
        return false;
    }
    if (options->server != NULL)
        snprintf(house->server, sizeof house->server, "%.*s",
                 (int)strlen(options->server) - (strrchr(options->server, '/')[1] == '\0'),
                 options->server);
    else
        server_find(house);
    return true;
}

static bool token_read(House *house, char *problem)
{
    return house->server[0] == '\0' ||
           settings_secret(house->settings.token_file, house->token, sizeof house->token, problem);
}

bool house_open(const Options *options, House *house)
{
    char problem[SETTINGS_PROBLEM_SIZE];
    bool good = look(options, house, problem);
    if (good && house->server[0] == '\0' && access(house->settings.data, R_OK | X_OK) != 0) {
        snprintf(problem, sizeof problem,
                 "cannot read the directory %.800s: %s; --data names another", house->settings.data,
                 strerror(errno));
        good = false;
    }
    good = good && token_read(house, problem);
    if (!good) {
        complain("%s", problem);
        house_close(house);
    }
    return good;
}

/* A folder that was named has no server: what listens at the usual address is another one's. */
static bool is_elsewhere(const House *house)
{
    const Settings *s = &house->settings;
    return house->server[0] == '\0' && strcmp(s->origins[keys_find("data")], "--data") == 0 &&
           strcmp(s->origins[keys_find("listen")], "default") == 0 &&
           (access(s->data, R_OK | X_OK) == 0 || errno == ENOENT);
}

static bool open_server(const Options *options, House *house, bool may_be_elsewhere)
{
    char problem[SETTINGS_PROBLEM_SIZE];
    bool good = look(options, house, problem);
    if (good && !may_be_elsewhere && is_elsewhere(house)) {
        snprintf(problem, sizeof problem,
                 "no server runs on %.800s; start it, or name another one with --server URL",
                 house->settings.data);
        good = false;
    }
    if (good && house->server[0] == '\0' && strcmp(house->settings.listen, "off") == 0) {
        snprintf(problem, sizeof problem,
                 "the server does not listen (listen is off), so it cannot be asked");
        good = false;
    } else if (good && house->server[0] == '\0') {
        server_set(house, house->settings.listen);
    }
    good = good && token_read(house, problem);
    if (!good) {
        complain("%s", problem);
        house_close(house);
    }
    return good;
}

bool house_open_server(const Options *options, House *house)
{
    return open_server(options, house, true);
}

bool house_open_this_server(const Options *options, House *house)
{
    return open_server(options, house, false);
}

void house_close(House *house)
{
    settings_free(&house->settings);
    explicit_bzero(house->token, sizeof house->token);
}

odd_time house_limit(Moment moment, odd_time none)
{
    odd_time now = clock_now();
    return moment.kind == MOMENT_NONE ? none : moment_resolve(moment, now, now);
}
