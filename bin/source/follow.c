/* SPDX-License-Identifier: Apache-2.0 */
#include "source/follow.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "input/clock.h"
#include "source/denial.h"
#include "source/family.h"
#include "source/give.h"
#include "source/kin.h"
#include "source/watcher.h"

#define FIND_EVERY_NS (60 * NS_PER_S)        /* Though nothing was told. */
#define FIND_EVERY_BLIND_NS (2 * NS_PER_S)   /* Where nobody tells us. */
#define FIND_SHARE 20                        /* At most this part of the time goes into finding. */
#define FIND_PAUSE_NS (200 * NS_PER_MS)
#define LOOK_EVERY_NS (10 * NS_PER_S)        /* At each file, though nothing was told. */
#define LOOK_EVERY_BLIND_NS NS_PER_S
#define HANDED_MAX 4096                      /* Slices and places of one hand-over. */

typedef struct { /* Lines, or the place, of one log in a hand-over. */
    const char *source;
    const char *bytes;
    size_t      size;
    int32_t     zone_s;
    char       *position; /* NULL: not of this one. */
} Handed;

struct Follow {
    const SourceContext *context;
    FollowOptions        options;
    Watcher              watcher;
    pthread_mutex_t      lock;     /* Of all below, but while the intake works. */
    Kin                  kin;
    FoundRefusal        *refused;
    size_t               refused_count;
    bool                 full;
    bool                 find_due, look_due;
    int64_t              found_ns, find_pause_ns, looked_ns, looked_blind_ns;
    size_t               turn;     /* The family that is read first in the next round. */
    size_t               open_count, shut_turn;
    char                *room;
    size_t               room_used;
    Handed              *handed;
    size_t               handed_count;
    atomic_uint_fast64_t refusals;
};

Follow *follow_open(const SourceContext *context, const FollowOptions *options)
{
    Follow *follow = calloc(1, sizeof *follow);
    if (follow == NULL)
        return NULL;
    follow->context = context;
    follow->options = *options;
    follow->find_due = true;
    follow->room = malloc(FOLLOW_BATCH_BYTES + TAIL_ROOM_BYTES);
    follow->handed = calloc(HANDED_MAX, sizeof *follow->handed);
    if (follow->options.open_max == 0)
        follow->options.open_max = FOLLOW_OPEN_MAX;
    if (follow->room == NULL || follow->handed == NULL) {
        free(follow->room);
        free(follow->handed);
        free(follow);
        return NULL;
    }
    pthread_mutex_init(&follow->lock, NULL);
    watcher_open(&follow->watcher);
    return follow;
}

static void handed_clear(Follow *follow)
{
    for (size_t i = 0; i < follow->handed_count; i++)
        free(follow->handed[i].position);
    follow->handed_count = 0;
    follow->room_used = 0;
}

static void refused_free(Follow *follow)
{
    for (size_t i = 0; i < follow->refused_count; i++)
        free(follow->refused[i].path);
    free(follow->refused);
    follow->refused = NULL;
    follow->refused_count = 0;
}

void follow_close(Follow *follow)
{
    if (follow == NULL)
        return;
    handed_clear(follow);
    kin_free(&follow->kin);
    refused_free(follow);
    watcher_close(&follow->watcher);
    pthread_mutex_destroy(&follow->lock);
    free(follow->room);
    free(follow->handed);
    free(follow);
}

int follow_descriptor(const Follow *follow)
{
    return follow->watcher.descriptor;
}

void follow_look(Follow *follow)
{
    pthread_mutex_lock(&follow->lock);
    follow->find_due = true;
    follow->find_pause_ns = 0;
    follow->look_due = true;
    pthread_mutex_unlock(&follow->lock);
}

/* -- what has changed ------------------------------------------------------------------------ */

static void on_changed(void *context, const char *path)
{
    Follow *follow = context;
    Family *family = kin_by_path(&follow->kin, path);
    if (family != NULL)
        family->dirty = true;
}

static void on_moved(void *context)
{
    ((Follow *)context)->find_due = true;
}

