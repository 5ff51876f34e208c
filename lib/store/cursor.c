/* SPDX-License-Identifier: Apache-2.0
 *
 * cursor.c - a place in the journal, reading on; what is damaged is passed over and told. */
#include <inttypes.h>
#include <stdio.h>

#include "store/store.h"

#define REFUSALS_MAX \
    5 /* So often the system may refuse to read a commit before it counts as lost. */

struct odd_cursor {
    Mem         mem;
    odd_store  *store;
    Heads       heads;
    uint64_t    newest;   /* File that the heads go up to. */
    Segment     segment;
    bool        is_open;
    uint64_t    at;       /* The last commit that was given or passed over. */
    uint64_t    sum;      /* Its checksum; 0: not known.  */
    bool        linked;   /* The next commit was found not to follow from it, and that was told. */
    int         refusals; /* In a row, of the commit behind `at`. */
    Squeeze     squeeze;
    odd_events *events;
    Problem     problem;
};

odd_rc odd_cursor_open(odd_store *store, uint64_t after, odd_cursor **ret_cursor)
{
    Mem mem = {0};
    odd_cursor *cursor = mem_take(&mem, sizeof *cursor);
    odd_events *events = events_open(NULL, 0);
    if (cursor == NULL || events == NULL) {
        events_close(events);
        mem_free(&mem, cursor, sizeof *cursor);
        return ODD_NOMEM;
    }
    *cursor = (odd_cursor){.mem = mem, .store = store, .at = after, .events = events};
    *ret_cursor = cursor;
    return ODD_OK;
}

static void leave_segment(odd_cursor *cursor)
{
    segment_close(&cursor->segment);
    cursor->is_open = false;
}

void odd_cursor_close(odd_cursor *cursor)
{
    if (cursor == NULL)
        return;
    leave_segment(cursor);
    heads_close(&cursor->heads);
    squeeze_close(&cursor->squeeze);
    events_close(cursor->events);
    Mem mem = cursor->mem;
    mem_free(&mem, cursor, sizeof *cursor);
}

const char *odd_cursor_errmsg(const odd_cursor *cursor)
{
    return cursor->problem.text;
}

/* The last commit that may be read.  Beside another process nobody knows: all that is there. */
static uint64_t limit_of(const odd_cursor *cursor)
{
    return cursor->store->read_only ? UINT64_MAX : odd_store_position(cursor->store);
}

static odd_rc refresh(odd_cursor *cursor, bool anyway)
{
    const odd_store *store = cursor->store;
    uint64_t newest = store->read_only ? UINT64_MAX : atomic_load(&store->journal.newest);
    if (newest == cursor->newest && !anyway)
        return ODD_OK;
    odd_rc rc = heads_refresh(&cursor->heads, &store->folder, store->vfs, newest, &cursor->problem);
    if (rc == ODD_OK)
        cursor->newest = newest;
    return rc;
}

/* -- what is missing --------------------------------------------------------------------------- */

/* Commits up to `last` are passed over. */
static odd_rc pass_over(odd_cursor *cursor, uint64_t last, const char *why)
{
    uint64_t first = cursor->at + 1;
    cursor->at = last;
    cursor->sum = 0;
    cursor->refusals = 0;
    Problem cause;
    snprintf(cause.text, sizeof cause.text, "%s", why);
    if (first == last)
        return problem_say(&cursor->problem, ODD_CORRUPT,
                           "commit %" PRIu64 " of the journal is passed over: %.380s", first,
                           cause.text);
    return problem_say(&cursor->problem, ODD_CORRUPT,
                       "commits %" PRIu64 " to %" PRIu64 " of the journal are passed over: %.380s",
                       first, last, cause.text);
}

/* Whether a refusal is told as it is, so that the caller tries again. */
static bool is_for_later(odd_cursor *cursor, odd_rc rc)
{
    if (rc == ODD_NOMEM || rc == ODD_SPACE || rc == ODD_BUSY || rc == ODD_VERSION)
        return true;
    return rc == ODD_IO && ++cursor->refusals < REFUSALS_MAX;
}

/* The last commit that belongs into a file.  Of the newest file beside another process: the last
 * one that is in it, or none. */
static uint64_t last_of(odd_cursor *cursor, const Head *head)
{
    const Head *next = heads_next(&cursor->heads, head);
    uint64_t last;
    if (next != NULL)
        return next->head.first - 1;
    if (!cursor->store->read_only)
        return limit_of(cursor);
    return cursor->is_open && segment_last(&cursor->segment, &last) == ODD_OK ? last : 0;
}

/* The commit behind `at` is damaged; so are all up to this one. */
static uint64_t damage_end(odd_cursor *cursor, uint64_t last)
{
    uint64_t next = cursor->at + 2;
    while (cursor->is_open && next <= last) {
        SegmentRow row;
        odd_rc rc = segment_get(&cursor->segment, next, &row);
        segment_release(&cursor->segment);
        if (rc == ODD_OK)
            return next - 1;
        uint64_t above;
        if (rc != ODD_NOTFOUND)
            next++;
        else if (segment_above(&cursor->segment, next, &above) == ODD_OK && above > next)
            next = above;
        else
            break;
    }
    return last;
}

