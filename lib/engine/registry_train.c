/* SPDX-License-Identifier: Apache-2.0
 *
 * registry_train.c - models trained from a frozen dataset, and trained again to see whether the
 * same bytes come out. */
#include <assert.h>

#include "base/time.h"
#include "engine/registry.h"
#include "learn/boost.h"
#include "learn/train.h"

static Str str_or_empty(const char *text)
{
    return text != NULL ? str_of(text) : STR("");
}

static TrainWish wish_of(const odd_training *training)
{
    return (TrainWish){.lesson = {.target = str_or_empty(training->target),
                                  .time = str_or_empty(training->time),
                                  .left_out = str_or_empty(training->left_out),
                                  .segments = str_or_empty(training->segments),
                                  .protected_ones = str_or_empty(training->protected_ones),
                                  .task = str_or_empty(training->task),
                                  .now = training->now,
                                  .gap_rows = training->gap_rows},
                       .budget = training->budget,
                       .seed = training->seed};
}

static void put_int(JsonText *json, const char *name, int64_t value)
{
    json_put_name(json, str_of(name), STR(""));
    json_put_int(json, value);
}

static void put_manifest(const odd_training *training, const RegistryRef *dataset,
                         const Predictor *predictor, const char *version, bool beats,
                         JsonText *json)
{
    char time[TIME_TEXT_SIZE];
    json_put_open(json, '{');
    put_int(json, "format", REGISTRY_FORMAT);
    json_put_named(json, "name", training->name);
    json_put_named(json, "version", version);
    json_put_named(json, "origin", "trained");
    json_put_named(json, "dataset", dataset->name);
    json_put_named(json, "dataset_version", dataset->version);
    json_put_named(json, "task", predictor_task_word(predictor->task));
    json_put_named(json, "wished_task", training->task != NULL ? training->task : "");
    json_put_named(json, "target", training->target != NULL ? training->target : "");
    json_put_named(json, "time", training->time != NULL ? training->time : "");
    json_put_named(json, "left_out", training->left_out != NULL ? training->left_out : "");
    json_put_named(json, "segments", training->segments != NULL ? training->segments : "");
    json_put_named(json, "protected",
                   training->protected_ones != NULL ? training->protected_ones : "");
    json_put_name(json, STR("budget"), STR(""));
    json_put_real(json, training->budget);
    put_int(json, "gap_rows", (int64_t)training->gap_rows);
    put_int(json, "seed", (int64_t)training->seed);
    put_int(json, "now", training->now);
    json_put_named(json, "made", time_text(training->now, 3, time));
    put_int(json, "made_ns", training->now);
    json_put_name(json, STR("beats_baselines"), STR(""));
    json_put_word(json, beats ? STR("true") : STR("false"));
    json_put_named(json, "program", odd_version());
    json_put_named(json, "xgboost", boost_library_version());
    json_put_close(json, '}');
}

typedef struct {
    Predictor predictor;
    ImageOut  model, card;
    bool      beats;
    char      version[ODD_VERSION_SIZE];
} Made;

static odd_rc make(odd_registry *registry, const odd_training *training, const RegistryRef *dataset,
                   Made *made)
{
    TrainWish wish = wish_of(training);
    predictor_open(&made->predictor, &registry->mem);
    made->model = made->card = (ImageOut){.mem = &registry->mem};
    odd_rc rc = registry_rows(registry, dataset, &registry->frame);
    if (rc == ODD_OK)
        rc = train(&registry->mem, &registry->frame, &wish, &made->predictor, &made->card,
                   &made->beats, &registry->problem);
    if (rc == ODD_OK)
        predictor_save(&made->predictor, &made->model);
    if (rc == ODD_OK && made->model.failed)
        rc = ODD_NOMEM;
    if (rc == ODD_OK)
        registry_version_of(&made->model, made->version);
    if (rc == ODD_NOMEM)
        problem_say(&registry->problem, rc, "no memory to train with");
    registry_forget(registry);
    return rc;
}

static void made_free(Made *made)
{
    predictor_close(&made->predictor);
    image_close(&made->model);
    image_close(&made->card);
}

