/* SPDX-License-Identifier: Apache-2.0 */
#include "input/parquet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "input/child.h"
#include "input/descriptor.h"

#define WAIT_MS 100        /* How long a request to stop may go unheard.   */
#define STORY_BYTES_MAX 1000

typedef struct {
    Tap               tap;
    const TapSetting *setting;
    bool              begun;
    pid_t             pid;      /* 0: none. */
    int               out, err; /* What it writes; -1: nothing any more. */
    char              story[STORY_BYTES_MAX + 1];
    size_t            story_size;
} Parquet;

/* -- the child -- */

static void close_end(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

/* 0, or errno. */
static int start(Parquet *p)
{
    int out[2] = {-1, -1}, err[2] = {-1, -1};
    int given[PARQUET_DESCRIPTOR + 1] = {-1, -1, -1, -1};
    int error = 0;
    given[PARQUET_DESCRIPTOR] = descriptor_again(p->tap.below);
    if (given[PARQUET_DESCRIPTOR] < 0)
        return errno;
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0)
        error = errno;
    given[STDOUT_FILENO] = out[1];
    given[STDERR_FILENO] = err[1];
    for (int i = 1; error == 0 && i <= PARQUET_DESCRIPTOR; i++)
        error = child_lift(&given[i]) ? 0 : errno;
    if (error == 0)
        error = child_spawn("/proc/self/exe", PARQUET_CHILD_WORD, given, PARQUET_DESCRIPTOR + 1,
                            &p->pid);
    for (int i = 1; i <= PARQUET_DESCRIPTOR; i++)
        close_end(&given[i]);
    p->out = out[0];
    p->err = err[0];
    return error;
}

static int end(Parquet *p)
{
    int status = 0;
    while (p->pid > 0 && waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
        ;
    p->pid = 0;
    close_end(&p->out);
    close_end(&p->err);
    return status;
}

/* -- what it writes -- */

static void hear_story(Parquet *p)
{
    char    part[256];
    ssize_t size = read(p->err, part, sizeof part);
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (size <= 0) {
        close_end(&p->err);
        return;
    }
    size_t room = STORY_BYTES_MAX - p->story_size;
    size_t taken = (size_t)size < room ? (size_t)size : room;
    memcpy(p->story + p->story_size, part, taken);
    p->story_size += taken;
}

/* 0: it has nothing more to say, or must not go on. */
static size_t hear(Parquet *p, char *to, size_t size)
{
    while ((p->out >= 0 || p->err >= 0) && !tap_stopped(p->setting)) {
        struct pollfd waiting[] = {{.fd = p->out, .events = POLLIN},
                                   {.fd = p->err, .events = POLLIN}};
        if (poll(waiting, 2, WAIT_MS) <= 0)
            continue;
        if (waiting[1].revents != 0)
            hear_story(p);
        if (waiting[0].revents == 0)
            continue;
        ssize_t got = read(p->out, to, size);
        if (got > 0)
            return (size_t)got;
        if (got == 0 || (errno != EINTR && errno != EAGAIN))
            close_end(&p->out);
    }
    return 0;
}

/* The child knows the file by its descriptor. */
static void name_file(char *story)
{
    static const char file[] = "/dev/fd/3", word[] = "this one";
    for (char *at; (at = strstr(story, file)) != NULL;) {
        memcpy(at, word, sizeof word - 1);
        at += sizeof word - 1;
        memmove(at, at + 1, strlen(at));
    }
}

static void tell_end(Parquet *p, int status)
{
    const char *name = p->setting->name;
    name_file(p->story);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        if (p->story_size > 0)
            notes_add(p->setting->notes, "%s: %s", name, p->story);
        return;
    }
    tap_break(p->setting);
    if (p->story_size > 0)
        notes_add(p->setting->notes,
                  "cannot read the Parquet file %s: %s; if it is not whole, copy "
                  "it again from where it came",
                  name, p->story);
    else
        notes_add(p->setting->notes,
                  "cannot read the Parquet file %s: it is damaged, or DuckDB has no memory for it "
                  "(it ended by signal %d)", name, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static size_t parquet_read(Tap *tap, char *to, size_t size)
{
    Parquet *p = (Parquet *)tap;
    if (!p->begun) {
        p->begun = true;
        int error = start(p);
        if (error != 0) {
            tap_break(p->setting);
            notes_add(p->setting->notes, "cannot read the Parquet file %s: %s", p->setting->name,
                      error == ESPIPE ? "it comes from a pipe; write it to a file, and name that"
                                      : strerror(error));
            return 0;
        }
    }
    size_t got = hear(p, to, size);
    if (got == 0 && !tap_stopped(p->setting))
        tell_end(p, end(p));
    return got;
}

static void parquet_close(Tap *tap)
{
    Parquet *p = (Parquet *)tap;
    if (p->pid > 0)
        kill(p->pid, SIGKILL);
    end(p);
    free(p);
}

Tap *parquet_tap(Tap *below, const TapSetting *setting)
{
    Parquet *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    p->tap = (Tap){.read = parquet_read, .close = parquet_close, .below = below};
    p->setting = setting;
    p->out = p->err = -1;
    return &p->tap;
}
