/* SPDX-License-Identifier: Apache-2.0 */
#include "store/journal.h"

#include <stdio.h>

/* Where the newest file cannot be read, nobody knows how many commits it had: more than these do
 * not fit into a file. */
#define NUMBERS_SKIPPED (1u << 22)

/* -- begin and end of a file ------------------------------------------------------------------- */

static void segment_leave(Journal *journal)
{
    segment_close(&journal->segment);
    journal->is_open = false;
}

static odd_rc segment_begin(Journal *journal)
{
    uint64_t position = atomic_load(&journal->position);
    SegmentHead head = {
        .n = ++journal->newest_tried, .first = position + 1, .before = journal->sum};
    Str base = journal->base(journal->context);
    odd_rc rc = segment_create(&journal->segment, journal->folder, journal->vfs, head, base,
                               journal->problem);
    if (rc != ODD_OK)
        return rc;
    journal->is_open = true;
    atomic_store(&journal->newest, head.n);
    return ODD_OK;
}

/* Whether a file is given up after a failure.  Without room, memory or its lock it is as it was. */
static bool is_suspect(odd_rc rc)
{
    return rc == ODD_IO || rc == ODD_CORRUPT;
}

/* The file is full.  If readers keep its log from being moved, they find it beside the file. */
static void segment_end(Journal *journal)
{
    odd_rc rc = sql_checkpoint(&journal->segment.sql, true);
    if (rc == ODD_OK || rc == ODD_BUSY || is_suspect(rc))
        segment_leave(journal);
}

/* -- put --------------------------------------------------------------------------------------- */

odd_rc journal_put(Journal *journal, Str packed, uint64_t size, Str notes, uint64_t *ret_number)
{
    if (journal->is_open && journal->segment.bytes >= journal->segment_bytes_max)
        segment_end(journal);
    odd_rc rc = journal->is_open ? ODD_OK : segment_begin(journal);
    if (rc != ODD_OK)
        return rc;
    SegmentRow row = {.number = atomic_load(&journal->position) + 1,
                      .size = size,
                      .before = journal->sum,
                      .notes = notes,
                      .bytes = packed};
    row.sum = segment_sum(&row);
    rc = segment_put(&journal->segment, &row);
    if (is_suspect(rc))
        segment_leave(journal);
    if (rc != ODD_OK)
        return rc;
    journal->sum = row.sum;
    atomic_store(&journal->position, row.number);
    reach_write(&journal->reach, row.number);
    /* The commit is durable, whatever becomes of the log. */
    if (is_suspect(segment_checkpoint_if_due(&journal->segment)))
        segment_leave(journal);
    *ret_number = row.number;
    return ODD_OK;
}

/* -- open -------------------------------------------------------------------------------------- */

/* The last commit of the nearest file before, or 0. */
static uint64_t last_before(Journal *journal, size_t at)
{
    const Heads *heads = &journal->heads;
    const Head *before = NULL;
    for (size_t i = 0; i < at; i++)
        if (heads->items[i].state == ODD_OK)
            before = &heads->items[i];
    if (before == NULL)
        return 0;
    Segment segment = {0};
    uint64_t n = before->head.n, last = before->head.first - 1;
    if (segment_open(&segment, journal->folder, journal->vfs, heads_mode(journal->folder, n), n,
                     journal->problem) == ODD_OK)
        segment_last(&segment, &last);
    segment_close(&segment);
    return last;
}

/* Whether a file that was never finished stands where no commit is missing.  (Of the newest one the
 * reach tells.)  If not, it once was a whole one. */
static bool is_between(Journal *journal, size_t at)
{
    const Head *next = heads_next(&journal->heads, &journal->heads.items[at]);
    return next == NULL || last_before(journal, at) + 1 >= next->head.first;
}

/* Which commits it had is told by the files around it. */
static void set_aside(Journal *journal, size_t at, Damages *found)
{
    const Head *head = &journal->heads.items[at];
    const Head *next = heads_next(&journal->heads, head);
    Damage damage = {.kind = DAMAGE_JOURNAL, .n = head->head.n};
    Segment segment = {0};
    Problem cause = {0}, ignored;
    damage.last = next != NULL ? next->head.first - 1 : 0;
    uint64_t before = last_before(journal, at);
    damage.first = before > 0 ? before + 1 : 0;
    segment_name(head->head.n, damage.was);
    segment_open(&segment, journal->folder, journal->vfs, heads_mode(journal->folder, damage.n),
                 damage.n, &cause); /* Why it cannot be read; if now it can, that is not told. */
    segment_close(&segment);
    snprintf(damage.cause, sizeof damage.cause, "%.*s", DAMAGE_CAUSE_SIZE - 1,
             cause.text[0] != '\0' ? cause.text : "it was never finished");
    if (folder_set_aside(journal->folder, damage.was, damage.file, &ignored) == ODD_OK)
        damages_add(found, &damage);
}

/* Files that cannot be read are put aside, those that were just being made go.  Gives whether the
 * newest one is among the former. */
