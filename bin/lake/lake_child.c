/* SPDX-License-Identifier: Apache-2.0 */
#include "lake/lake_child.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "input/child.h"
#include "lake/answer_build.h"
#include "lake/frames.h"
#include "lake/job.h"
#include "lake/library.h"
#include "lake/serve_lake.h"

#define MEMORY_BYTES_DEFAULT (256u << 20)
#define ANSWER_BYTES_MAX (256u << 20)
#define STORY_BYTES_MAX 2000 /* Of what a dying child has said. */
#define CHILD_DESCRIPTOR_SAFE 64   /* Above all that the child has.   */
#define WAIT_MS 50           /* Between two looks at *cancel.   */

LakeJob lake_job(const char *path)
{
    LakeJob job = {.lake = path};
    for (int table = 0; table < ODD_TABLE_COUNT; table++)
        job.hot[table] = job.more[table] = -1;
    return job;
}

static odd_rc problem_say(char **ret_problem, odd_rc rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static odd_rc problem_say(char **ret_problem, odd_rc rc, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(ret_problem, format, arguments) < 0)
        *ret_problem = NULL;
    va_end(arguments);
    return rc;
}

/* -- starting it -- */

typedef struct {
    pid_t       pid;
    int         out, err; /* What it writes; -1: at its end. */
    FrameBuffer frames;
    char        story[STORY_BYTES_MAX + 1]; /* Of standard error. */
    size_t      story_size;
} Child;

/* The job as a file to read, above CHILD_DESCRIPTOR_SAFE; -1: errno. */
static int job_file(const FrameBuffer *job)
{
    int file = memfd_create("lake job", MFD_CLOEXEC);
    if (file < 0)
        return -1;
    size_t at = 0;
    while (at < job->size) {
        ssize_t size = write(file, job->bytes + at, job->size - at);
        if (size < 0 && errno != EINTR)
            break;
        at += size > 0 ? (size_t)size : 0;
    }
    int high = at == job->size && lseek(file, 0, SEEK_SET) == 0
                   ? fcntl(file, F_DUPFD_CLOEXEC, CHILD_DESCRIPTOR_SAFE)
                   : -1;
    close(file);
    return high;
}

static bool pipe_open(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0) {
        ends[0] = ends[1] = -1;
        return false;
    }
    return child_lift(&ends[1]);
}

static void close_all(const int *descriptors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (descriptors[i] >= 0)
            close(descriptors[i]);
}

static bool give(int descriptor, int *ret_given)
{
    if (descriptor >= 0)
        *ret_given = fcntl(descriptor, F_DUPFD_CLOEXEC, CHILD_DESCRIPTOR_SAFE);
    return descriptor < 0 || *ret_given >= 0;
}

/* Copies of the descriptors that the job names, above those of the child. */
static bool give_hot(const LakeJob *job, int cat, int given[JOB_DESCRIPTORS])
{
    bool good = give(cat, &given[JOB_CAT_DESCRIPTOR]);
    for (int table = 0; good && table < ODD_TABLE_COUNT; table++)
        good = give(job->hot[table], &given[JOB_HOT_DESCRIPTOR + table]) &&
               give(job->more[table], &given[JOB_MORE_DESCRIPTOR + table]);
    return good;
}

static odd_rc child_start(const LakeJob *job, const FrameBuffer *fields, int cat, Child *child,
                          char **ret_problem)
{
    int given[JOB_DESCRIPTORS], out[2] = {-1, -1}, err[2] = {-1, -1};
    for (int i = 0; i < JOB_DESCRIPTORS; i++)
        given[i] = -1;
    bool good = pipe_open(out) && pipe_open(err) && give_hot(job, cat, given);
    given[STDIN_FILENO] = good ? job_file(fields) : -1;
    int error = good && given[STDIN_FILENO] >= 0 ? 0 : errno;
    given[STDOUT_FILENO] = out[1];
    given[STDERR_FILENO] = err[1];
    if (error == 0)
        error = child_spawn(job->program != NULL ? job->program : "/proc/self/exe", LAKE_CHILD_WORD,
                            given, JOB_DESCRIPTORS, &child->pid);
    close_all(given, JOB_DESCRIPTORS);
    if (error != 0) {
        close_all((int[]){out[0], err[0]}, 2);
        return problem_say(ret_problem, ODD_IO, "the process that asks the lake did not start: %s",
                           strerror(error));
    }
    child->out = out[0];
    child->err = err[0];
    return ODD_OK;
}

/* -- listening to it -- */

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void hear_out(Child *child)
{
    static const size_t part_bytes = 65536;
    char part[65536];
    ssize_t size = read(child->out, part, part_bytes);
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (size > 0 && child->frames.size < ANSWER_BYTES_MAX) {
        frame_put(&child->frames, part, (size_t)size);
        return;
    }
    close(child->out);
    child->out = -1;
}

