/* SPDX-License-Identifier: Apache-2.0
 *
 * Three logs that are rotated in three ways, written to at random; a follower that is refused,
 * killed and started again at random.  Whatever the order, each line comes once and in order. */
#include "fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../lib/sanitized.h"
#include "fake_intake.h"
#include "input/clock.h"
#include "source/follow.h"
#include "source/give.h"

#define SEED_COUNT (SANITIZED ? 60 : 200)
#define STEP_COUNT 60
#define LOG_COUNT 3
#define LINE_BYTES 70000

typedef enum { BY_RENAME, BY_DATE, BY_COPY } Way;

typedef struct {
    Way  way;
    char name[16];
    char path[PATH_SIZE];
    int  rotations;
    bool torn;      /* The last line has no end yet. */
    Text written;   /* All lines ever. */
} Log;

typedef struct {
    uint64_t   seed;
    char       folder[PATH_SIZE];
    Log        logs[LOG_COUNT];
    FakeServer server;
    Follow    *follow;
    int64_t    clock_ns;
    int        line;
    char      *long_line;
} World;

static void follower_start(World *w)
{
    static char  *name;
    FollowOptions options = {.names = {.items = &name, .count = 1},
                             .backfill_ns = 3600 * NS_PER_S,
                             .torn_wait_ns = 3600 * NS_PER_S,
                             .rest_ns =
                                 random_below(&w->seed, 2) == 0 ? NS_PER_S * 3600 : NS_PER_S * 3,
                             .open_max = random_below(&w->seed, 2) == 0 ? 1 : 0};
    name = w->folder;
    w->follow = follow_open(&w->server.context, &options);
    assert_non_null(w->follow);
}

static FollowAnswer round_of(World *w)
{
    w->clock_ns += NS_PER_S;
    return follow_round(w->follow, (FollowNow){.wall = clock_now(), .monotonic_ns = w->clock_ns});
}

static void follower_drain(World *w)
{
    for (int i = 0; i < 3; i++) {
        follow_look(w->follow);
        while (round_of(w) == FOLLOW_MORE)
            ;
    }
}

static void append(World *w, Log *log, const char *bytes, size_t size)
{
    int descriptor = open(log->path, O_WRONLY | O_APPEND | O_CREAT, 0644);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, size), size);
    close(descriptor);
    text_add(&log->written, bytes, size);
    log->torn = bytes[size - 1] != '\n';
    (void)w; /* All is in the log. */
}

static void write_lines(World *w, Log *log)
{
    uint64_t count = 1 + random_below(&w->seed, 5);
    char     line[256];
    for (uint64_t i = 0; i < count; i++) {
        int size = snprintf(line, sizeof line, "%s line %d%s\n", log->name, w->line++,
                            random_below(&w->seed, 4) == 0 ? " and a little more" : "");
        append(w, log, line, (size_t)size);
    }
    if (random_below(&w->seed, 4) == 0)
        append(w, log, "a torn", 6);
    else if (random_below(&w->seed, 12) == 0)
        append(w, log, w->long_line, 60000);
}

static void shift(const Log *log, const char *ending)
{
    char from[PATH_SIZE + 32], to[PATH_SIZE + 32];
    for (int i = log->rotations; i >= 1; i--) {
        snprintf(from, sizeof from, "%s.%d%s", log->path, i, ending);
        snprintf(to, sizeof to, "%s.%d%s", log->path, i + 1, ending);
        rename(from, to); /* Most are not there: packed ones and plain ones take turns. */
    }
}

static bool file_text(const char *path, Text *ret)
{
    char  piece[4096];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    size_t size;
    text_add(ret, "", 0);
    while ((size = fread(piece, 1, sizeof piece, file)) > 0)
        text_add(ret, piece, size);
    fclose(file);
    return true;
}

static void pack(World *w, const char *path, const char *packed)
{
    Text text = {0}, gzip = {0};
    if (!file_text(path, &text))
        return;
    gzip_of(text.bytes, text.size, &gzip);
    file_write(packed, gzip.bytes, gzip.size);
    if (random_below(&w->seed, 3) == 0 && w->follow != NULL)
        round_of(w); /* In the middle of it. */
    assert_int_equal(unlink(path), 0);
    text_free(&text);
    text_free(&gzip);
}

static void end_torn_line(World *w, Log *log)
{
    if (log->torn)
        append(w, log, " and its end\n", 13);
}