static bool put_aside(Journal *journal, Damages *found)
{
    bool newest_is_lost = false;
    for (size_t i = 0; i < journal->heads.count; i++) {
        const Head *head = &journal->heads.items[i];
        bool is_unborn = head->state == ODD_DONE && is_between(journal, i);
        newest_is_lost = head->state != ODD_OK && !is_unborn;
        char name[FOLDER_NAME_SIZE];
        segment_name(head->head.n, name);
        if (is_unborn)
            folder_remove(journal->folder, name);
        else if (head->state == ODD_CORRUPT || head->state == ODD_DONE)
            set_aside(journal, i, found);
    }
    return newest_is_lost;
}

/* The newest file goes on if its end is as it was written.  The checkpoint syncs what a process
 * that was killed may have left in the system's memory alone: it must not be learnt and then
 * vanish. */
static bool segment_go_on(Journal *journal, uint64_t n, uint64_t *ret_last)
{
    Segment *segment = &journal->segment;
    Problem *problem = journal->problem;
    if (segment_open(segment, journal->folder, journal->vfs, SQL_WRITE, n, problem) != ODD_OK)
        return false;
    uint64_t last;
    SegmentRow row;
    odd_rc rc = segment_last(segment, &last);
    if (rc == ODD_DONE) {
        *ret_last = segment->head.first - 1;
        journal->sum = segment->head.before;
        rc = ODD_OK;
    } else if (rc == ODD_OK) {
        *ret_last = last;
        rc = segment_get(segment, last, &row);
        journal->sum = rc == ODD_OK ? row.sum : 0;
        segment_release(segment);
    }
    if (rc == ODD_OK)
        rc = sql_checkpoint(&segment->sql, true);
    journal->is_open = rc == ODD_OK || rc == ODD_SPACE || rc == ODD_BUSY;
    if (!journal->is_open)
        segment_leave(journal);
    return journal->is_open;
}

/* What is missing at the end was in the newest file, if that was put aside. */
static void end_is_lost(uint64_t first, uint64_t last, Damages *found)
{
    for (size_t i = 0; i < found->count; i++) {
        Damage *damage = &found->items[i];
        if (damage->kind == DAMAGE_JOURNAL && damage->last == 0) {
            damage->last = last;
            return;
        }
    }
    damages_add(found, &(Damage){.kind = DAMAGE_END, .first = first, .last = last});
}

/* Numbers are never given twice: something that was learnt or told may rest on them. */
static void skip_to(Journal *journal, uint64_t position, uint64_t known, uint64_t last,
                    Damages *found)
{
    if (known <= position)
        return;
    end_is_lost(position + 1, last, found);
    if (journal->is_open)
        segment_leave(journal);
    journal->sum = 0;
    atomic_store(&journal->position, known);
}

odd_rc journal_open(Journal *journal, const Folder *folder, const char *vfs,
                    uint64_t segment_bytes_max, uint64_t floor, Problem *problem, Damages *found)
{
    journal->folder = folder;
    journal->vfs = vfs;
    journal->problem = problem;
    journal->segment_bytes_max = segment_bytes_max;
    journal->reach.descriptor = -1;
    odd_rc rc = heads_refresh(&journal->heads, folder, vfs, UINT64_MAX, problem);
    if (rc != ODD_OK)
        return rc;
    const Heads *heads = &journal->heads;
    journal->newest_tried = heads->count > 0 ? heads->items[heads->count - 1].head.n : 0;
    bool newest_is_lost = put_aside(journal, found);
    const Head *newest = heads_find(heads, UINT64_MAX);
    uint64_t position = newest != NULL ? newest->head.first - 1 : 0;
    if (newest != NULL && !segment_go_on(journal, newest->head.n, &position))
        newest_is_lost = newest_is_lost || position < newest->head.first;
    atomic_store(&journal->newest, journal->newest_tried);
    atomic_store(&journal->position, position);
    uint64_t reach = reach_read(folder);
    uint64_t known = reach > floor ? reach : floor, last = known;
    if (newest_is_lost && reach == 0) {
        last = 0;
        known = (known > position ? known : position) + NUMBERS_SKIPPED;
    }
    skip_to(journal, position, known, last, found);
    reach_open(&journal->reach, folder);
    return ODD_OK;
}

void journal_close(Journal *journal)
{
    if (journal->is_open)
        segment_end(journal);
    segment_close(&journal->segment);
    reach_close(&journal->reach);
    heads_close(&journal->heads);
}

/* -- forget ------------------------------------------------------------------------------------ */

static uint64_t file_bytes(const Folder *folder, uint64_t n)
{
    char name[FOLDER_NAME_SIZE];
    segment_name(n, name);
    return folder_bytes(folder, name);
}

odd_rc journal_forget(Journal *journal, uint64_t boundary, uint64_t bytes_kept, Problem *problem)
{
    uint64_t newest = atomic_load(&journal->newest);
    odd_rc rc = heads_refresh(&journal->heads, journal->folder, journal->vfs, newest, problem);
    if (rc != ODD_OK)
        return rc;
    const Heads *heads = &journal->heads;
    uint64_t kept = 0;
    const Head *next = NULL;
    for (size_t i = heads->count; i-- > 0;) {
        const Head *head = &heads->items[i];
        if (head->state != ODD_OK)
            continue;
        kept += file_bytes(journal->folder, head->head.n);
        if (next != NULL && next->head.first <= boundary + 1 && kept > bytes_kept) {
            char name[FOLDER_NAME_SIZE];
            segment_name(head->head.n, name);
            folder_remove(journal->folder, name);
        }
        next = head;
    }
    return ODD_OK;
}
