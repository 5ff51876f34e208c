/* SPDX-License-Identifier: Apache-2.0 */
#include "api/predictors.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define NAME_SIZE 128
#define KEPT_MAX 64

typedef struct Entry {
    Served        served; /* Must be first: who takes it gives it back by that. */
    struct Entry *next;
    char          name[NAME_SIZE];
    struct stat   log;
    unsigned      users; /* With the list, while it is the newest of its name. */
} Entry;

struct Predictors {
    pthread_mutex_t lock;
    char           *data;
    Entry          *entries;
    size_t          count;
};

Predictors *predictors_open(const char *data)
{
    Predictors *predictors = calloc(1, sizeof *predictors);
    if (predictors == NULL)
        return NULL;
    predictors->data = strdup(data);
    if (predictors->data == NULL || pthread_mutex_init(&predictors->lock, NULL) != 0) {
        free(predictors->data);
        free(predictors);
        return NULL;
    }
    return predictors;
}

static void entry_free(Entry *entry)
{
    odd_predictor_close(entry->served.champion);
    odd_predictor_close(entry->served.candidate);
    free(entry);
}

static void entry_leave(Entry *entry)
{
    if (--entry->users == 0)
        entry_free(entry);
}

void predictors_close(Predictors *predictors)
{
    if (predictors == NULL)
        return;
    while (predictors->entries != NULL) {
        Entry *entry = predictors->entries;
        predictors->entries = entry->next;
        entry_leave(entry);
    }
    pthread_mutex_destroy(&predictors->lock);
    free(predictors->data);
    free(predictors);
}

/* The log is a new file after each line. */
static bool log_look(const Predictors *predictors, const char *name, struct stat *ret)
{
    char path[4096];
    int size = snprintf(path, sizeof path, "%s/models/%s/log", predictors->data, name);
    return size < (int)sizeof path && strchr(name, '/') == NULL && stat(path, ret) == 0;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* The newest version that is a candidate beside a champion. */
static bool find_candidate(odd_registry *registry, const char *name, char model[2 * NAME_SIZE])
{
    odd_rows *rows;
    int64_t newest = INT64_MIN;
    bool has_champion = false, found = false;
    if (odd_registry_query(registry, ODD_TRAINED, name, &rows) != ODD_OK)
        return false;
    while (odd_next(rows) == ODD_ROW) {
        const char *state = odd_text(rows, odd_column(rows, "state"));
        has_champion |= strcmp(state, "champion") == 0;
        int64_t made = odd_int(rows, odd_column(rows, "made"));
        if (strcmp(odd_text(rows, odd_column(rows, "state")), "candidate") != 0 || made < newest)
            continue;
        newest = made;
        found = true;
        snprintf(model, 2 * NAME_SIZE, "%s@%s", name, odd_text(rows, odd_column(rows, "version")));
    }
    odd_rows_close(rows);
    return has_champion && found;
}

static odd_rc load(const Predictors *predictors, const char *name, Served *ret, char *problem,
                   size_t size)
{
    char candidate[2 * NAME_SIZE];
    odd_registry *registry;
    odd_rc rc = odd_registry_open(predictors->data, &registry);
    if (rc != ODD_OK) {
        snprintf(problem, size, "%s", odd_strerror(rc));
        return rc;
    }
    rc = odd_predictor_open(registry, name, &ret->champion);
    if (rc != ODD_OK)
        snprintf(problem, size, "%s", odd_registry_errmsg(registry));
    else if (find_candidate(registry, name, candidate) &&
             odd_predictor_open(registry, candidate, &ret->candidate) != ODD_OK)
        ret->candidate = NULL; /* One that cannot be read keeps nobody from being answered. */
    odd_registry_close(registry);
    return rc;
}

/* Under the lock: those of another name that is longest not asked go, and those that are old. */
static void make_room(Predictors *predictors, const char *name)
{
    for (Entry **at = &predictors->entries; *at != NULL;) {
        Entry *entry = *at;
        bool goes = strcmp(entry->name, name) == 0 ||
                    (predictors->count >= KEPT_MAX && entry->next == NULL);
        if (!goes) {
            at = &entry->next;
            continue;
        }
        *at = entry->next;
        predictors->count--;
        entry_leave(entry);
    }
}

static Served *take_kept(Predictors *predictors, const char *name, const struct stat *log)
{
    for (Entry **at = &predictors->entries; *at != NULL; at = &(*at)->next) {
        Entry *entry = *at;
        if (strcmp(entry->name, name) != 0 || !is_same(&entry->log, log))
            continue;
        *at = entry->next; /* To the front: asked just now. */
        entry->next = predictors->entries;
        predictors->entries = entry;
        entry->users++;
        return &entry->served;
    }
    return NULL;
}

Served *predictors_take(Predictors *predictors, const char *name, bool *ret_is_new, odd_rc *ret_rc,
                        char *problem, size_t size)
{
    struct stat log;
    *ret_is_new = false;
    *ret_rc = ODD_NOTFOUND;
    if (strlen(name) >= NAME_SIZE || !log_look(predictors, name, &log)) {
        snprintf(problem, size,
                 "no trained model is called \"%.100s\"; oddball model list tells "
                 "those that there are",
                 name);
        return NULL;
    }
    pthread_mutex_lock(&predictors->lock);
    Served *kept = take_kept(predictors, name, &log);
    if (kept == NULL) {
        Entry *entry = calloc(1, sizeof *entry);
        *ret_rc = entry != NULL ? load(predictors, name, &entry->served, problem, size) : ODD_NOMEM;
        if (*ret_rc == ODD_OK) {
            make_room(predictors, name);
            snprintf(entry->name, sizeof entry->name, "%s", name);
            entry->log = log;
            entry->users = 2;
            *ret_is_new = true;
            entry->next = predictors->entries;
            predictors->entries = entry;
            predictors->count++;
            kept = &entry->served;
        } else {
            free(entry);
        }
    }
    pthread_mutex_unlock(&predictors->lock);
    return kept;
}

void predictors_give(Predictors *predictors, Served *served)
{
    pthread_mutex_lock(&predictors->lock);
    entry_leave((Entry *)(void *)served);
    pthread_mutex_unlock(&predictors->lock);
}