static void rotate(World *w, Log *log)
{
    char to[PATH_SIZE + 32], packed[PATH_SIZE + 64];
    if (access(log->path, F_OK) != 0)
        return;
    end_torn_line(w, log);
    if (log->way == BY_DATE) {
        snprintf(to, sizeof to, "%s-202611%02d", log->path, log->rotations + 1);
        assert_int_equal(rename(log->path, to), 0);
        snprintf(packed, sizeof packed, "%s.gz", to);
        if (random_below(&w->seed, 2) == 0)
            pack(w, to, packed);
    } else {
        shift(log, ".gz");
        shift(log, "");
        snprintf(to, sizeof to, "%s.1", log->path);
        if (log->way == BY_RENAME) {
            assert_int_equal(rename(log->path, to), 0);
            snprintf(to, sizeof to, "%s.2", log->path);
            snprintf(packed, sizeof packed, "%s.gz", to);
            if (random_below(&w->seed, 2) == 0)
                pack(w, to, packed);
        } else {
            Text text = {0};
            assert_true(file_text(log->path, &text));
            file_write(to, text.bytes, text.size);
            text_free(&text);
            if (random_below(&w->seed, 3) == 0 && w->follow != NULL)
                round_of(w);
            assert_int_equal(truncate(log->path, 0), 0);
        }
    }
    log->rotations++;
    if (random_below(&w->seed, 2) == 0)
        write_lines(w, log);
}

static void follower_kill(World *w)
{
    /* The intake answers no more: what is on its way is lost with the process. */
    fake_refuse(w->server.intake, 1, INTAKE_STOPPED);
    if (random_below(&w->seed, 2) == 0)
        round_of(w);
    fake_refuse(w->server.intake, 0, INTAKE_STOPPED);
    follow_close(w->follow);
    w->follow = NULL;
}

static void step(World *w)
{
    Log *log = &w->logs[random_below(&w->seed, LOG_COUNT)];
    switch (random_below(&w->seed, 8)) {
    case 0:
    case 1:
    case 2: write_lines(w, log); break;
    case 3:
        if (log->rotations < 8)
            rotate(w, log);
        break;
    case 4:
        if (w->follow != NULL)
            follower_kill(w);
        break;
    case 5:
        fake_refuse(w->server.intake, (int)random_below(&w->seed, 4),
                    random_below(&w->seed, 2) == 0 ? INTAKE_FULL : INTAKE_NO_SPACE);
        break;
    default: break;
    }
    if (w->follow == NULL && random_below(&w->seed, 3) == 0)
        follower_start(w);
    if (w->follow != NULL && random_below(&w->seed, 2) == 0)
        round_of(w);
}

static void world_make(World *w, uint64_t seed)
{
    static const char *const names[LOG_COUNT] = {"a.log", "b.log", "c.log"};
    *w = (World){.seed = seed, .clock_ns = NS_PER_S};
    folder_make(w->folder);
    fake_server_open(&w->server);
    w->long_line = malloc(LINE_BYTES);
    assert_non_null(w->long_line);
    memset(w->long_line, 'x', LINE_BYTES);
    for (int i = 0; i < LOG_COUNT; i++) {
        w->logs[i].way = (Way)i;
        snprintf(w->logs[i].name, sizeof w->logs[i].name, "%s", names[i]);
        path_in(w->folder, names[i], w->logs[i].path);
    }
}

static void world_remove(World *w)
{
    follow_close(w->follow);
    fake_server_close(&w->server);
    for (int i = 0; i < LOG_COUNT; i++)
        text_free(&w->logs[i].written);
    free(w->long_line);
    folder_remove(w->folder);
}

/* Where two texts part, as a sentence; true: nowhere. */
static bool same(uint64_t seed, const Log *log, const char *got)
{
    const char *wanted = log->written.bytes != NULL ? log->written.bytes : "";
    size_t      at = 0;
    while (wanted[at] != '\0' && wanted[at] == got[at])
        at++;
    if (wanted[at] == got[at])
        return true;
    size_t from = at > 60 ? at - 60 : 0;
    print_message("seed %u, %s, byte %zu: written \"%.120s\"\n got \"%.120s\"\n", (unsigned)seed,
                  log->name, at, wanted + from, got + from);
    return false;
}

static bool holds(uint64_t seed)
{
    World w;
    world_make(&w, seed);
    for (int i = 0; i < STEP_COUNT; i++)
        step(&w);
    for (int i = 0; i < LOG_COUNT; i++)
        end_torn_line(&w, &w.logs[i]);
    fake_refuse(w.server.intake, 0, INTAKE_FULL);
    if (w.follow == NULL)
        follower_start(&w);
    follower_drain(&w);
    bool good = true;
    for (int i = 0; i < LOG_COUNT; i++) {
        char *got = fake_text(w.server.intake, w.logs[i].path);
        good &= same(seed, &w.logs[i], got);
        free(got);
    }
    world_remove(&w);
    return good;
}

static void every_line_comes_once_whatever_happens(void **state)
{
    (void)state;
    const char *chosen = getenv("SEED");
    int         bad = 0;
    if (chosen != NULL) {
        assert_true(holds(strtoull(chosen, NULL, 10)));
        return;
    }
    for (uint64_t seed = 1; seed <= SEED_COUNT; seed++)
        bad += !holds(seed);
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_comes_once_whatever_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