static void look_at_all(Follow *follow, int64_t now)
{
    bool all = follow->look_due || now - follow->looked_ns >= LOOK_EVERY_NS;
    bool blind = all || now - follow->looked_blind_ns >= LOOK_EVERY_BLIND_NS;
    if (!blind)
        return;
    for (size_t i = 0; i < follow->kin.count; i++) {
        Family *family = follow->kin.families[i];
        family->dirty |= all || family->blind || family->tail_count > 1 || follow->watcher.blind ||
                         kin_waits(family);
    }
    follow->looked_blind_ns = now;
    if (all)
        follow->looked_ns = now;
    follow->look_due = false;
}

/* Positions are asked for under the lock: the intake answers from memory. */
static char *position_of(void *context, const char *name)
{
    Follow *follow = context;
    return intake_reader_position(follow->context->intake, name);
}

static void count_open(Follow *follow)
{
    follow->open_count = 0;
    for (size_t i = 0; i < follow->kin.count; i++)
        for (size_t j = 0; j < follow->kin.families[i]->tail_count; j++)
            follow->open_count += follow->kin.families[i]->tails[j]->descriptor >= 0;
}

static void find(Follow *follow, FollowNow now)
{
    Found found;
    follow->find_due = false;
    if (!found_all(&follow->options.names, &follow->options.exclude, &found)) {
        follow->find_due = true;
        return;
    }
    for (size_t i = 0; i < found.folders.count; i++)
        watcher_add(&follow->watcher, found.folders.items[i]);
    KinSearch search = {.oldest_ns = now.wall - follow->options.backfill_ns,
                        .monotonic_ns = now.monotonic_ns,
                        .position_of = position_of,
                        .context = follow};
    if (!kin_place(&follow->kin, &found, &search))
        follow->find_due = true;
    count_open(follow);
    refused_free(follow);
    follow->refused = found.refused;
    follow->refused_count = found.refused_count;
    follow->full = found.full;
    found.refused = NULL;
    found.refused_count = 0;
    found_free(&found);
}

static void find_if_due(Follow *follow, FollowNow now)
{
    WatcherNews news = {.changed = on_changed, .moved = on_moved, .context = follow};
    watcher_read(&follow->watcher, &news);
    int64_t every = follow->watcher.blind ? FIND_EVERY_BLIND_NS : FIND_EVERY_NS;
    int64_t since = now.monotonic_ns - follow->found_ns;
    bool    due = (follow->find_due && since >= follow->find_pause_ns) || since >= every;
    if (!due && follow->kin.searched)
        return;
    int64_t begin = monotonic_now();
    find(follow, now);
    int64_t took = monotonic_now() - begin;
    follow->find_pause_ns = took * FIND_SHARE > FIND_PAUSE_NS ? took * FIND_SHARE : FIND_PAUSE_NS;
    follow->found_ns = now.monotonic_ns;
    follow->look_due = true;
}

/* -- reading --------------------------------------------------------------------------------- */

static void hand(Follow *follow, const Family *family, const TailSlice *slice, int64_t changed_ns)
{
    follow->handed[follow->handed_count++] =
        (Handed){.source = family->name,
                 .bytes = slice->bytes,
                 .size = slice->size,
                 .zone_s = follow->context->zone_s(changed_ns)};
    follow->room_used = (size_t)(slice->bytes + slice->size - follow->room);
}

static void hand_place(Follow *follow, Family *family)
{
    Places places;
    char  *text = malloc(PLACES_TEXT_SIZE);
    if (text == NULL)
        return; /* moved stays: the next round tries again. */
    family_places(family, &places);
    places_write(&places, text);
    follow->handed[follow->handed_count++] = (Handed){.source = family->name, .position = text};
    family->moved = false;
}

static void complain(Family *family, const Tail *tail, int problem)
{
    if (family->problem == problem)
        return;
    family->problem = problem;
    free(family->problem_path);
    family->problem_path = problem != 0 && tail->path != NULL ? strdup(tail->path) : NULL;
}

static bool is_missing(const Tail *tail)
{
    return tail->path == NULL && tail->descriptor < 0;
}

/* One behind it tells where we are. */
static bool is_followed_up(const Family *family, size_t number)
{
    for (size_t i = number + 1; i < family->tail_count; i++)
        if (family->tails[i]->started)
            return true;
    return false;
}

