/* SPDX-License-Identifier: Apache-2.0
 *
 * watch.c - the command `watch`: what a running server finds, as it finds it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/feed.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/screen.h"
#include "cli/terminal.h"
#include "cli/watch_view.h"

#define REFRESH_MS 1000
#define ODDEST_PATH "/api/v1/findings?order=oddest&state=shown&limit=200"
#define NEWEST_PATH "/api/v1/findings?order=newest&state=shown&limit=50"

static odd_time time_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (odd_time)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* -- on a pipe: a row for each finding ------------------------------------------------------- */

typedef struct {
    Out  out;
    bool is_json, is_quiet;
} Pipe;

static bool pipe_finding(void *context, const JsonTree *finding)
{
    Pipe *pipe = context;
    if (pipe->is_json) {
        char *line = json_tree_write(finding);
        if (line)
            buffer_format(&pipe->out.text, "%s\n", line);
        free(line);
    } else {
        watch_line(finding, &pipe->out.text);
    }
    out_flush(&pipe->out);
    return !pipe->out.closed && pipe->out.problem == 0;
}

static void pipe_trouble(void *context, const char *sentence)
{
    const Pipe *pipe = context;
    if (pipe->is_quiet)
        return;
    if (sentence)
        complain("%s; trying again", sentence);
    else
        complain("the server is back");
}

static int watch_on_pipe(Remote *remote, const Options *options)
{
    Pipe pipe = {.out = {.descriptor = STDOUT_FILENO},
                 .is_json = options->format == FORMAT_JSON,
                 .is_quiet = options->quiet};
    const FeedReader reader = {
        .finding = pipe_finding, .trouble = pipe_trouble, .context = &pipe};
    if (!feed_run(remote, &reader) && !atomic_load(remote->stop)) {
        complain("%s", remote->problem);
        out_close(&pipe.out);
        return STATUS_ERROR;
    }
    return help_done(&pipe.out);
}

/* -- on a terminal: the whole screen --------------------------------------------------------- */

/* What the asking thread has brought, under the lock. */
typedef struct {
    pthread_mutex_t lock;
    pthread_t       thread;
    Remote         *remote;
    atomic_bool    *stop;
    int             wake[2]; /* A pipe: a byte when there is something new. */
    WatchData       data;
    char            trouble[1280];
    double          rows_before; /* Of all sources, at the last but one answer. */
    odd_time        rows_time;
} Watcher;

static double rows_sum(const JsonTree *sources)
{
    const JsonTree *items = json_tree_member(sources, "items");
    double          sum = 0;
    for (size_t i = 0; i < json_tree_count(items); i++) {
        double rows = 0, samples = 0;
        json_tree_real(json_tree_member(json_tree_item(items, i), "rows"), &rows);
        json_tree_real(json_tree_member(json_tree_item(items, i), "samples"), &samples);
        sum += rows + samples;
    }
    return sum;
}

/* From the sums of two answers. */
static void rate_update(Watcher *watcher, const JsonTree *sources, odd_time now)
{
    double rows = rows_sum(sources);
    double seconds = (double)(now - watcher->rows_time) / 1e9;
    if (watcher->rows_time > 0 && seconds > 0 && rows >= watcher->rows_before)
        watcher->data.rate = (rows - watcher->rows_before) / seconds;
    watcher->rows_before = rows;
    watcher->rows_time = now;
}

static void tree_take(JsonTree **place, JsonTree *tree)
{
    json_tree_free(*place);
    *place = tree;
}

/* All answers or none, so that they belong together. */
static void refresh(Watcher *watcher)
{
    static const char *const paths[] = {ODDEST_PATH, NEWEST_PATH, "/api/v1/sources",
                                        "/api/v1/status"};
    JsonTree *trees[4] = {0};
    bool      good = true;
    for (int i = 0; i < 4 && good; i++) {
        trees[i] = remote_get(watcher->remote, paths[i]);
        good = trees[i] != NULL;
    }
    pthread_mutex_lock(&watcher->lock);
    WatchData *data = &watcher->data;
    snprintf(watcher->trouble, sizeof watcher->trouble, "%s", good ? "" : watcher->remote->problem);
    if (good) {
        data->now = time_now();
        tree_take(&data->oddest, trees[0]);
        tree_take(&data->newest, trees[1]);
        tree_take(&data->sources, trees[2]);
        tree_take(&data->status, trees[3]);
        rate_update(watcher, data->sources, data->now);
    } else {
        for (int i = 0; i < 4; i++)
            json_tree_free(trees[i]);
    }
    pthread_mutex_unlock(&watcher->lock);
}

static void *ask(void *context)
{
    Watcher *watcher = context;
    while (!atomic_load(watcher->stop)) {
        refresh(watcher);
        if (write(watcher->wake[1], "", 1) < 0 && errno != EAGAIN)
            break; /* Nobody looks any more. */
        const struct timespec step = {.tv_nsec = REFRESH_MS * 100000L};
        for (int i = 0; i < 10 && !atomic_load(watcher->stop); i++)
            nanosleep(&step, NULL);
    }
    return NULL;
}

static void draw(Watcher *watcher, WatchLook *look)
{
    Buffer text = {0};
    screen_size(&look->columns, &look->rows);
    pthread_mutex_lock(&watcher->lock);
    watch_draw(&watcher->data, look, &text);
    pthread_mutex_unlock(&watcher->lock);
    screen_show(&text);
    buffer_free(&text);
}

static size_t moved(size_t from, int by, size_t count)
{
    if (by < 0)
        return from > (size_t)-by ? from - (size_t)-by : 0;
    return count == 0 ? 0 : from + (size_t)by < count ? from + (size_t)by : count - 1;
}