/* -- the next one ------------------------------------------------------------------------------ */

static odd_rc go_to(odd_cursor *cursor, const Head *head)
{
    if (cursor->is_open && cursor->segment.head.n == head->head.n)
        return ODD_OK;
    leave_segment(cursor);
    const odd_store *store = cursor->store;
    bool is_newest = heads_next(&cursor->heads, head) == NULL;
    SqlMode mode = is_newest ? SQL_READ : heads_mode(&store->folder, head->head.n);
    odd_rc rc = segment_open(&cursor->segment, &store->folder, store->vfs, mode, head->head.n,
                             &cursor->problem);
    cursor->is_open = rc == ODD_OK;
    return rc;
}

/* ODD_NOTFOUND: no file that is known has it; *ret_head is the one that should, or NULL. */
static odd_rc look_up(odd_cursor *cursor, const Head **ret_head, SegmentRow *ret_row)
{
    const Head *head = heads_find(&cursor->heads, cursor->at + 1);
    *ret_head = head;
    if (head == NULL)
        return ODD_NOTFOUND;
    odd_rc rc = go_to(cursor, head);
    return rc == ODD_OK ? segment_get(&cursor->segment, cursor->at + 1, ret_row) : rc;
}

/* A file that the system does not let us read now may be the one that has it. */
static odd_rc hidden_by(const odd_cursor *cursor)
{
    for (size_t i = 0; i < cursor->heads.count; i++) {
        odd_rc state = cursor->heads.items[i].state;
        if (state == ODD_IO || state == ODD_BUSY)
            return state;
    }
    return ODD_NOTFOUND;
}

/* No file begins at the commit or before it. */
static odd_rc nothing_before(odd_cursor *cursor)
{
    const Head *first = heads_next(&cursor->heads, NULL);
    if (first == NULL && cursor->store->read_only)
        return ODD_DONE;
    uint64_t last = first != NULL ? first->head.first - 1 : limit_of(cursor);
    if (first != NULL && cursor->at == 0) {
        cursor->at = last; /* What is older was forgotten. */
        return ODD_OK;
    }
    return pass_over(cursor, last, "the file that held it is not there");
}

static odd_rc not_readable(odd_cursor *cursor, const Head *head, odd_rc rc)
{
    if (rc == ODD_NOTFOUND)
        rc = hidden_by(cursor);
    if (is_for_later(cursor, rc))
        return rc;
    if (head == NULL)
        return nothing_before(cursor);
    Problem cause = cursor->problem;
    uint64_t last = last_of(cursor, head);
    if (last <= cursor->at && cursor->store->read_only)
        return ODD_DONE;
    return pass_over(cursor, damage_end(cursor, last),
                     rc == ODD_NOTFOUND ? "it is not in its file" : cause.text);
}

/* The row goes into the events that the caller is given. */
static odd_rc deliver(odd_cursor *cursor, const SegmentRow *row)
{
    if (cursor->sum != 0 && row->before != 0 && row->before != cursor->sum && !cursor->linked) {
        cursor->linked = true;
        return problem_say(&cursor->problem, ODD_CORRUPT,
                           "commit %" PRIu64 " of the journal does "
                           "not follow from the one before it: files of the journal were changed",
                           row->number);
    }
    char *room = events_run(cursor->events, row->size);
    if (room == NULL)
        return problem_say(&cursor->problem, ODD_NOMEM, "reading commit %" PRIu64 ": out of memory",
                           row->number);
    odd_rc rc = squeeze_unpack(&cursor->squeeze, row->bytes, room, row->size);
    if (rc == ODD_NOMEM)
        return problem_say(&cursor->problem, rc, "reading commit %" PRIu64 ": out of memory",
                           row->number);
    if (rc != ODD_OK || !events_count_run(cursor->events))
        return pass_over(cursor, row->number, "its events cannot be read");
    cursor->at = row->number;
    cursor->sum = row->sum;
    cursor->linked = false;
    cursor->refusals = 0;
    return ODD_OK;
}

odd_rc odd_cursor_next(odd_cursor *cursor, odd_events **ret_events, uint64_t *ret_position)
{
    const Head *head;
    SegmentRow row;
    odd_rc rc;
    do { /* Once more where a first call finds that what is older was forgotten. */
        if (cursor->at >= limit_of(cursor))
            return ODD_DONE;
        rc = refresh(cursor, false);
        if (rc != ODD_OK)
            return rc;
        rc = look_up(cursor, &head, &row);
        if (rc == ODD_NOTFOUND || rc == ODD_IO) { /* A file may have come or gone. */
            odd_rc found = refresh(cursor, true);
            rc = found == ODD_OK ? look_up(cursor, &head, &row) : found;
        }
        if (rc == ODD_OK)
            break;
        rc = not_readable(cursor, head, rc);
    } while (rc == ODD_OK);
    if (rc != ODD_OK)
        return rc;
    rc = deliver(cursor, &row);
    segment_release(&cursor->segment);
    if (rc == ODD_OK) {
        *ret_events = cursor->events;
        *ret_position = cursor->at;
    }
    return rc;
}
