/* SPDX-License-Identifier: Apache-2.0 */
#include "store/spill.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/cut.h"
#include "store/folder.h"

typedef struct {
    int64_t  key;
    uint64_t size;
} Head;

void spill_open(Spill *spill, Mem *mem, const char *folder, uint64_t bytes_max)
{
    *spill = (Spill){.mem = mem, .bytes_max = bytes_max};
    cut_into(spill->folder, sizeof spill->folder, str_of(folder));
}

static void memory_free(Spill *spill)
{
    mem_free(spill->mem, spill->entries, spill->entry_capacity * sizeof *spill->entries);
    mem_free(spill->mem, spill->bytes, spill->capacity);
    spill->entries = NULL;
    spill->bytes = NULL;
    spill->entry_count = spill->entry_capacity = spill->size = spill->capacity = 0;
}

void spill_close(Spill *spill)
{
    for (size_t i = 0; i < spill->run_count; i++)
        if (spill->runs[i].file != NULL)
            fclose(spill->runs[i].file);
    memory_free(spill);
    *spill = (Spill){0};
}

static odd_rc refused(void)
{
    return errno == ENOSPC || errno == EDQUOT ? ODD_SPACE : errno == ENOMEM ? ODD_NOMEM : ODD_IO;
}

/* -- writing ----------------------------------------------------------------------------------- */

static int by_key(const void *left, const void *right)
{
    const SpillEntry *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static void sort_memory(Spill *spill)
{
    bool in_order = true;
    for (size_t i = 1; in_order && i < spill->entry_count; i++)
        in_order = spill->entries[i - 1].key <= spill->entries[i].key;
    if (!in_order)
        qsort(spill->entries, spill->entry_count, sizeof *spill->entries, by_key);
}

static bool write_entries(const Spill *spill, FILE *file)
{
    for (size_t i = 0; i < spill->entry_count; i++) {
        const SpillEntry *entry = &spill->entries[i];
        Head head = {.key = entry->key, .size = entry->size};
        if (fwrite(&head, sizeof head, 1, file) != 1 ||
            fwrite(spill->bytes + entry->at, 1, entry->size, file) != entry->size)
            return false;
    }
    return fflush(file) == 0;
}

static odd_rc write_run(Spill *spill)
{
    if (spill->run_count + 1 == SPILL_RUNS_MAX)
        return ODD_FULL;
    FILE *file = folder_nameless(spill->folder);
    if (file == NULL)
        return refused();
    sort_memory(spill);
    if (!write_entries(spill, file)) {
        odd_rc rc = refused();
        fclose(file);
        return rc;
    }
    spill->runs[spill->run_count++] = (SpillRun){.file = file, .left = spill->entry_count};
    spill->entry_count = spill->size = 0;
    return ODD_OK;
}

odd_rc spill_add(Spill *spill, int64_t key, Str record)
{
    assert(record.size <= SPILL_RECORD_MAX);
    uint64_t used = spill->size + spill->entry_count * sizeof *spill->entries;
    odd_rc rc = used + record.size > spill->bytes_max && used > 0 ? write_run(spill) : ODD_OK;
    if (rc != ODD_OK)
        return rc;
    SpillEntry *grown = mem_grow(spill->mem, spill->entries, &spill->entry_capacity,
                                 spill->entry_count + 1, sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    spill->entries = grown;
    char *bytes =
        mem_grow(spill->mem, spill->bytes, &spill->capacity, spill->size + record.size + 1, 1);
    if (bytes == NULL)
        return ODD_NOMEM;
    spill->bytes = bytes;
    memcpy(bytes + spill->size, record.text, record.size);
    grown[spill->entry_count++] = (SpillEntry){.key = key, .at = spill->size, .size = record.size};
    spill->size += record.size;
    return ODD_OK;
}

/* -- reading ----------------------------------------------------------------------------------- */

/* The head of the next record; false: there is none, or it cannot be read (errno). */
static bool run_head(const Spill *spill, SpillRun *run)
{
    if (run->left == 0)
        return false;
    Head head;
    if (run->file == NULL) {
        const SpillEntry *entry = &spill->entries[spill->entry_count - run->left];
        head = (Head){.key = entry->key, .size = entry->size};
    } else if (fread(&head, sizeof head, 1, run->file) != 1 || head.size > SPILL_RECORD_MAX) {
        return false;
    }
    run->key = head.key;
    run->size = (uint32_t)head.size;
    return true;
}

static bool is_before(const Spill *spill, size_t a, size_t b)
{
    return spill->runs[spill->heap[a]].key < spill->runs[spill->heap[b]].key;
}

static void heap_down(Spill *spill, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < spill->heap_count; at = child) {
        if (child + 1 < spill->heap_count && is_before(spill, child + 1, child))
            child++;
        if (!is_before(spill, child, at))
            return;
        uint32_t run = spill->heap[at];
        spill->heap[at] = spill->heap[child];
        spill->heap[child] = run;
    }
}

odd_rc spill_sort(Spill *spill)
{
    sort_memory(spill);
    spill->runs[spill->run_count++] = (SpillRun){.left = spill->entry_count};
    for (size_t i = 0; i < spill->run_count; i++) {
        SpillRun *run = &spill->runs[i];
        if (run->file != NULL && fseek(run->file, 0, SEEK_SET) != 0)
            return refused();
        if (run->left > 0 && !run_head(spill, run))
            return refused();
        if (run->left > 0)
            spill->heap[spill->heap_count++] = (uint32_t)i;
    }
    for (size_t i = spill->heap_count; i-- > 0;)
        heap_down(spill, i);
    return ODD_OK;
}

odd_rc spill_next(Spill *spill, int64_t *ret_key, Str *ret_record)
{
    if (spill->heap_count == 0)
        return ODD_DONE;
    SpillRun *run = &spill->runs[spill->heap[0]];
    if (run->file == NULL) {
        const SpillEntry *entry = &spill->entries[spill->entry_count - run->left];
        memcpy(spill->record, spill->bytes + entry->at, entry->size);
    } else if (fread(spill->record, 1, run->size, run->file) != run->size) {
        return refused();
    }
    *ret_key = run->key;
    *ret_record = (Str){.text = spill->record, .size = run->size};
    run->left--;
    if (run->left == 0)
        spill->heap[0] = spill->heap[--spill->heap_count];
    else if (!run_head(spill, run))
        return refused();
    heap_down(spill, 0);
    return ODD_ROW;
}
