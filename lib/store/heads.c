/* SPDX-License-Identifier: Apache-2.0 */
#include "store/heads.h"

#include <inttypes.h>
#include <stdio.h>

SqlMode heads_mode(const Folder *folder, uint64_t n)
{
    char wal[FOLDER_NAME_SIZE], rollback[FOLDER_NAME_SIZE];
    snprintf(wal, sizeof wal, "journal-%" PRIu64 ".db-wal", n);
    snprintf(rollback, sizeof rollback, "journal-%" PRIu64 ".db-journal", n);
    if (folder_has(folder, rollback)) /* It was being made; SQLite puts that right. */
        return SQL_WRITE;
    return folder_bytes(folder, wal) > 0 ? SQL_READ : SQL_SEALED;
}

/* What somebody may be writing must be read by the log's rules, even if the log is empty now. */
static odd_rc read_head(Head *head, const Folder *folder, const char *vfs, uint64_t n,
                        bool is_newest, Problem *problem)
{
    Segment segment = {0};
    SqlMode mode = heads_mode(folder, n);
    if (is_newest && mode == SQL_SEALED)
        mode = SQL_READ;
    head->state = segment_open(&segment, folder, vfs, mode, n, problem);
    head->head = segment.head;
    head->head.n = n;
    segment_close(&segment);
    switch (head->state) {
    case ODD_NOMEM:
    case ODD_SPACE:
    case ODD_VERSION:
        return head->state;
    default:
        return ODD_OK;
    }
}

/* The entries that stay move to the front, as both lists ascend. */
static void drop_gone(Heads *heads)
{
    size_t kept = 0, number = 0;
    for (size_t i = 0; i < heads->count; i++) {
        while (number < heads->numbers.count &&
               heads->numbers.items[number] < heads->items[i].head.n)
            number++;
        if (number < heads->numbers.count && heads->numbers.items[number] == heads->items[i].head.n)
            heads->items[kept++] = heads->items[i];
    }
    heads->count = kept;
}

static bool is_settled(odd_rc state)
{
    return state == ODD_OK || state == ODD_CORRUPT;
}

odd_rc heads_refresh(Heads *heads, const Folder *folder, const char *vfs, uint64_t n_max,
                     Problem *problem)
{
    odd_rc rc = folder_journals(folder, &heads->mem, &heads->numbers, problem);
    if (rc != ODD_OK)
        return rc;
    drop_gone(heads);
    size_t numbers = heads->numbers.count;
    uint64_t newest = numbers > 0 ? heads->numbers.items[numbers - 1] : 0;
    if (newest > n_max)
        newest = n_max;
    for (size_t i = 0; i < heads->count && rc == ODD_OK; i++)
        if (!is_settled(heads->items[i].state))
            rc = read_head(&heads->items[i], folder, vfs, heads->items[i].head.n,
                           heads->items[i].head.n >= newest, problem);
    uint64_t known = heads->count > 0 ? heads->items[heads->count - 1].head.n : 0;
    for (size_t i = 0; i < numbers && rc == ODD_OK; i++) {
        uint64_t n = heads->numbers.items[i];
        if (n <= known || n > n_max)
            continue;
        Head *grown =
            mem_grow(&heads->mem, heads->items, &heads->capacity, heads->count + 1, sizeof *grown);
        if (grown == NULL)
            return problem_say(problem, ODD_NOMEM, "reading the journal: out of memory");
        heads->items = grown;
        rc = read_head(&heads->items[heads->count], folder, vfs, n, n >= newest, problem);
        if (rc == ODD_OK)
            heads->count++;
    }
    return rc;
}

void heads_close(Heads *heads)
{
    mem_free(&heads->mem, heads->items, heads->capacity * sizeof *heads->items);
    mem_free(&heads->mem, heads->numbers.items,
             heads->numbers.capacity * sizeof *heads->numbers.items);
    *heads = (Heads){0};
}

const Head *heads_find(const Heads *heads, uint64_t number)
{
    for (size_t i = heads->count; i-- > 0;)
        if (heads->items[i].state == ODD_OK && heads->items[i].head.first <= number)
            return &heads->items[i];
    return NULL;
}

const Head *heads_next(const Heads *heads, const Head *head)
{
    size_t from = head == NULL ? 0 : (size_t)(head - heads->items) + 1;
    for (size_t i = from; i < heads->count; i++)
        if (heads->items[i].state == ODD_OK)
            return &heads->items[i];
    return NULL;
}