/* Its end counts: the last words of a process say why it died. */
static void hear_err(Child *child)
{
    char part[STORY_BYTES_MAX];
    ssize_t size = read(child->err, part, sizeof part);
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (size <= 0) {
        close(child->err);
        child->err = -1;
        return;
    }
    size_t new_size = (size_t)size;
    size_t kept = child->story_size + new_size > STORY_BYTES_MAX ? STORY_BYTES_MAX - new_size
                                                                 : child->story_size;
    memmove(child->story, child->story + child->story_size - kept, kept);
    memcpy(child->story + kept, part, new_size);
    child->story_size = kept + new_size;
    child->story[child->story_size] = '\0';
}

/* True: it said all that it had to say; false: it was too late, or called off. */
static bool child_hear(Child *child, double seconds, const atomic_bool *cancel)
{
    double end = seconds_now() + seconds;
    while (child->out >= 0 || child->err >= 0) {
        if ((seconds > 0 && seconds_now() > end) || (cancel != NULL && atomic_load(cancel)))
            return false;
        struct pollfd waiting[] = {{.fd = child->out, .events = POLLIN},
                                   {.fd = child->err, .events = POLLIN}};
        if (poll(waiting, 2, WAIT_MS) < 0 && errno != EINTR)
            return false;
        if (waiting[0].revents != 0)
            hear_out(child);
        if (waiting[1].revents != 0)
            hear_err(child);
    }
    return true;
}

/* Its exit status as waitpid gives it. */
static int child_end(Child *child, bool kill_it)
{
    int status = 0;
    if (kill_it)
        kill(child->pid, SIGKILL);
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        ;
    close_all((int[]){child->out, child->err}, 2);
    return status;
}

/* -- what it said -- */

static odd_rc child_died(const Child *child, int status, char **ret_problem)
{
    const char *story = child->story_size > 0 ? child->story : "no last words";
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return problem_say(ret_problem, ODD_LATE, "it took more processor time than it may");
    if (WIFSIGNALED(status))
        return problem_say(ret_problem, ODD_IO,
                           "the process that asks the lake was ended by "
                           "signal %d (%s): %s",
                           WTERMSIG(status), strsignal(WTERMSIG(status)), story);
    return problem_say(ret_problem, ODD_IO, "the process that asks the lake ended early: %s",
                       story);
}

static odd_rc child_said(Child *child, int status, char **ret_problem)
{
    size_t at = 0;
    Frame frame;
    while (frame_next(&child->frames, &at, &frame))
        if (frame.kind == FRAME_END && frame.size > 0) {
            odd_rc rc = (odd_rc)(unsigned char)frame.bytes[0];
            if (rc == ODD_OK)
                return rc;
            return problem_say(ret_problem, rc, "%.*s", (int)frame.size - 1, frame.bytes + 1);
        }
    if (child->frames.failed || child->frames.size >= ANSWER_BYTES_MAX)
        return problem_say(ret_problem, ODD_NOMEM, "the answer does not fit into memory");
    return child_died(child, status, ret_problem);
}

typedef struct {
    const char        *task;
    double             seconds; /* 0: no limit. */
    const atomic_bool *cancel;
    int                cat; /* -1: none. */
} Task;

/* The tables of which there is a file, a letter for each. */
static void add_tables(FrameBuffer *fields, const char *name, const int descriptors[])
{
    char given[ODD_TABLE_COUNT + 1] = "";
    size_t count = 0;
    for (int table = 0; table < ODD_TABLE_COUNT; table++)
        if (descriptors[table] >= 0)
            given[count++] = (char)('a' + table);
    frame_add_field(fields, name, given);
}

static void add_job(const LakeJob *job, const char *library, const Task *task, FrameBuffer *fields)
{
    frame_add_field(fields, "task", task->task);
    frame_add_field(fields, "lake", job->lake);
    frame_add_field(fields, "library", library);
    add_tables(fields, "hot", job->hot);
    add_tables(fields, "more", job->more);
    frame_add_number(fields, "parent", getpid());
    frame_add_number(fields, "memory",
                     job->memory_bytes > 0 ? (int64_t)job->memory_bytes : MEMORY_BYTES_DEFAULT);
    frame_add_number(fields, "threads", job->threads);
    frame_add_number(fields, "rows", (int64_t)job->row_count_max);
    frame_add_number(fields, "seconds", (int64_t)task->seconds);
    if (job->position_given)
        frame_add_number(fields, "position", (int64_t)job->position);
}

