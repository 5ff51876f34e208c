/* SPDX-License-Identifier: Apache-2.0
 *
 * registry.h - the handle of a folder of datasets and trained models.
 *
 * OWNERSHIP  odd_registry_open to odd_registry_close.
 * ERRORS     The sentence is in `problem`.
 */
#ifndef ENGINE_REGISTRY_H
#define ENGINE_REGISTRY_H
#include <oddball.h>

#include "base/mem.h"
#include "base/problem.h"
#include "event/json.h"
#include "learn/frame.h"
#include "learn/predictor.h"
#include "store/shelf.h"
#include "store/squeeze.h"

#define REGISTRY_ROWS_FILE "rows.csv.zst"
#define REGISTRY_MANIFEST_FILE "manifest.json"
#define REGISTRY_MODEL_FILE "model.bin"
#define REGISTRY_CARD_FILE "card.csv"
#define REGISTRY_FORMAT 1

struct odd_registry {
    Mem      mem;
    Problem  problem;
    char     root[3072];
    Shelf    datasets, models;
    Frame    frame; /* What was put. */
    Squeeze  squeeze;
    JsonText manifest; /* Of the last question. */
};

typedef struct { /* A version of something. */
    char name[SHELF_NAME_MAX + 1];
    char version[ODD_VERSION_SIZE];
} RegistryRef;

void registry_hex(uint64_t hash, char version[ODD_VERSION_SIZE]);
void registry_version_of(const ImageOut *model, char version[ODD_VERSION_SIZE]);

/* Of a dataset the newest one where no version is given; of a model the champion, or the newest. */
odd_rc registry_find_dataset(odd_registry *registry, const char *text, RegistryRef *ret);
odd_rc registry_find_model(odd_registry *registry, const char *text, RegistryRef *ret);

/* The manifest of a version as a tree, to be freed with json_free; *ret_bytes with disk_unmap. */
odd_rc registry_manifest(odd_registry *registry, const Shelf *shelf, const RegistryRef *ref,
                         JsonNode **ret, Str *ret_bytes);
/* The dataset that a model was trained from; no name: from none. */
RegistryRef registry_dataset_of(const JsonNode *manifest);

/* The rows of a dataset; out is emptied first. */
odd_rc registry_rows(odd_registry *registry, const RegistryRef *ref, Frame *out);
/* What was put, read; and it is forgotten with the next call of registry_forget. */
odd_rc registry_table(odd_registry *registry);
void   registry_forget(odd_registry *registry);

/* -- registry_state.c -- */

#define REGISTRY_VERSIONS_MAX 1000

typedef struct {
    char    champion[ODD_VERSION_SIZE], before[ODD_VERSION_SIZE]; /* "": none. */
    char    newest[ODD_VERSION_SIZE];
    size_t  champion_made; /* Line of the log in which it came. */
} RegistryState;

odd_rc registry_state(odd_registry *registry, const char *name, RegistryState *ret);
/* "champion", "candidate" or "archived". */
odd_rc registry_state_of(odd_registry *registry, const RegistryRef *ref, const char **ret);
typedef struct {
    odd_time    time;
    const char *verb, *version, *before, *author, *reason;
} RegistryNote;
odd_rc registry_note(odd_registry *registry, const char *name, const RegistryNote *note);

/* A model's bytes into an open predictor. */
odd_rc registry_load(odd_registry *registry, const RegistryRef *ref, Predictor *predictor);

/* Every feature of the model is defined, by promotion->has_feature; ODD_RANGE: one has gone. */
odd_rc registry_features(odd_registry *registry, const RegistryRef *ref, const RegistryRef *dataset,
                         const odd_promotion *promotion);

/* Calls write with all of it; ODD_DONE: it wanted no more. */
odd_rc registry_hand_out(Str bytes, odd_registry_write write, void *context);

#endif