/* True: the family needs this file no more. */
static bool is_done(const Follow *follow, const Family *family, size_t number, FollowNow now)
{
    const Tail *tail = family->tails[number];
    int64_t     rest_ns = follow->options.rest_ns;
    bool        unseen = tail->path == NULL;
    if (!is_followed_up(family, number))
        return false;
    if (unseen && now.monotonic_ns - tail->unseen_ns < rest_ns)
        return false;
    if (is_missing(tail) || tail->binary)
        return true;
    if (tail->packed)
        return tail->finished || (tail->problem != 0 && now.wall - tail->changed_ns >= rest_ns);
    return tail->ended && tail_waiting(tail) == 0 &&
           (now.monotonic_ns - tail->grown_ns >= rest_ns || now.wall - tail->changed_ns >= rest_ns);
}

/* A part of a line at the end has waited for long enough; in a rotated file it waits as long as
 * the file is followed. */
static bool give_all(const Follow *follow, const Family *family, size_t number, FollowNow now)
{
    const Tail *tail = family->tails[number];
    if (!tail->ended || tail_waiting(tail) == 0)
        return false;
    int64_t rests = now.monotonic_ns - tail->grown_ns;
    bool    old = now.wall - tail->changed_ns >= follow->options.rest_ns;
    bool    last = number + 1 == family->tail_count && tail->path != NULL;
    return rests >= (last ? follow->options.torn_wait_ns : follow->options.rest_ns) ||
           (!last && old);
}