/* Frees `fields`, to which the job is added.  On ODD_OK the frames are the caller's. */
static odd_rc child_do(const LakeJob *job, const Task *task, FrameBuffer *fields,
                       FrameBuffer *ret_frames, char **ret_problem)
{
    char library[LIBRARY_PATH_MAX];
    Child child = {.pid = -1};
    odd_rc rc = ODD_OK;
    if (!library_find(job->library, library, sizeof library, ret_problem))
        rc = ODD_NOTFOUND;
    if (rc == ODD_OK) {
        add_job(job, library, task, fields);
        rc = fields->failed ? problem_say(ret_problem, ODD_NOMEM, "out of memory")
                            : child_start(job, fields, task->cat, &child, ret_problem);
    }
    frames_free(fields);
    if (rc != ODD_OK)
        return rc;
    bool in_time = child_hear(&child, task->seconds, task->cancel);
    int status = child_end(&child, !in_time);
    if (in_time)
        rc = child_said(&child, status, ret_problem);
    else if (task->cancel != NULL && atomic_load(task->cancel))
        rc = problem_say(ret_problem, ODD_LATE, "it was called off");
    else
        rc = problem_say(ret_problem, ODD_LATE, "it took longer than the %g s that it may",
                         task->seconds);
    if (rc == ODD_OK)
        *ret_frames = child.frames;
    else
        frames_free(&child.frames);
    return rc;
}

/* -- the tasks -- */

odd_rc lake_child_query(const LakeJob *job, const char *sql, double seconds,
                        const atomic_bool *cancel, SqlAnswer **ret_answer, char **ret_problem)
{
    FrameBuffer fields = {0}, frames;
    frame_add_field(&fields, "sql", sql);
    Task task = {.task = "query", .seconds = seconds, .cancel = cancel, .cat = -1};
    odd_rc rc = child_do(job, &task, &fields, &frames, ret_problem);
    if (rc != ODD_OK)
        return rc;
    SqlAnswer *answer = answer_build(&frames);
    frames_free(&frames);
    if (answer == NULL)
        return problem_say(ret_problem, ODD_NOMEM, "the answer does not fit into memory");
    *ret_answer = answer;
    return ODD_OK;
}

/* The text of a task that changes the lake; ret_text may be NULL. */
static odd_rc change(const LakeJob *job, const Task *task, FrameBuffer *fields, char **ret_text,
                     char **ret_problem)
{
    FrameBuffer frames;
    odd_rc rc = child_do(job, task, fields, &frames, ret_problem);
    if (rc != ODD_OK || ret_text == NULL) {
        if (rc == ODD_OK)
            frames_free(&frames);
        return rc;
    }
    size_t at = 0;
    Frame frame;
    char *text = NULL;
    while (text == NULL && frame_next(&frames, &at, &frame))
        if (frame.kind == FRAME_ANSWER)
            text = strndup(frame.bytes, frame.size);
    frames_free(&frames);
    if (text == NULL)
        return problem_say(ret_problem, ODD_NOMEM, "out of memory");
    *ret_text = text;
    return ODD_OK;
}

odd_rc lake_child_write(const LakeJob *job, uint64_t position, double seconds,
                        const atomic_bool *cancel, char **ret_files, char **ret_problem)
{
    FrameBuffer fields = {0};
    frame_add_number(&fields, "commit", (int64_t)position);
    Task task = {.task = "write", .seconds = seconds, .cancel = cancel, .cat = -1};
    return change(job, &task, &fields, ret_files, ret_problem);
}

odd_rc lake_child_back_to(const LakeJob *job, uint64_t position, char **ret_problem)
{
    FrameBuffer fields = {0};
    frame_add_number(&fields, "commit", (int64_t)position);
    Task task = {.task = "back", .cat = -1};
    return change(job, &task, &fields, NULL, ret_problem);
}

odd_rc lake_child_tidy(const LakeJob *job, uint64_t position, odd_time now, odd_time oldest,
                       uint64_t bytes_max, double seconds, const atomic_bool *cancel,
                       char **ret_sentences, char **ret_problem)
{
    FrameBuffer fields = {0};
    frame_add_number(&fields, "commit", (int64_t)position);
    frame_add_number(&fields, "now", now);
    frame_add_number(&fields, "oldest", oldest);
    frame_add_number(&fields, "bytes_max", (int64_t)bytes_max);
    Task task = {.task = "tidy", .seconds = seconds, .cancel = cancel, .cat = -1};
    return change(job, &task, &fields, ret_sentences, ret_problem);
}

odd_rc lake_child_cat(const LakeJob *job, const char *source, odd_time since, odd_time until,
                      int descriptor, char **ret_problem)
{
    FrameBuffer fields = {0};
    frame_add_field(&fields, "source", source);
    frame_add_number(&fields, "since", since);
    frame_add_number(&fields, "until", until);
    Task task = {.task = "cat", .cat = descriptor};
    return change(job, &task, &fields, NULL, ret_problem);
}
