/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <assert.h>
#include <stdio.h>

#define SEGMENT_BYTES_MAX (256u << 20)
#define RESERVE_BYTES (8u << 20) /* More than opening writes: indexes of logs, and a few pages. */

static const char reserve[] = "reserve";

/* -- open and close ---------------------------------------------------------------------------- */

static odd_rc open_segment(odd_store *store, const Head *head, Segment *segment)
{
    uint64_t n = head->head.n;
    SqlMode mode = heads_mode(&store->folder, n);
    return segment_open(segment, &store->folder, store->vfs, mode, n, &store->problem);
}

static odd_rc take_base(void *context, Str base)
{
    Said *notes = context;
    said_close(notes); /* Of a damaged one, a part may be there. */
    odd_rc rc = said_open(notes);
    return rc == ODD_OK ? said_read(notes, base) : rc;
}

/* What the notes of a file's commits say; a damaged one is passed over, as its commit will be. */
static odd_rc learn_commits(odd_store *store, const Head *head, Segment *segment)
{
    const Head *next = heads_next(&store->journal.heads, head);
    uint64_t end = next != NULL ? next->head.first : UINT64_MAX;
    uint64_t number = head->head.first - 1;
    Str bytes;
    while (segment_noted(segment, number + 1, &number, &bytes) == ODD_OK && number < end)
        if (said_learn(&store->notes, bytes) == ODD_NOMEM)
            return problem_say(&store->problem, ODD_NOMEM, "opening the store: out of memory");
    return ODD_OK;
}

/* The newest file whose base is whole, or the oldest one. */
static const Head *learn_base(odd_store *store)
{
    const Heads *heads = &store->journal.heads;
    for (size_t i = heads->count; i-- > 0;) {
        Segment segment = {0};
        if (heads->items[i].state != ODD_OK)
            continue;
        odd_rc rc = open_segment(store, &heads->items[i], &segment);
        if (rc == ODD_OK)
            rc = segment_base(&segment, take_base, &store->notes);
        segment_close(&segment);
        if (rc == ODD_OK)
            return &heads->items[i];
    }
    return heads_next(heads, NULL);
}

static odd_rc learn_notes(odd_store *store)
{
    odd_rc rc = said_open(&store->notes);
    store_seed_read(store, &store->notes.requests.seed); /* There need not be one. */
    if (rc != ODD_OK)
        return problem_say(&store->problem, rc, "opening the store: out of memory");
    const Head *head = learn_base(store);
    if (store->notes.run == NULL)
        return problem_say(&store->problem, ODD_NOMEM, "opening the store: out of memory");
    for (; rc == ODD_OK && head != NULL; head = heads_next(&store->journal.heads, head)) {
        Segment segment = {0};
        if (open_segment(store, head, &segment) == ODD_OK)
            rc = learn_commits(store, head, &segment);
        segment_close(&segment);
    }
    return rc;
}

/* What a new file of the journal begins with.  Without memory for it there is none, and a start
 * goes back to the file before. */
static Str base_of(void *context)
{
    odd_store *store = context;
    Str base;
    return said_write(&store->notes, &base) == ODD_OK ? base : STR("");
}

/* What the catalog knows of a file's commits is better than what the files around it tell. */
static void complete(odd_store *store, Damage *damage)
{
    if (damage->kind != DAMAGE_JOURNAL)
        return;
    uint64_t first = catalog_segment_first(&store->catalog, damage->n);
    uint64_t next = catalog_segment_first(&store->catalog, damage->n + 1);
    damage->first = first > 0 ? first : damage->first;
    damage->last = next > 1 ? next - 1 : damage->last;
}

static void tell_damages(odd_store *store)
{
    Damages *damages = &store->damages;
    uint64_t learnt = 0;
    for (size_t i = 0; i < damages->count; i++)
        complete(store, &damages->items[i]);
    catalog_learnt(&store->catalog, &learnt); /* Where it cannot be read: nothing is known. */
    damages_tell(damages, learnt, store_first(store));
    store->problem.text[0] = '\0';
    if (damages->count > 0)
        problem_say(&store->problem, ODD_OK, "%s", damages->items[0].sentence);
}