/* What a key changes; false: to end. */
static bool key_do(const Watcher *watcher, WatchLook *look, int key)
{
    size_t  count = look->details ? SIZE_MAX / 2 : watch_count(&watcher->data);
    size_t *place = look->details ? &look->details_first : &look->selected;
    int     page = look->rows > 4 ? look->rows / 2 : 1;
    switch (key) {
    case KEY_END:
    case 'q': return false;
    case 'j':
    case KEY_DOWN: *place = moved(*place, 1, count); break;
    case 'k':
    case KEY_UP: *place = moved(*place, -1, count); break;
    case ' ':
    case KEY_PAGE_DOWN: *place = moved(*place, page, count); break;
    case 'b':
    case KEY_PAGE_UP: *place = moved(*place, -page, count); break;
    case 'g':
    case KEY_HOME: *place = 0; break;
    case 'G':
    case KEY_LAST: *place = moved(*place, 1 << 30, count); break;
    case KEY_ENTER:
        look->details = !look->details && count > 0;
        look->details_first = 0;
        break;
    case KEY_ESCAPE: look->details = false; break;
    default: break;
    }
    return true;
}

/* The finding that was selected stays so, wherever it stands in the list now. */
static void selection_keep(const Watcher *watcher, WatchLook *look, const char *id)
{
    const char *other;
    for (size_t i = 0; id[0] && i < watch_count(&watcher->data); i++) {
        const JsonTree *finding = watch_finding(&watcher->data, i);
        if (json_tree_text(json_tree_member(finding, "id"), &other, NULL) &&
            strcmp(other, id) == 0) {
            look->selected = i;
            return;
        }
    }
}

static void selection_note(const Watcher *watcher, const WatchLook *look, char *id, size_t size)
{
    const char *text = "";
    json_tree_text(json_tree_member(watch_finding(&watcher->data, look->selected), "id"), &text,
                   NULL);
    snprintf(id, size, "%s", text);
}

static void look_on(Watcher *watcher, const Options *options)
{
    char      id[128] = "", news[64];
    WatchLook look = {.color = terminal_color(STDOUT_FILENO, options->color),
                      .unicode = terminal_unicode()};
    bool      goes_on = true;
    while (goes_on) {
        draw(watcher, &look);
        int key = screen_key(watcher->wake[0], REFRESH_MS);
        while (read(watcher->wake[0], news, sizeof news) > 0) {
        }
        pthread_mutex_lock(&watcher->lock);
        selection_keep(watcher, &look, id);
        goes_on = key_do(watcher, &look, key);
        selection_note(watcher, &look, id, sizeof id);
        pthread_mutex_unlock(&watcher->lock);
    }
}

/* stop: that of `remote`. */
static int watch_on_screen(Remote *remote, atomic_bool *stop, const Options *options)
{
    Watcher watcher = {.remote = remote, .stop = stop, .data = {.rate = -1, .now = time_now()}};
    watcher.data.server = strstr(remote->base, "://") + 3;
    watcher.data.trouble = watcher.trouble;
    pthread_mutex_init(&watcher.lock, NULL);
    refresh(&watcher);
    if (!watcher.data.oddest) {
        complain("%s", watcher.trouble);
        return STATUS_ERROR;
    }
    if (pipe2(watcher.wake, O_CLOEXEC | O_NONBLOCK) != 0 || !screen_open()) {
        complain("cannot use the whole terminal: %s; a pipe works: oddball watch | cat",
                 strerror(errno));
        return STATUS_ERROR;
    }
    bool has_thread = pthread_create(&watcher.thread, NULL, ask, &watcher) == 0;
    look_on(&watcher, options);
    screen_close();
    atomic_store(stop, true);
    if (has_thread)
        pthread_join(watcher.thread, NULL);
    close(watcher.wake[0]);
    close(watcher.wake[1]);
    json_tree_free(watcher.data.oddest);
    json_tree_free(watcher.data.newest);
    json_tree_free(watcher.data.sources);
    json_tree_free(watcher.data.status);
    return STATUS_FINE;
}

static int run(const Options *options, int count, const char *const *arguments)
{
    House  house;
    Remote remote;
    if (count > 0) {
        complain("watch takes no '%s'; the server is named with --server URL", arguments[0]);
        return STATUS_ERROR;
    }
    if (options->format == FORMAT_CSV || options->format == FORMAT_HTML) {
        complain("watch prints text or json");
        return STATUS_ERROR;
    }
    bool on_screen =
        isatty(STDIN_FILENO) && terminal_is_screen(STDOUT_FILENO) && options->format == FORMAT_NONE;
    atomic_bool ended = false; /* Of the screen, which has its own way with signals. */
    int         status = STATUS_ERROR;
    if (!house_open_server(options, &house))
        return STATUS_ERROR;
    if (!remote_open(&house, on_screen ? &ended : interrupt_watch(), &remote))
        complain("%s", remote.problem);
    else if (on_screen)
        status = watch_on_screen(&remote, &ended, options);
    else
        status = watch_on_pipe(&remote, options);
    remote_close(&remote);
    house_close(&house);
    return status;
}

static const char *const option_names[] = {"server", "data", "config", "listen", "token-file",
                                           "tls-certificate", "format", NULL};

const Command command_watch = {
    .name = "watch",
    .summary = "Show what a running server finds, as it finds it",
    .example = "oddball watch\n"
               "oddball watch --server http://192.0.2.7:6330 --token-file token\n"
               "oddball watch --format json | jq .sentence",
    .usage = "",
    .details = "On a terminal, the whole screen: findings, the oddest first, sources over time, "
               "the last odd lines; j and k move, Enter shows details, q ends. On a pipe, a line "
               "for each new finding. The server is that of --server, or of the data folder.",
    .options = option_names,
    .formats = "text or json (text)",
    .run = run,
};