static uint64_t lines_of(const TailSlice *slice)
{
    const char *end = slice->bytes + slice->size;
    uint64_t    count = slice->size > 0 && end[-1] != '\n';
    for (const char *at = slice->bytes;
         at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        count++;
    return count;
}

/* True: lines were handed over, so the turn goes on to the next family. */
static bool read_tail(Follow *follow, Family *family, size_t number, FollowNow now)
{
    Tail     *tail = family->tails[number];
    bool      open = tail->descriptor >= 0, started = tail->started;
    uint64_t  passed = tail->passed;
    TailSlice slice;
    bool      all = give_all(follow, family, number, now);
    TailAnswer answer =
        tail_slice(tail, all, now.monotonic_ns, follow->room + follow->room_used, &slice);
    follow->open_count += (size_t)((tail->descriptor >= 0) - open);
    family->dropped += tail->passed - passed;
    family->moved |= tail->started && !started;
    family->known |= tail->started;
    if (tail->started && tail->changed_ns > family->changed_ns)
        family->changed_ns = tail->changed_ns;
    switch (answer) {
    case TAIL_LINES:
        complain(family, tail, 0);
        family->moved = true;
        family->bytes += slice.size;
        family->lines += lines_of(&slice);
        if (slice.size > 0)
            hand(follow, family, &slice, tail->changed_ns);
        return true;
    case TAIL_NOTHING: complain(family, tail, 0); break;
    case TAIL_MOVED:
        follow->open_count -= tail->descriptor >= 0;
        tail_shut(tail);
        follow->find_due = true;
        break;
    case TAIL_REFUSED: complain(family, tail, tail->problem); break;
    case TAIL_NO_TEXT: break;
    }
    return false;
}

/* A file that was deleted keeps its room on the disk while it is open. */
static void let_go(Follow *follow, Tail *tail, FollowNow now)
{
    if (tail->path != NULL || tail->descriptor < 0 || !tail->ended ||
        now.monotonic_ns - tail->unseen_ns < follow->options.rest_ns)
        return;
    tail_shut(tail);
    follow->open_count--;
}

/* The clock's hand over the families: closes files at rest until few enough are open. */
static void shut_some(Follow *follow)
{
    for (size_t i = 0; i < follow->kin.count && follow->open_count > follow->options.open_max;
         i++) {
        Family *family = follow->kin.families[follow->shut_turn++ % follow->kin.count];
        for (size_t j = 0; j < family->tail_count; j++) {
            Tail *tail = family->tails[j];
            if (tail->descriptor < 0 || tail->path == NULL || !tail->ended)
                continue;
            tail_shut(tail);
            follow->open_count--;
        }
    }
}

/* Of one family: the next slice, and its place.  True: there may be more. */
static bool read_family(Follow *follow, Family *family, FollowNow now)
{
    bool more = false;
    for (size_t i = 0; i < family->tail_count && !more; i++) {
        if (!is_missing(family->tails[i]))
            more = read_tail(follow, family, i, now);
        if (family->tails[i]->lost && family->tails[i]->path != NULL)
            break; /* What is behind it comes later: first ours is looked for. */
        let_go(follow, family->tails[i], now);
        if (more || !is_done(follow, family, i, now))
            continue;
        follow->open_count -= family->tails[i]->descriptor >= 0;
        if (!kin_retire(&follow->kin, family, i))
            break;
        family->moved |= family->known;
        i--;
    }
    if (follow->open_count > follow->options.open_max)
        shut_some(follow);
    if (family->moved)
        hand_place(follow, family);
    if (!more)
        family->ended_ns = now.wall;
    family->dirty = more;
    return more;
}

static bool read_all(Follow *follow, FollowNow now)
{
    bool   more = false;
    size_t count = follow->kin.count;
    for (size_t i = 0; i < count; i++) {
        Family *family = follow->kin.families[(follow->turn + i) % count];
        if (!family->dirty && !family->moved)
            continue;
        if (follow->room_used >= FOLLOW_BATCH_BYTES || follow->handed_count + 2 > HANDED_MAX) {
            follow->turn = (follow->turn + i) % count;
            return true;
        }
        more |= read_family(follow, family, now);
        count = follow->kin.count < count ? follow->kin.count : count;
    }
    return more;
}

static odd_rc add_handed(odd_events *events, const Handed *handed)
{
    if (handed->position != NULL)
        return odd_events_position(events, handed->source, handed->position);
    return odd_events_lines(events, handed->source, handed->zone_s, handed->bytes, handed->size);
}

static bool fill(void *what, odd_events *events)
{
    const Follow *follow = what;
    for (size_t i = 0; i < follow->handed_count; i++)
        if (add_handed(events, &follow->handed[i]) != ODD_OK)
            return false;
    return true;
}

FollowAnswer follow_round(Follow *follow, FollowNow now)
{
    pthread_mutex_lock(&follow->lock);
    find_if_due(follow, now);
    look_at_all(follow, now.monotonic_ns);
    bool more = read_all(follow, now);
    kin_forget(&follow->kin);
    bool any = follow->handed_count > 0;
    pthread_mutex_unlock(&follow->lock);
    if (any && !give(follow->context, now.wall, fill, follow, &follow->refusals))
        return FOLLOW_STOPPED;
    pthread_mutex_lock(&follow->lock);
    handed_clear(follow);
    pthread_mutex_unlock(&follow->lock);
    return more ? FOLLOW_MORE : FOLLOW_REST;
}

/* -- describing ------------------------------------------------------------------------------ */

static void describe_family(const Family *family, int64_t wall, Denial *denial,
                            void (*tell)(void *context, const Watch *watch), void *context)
{
    Watch    watch = {.name = family->name,
                        .events = family->lines,
                        .bytes = family->bytes,
                        .dropped = family->dropped};
    uint64_t waiting = 0;
    bool     text = false;
    for (size_t i = 0; i < family->tail_count; i++) {
        waiting += tail_waiting(family->tails[i]);
        text |= !family->tails[i]->binary;
    }
    if (!text)
        return;
    if (waiting > 0 && family->ended_ns > 0)
        watch.lag_s = (double)(wall - family->ended_ns) / (double)NS_PER_S;
    if (family->problem != 0)
        denial_tell(denial, family->problem_path, family->problem, &watch);
    tell(context, &watch);
}

void follow_describe(Follow *follow, void (*tell)(void *context, const Watch *watch), void *context)
{
    Denial denial = {0};
    pthread_mutex_lock(&follow->lock);
    for (size_t i = 0; i < follow->kin.count; i++)
        describe_family(follow->kin.families[i], clock_now(), &denial, tell, context);
    for (size_t i = 0; i < follow->refused_count; i++) {
        Watch watch = {.name = follow->refused[i].path};
        denial_tell(&denial, follow->refused[i].path, follow->refused[i].error, &watch);
        tell(context, &watch);
    }
    if (follow->full)
        tell(context, &(Watch){.name = "files",
                               .state = WATCH_BROKEN,
                               .cause = "there are more files than are followed",
                               .cure = "oddball config show files, and name fewer"});
    if (follow->watcher.blind && follow->watcher.problem == ENOSPC)
        tell(context,
             &(Watch){.name = "inotify",
                      .state = WATCH_BROKEN,
                      .cause = "the kernel watches no more folders: new lines are seen within 2 s",
                      .cure = "sudo sysctl fs.inotify.max_user_watches=524288"});
    pthread_mutex_unlock(&follow->lock);
}