static odd_rc open_parts(odd_store *store, const odd_store_options *options)
{
    Damages *found = &store->damages;
    uint64_t floor = 0;
    odd_rc rc = catalog_open(&store->catalog, &store->folder, store->vfs, store->read_only, found);
    if (rc == ODD_OK && !store->read_only)
        rc = catalog_floor(&store->catalog, &floor);
    if (rc == ODD_CORRUPT && !store->read_only &&
        (rc = catalog_renew(&store->catalog, found)) == ODD_OK)
        rc = catalog_floor(&store->catalog, &floor);
    if (rc != ODD_OK)
        store->problem = store->catalog.problem;
    if (rc != ODD_OK || store->read_only)
        return rc;
    store->journal.base = base_of;
    store->journal.context = store;
    uint64_t bytes_max =
        options->segment_bytes_max > 0 ? options->segment_bytes_max : SEGMENT_BYTES_MAX;
    rc = journal_open(&store->journal, &store->folder, store->vfs, bytes_max, floor,
                      &store->problem, found);
    if (rc == ODD_OK)
        rc = learn_notes(store);
    if (rc == ODD_OK)
        tell_damages(store);
    return rc;
}

static void close_parts(odd_store *store)
{
    said_close(&store->notes);
    if (!store->read_only && store->journal.folder != NULL)
        journal_close(&store->journal);
    if (store->catalog.folder != NULL)
        catalog_close(&store->catalog);
    store->journal = (Journal){0};
    store->catalog = (Catalog){0};
}

/* With a full disk even reading needs a little room: the reserve is given up for it. */
static odd_rc open_all(odd_store *store, const odd_store_options *options)
{
    odd_rc rc = open_parts(store, options);
    if (rc == ODD_SPACE && folder_has(&store->folder, reserve)) {
        close_parts(store);
        folder_remove(&store->folder, reserve);
        rc = open_parts(store, options);
    } else if (rc == ODD_OK && !store->read_only) {
        folder_reserve(&store->folder, reserve, RESERVE_BYTES);
    }
    return rc;
}

odd_rc odd_store_open(const char *path, const odd_store_options *options, odd_store **ret_store,
                      char *problem, size_t problem_size)
{
    static const odd_store_options defaults;
    if (options == NULL)
        options = &defaults;
    Mem mem = {0};
    odd_store *store = mem_take(&mem, sizeof *store);
    if (store == NULL) {
        snprintf(problem, problem_size, "opening %s: out of memory", path);
        return ODD_NOMEM;
    }
    store->mem = mem;
    store->read_only = options->read_only != 0;
    if (options->vfs != NULL) {
        snprintf(store->vfs_name, sizeof store->vfs_name, "%s", options->vfs);
        store->vfs = store->vfs_name;
    }
    odd_rc rc = folder_open(&store->folder, path, store->read_only, &store->problem);
    if (rc == ODD_OK)
        rc = open_all(store, options);
    if (rc != ODD_OK) {
        snprintf(problem, problem_size, "%s", store->problem.text);
        odd_store_close(store);
        return rc;
    }
    *ret_store = store;
    return ODD_OK;
}

void odd_store_close(odd_store *store)
{
    if (store == NULL)
        return;
    close_parts(store);
    squeeze_close(&store->squeeze);
    folder_close(&store->folder);
    mem_free(&store->mem, store->gathered, store->gathered_capacity);
    Mem mem = store->mem;
    mem_free(&mem, store, sizeof *store);
}

const char *odd_store_errmsg(const odd_store *store)
{
    return store->problem.text;
}

int odd_store_damage(const odd_store *store, size_t number, odd_damage *ret_damage)
{
    if (number >= store->damages.count)
        return 0;
    const Damage *damage = &store->damages.items[number];
    *ret_damage = (odd_damage){.file = damage->file,
                               .first = damage->first,
                               .last = damage->last,
                               .sentence = damage->sentence};
    return 1;
}

const char *odd_store_catalog_errmsg(const odd_store *store)
{
    return store->catalog.problem.text;
}

