/* SPDX-License-Identifier: Apache-2.0
 *
 * keep.c - small things that a store keeps: values by name, the lake's files, the secret; and what
 * it need not keep any more. */
#include "base/bytes.h"
#include "store/store.h"

#define SECRET_SIZE 16
#define SECRET_FILE_SIZE (SECRET_SIZE + 8)

static odd_rc read_only(odd_store *store)
{
    return problem_say(&store->catalog.problem, ODD_MISUSE, "the store was opened to be read only");
}

/* -- values ------------------------------------------------------------------------------------ */

odd_rc store_put(odd_store *store, const char *key, Str value)
{
    return store->read_only ? read_only(store) : catalog_put(&store->catalog, str_of(key), value);
}

typedef struct {
    odd_store *store;
    Str        value;
} Getting;

static odd_rc copy_value(void *context, Str value)
{
    Getting *getting = context;
    odd_store *store = getting->store;
    char *room = mem_grow(&store->catalog.mem, store->catalog.room, &store->catalog.room_capacity,
                          value.size + 1, 1);
    if (room == NULL)
        return problem_say(&store->catalog.problem, ODD_NOMEM, "reading a value: out of memory");
    store->catalog.room = room;
    memcpy(room, value.text, value.size);
    getting->value = (Str){.text = room, .size = value.size};
    return ODD_OK;
}

odd_rc store_get(odd_store *store, const char *key, Str *ret_value)
{
    Getting getting = {.store = store};
    odd_rc rc = catalog_get(&store->catalog, str_of(key), copy_value, &getting);
    if (rc == ODD_OK)
        *ret_value = getting.value;
    return rc;
}

static const char SEED_NAME[] = "seed";

/* A damaged one is as one that is not there. */
odd_rc store_seed_read(odd_store *store, uint64_t *ret_seed)
{
    Str value;
    odd_rc rc = store_get(store, SEED_NAME, &value);
    if (rc != ODD_OK || value.size != sizeof *ret_seed)
        return rc != ODD_OK && rc != ODD_CORRUPT ? rc : ODD_NOTFOUND;
    *ret_seed = bytes_get_u64(value.text);
    return ODD_OK;
}

odd_rc odd_store_seed(odd_store *store, uint64_t fresh, uint64_t *ret_seed)
{
    char bytes[sizeof fresh];
    odd_rc rc = store_seed_read(store, ret_seed);
    if (rc != ODD_NOTFOUND || store->read_only || odd_store_position(store) > 0)
        return rc;
    bytes_put_u64(bytes, fresh);
    rc = store_put(store, SEED_NAME, (Str){.text = bytes, .size = sizeof bytes});
    if (rc != ODD_OK)
        return rc;
    store->notes.requests.seed = fresh; /* It has none yet. */
    *ret_seed = fresh;
    return ODD_OK;
}

/* -- the lake ---------------------------------------------------------------------------------- */

odd_rc store_lake_files(odd_store *store, void (*tell)(void *context, const char *file),
                        void *context)
{
    return catalog_lake_files(&store->catalog, tell, context);
}

odd_rc odd_store_lake_replace(odd_store *store, const char *const *removed, size_t removed_count,
                              const char *const *added, size_t added_count)
{
    if (store->read_only)
        return read_only(store);
    odd_rc rc = catalog_begin(&store->catalog);
    if (rc != ODD_OK)
        return rc;
    rc = catalog_lake_remove(&store->catalog, removed, removed_count);
    if (rc == ODD_OK)
        rc = catalog_lake_add(&store->catalog, added, added_count);
    return catalog_end(&store->catalog, rc);
}

/* -- the secret -------------------------------------------------------------------------------- */

/* A secret that is damaged is put aside, for a person to look at; from then on equal values have
 * other tokens than before. */
odd_rc odd_store_secret(odd_store *store, const unsigned char fresh[SECRET_SIZE],
                        unsigned char ret_key[SECRET_SIZE])
{
    static const char name[] = "secret";
    char file[SECRET_FILE_SIZE];
    if (folder_get(&store->folder, name, file, sizeof file) == sizeof file &&
        catalog_sum((Str){.text = file, .size = SECRET_SIZE}) ==
            bytes_get_u64(file + SECRET_SIZE)) {
        memcpy(ret_key, file, SECRET_SIZE);
        return ODD_OK;
    }
    if (store->read_only)
        return read_only(store);
    odd_rc rc = ODD_OK;
    Damage damage = {.kind = DAMAGE_SECRET, .was = "secret"};
    if (folder_has(&store->folder, name)) {
        rc = folder_set_aside(&store->folder, name, damage.file, &store->catalog.problem);
        if (rc == ODD_OK)
            damages_add(&store->damages, &damage);
        damages_tell(&store->damages, 0, 0);
    }
    memcpy(file, fresh, SECRET_SIZE);
    bytes_put_u64(file + SECRET_SIZE, catalog_sum((Str){.text = file, .size = SECRET_SIZE}));
    if (rc == ODD_OK)
        rc = folder_put(&store->folder, name, (Str){.text = file, .size = sizeof file},
                        &store->catalog.problem);
    if (rc == ODD_OK)
        memcpy(ret_key, fresh, SECRET_SIZE);
    return rc;
}

/* -- what need not be kept --------------------------------------------------------------------- */

/* The newest checkpoint may turn out to be damaged: the journal behind the one before it stays. */
odd_rc odd_store_forget(odd_store *store, uint64_t bytes_kept)
{
    if (store->read_only)
        return read_only(store);
    int64_t boundary;
    odd_rc rc =
        sql_ask(&store->catalog.sql,
                "SELECT position FROM snapshots ORDER BY id DESC LIMIT 1 OFFSET 1", &boundary);
    if (rc == ODD_DONE)
        return ODD_OK;
    return rc == ODD_OK ? journal_forget(&store->journal, (uint64_t)boundary, bytes_kept,
                                         &store->catalog.problem)
                        : rc;
}