odd_rc odd_registry_train(odd_registry *registry, const odd_training *training,
                          char version[ODD_VERSION_SIZE])
{
    assert(training->dataset != NULL && training->name != NULL);
    RegistryRef dataset;
    Made made;
    odd_rc rc = registry_find_dataset(registry, training->dataset, &dataset);
    if (rc != ODD_OK)
        return rc;
    rc = make(registry, training, &dataset, &made);
    if (rc == ODD_OK) {
        json_text_clear(&registry->manifest);
        put_manifest(training, &dataset, &made.predictor, made.version, made.beats,
                     &registry->manifest);
        ShelfFile files[] = {
            {REGISTRY_MODEL_FILE, {.text = made.model.bytes, .size = made.model.size}},
            {REGISTRY_CARD_FILE, {.text = made.card.bytes, .size = made.card.size}},
            {REGISTRY_MANIFEST_FILE, json_text_str(&registry->manifest)}};
        rc = shelf_put(&registry->models, training->name, made.version, files, 3,
                       &registry->problem);
    }
    if (rc == ODD_OK)
        rc = registry_note(registry, training->name,
                           &(RegistryNote){.time = training->now,
                                           .verb = "trained",
                                           .version = made.version,
                                           .author = training->author,
                                           .reason = training->dataset});
    if (rc == ODD_OK || rc == ODD_EXISTS)
        memcpy(version, made.version, ODD_VERSION_SIZE);
    made_free(&made);
    return rc;
}

/* -- again ------------------------------------------------------------------------------------ */

#define TEXTS_SIZE 4096

typedef struct { /* What a manifest says, as texts that end. */
    char   room[TEXTS_SIZE];
    size_t used;
} Texts;

static const char *text_of(Texts *texts, const JsonNode *root, const char *name)
{
    Str text = STR("");
    json_as_str(json_member(root, name), &text);
    if (text.size + 1 > sizeof texts->room - texts->used)
        return "";
    char *to = texts->room + texts->used;
    memcpy(to, text.text, text.size);
    to[text.size] = '\0';
    texts->used += text.size + 1;
    return to;
}

static void read_training(const JsonNode *root, Texts *texts, odd_training *ret,
                          RegistryRef *dataset)
{
    int64_t gap = 0, seed = 0;
    *ret = (odd_training){.target = text_of(texts, root, "target"),
                          .time = text_of(texts, root, "time"),
                          .left_out = text_of(texts, root, "left_out"),
                          .segments = text_of(texts, root, "segments"),
                          .protected_ones = text_of(texts, root, "protected"),
                          .task = text_of(texts, root, "wished_task")};
    json_as_i64(json_member(root, "gap_rows"), &gap);
    json_as_i64(json_member(root, "seed"), &seed);
    json_as_i64(json_member(root, "now"), &ret->now);
    json_as_real(json_member(root, "budget"), &ret->budget);
    ret->gap_rows = (uint64_t)gap;
    ret->seed = (uint64_t)seed;
    *dataset = registry_dataset_of(root);
}

/* What is kept may have been damaged since. */
static odd_rc compare_kept(odd_registry *registry, const RegistryRef *ref, const Made *made)
{
    Str kept;
    odd_rc rc = shelf_get(&registry->models, ref->name, ref->version, REGISTRY_MODEL_FILE, &kept,
                          &registry->problem);
    if (rc != ODD_OK)
        return rc;
    if (!str_equal(kept, (Str){.text = made->model.bytes, .size = made->model.size}))
        rc = problem_say(&registry->problem, ODD_CORRUPT,
                         "the bytes that are kept of %s@%s are not those that it was trained to",
                         ref->name, ref->version);
    disk_unmap(kept);
    return rc;
}

odd_rc odd_registry_retrain(odd_registry *registry, const char *model)
{
    RegistryRef ref, dataset;
    JsonNode *root;
    Str bytes;
    Texts texts = {.used = 0};
    odd_training training;
    Made made;
    odd_rc rc = registry_find_model(registry, model, &ref);
    if (rc == ODD_OK)
        rc = registry_manifest(registry, &registry->models, &ref, &root, &bytes);
    if (rc != ODD_OK)
        return rc;
    read_training(root, &texts, &training, &dataset);
    json_free(root);
    disk_unmap(bytes);
    if (dataset.name[0] == '\0')
        return problem_say(&registry->problem, ODD_RANGE,
                           "%s@%s was imported: there is nothing to train it from", ref.name,
                           ref.version);
    rc = make(registry, &training, &dataset, &made);
    if (rc == ODD_OK && strcmp(made.version, ref.version) != 0)
        rc = problem_say(&registry->problem, ODD_CORRUPT,
                         "training %s@%s again by its manifest gave %s: other bytes", ref.name,
                         ref.version, made.version);
    if (rc == ODD_OK)
        rc = compare_kept(registry, &ref, &made);
    made_free(&made);
    return rc;
}