odd_rc odd_store_holder(odd_store *store, const char *note)
{
    if (store->read_only)
        return problem_say(&store->problem, ODD_MISUSE, "the store was opened to be read only");
    return folder_note_holder(&store->folder, note, &store->problem);
}

/* -- commit ------------------------------------------------------------------------------------ */

static Str run_of(const odd_events *events)
{
    return (Str){.text = events->bytes, .size = events->size};
}

static odd_rc append(odd_store *store, size_t size, Str run)
{
    if (run.size > STORE_COMMIT_BYTES_MAX - size)
        return problem_say(&store->problem, ODD_FULL,
                           "more than %u MiB of events at once: put them "
                           "into several commits",
                           (unsigned)(STORE_COMMIT_BYTES_MAX >> 20));
    char *gathered =
        mem_grow(&store->mem, store->gathered, &store->gathered_capacity, size + run.size, 1);
    if (gathered == NULL)
        return problem_say(&store->problem, ODD_NOMEM, "committing: out of memory");
    store->gathered = gathered;
    memcpy(gathered + size, run.text, run.size);
    return ODD_OK;
}

/* The runs that count, one behind the other; a single one is taken where it stands. */
static odd_rc gather(odd_store *store, odd_events *const *events, size_t count, odd_rc *results,
                     Str *ret_run)
{
    Str run = STR("");
    for (size_t i = 0; i < count; i++) {
        odd_rc rc = said_add(&store->notes, run_of(events[i]));
        if (results != NULL)
            results[i] = rc;
        if (rc == ODD_EXISTS || (rc == ODD_OK && events[i]->size == 0))
            continue;
        if (rc != ODD_OK)
            return problem_say(&store->problem, rc, "committing: out of memory");
        if (count == 1) {
            *ret_run = run_of(events[i]);
            return ODD_OK;
        }
        rc = append(store, run.size, run_of(events[i]));
        if (rc != ODD_OK)
            return rc;
        run = (Str){.text = store->gathered, .size = run.size + events[i]->size};
    }
    *ret_run = run;
    return ODD_OK;
}

static odd_rc put(odd_store *store, Str run)
{
    Str packed, notes;
    odd_rc rc = squeeze_pack(&store->squeeze, run, &packed);
    if (rc == ODD_OK)
        rc = said_end(&store->notes, &notes);
    if (rc != ODD_OK)
        return problem_say(&store->problem, rc, "committing: out of memory");
    uint64_t number;
    return journal_put(&store->journal, packed, run.size, notes, &number);
}

/* One commit that was very large must not cost memory for ever. */
static void trim(odd_store *store)
{
    squeeze_trim(&store->squeeze);
    if (store->gathered_capacity <= SQUEEZE_BYTES_KEPT)
        return;
    mem_free(&store->mem, store->gathered, store->gathered_capacity);
    store->gathered = NULL;
    store->gathered_capacity = 0;
}

odd_rc odd_store_commit(odd_store *store, odd_events *const *events, size_t count, odd_rc *results,
                        uint64_t *ret_position)
{
    if (store->read_only)
        return problem_say(&store->problem, ODD_MISUSE, "the store was opened to be read only");
    said_begin(&store->notes);
    Str run = STR("");
    odd_rc rc = gather(store, events, count, results, &run);
    if (rc == ODD_OK && run.size > 0)
        rc = put(store, run);
    trim(store);
    if (rc != ODD_OK) {
        said_take_back(&store->notes);
        return rc;
    }
    said_keep(&store->notes);
    *ret_position = odd_store_position(store);
    return ODD_OK;
}

uint64_t odd_store_position(const odd_store *store)
{
    return atomic_load(&store->journal.position);
}

uint64_t store_first(const odd_store *store)
{
    const Head *oldest = store->read_only ? NULL : heads_next(&store->journal.heads, NULL);
    if (oldest != NULL)
        return oldest->head.first;
    return odd_store_position(store) + 1;
}

const char *odd_store_reader(odd_store *store, const char *source)
{
    return readers_get(&store->notes.readers, str_of(source));
}
